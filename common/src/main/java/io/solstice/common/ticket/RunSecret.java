package io.solstice.common.ticket;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What the workers of one run share and nobody else knows; it signs the run's tickets. Never shown in a text. */
public final class RunSecret {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int LEAST_BYTES = 16;

    /** So long is a signature. */
    static final int SIGNATURE_BYTES = 32;

    private final SecretKeySpec key;

    /** @param secret at least 16 characters that nobody can guess */
    public RunSecret(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < LEAST_BYTES) {
            throw new IllegalArgumentException("a secret of " + bytes.length + " bytes, not " + LEAST_BYTES);
        }
        this.key = new SecretKeySpec(bytes, ALGORITHM);
    }

    /** So nobody else can have said this. */
    public byte[] sign(byte[] message) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(message);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java has " + ALGORITHM, missing);
        }
    }

    /** Takes as long for a nearly right signature as for a wrong one. */
    public boolean signed(byte[] message, byte[] signature) {
        return MessageDigest.isEqual(sign(message), signature);
    }

    @Override
    public String toString() {
        return "RunSecret[hidden]";
    }
}
