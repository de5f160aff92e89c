package io.solstice.worker.keyed;

import java.util.Arrays;
import org.apache.arrow.vector.FieldVector;

/** All rows are one group, which is there as soon as a row is. */
final class OneGroup extends GroupTable {
    private int size;

    @Override
    public int size() {
        return size;
    }

    @Override
    public void assign(FieldVector[] keys, int rows, int[] groups) {
        if (rows > 0) {
            size = 1;
        }
        Arrays.fill(groups, 0, rows, 0);
    }

    @Override
    public void assign(GroupTable other, int[] picks, int from, int count, int[] groups) {
        assign(new FieldVector[0], count, groups);
    }

    @Override
    public void find(FieldVector[] keys, int rows, int[] groups) {
        Arrays.fill(groups, 0, rows, size - 1);
    }

    @Override
    public void find(GroupTable other, int[] picks, int from, int count, int[] groups) {
        Arrays.fill(groups, 0, count, size - 1);
    }

    @Override
    public void clear() {
        size = 0;
    }

    @Override
    public void reserve(int keys) {
        // There is one at most.
    }

    @Override
    public boolean isTooLarge() {
        return false;
    }

    @Override
    public int compare(int one, int other) {
        return 0;
    }

    @Override
    public int hash(int group) {
        return 0;
    }

    @Override
    public void hashes(FieldVector[] keys, int rows, int[] hashes) {
        Arrays.fill(hashes, 0, rows, 0);
    }

    @Override
    public long heapBytes() {
        return 0;
    }

    @Override
    public void write(FieldVector[] keys, int[] picks, int from, int count) {}
}
