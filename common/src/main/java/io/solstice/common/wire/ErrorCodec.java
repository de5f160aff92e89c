package io.solstice.common.wire;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Errors on the wire. Reading one never fails: an error about an error would hide the first. */
public final class ErrorCodec {
    private static final int MAX_PART = 1 << 16;

    private static final Map<String, ErrorCode> BY_CODE = Arrays.stream(ErrorCode.values())
            .collect(Collectors.toUnmodifiableMap(ErrorCode::code, Function.identity()));

    private ErrorCodec() {}

    public static io.solstice.proto.v1.Error toProto(SolsticeError error) {
        return io.solstice.proto.v1.Error.newBuilder()
                .setCode(error.code().code())
                .setWhat(clipped(error.what()))
                .setWhere(clipped(error.where()))
                .setCause(clipped(error.cause()))
                .setHelp(clipped(error.help()))
                .build();
    }

    /** A code that this version does not know becomes {@link ErrorCode#INTERNAL}, with the code before the text. */
    public static SolsticeError fromProto(io.solstice.proto.v1.Error error) {
        ErrorCode known = BY_CODE.get(error.getCode());
        String what = clipped(error.getWhat());
        return new SolsticeError(
                known == null ? ErrorCode.INTERNAL : known,
                known == null ? "[" + clipped(error.getCode()) + "] " + what : what,
                clipped(error.getWhere()),
                clipped(error.getCause()),
                clipped(error.getHelp()));
    }

    /** Not in the middle of a character. */
    private static String clipped(String text) {
        if (text.length() <= MAX_PART) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_PART - 2)) ? MAX_PART - 2 : MAX_PART - 1;
        return text.substring(0, end) + "…";
    }
}
