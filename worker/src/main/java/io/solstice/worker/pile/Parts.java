package io.solstice.worker.pile;

import io.solstice.worker.keyed.GroupTable;
import java.util.Arrays;

/**
 * The groups of a table in the order of their parts, of which there are {@value #COUNT}, by the hash of the key.
 *
 * @param order the groups
 * @param starts by part: its first place in the order; and the end of the last
 */
public record Parts(int[] order, int[] starts) {
    public static final int BITS = 10;
    static final int COUNT = 1 << BITS;

    static Parts of(GroupTable table) {
        int size = table.size();
        int[] starts = new int[COUNT + 1];
        int[] parts = new int[size];
        for (int group = 0; group < size; group++) {
            parts[group] = partOf(table.hash(group));
            starts[parts[group] + 1]++;
        }
        for (int part = 0; part < COUNT; part++) {
            starts[part + 1] += starts[part];
        }
        int[] next = Arrays.copyOf(starts, COUNT);
        int[] order = new int[size];
        for (int group = 0; group < size; group++) {
            order[next[parts[group]]++] = group;
        }
        return new Parts(order, starts);
    }

    public static int partOf(int hash) {
        return hash >>> (Integer.SIZE - BITS);
    }

    /**
     * The starts of the parts from the first to the last one of rows with these hashes, and the end; empty if they are
     * not in the order of their parts.
     */
    static int[] startsOf(int[] hashes, int rows) {
        int first = partOf(hashes[0]);
        int last = partOf(hashes[rows - 1]);
        if (last < first) {
            return new int[0];
        }
        int[] starts = new int[last - first + 2];
        int part = first;
        for (int row = 0; row < rows; row++) {
            int next = partOf(hashes[row]);
            if (next < part || next > last) {
                return new int[0];
            }
            while (part < next) {
                starts[++part - first] = row;
            }
        }
        starts[starts.length - 1] = rows;
        return starts;
    }
}
