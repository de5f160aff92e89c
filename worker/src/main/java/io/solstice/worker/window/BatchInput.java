package io.solstice.worker.window;

import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.ValueReader;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.aggregate.AggregateColumn;
import io.solstice.worker.aggregate.Lane;
import io.solstice.worker.keyed.Values;
import io.solstice.worker.keyed.WholeNumbers;
import io.solstice.worker.time.TimeColumn;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** What the aggregation reads of batches, in arrays that are used again. */
final class BatchInput {
    private final AggregationPlan plan;
    private final Lane[] lanes;
    /** The position of each lane's column, and whether it is the first lane that is this one. */
    private final int[] positions;

    private final boolean[] first;
    private final FieldVector[] keys;
    /** Where the time is among the needed columns; null without windows. */
    private final @Nullable TimeColumn time;

    private long[] times = new long[0];
    private boolean[] timed = new boolean[0];

    BatchInput(AggregationPlan plan) {
        this.plan = plan;
        List<AggregateColumn> columns = plan.shape().columns();
        lanes = new Lane[columns.size()];
        positions = new int[lanes.length];
        first = new boolean[lanes.length];
        keys = new FieldVector[plan.shape().keys().size()];
        time = plan.definition().window() == null
                ? null
                : TimeColumn.of(plan.columns(), plan.definition().time());
        Map<String, Lane> known = new HashMap<>();
        for (int i = 0; i < lanes.length; i++) {
            AggregateColumn column = columns.get(i);
            String name = column.definition().column();
            positions[i] = name.isEmpty() ? -1 : plan.position(name);
            String id = column.lane() + " " + name + " " + column.definition().results();
            first[i] = !known.containsKey(id);
            lanes[i] = known.computeIfAbsent(id, none -> new Lane(column.lane()));
        }
    }

    /** Reads the times, and says whether all are there and within reach. */
    boolean readTimes(Batch batch) {
        int rows = batch.rowCount();
        if (times.length < rows) {
            times = new long[rows];
            timed = new boolean[rows];
        }
        TimeColumn column = Objects.requireNonNull(time, "without windows there are no times");
        FieldVector vector = batch.column(column.index());
        WholeNumbers.read(vector, rows, times);
        boolean missing = Values.someMissing(vector, rows, timed);
        boolean all = column.toMicros(times, rows) && !missing;
        if (!all && !missing) {
            Arrays.fill(timed, 0, rows, true);
        }
        return all;
    }

    /** Whether a row has a time; to be asked after {@link #readTimes} has said that not all do. */
    boolean hasTime(int row) {
        return timed[row];
    }

    boolean isWithinReach(int row) {
        return TimeColumn.isTime(times[row]);
    }

    /** In microseconds, by row. */
    long[] times() {
        return times;
    }

    /** Numbers the rows, for an aggregation without times. */
    void numberFrom(long number, int rows) {
        if (times.length < rows) {
            times = new long[rows];
        }
        for (int i = 0; i < rows; i++) {
            times[i] = number + i;
        }
    }

    /** Reads what is aggregated of a batch of the needed columns, which must be open as long as this is read. */
    void readValues(Batch batch) {
        for (int i = 0; i < lanes.length; i++) {
            if (!first[i]) {
                continue;
            }
            if (positions[i] >= 0) {
                lanes[i].load(batch.column(positions[i]), batch.rowCount());
                List<String> results =
                        plan.shape().columns().get(i).definition().results();
                if (!results.isEmpty()) {
                    lanes[i].loadResults(results(batch, results));
                }
            } else if (lanes[i].kind() == Lane.Kind.OBJECT) {
                RowReader rows = new RowReader(batch);
                lanes[i].load(rows::row);
            }
        }
    }

    /** One column's value, or a row of several. */
    private ValueReader results(Batch batch, List<String> names) {
        ValueReader[] readers = new ValueReader[names.size()];
        for (int i = 0; i < readers.length; i++) {
            readers[i] = ValueReader.of(batch.column(plan.position(names.get(i))));
        }
        if (readers.length == 1) {
            return readers[0];
        }
        return row -> {
            Row values = Row.EMPTY;
            for (int i = 0; i < readers.length; i++) {
                values = values.with(names.get(i), readers[i].read(row));
            }
            return values;
        };
    }

    FieldVector[] keys(Batch batch) {
        for (int i = 0; i < keys.length; i++) {
            keys[i] = batch.column(plan.position(plan.definition().keys().get(i)));
        }
        return keys;
    }

    Lane[] lanes() {
        return lanes;
    }
}
