package io.solstice.worker.flight;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;

/** Reads a log from the start, waiting for what is still to be written. */
final class OutputReader extends InputStream {
    private final OutputLog log;
    private final BooleanSupplier unwanted;
    private long position;

    OutputReader(OutputLog log, BooleanSupplier unwanted) {
        this.log = log;
        this.unwanted = unwanted;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int count = log.read(position, into, offset, length, unwanted);
        position += Math.max(0, count);
        return count;
    }
}
