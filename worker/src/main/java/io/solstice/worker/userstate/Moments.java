package io.solstice.worker.userstate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The moments that one key waits for, each once and in order, in microseconds since 1970-01-01 UTC. */
final class Moments {
    private long[] all = new long[1];
    private int count;

    boolean add(long micros) {
        int place = Arrays.binarySearch(all, 0, count, micros);
        if (place >= 0) {
            return false;
        }
        int at = -place - 1;
        if (count == all.length) {
            all = Arrays.copyOf(all, count * 2);
        }
        System.arraycopy(all, at, all, at + 1, count - at);
        all[at] = micros;
        count++;
        return true;
    }

    boolean remove(long micros) {
        int at = Arrays.binarySearch(all, 0, count, micros);
        if (at < 0) {
            return false;
        }
        System.arraycopy(all, at + 1, all, at, count - at - 1);
        count--;
        return true;
    }

    boolean isEmpty() {
        return count == 0;
    }

    List<Long> toList() {
        List<Long> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(all[i]);
        }
        return list;
    }
}
