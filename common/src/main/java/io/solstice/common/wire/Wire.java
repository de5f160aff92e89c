package io.solstice.common.wire;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What all codecs refuse in the same words, and the one way to write bytes that are compared. */
public final class Wire {
    /** Names that people choose: request ids, versions, clusters, submitters. */
    static final int MAX_NAME = 128;

    /** Hosts, class names, file names. */
    static final int MAX_LABEL = 512;

    /** Stages and edges of a job, artifacts, options of a stage. */
    static final int MAX_ENTRIES = 10_000;

    private Wire() {}

    /** Equal messages give equal bytes: maps are written in the order of their keys. */
    public static byte[] bytes(MessageLite message) {
        byte[] bytes = new byte[message.getSerializedSize()];
        CodedOutputStream output = CodedOutputStream.newInstance(bytes);
        output.useDeterministicSerialization();
        try {
            message.writeTo(output);
            output.checkNoSpaceLeft();
        } catch (IOException impossible) {
            throw new UncheckedIOException("the message is larger than it said", impossible);
        }
        return bytes;
    }

    static SolsticeException invalid(String message, String cause) {
        return ErrorCode.MESSAGE_INVALID
                .error("a " + message + " message cannot be understood")
                .cause(cause)
                .help("the sender must follow the .proto files of this version of Solstice")
                .toException();
    }

    /** A part that must be there. */
    static void present(boolean there, String message, String part) {
        if (!there) {
            throw invalid(message, part + " is missing");
        }
    }

    static String text(String value, int maxLength, String message, String part) {
        if (value.length() > maxLength) {
            throw invalid(message, part + " has " + value.length() + " characters, at most " + maxLength + " may be");
        }
        return value;
    }

    static long atLeast(long least, long value, String message, String part) {
        if (value < least) {
            throw invalid(message, part + " is " + value + " but must be at least " + least);
        }
        return value;
    }

    static int within(int least, int most, int value, String message, String part) {
        if (value < least || value > most) {
            throw invalid(message, part + " is " + value + " but must lie in " + least + ".." + most);
        }
        return value;
    }

    static <T> List<T> atMost(int most, List<T> values, String message, String part) {
        if (values.size() > most) {
            throw invalid(message, "there are " + values.size() + " " + part + ", at most " + most + " may be");
        }
        return values;
    }

    /** The constant of the same name; there is none for what a newer sender knows or an older one left out. */
    static <E extends Enum<E>> E word(Class<E> type, Enum<?> sent, String message, String part) {
        for (E known : type.getEnumConstants()) {
            if (known.name().equals(sent.name())) {
                return known;
            }
        }
        throw invalid(message, part + " is not one of " + List.of(type.getEnumConstants()));
    }

    /** The same map in the order of its keys as texts. */
    static <V> Map<String, V> sorted(Map<?, V> map) {
        Map<String, V> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put(key.toString(), value));
        return sorted;
    }
}
