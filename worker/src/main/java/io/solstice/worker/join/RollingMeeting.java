package io.solstice.worker.join;

import io.solstice.api.operator.JoinOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.TwoInputs;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Each row meets those of the other input that are kept, and is kept for those that are yet to come: until event time
 * says that none can come any more, or for a time by the clock.
 */
final class RollingMeeting implements Meeting {
    private static final long FOREVER = Long.MAX_VALUE;

    private final JoinPlan plan;
    private final JoinedRows out;
    private final Clock clock;
    private final RowTable[] tables;
    private final boolean[] ended = new boolean[2];
    /** From left time to right time; for rows that are kept by the clock, everything. */
    private final long from;

    private final long to;
    /** For how long rows are kept by the clock; 0 if event time decides. */
    private final long keepMicros;

    RollingMeeting(JoinPlan plan, JoinedRows out, Clock clock) {
        this.plan = plan;
        this.out = out;
        this.clock = clock;
        this.tables = new RowTable[] {
            new RowTable(plan.left(), plan.keeps(TwoInputs.LEFT), out.allocator()),
            new RowTable(plan.right(), plan.keeps(TwoInputs.RIGHT), out.allocator())
        };
        if (plan.definition().scope() instanceof JoinOperator.Between between) {
            from = between.fromMicros();
            to = between.toMicros();
            keepMicros = 0;
        } else {
            from = Long.MIN_VALUE;
            to = Long.MAX_VALUE;
            keepMicros = ((JoinOperator.Kept) plan.definition().scope()).micros();
        }
    }

    private boolean isByClock() {
        return keepMicros > 0;
    }

    @Override
    public boolean isLate(long time, long watermark) {
        return !isByClock() && time < watermark;
    }

    @Override
    public void add(int input, Batch rows, long[] times, Outbox outbox) {
        int count = rows.rowCount();
        long[] moments = times;
        if (isByClock()) {
            onClock(outbox);
            moments = new long[count];
            Arrays.fill(moments, now());
        }
        boolean meetsLater = !ended[1 - input];
        int first = meetsLater ? keep(input, rows, moments) : 0;
        boolean alone = !meetsLater && plan.keeps(input);
        Probe probe = new Probe(plan, out, input, rows, tables[1 - input], alone, 0);
        if (!isByClock()) {
            long[] own = Arrays.copyOf(times, count);
            probe.within(input == TwoInputs.LEFT ? new Probe.Bounds(own, from, to) : new Probe.Bounds(own, -to, -from));
        }
        if (meetsLater) {
            RowTable own = tables[input];
            probe.noting(row -> own.match(first + row));
        }
        outbox.emitAll(probe);
    }

    /** The rows stay the caller's, unless it fails. */
    private int keep(int input, Batch rows, long[] moments) {
        try {
            return tables[input].add(rows.share(), moments, new boolean[rows.rowCount()]);
        } catch (RuntimeException | Error failure) {
            rows.close();
            throw failure;
        }
    }

    private long now() {
        return clock.wallMillis() * 1_000;
    }

    /** What the other input still has meets nobody new. */
    @Override
    public void ended(int input, Outbox outbox) {
        ended[input] = true;
        letGo(1 - input, FOREVER, outbox);
    }

    @Override
    public void advance(long before, long now, Outbox outbox) {
        if (!isByClock()) {
            letGo(TwoInputs.LEFT, now == FOREVER ? now : now - to, outbox);
            letGo(TwoInputs.RIGHT, now == FOREVER ? now : now + from, outbox);
        }
    }

    private void letGo(int input, long before, Outbox outbox) {
        RowTable table = tables[input];
        if (table.earliest() >= before) {
            return;
        }
        if (plan.keeps(input)) {
            outbox.emitAll(new Leftovers(out, input, table, before, 0));
        } else {
            Leftovers.drop(table, before);
        }
    }

    @Override
    public long dueMillis() {
        long earliest = Math.min(tables[TwoInputs.LEFT].earliest(), tables[TwoInputs.RIGHT].earliest());
        return isByClock() && earliest != FOREVER
                ? Math.floorDiv(earliest + keepMicros + 999, 1_000L) - clock.wallMillis()
                : FOREVER;
    }

    @Override
    public void onClock(Outbox outbox) {
        if (isByClock()) {
            letGo(TwoInputs.LEFT, now() - keepMicros + 1, outbox);
            letGo(TwoInputs.RIGHT, now() - keepMicros + 1, outbox);
        }
    }

    @Override
    public void finish(Outbox outbox) {
        letGo(TwoInputs.LEFT, FOREVER, outbox);
        letGo(TwoInputs.RIGHT, FOREVER, outbox);
    }

    @Override
    public long delayMicros() {
        return isByClock() ? 0 : Math.max(0, Math.max(to, -from));
    }

    @Override
    public void save(Saving into) {
        for (int input = 0; input < tables.length; input++) {
            tables[input].save(new SavedRows.Shape(plan, input, out.allocator()), into);
        }
    }

    @Override
    public @Nullable Object load(SavedRows.Loaded loaded) {
        return tables[loaded.input()].load(loaded);
    }

    @Override
    public void close() {
        for (RowTable table : tables) {
            table.close();
        }
    }
}
