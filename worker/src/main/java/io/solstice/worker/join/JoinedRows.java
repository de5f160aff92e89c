package io.solstice.worker.join;

import io.solstice.api.operator.JoinOperator;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.keyed.Values;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.types.pojo.Field;

/** The rows of a result that are being put together: for each a left row, a right row, or both. */
final class JoinedRows {
    /** So many rows a batch of results has at most. */
    static final int ROWS = 8192;

    private final JoinPlan plan;
    private final BufferAllocator allocator;
    private final PickedRows left = new PickedRows();
    private final PickedRows right = new PickedRows();

    JoinedRows(JoinPlan plan, BufferAllocator allocator) {
        this.plan = plan;
        this.allocator = allocator;
    }

    BufferAllocator allocator() {
        return allocator;
    }

    /** The rows picked so far of an input. Of both inputs equally many must be picked. */
    PickedRows of(int input) {
        return input == io.solstice.spi.TwoInputs.LEFT ? left : right;
    }

    int count() {
        return left.count();
    }

    /** What was picked, as a batch; the next one begins. @param windowStart only with windows */
    Batch take(long windowStart) {
        int rows = count();
        List<FieldVector> vectors = new ArrayList<>();
        List<Field> fields = plan.output().getFields();
        try {
            for (int i = 0; i < plan.columns().size(); i++) {
                JoinPlan.Origin origin = plan.columns().get(i);
                Field field = fields.get(i);
                if (origin.left() < 0) {
                    vectors.add(right.column(origin.right(), field, allocator));
                } else if (origin.right() < 0) {
                    vectors.add(left.column(origin.left(), field, allocator));
                } else {
                    vectors.add(left.columnOr(origin.left(), right, origin.right(), field, allocator));
                }
            }
            if (plan.definition().scope() instanceof JoinOperator.Windowed windowed) {
                long size = WindowMeeting.size(windowed.window());
                vectors.add(constant(fields.get(fields.size() - 2), windowStart, rows));
                vectors.add(constant(fields.get(fields.size() - 1), windowStart + size, rows));
            }
            return Batch.of(plan.output(), vectors, rows);
        } catch (RuntimeException | Error failure) {
            vectors.forEach(FieldVector::close);
            throw failure;
        } finally {
            left.clear();
            right.clear();
        }
    }

    private FieldVector constant(Field field, long micros, int rows) {
        TimeStampMicroTZVector vector = (TimeStampMicroTZVector) field.createVector(allocator);
        try {
            vector.allocateNew(rows);
            Values.allPresent(vector, rows);
            long address = vector.getDataBuffer().memoryAddress();
            for (int i = 0; i < rows; i++) {
                MemoryUtil.putLong(address + ((long) i << 3), micros);
            }
            vector.setValueCount(rows);
            return vector;
        } catch (RuntimeException | Error failure) {
            vector.close();
            throw failure;
        }
    }

    /** How many rows of a size make a handy batch. */
    static int rowsPerBatch(long rowBytes) {
        return (int) Math.max(1, Math.min(ROWS, (32L << 20) / Math.max(1, rowBytes)));
    }
}
