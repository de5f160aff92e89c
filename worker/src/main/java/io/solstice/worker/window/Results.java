package io.solstice.worker.window;

import io.solstice.exchange.batch.Batch;
import io.solstice.worker.keyed.Values;
import io.solstice.worker.keyed.WholeNumbers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** Puts the columns of a result together. */
final class Results {
    /** So many rows a batch of results has at most. */
    static final int ROWS = 8192;

    private final AggregationPlan plan;
    private final BufferAllocator allocator;

    Results(AggregationPlan plan, BufferAllocator allocator) {
        this.plan = plan;
        this.allocator = allocator;
    }

    /** The windows of the rows of one batch, and which pane of theirs it is. */
    record Panes(IntToLongFunction start, IntToLongFunction end, IntToLongFunction index, boolean late) {}

    BufferAllocator allocator() {
        return allocator;
    }

    /** Takes over the columns; what makes those of the aggregates may run a user's code, which may throw. */
    Batch batch(List<FieldVector> keys, Supplier<List<FieldVector>> aggregates, int rows, @Nullable Panes panes) {
        List<FieldVector> all = new ArrayList<>(keys);
        try {
            all.addAll(aggregates.get());
            if (panes != null) {
                int at = keys.size();
                all.add(at, column(at, rows, panes.start()));
                all.add(at + 1, column(at + 1, rows, panes.end()));
                if (plan.definition().hasPanes()) {
                    all.add(column(all.size(), rows, panes.index()));
                    all.add(column(all.size(), rows, row -> panes.late() ? 1 : 0));
                }
            }
            return Batch.of(plan.output(), all, rows);
        } catch (RuntimeException | Error failure) {
            all.forEach(FieldVector::close);
            throw failure;
        }
    }

    private FieldVector column(int index, int rows, IntToLongFunction values) {
        return column(plan.output().getFields().get(index), rows, values, allocator);
    }

    /** A column of whole numbers. */
    static FieldVector column(Field field, int rows, IntToLongFunction values, BufferAllocator allocator) {
        FieldVector vector = field.createVector(allocator);
        try {
            vector.setInitialCapacity(Math.max(1, rows));
            vector.allocateNew();
            for (int i = 0; i < rows; i++) {
                WholeNumbers.write(vector, i, values.applyAsLong(i));
            }
            Values.allPresent(vector, rows);
            vector.setValueCount(rows);
            return vector;
        } catch (RuntimeException | Error failure) {
            vector.close();
            throw failure;
        }
    }
}
