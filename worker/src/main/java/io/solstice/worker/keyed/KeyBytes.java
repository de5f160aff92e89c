package io.solstice.worker.keyed;

import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * The keys of a batch as bytes, such that equal keys are equal bytes and others are not. Each column's value is a byte
 * that says whether it is there, and the value: of texts and the like its length and bytes, of everything else as many
 * bytes as all values of the column have.
 */
public final class KeyBytes {
    private final List<KeyBytesColumn> columns;
    private byte[] bytes = new byte[0];
    private int[] offsets = new int[1];
    private int[] positions = new int[0];

    private KeyBytes(List<KeyBytesColumn> columns) {
        this.columns = columns;
    }

    public static KeyBytes of(List<Field> keys) {
        return new KeyBytes(keys.stream().map(KeyBytesColumn::of).toList());
    }

    /** Fills {@link #bytes} and {@link #offsets}. */
    public void encode(FieldVector[] keys, int rows) {
        if (offsets.length <= rows) {
            offsets = new int[rows + 1];
            positions = new int[rows];
        }
        Arrays.fill(positions, 0, rows, 0);
        for (int c = 0; c < keys.length; c++) {
            columns.get(c).addLengths(keys[c], rows, positions);
        }
        int end = 0;
        for (int i = 0; i < rows; i++) {
            offsets[i] = end;
            end = Math.addExact(end, positions[i]);
            positions[i] = offsets[i];
        }
        offsets[rows] = end;
        if (bytes.length < end) {
            bytes = new byte[Math.max(end, bytes.length * 2)];
        }
        for (int c = 0; c < keys.length; c++) {
            columns.get(c).write(keys[c], rows, bytes, positions);
        }
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Where each row begins in the bytes, and the end of the last. */
    public int[] offsets() {
        return offsets;
    }

    /** Puts a key back into row {@code row} of vectors. */
    public void decode(byte[] from, int start, int end, FieldVector[] keys, int row) {
        int at = start;
        for (int c = 0; c < keys.length; c++) {
            at = columns.get(c).read(from, at, keys[c], row);
        }
        if (at != end) {
            throw new IllegalStateException("a key of " + (end - start) + " bytes was read as " + (at - start));
        }
    }
}
