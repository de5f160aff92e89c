package io.solstice.common.ticket;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bytes that say something, and the signature of a run's secret beneath them: what every ticket is made of. */
public record SignedClaim(byte[] claim, byte[] signature) {
    public static byte[] write(byte[] claim, RunSecret secret) {
        byte[] signed = Arrays.copyOf(claim, claim.length + RunSecret.SIGNATURE_BYTES);
        System.arraycopy(secret.sign(claim), 0, signed, claim.length, RunSecret.SIGNATURE_BYTES);
        return signed;
    }

    /** The parts, whose signature has not been looked at, or null if these bytes are too few. */
    public static @Nullable SignedClaim read(byte[] bytes) {
        int length = bytes.length - RunSecret.SIGNATURE_BYTES;
        return length <= 0
                ? null
                : new SignedClaim(Arrays.copyOf(bytes, length), Arrays.copyOfRange(bytes, length, bytes.length));
    }

    public boolean isSignedWith(RunSecret secret) {
        return secret.signed(claim, signature);
    }
}
