package io.solstice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.id.StageId;
import io.solstice.common.protocol.StateObject;
import io.solstice.spi.KeyShare;
import io.solstice.spi.KeyedInput;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

class BeginningTest {
    private static final StageId STAGE = new StageId("count");

    private static StateObject object(int task, String ending) {
        return new StateObject(STAGE, task, "job/state/x/count-" + task + ending, 9, "0".repeat(64));
    }

    private static List<StateObject> all(int tasks) {
        return IntStream.range(0, tasks)
                .boxed()
                .flatMap(task -> List.of(".arrow", ".table.arrow", ".keys.table.arrow").stream()
                        .map(ending -> object(task, ending)))
                .toList();
    }

    /** The tables that a task reads: of those by key, whose former tasks; and how many of the others. */
    private record Needed(List<Integer> byKey, long others) {
        static Needed of(int task, int tasks, int before) {
            KeyedInput input = new KeyedInput(List.of("key"), null, 128);
            try (BufferAllocator memory = new RootAllocator();
                    KeyShare share = new KeyShare("count", task, tasks, input, memory)) {
                List<StateObject> needed = Beginning.needed(all(before), before, share);
                assertThat(needed).allMatch(StateStorage::isTable);
                return new Needed(
                        needed.stream()
                                .filter(StateStorage::isByKey)
                                .map(StateObject::index)
                                .toList(),
                        needed.stream()
                                .filter(table -> !StateStorage.isByKey(table))
                                .count());
            }
        }
    }

    @Test
    void tablesOfFormerTasksWithNoneOfItsKeysAreNotRead() {
        assertThat(Needed.of(0, 3, 2)).isEqualTo(new Needed(List.of(0), 2));
        assertThat(Needed.of(1, 3, 2)).isEqualTo(new Needed(List.of(0, 1), 2));
        assertThat(Needed.of(2, 3, 2)).isEqualTo(new Needed(List.of(1), 2));
        assertThat(Needed.of(0, 1, 3)).isEqualTo(new Needed(List.of(0, 1, 2), 3));
        assertThat(Needed.of(5, 8, 4)).isEqualTo(new Needed(List.of(2), 4));
    }

    @Test
    void tablesOfSeveralFormerTasksComeByTurnsAndEachOnesInTheirOrder() {
        List<StateObject> stored = IntStream.range(0, 5)
                .mapToObj(number -> object(number < 3 ? 0 : 1, "-" + number + ".keys.table.arrow"))
                .toList();
        KeyedInput input = new KeyedInput(List.of("key"), null, 128);
        try (BufferAllocator memory = new RootAllocator();
                KeyShare share = new KeyShare("count", 0, 1, input, memory)) {
            assertThat(Beginning.needed(stored, 2, share))
                    .containsExactly(stored.get(0), stored.get(3), stored.get(1), stored.get(4), stored.get(2));
        }
    }
}
