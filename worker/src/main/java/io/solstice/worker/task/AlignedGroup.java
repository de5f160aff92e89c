package io.solstice.worker.task;

import io.solstice.common.protocol.GroupTime;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.TaskTime;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Sources whose times stay together: how far their tasks on this worker have come, each told by its own thread, and the
 * slowest elsewhere, as the master says now and then. Used by all threads.
 */
public final class AlignedGroup {
    /** Nobody waits for one that rests. */
    private static final long RESTING = Long.MAX_VALUE;

    private static final long UNKNOWN = SplitStart.NO_TIME;

    private final String name;
    private final List<Member> members = new CopyOnWriteArrayList<>();
    private volatile int expected;
    private volatile @Nullable GroupTime others;

    public AlignedGroup(String name) {
        this.name = name;
    }

    /** So many tasks are on other workers. */
    public void expectOthers(int tasks) {
        expected = tasks;
    }

    /** What is known of those. */
    public void elsewhere(GroupTime known) {
        others = known;
    }

    private long elsewhere() {
        if (expected == 0) {
            return RESTING;
        }
        GroupTime known = others;
        return known == null || known.tasks() < expected ? UNKNOWN : known.least();
    }

    /** A task here, which the others wait for from now on. */
    public Member join(long driftMicros) {
        Member member = new Member(driftMicros);
        members.add(member);
        return member;
    }

    private long least() {
        long least = elsewhere();
        for (Member member : members) {
            least = Math.min(least, member.reached);
        }
        return least;
    }

    /** One task. What it tells is told by its own thread. */
    public final class Member {
        private final long driftMicros;
        private volatile long reached = UNKNOWN;
        private long first = UNKNOWN;

        private Member(long driftMicros) {
            this.driftMicros = driftMicros;
        }

        /** Another one with the same drift, for something else that the task reads at the same time. */
        Member another() {
            return join(driftMicros);
        }

        String group() {
            return name;
        }

        /** The split that is read has come so far. */
        void reached(long micros) {
            if (first == UNKNOWN) {
                first = micros;
            }
            reached = micros;
        }

        /** It has nothing to read. */
        void rests() {
            reached = RESTING;
        }

        /** For others, see {@link TaskTime#reached}. */
        long told() {
            return reached;
        }

        /** Whether the others must come near before it reads on. While one has told nothing, it goes on from its first time. */
        boolean isAhead() {
            long now = reached;
            if (now == RESTING || now == UNKNOWN) {
                return false;
            }
            long least = least();
            return least != RESTING && now - driftMicros > (least == UNKNOWN ? first : least);
        }

        /** The task has ended or will not begin. */
        public void leave() {
            members.remove(this);
            reached = RESTING;
        }
    }
}
