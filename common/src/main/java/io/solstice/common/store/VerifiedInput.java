package io.solstice.common.store;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** An object's bytes, whose end is only reached if they are the ones that were written. */
final class VerifiedInput extends InputStream {
    private final ObjectRef ref;
    private final InputStream in;
    private final MessageDigest digest = Sha256.begin();
    private long read;
    private boolean verified;

    VerifiedInput(ObjectRef ref, InputStream in) {
        this.ref = ref;
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (verified || length == 0) {
            return verified ? -1 : 0;
        }
        int count = in.read(bytes, offset, length);
        if (count < 0) {
            verify();
            return -1;
        }
        read += count;
        if (read > ref.size()) {
            throw damaged("it has " + ref.size() + " bytes", "it has more");
        }
        digest.update(bytes, offset, count);
        return count;
    }

    private void verify() {
        if (read != ref.size()) {
            throw damaged(ref.size() + " bytes", read + " bytes");
        }
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(ref.sha256())) {
            throw damaged("SHA-256 " + ref.sha256(), found);
        }
        verified = true;
    }

    private SolsticeException damaged(String expected, String found) {
        return ErrorCode.OBJECT_DAMAGED
                .error("object '" + ref.key() + "' is not what was written")
                .where(ref.key())
                .cause("expected: " + expected + ", found: " + found)
                .help("restore from another checkpoint, and check the disk or store that holds this one")
                .toException();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
