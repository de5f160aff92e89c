package io.solstice.common.store;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The one hash of this package. */
final class Sha256 {
    private Sha256() {}

    static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
