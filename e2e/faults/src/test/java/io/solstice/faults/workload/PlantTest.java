package io.solstice.faults.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.row.Row;
import io.solstice.api.source.SourceReader;
import io.solstice.common.graph.StateStore;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import io.solstice.faults.check.Account;
import io.solstice.faults.check.Kind;
import io.solstice.faults.check.Ledger;
import io.solstice.faults.check.OutputRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The workload's own source and counter with a defect, stopped in the middle and gone on with from a cut. */
class PlantTest {
    private static final int TASKS = 2;
    private static final int PARTS = 2;
    private static final long ROWS = 3000;
    private static final Load LOAD = new Load(3, PARTS, ROWS, 1e9, 1, "/none", 0, 2, StateStore.AUTO, "");

    private final List<OutputRow> output = new ArrayList<>();

    private Account run(Load load) throws Exception {
        return run(load, ROWS / 2);
    }

    /**
     * All rows with one restart half way; what is read after the half and before the restart is thrown away.
     *
     * @param from the rows of each part that were read when the cut was taken that is gone on from
     */
    private Account run(Load load, long from) throws Exception {
        EventSource source = new EventSource(load);
        List<KeyCounter> counters = counters(load);
        Account account = new Account();
        Ledger ledger = new Ledger("plant", load.seed(), PARTS, ROWS, account);
        try (BufferAllocator memory = new RootAllocator()) {
            List<Row> cut = new ArrayList<>();
            long[] positions = new long[PARTS];
            for (Split split : source.splits()) {
                int part = Integer.parseInt(split.payload());
                positions[part] = read(load, source, split, 0, from, counters, memory);
            }
            counters.forEach(counter -> cut.add(counter.checkpoint()));
            for (Split split : source.splits()) {
                int part = Integer.parseInt(split.payload());
                read(load, source, split, positions[part], ROWS / 2, counters, memory);
            }
            List<KeyCounter> restored = counters(load);
            for (int task = 0; task < TASKS; task++) {
                restored.get(task).restore(cut.get(task));
            }
            for (Split split : source.splits()) {
                int part = Integer.parseInt(split.payload());
                read(load, source, split, positions[part], ROWS, restored, memory);
            }
        }
        output.forEach(row -> ledger.add("row", row));
        ledger.close();
        return account;
    }

    private static List<KeyCounter> counters(Load load) {
        return Stream.generate(() -> new KeyCounter(load.has(Plant.FORGETS_STATE)))
                .limit(TASKS)
                .toList();
    }

    /** Returns the position after the rows that were read: what the runtime counts, whatever the source means by it. */
    private long read(
            Load load,
            EventSource source,
            Split split,
            long from,
            long end,
            List<KeyCounter> counters,
            BufferAllocator memory)
            throws Exception {
        boolean wrong = load.has(Plant.WRONG_VALUE);
        long position = from;
        try (SourceReader reader = source.open(split, from, memory)) {
            while (position < end) {
                try (Batch batch = reader.read()) {
                    if (batch == null) {
                        break;
                    }
                    for (int row = 0; row < batch.rowCount(); row++) {
                        Event event = event(batch, row);
                        long task = load.has(Plant.NO_EXCHANGE) ? event.part() : event.key();
                        long nth = counters.get((int) (task % TASKS)).next(event.key());
                        FaultWorkflow.Payload payload = new FaultWorkflow.Payload(event.payload(), event.seq());
                        output.add(new OutputRow(
                                event, FaultWorkflow.size(payload, wrong).size(), nth));
                    }
                    position += batch.rowCount();
                }
            }
        }
        return position;
    }

    private static Event event(Batch batch, int row) {
        return new Event(
                number(batch, "id", row),
                number(batch, "part", row),
                number(batch, "seq", row),
                number(batch, "key", row),
                new String(((VarCharVector) batch.column("payload")).get(row), StandardCharsets.UTF_8),
                number(batch, "crc", row));
    }

    private static long number(Batch batch, String column, int row) {
        return ((BigIntVector) batch.column(column)).get(row);
    }

    @Test
    void theWorkloadWithoutADefectHolds() throws Exception {
        assertThat(run(LOAD).lines()).isEmpty();
    }

    /** A later checkpoint has been published already. */
    @Test
    void aJobThatGoesBackTooFarIsFound() throws Exception {
        assertThat(run(LOAD, ROWS / 3).counts().keySet()).isEqualTo(Set.of(Kind.DOUBLED, Kind.WRONG_COUNT));
    }

    @ParameterizedTest
    @EnumSource(value = Plant.class, mode = EnumSource.Mode.EXCLUDE, names = "EFFECT_TWICE")
    void everyPlantedDefectIsFound(Plant defect) throws Exception {
        Account account = run(LOAD.with(defect));
        assertThat(account.isClean()).isFalse();
        assertThat(account.counts().keySet()).containsAnyElementsOf(expected(defect));
    }

    private static Set<Kind> expected(Plant defect) {
        return switch (defect) {
            case POSITION_AHEAD, DROPS -> Set.of(Kind.LOST);
            case POSITION_BEHIND, TWICE_AFTER_RESTORE -> Set.of(Kind.DOUBLED);
            case FORGETS_STATE, NO_EXCHANGE -> Set.of(Kind.WRONG_COUNT);
            case WRONG_VALUE -> Set.of(Kind.WRONG_VALUE);
            case ALIEN -> Set.of(Kind.ALIEN);
            case EFFECT_TWICE -> throw new IllegalArgumentException("of another job; see OraclesTest");
        };
    }
}
