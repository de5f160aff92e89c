package io.solstice.master.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.JobId;
import io.solstice.common.store.ObjectRef;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LogEntriesTest {
    private static final JobId JOB = new JobId("job");
    private static final LogParts PARTS = new LogParts(10, 3, 2);
    private static final int MANY = 200;

    /** Something else happens in the midst of what is done there. */
    private static final class Busy extends MemoryStore {
        private int callsLeft = Integer.MAX_VALUE;
        private Runnable meanwhile = () -> {};

        @Override
        public OptionalLong size(String key) {
            if (--callsLeft == 0) {
                meanwhile.run();
            }
            return super.size(key);
        }

        void after(int calls, Runnable what) {
            callsLeft = calls;
            meanwhile = what;
        }

        List<String> inFolder(String name) {
            return keys().stream().filter(key -> key.startsWith(JOB + name)).toList();
        }
    }

    private final Busy store = new Busy();

    private LogEntries entries() {
        return new LogEntries(store, JOB, PARTS);
    }

    private static LogEntry entry(long number, String writer) {
        return new LogEntry(
                number,
                CheckpointId.of(number, 1),
                number,
                1,
                1,
                new ObjectRef("job/checkpoints/" + number, 1, "0".repeat(64)),
                writer,
                "request",
                1);
    }

    private void grow(long from, long to, long keptOne) {
        for (long number = from; number <= to; number++) {
            assertThat(entries().append(entry(number, "one"))).isTrue();
            store.putNew(entries().markKey(number), new byte[] {1});
            entries().trim(number, entry -> entry.number() == keptOne);
        }
    }

    @Test
    void aLongLogIsShortInTheStore() {
        grow(1, MANY, 0);
        assertThat(entries().newest(0)).isEqualTo(MANY);
        assertThat(entries().newest(7)).as("with one that was there once").isEqualTo(MANY);
        assertThat(entries().first()).isEqualTo(MANY - PARTS.length() + 1);
        assertThat(store.inFolder("/log/").size()).isLessThan(8 * PARTS.length());
        assertThat(store.inFolder("/closed/")).hasSize(MANY / PARTS.length() - 1);
        for (long number = entries().first(); number <= MANY; number++) {
            assertThat(entries().read(number)).isEqualTo(entry(number, "one"));
        }
    }

    @Test
    void whatComesAfterTheOldestCheckpointThatIsKeptStays() {
        grow(1, 15, 15);
        grow(16, 17, 15);
        assertThat(entries().first()).isEqualTo(1);
        grow(18, MANY, MANY);
        assertThat(entries().first()).isGreaterThan(MANY - 3 * PARTS.length());
        long first = entries().first();
        entries().trim(MANY, entry -> entry.number() > MANY - 2 * PARTS.margin());
        assertThat(entries().first()).as("once more").isEqualTo(first);
    }

    @Test
    void whoComesBackAfterAgesFindsNoHole() {
        grow(1, MANY, 0);
        for (long number = 1; number < entries().first(); number++) {
            assertThat(entries().append(entry(number, "late"))).isFalse();
        }
        assertThat(entries().append(entry(MANY, "late"))).isFalse();
        assertThat(entries().newest(0)).isEqualTo(MANY);
        assertThat(entries().newest(3)).isEqualTo(MANY);
    }

    @Test
    void whoHasMadeAnEntryInAHoleAndCouldNotLookIsToldWhenItAsksAgain() {
        grow(1, MANY, 0);
        store.after(1, () -> {
            throw ErrorCode.STORE_UNREACHABLE.error("no answer").toException();
        });
        assertThatThrownBy(() -> entries().append(entry(5, "late"))).isInstanceOf(SolsticeException.class);
        assertThat(store.keys()).contains("job/log/000000000005.json");
        assertThat(entries().newest(0)).isEqualTo(MANY);
        assertThat(entries().append(entry(6, "another"))).as("after that one").isFalse();
        assertThat(entries().append(entry(5, "late"))).isFalse();
        store.putNew(entries().markKey(5), new byte[] {1});
        grow(MANY + 1, MANY + 2, 0);
        assertThat(store.keys()).noneMatch(key -> key.contains("000000000005"));
    }

    @Test
    void theNewestIsFoundWhileTheOldOnesGo() {
        for (int calls = 1; calls <= 20; calls++) {
            store.keys().clear();
            store.after(0, () -> {});
            grow(1, 35, 0);
            store.after(calls, () -> grow(36, MANY, 0));
            long found = entries().newest(0);
            assertThat(found).as("grown after %s calls", calls).isIn(35L, (long) MANY);
        }
    }
}
