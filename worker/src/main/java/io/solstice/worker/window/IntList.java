package io.solstice.worker.window;

import java.util.Arrays;

/** Numbers one behind the other. */
final class IntList {
    private int[] items = new int[16];
    private int size;

    void add(int item) {
        if (size == items.length) {
            items = Arrays.copyOf(items, size * 2);
        }
        items[size++] = item;
    }

    int get(int index) {
        return items[index];
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    /** The numbers, and perhaps others behind them; valid until the next change. */
    int[] items() {
        return items;
    }
}
