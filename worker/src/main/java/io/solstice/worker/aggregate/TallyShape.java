package io.solstice.worker.aggregate;

import io.solstice.worker.keyed.GroupTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;

/** Which keys and aggregates there are, and their columns in results and checkpoints. */
public record TallyShape(List<Field> keys, List<AggregateColumn> columns) {
    public TallyShape {
        keys = List.copyOf(keys);
        columns = List.copyOf(columns);
    }

    /** @param groupsBeginEmpty whether a group may have no row */
    public Accumulator[] accumulators(boolean groupsBeginEmpty) {
        return columns.stream()
                .map(column -> column.accumulators().apply(groupsBeginEmpty))
                .toArray(Accumulator[]::new);
    }

    /** The numbers from 0. */
    public static int[] sequence(int count) {
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i;
        }
        return numbers;
    }

    /** The keys of groups of a table as columns, which the caller closes. */
    public List<FieldVector> keys(GroupTable table, int[] picks, int from, int count, BufferAllocator allocator) {
        return columns(
                keys,
                count,
                allocator,
                vectors -> table.write(vectors.toArray(new FieldVector[0]), picks, from, count));
    }

    /** See {@link Tally#results}. */
    public List<FieldVector> results(
            Accumulator[] accumulators, int[] picks, int from, int count, BufferAllocator allocator) {
        List<Field> fields = columns.stream().map(AggregateColumn::output).toList();
        return columns(fields, count, allocator, vectors -> {
            for (int i = 0; i < accumulators.length; i++) {
                accumulators[i].result(vectors.get(i), picks, from, count);
            }
        });
    }

    /** See {@link Tally#saved}. */
    public List<FieldVector> saved(
            Accumulator[] accumulators, int[] picks, int from, int count, BufferAllocator allocator) {
        List<List<Field>> fields = new ArrayList<>();
        for (int i = 0; i < accumulators.length; i++) {
            fields.add(accumulators[i].stateFields(columns.get(i).definition().name(), picks, from, count));
        }
        return columns(fields.stream().flatMap(List::stream).toList(), count, allocator, vectors -> {
            int at = 0;
            for (int i = 0; i < accumulators.length; i++) {
                int end = at + fields.get(i).size();
                accumulators[i].save(vectors.subList(at, end), picks, from, count);
                at = end;
            }
        });
    }

    /** Adds what was saved to groups, of which there are {@code size}. */
    public void load(Accumulator[] accumulators, int size, List<FieldVector> saved, int[] groups, int rows) {
        int at = 0;
        for (int i = 0; i < accumulators.length; i++) {
            accumulators[i].resize(size);
            int end = at
                    + accumulators[i]
                            .stateFields(columns.get(i).definition().name(), groups, 0, 0)
                            .size();
            accumulators[i].load(saved.subList(at, end), groups, rows);
            at = end;
        }
    }

    /** New vectors with room for so many rows, filled. */
    private static List<FieldVector> columns(
            List<Field> fields, int rows, BufferAllocator allocator, Consumer<List<FieldVector>> fill) {
        List<FieldVector> vectors = new ArrayList<>(fields.size());
        try {
            for (Field field : fields) {
                FieldVector vector = field.createVector(allocator);
                vectors.add(vector);
                vector.setInitialCapacity(Math.max(1, rows));
                vector.allocateNew();
            }
            fill.accept(vectors);
            vectors.forEach(vector -> vector.setValueCount(rows));
            return vectors;
        } catch (RuntimeException | Error failure) {
            vectors.forEach(FieldVector::close);
            throw failure;
        }
    }
}
