package io.solstice.master.job;

import io.solstice.common.protocol.JobSnapshot.SplitProgress;
import io.solstice.common.protocol.Split;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The splits of one source: which are left, and how many are done. */
final class SplitQueue {
    private final Deque<Split> left;
    private final Set<String> done = new HashSet<>();
    private final int total;

    SplitQueue(List<Split> splits) {
        this.left = new ArrayDeque<>(splits);
        this.total = splits.size();
    }

    /** The next split to read, or null if none is left. */
    @Nullable
    Split next() {
        return left.poll();
    }

    boolean isEmpty() {
        return left.isEmpty();
    }

    void finished(String splitId) {
        done.add(splitId);
    }

    SplitProgress progress() {
        return new SplitProgress(total, done.size());
    }
}
