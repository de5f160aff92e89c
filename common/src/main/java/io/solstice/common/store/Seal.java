package io.solstice.common.store;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.security.MessageDigest;
import java.util.Arrays;

/** A small object that proves itself: its content and then the SHA-256 of that, for objects that no {@link ObjectRef} names. */
public final class Seal {
    private static final int HASH_BYTES = 32;

    private Seal() {}

    /** The content with its hash behind it. */
    public static byte[] close(byte[] content) {
        byte[] sealed = Arrays.copyOf(content, content.length + HASH_BYTES);
        System.arraycopy(hash(content), 0, sealed, content.length, HASH_BYTES);
        return sealed;
    }

    /**
     * The content, if it is what was sealed.
     *
     * @param key for the message
     * @throws SolsticeException {@link ErrorCode#OBJECT_DAMAGED}
     */
    public static byte[] open(String key, byte[] sealed) {
        int length = sealed.length - HASH_BYTES;
        if (length < 0) {
            throw damaged(key, "it has only " + sealed.length + " bytes");
        }
        byte[] content = Arrays.copyOf(sealed, length);
        if (!MessageDigest.isEqual(hash(content), Arrays.copyOfRange(sealed, length, sealed.length))) {
            throw damaged(key, "the SHA-256 at its end does not fit the " + length + " bytes before it");
        }
        return content;
    }

    private static byte[] hash(byte[] content) {
        return Sha256.begin().digest(content);
    }

    private static SolsticeException damaged(String key, String cause) {
        return ErrorCode.OBJECT_DAMAGED
                .error("object '" + key + "' is not what was written")
                .where(key)
                .cause(cause)
                .help("restore from another checkpoint, and check the disk or store that holds this one")
                .toException();
    }
}
