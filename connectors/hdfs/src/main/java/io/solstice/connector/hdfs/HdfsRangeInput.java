package io.solstice.connector.hdfs;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.fs.FSDataInputStream;

/** A range of a file. The Hadoop client itself goes to another copy when a data node fails. */
final class HdfsRangeInput extends InputStream {
    private final String key;
    private final FSDataInputStream in;
    private long left;

    HdfsRangeInput(String key, FSDataInputStream in, long length) {
        this.key = key;
        this.in = in;
        this.left = length;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        if (left == 0 && length > 0) {
            return -1;
        }
        try {
            int count = in.read(bytes, offset, (int) Math.min(length, left));
            left -= Math.max(0, count);
            return count;
        } catch (IOException failed) {
            throw HdfsCalls.error("read '" + key + "'", HdfsCalls.plain(failed));
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
