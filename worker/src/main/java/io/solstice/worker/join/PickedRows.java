package io.solstice.worker.join;

import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Picks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Rows of one input that were picked from the batches in which they are kept. Only those batches are looked at. */
final class PickedRows {
    private final Picks picks = new Picks();
    private final List<Batch> used = new ArrayList<>();
    /** By number of the batch, its place in {@link #used} in the current round. */
    private int[] places = new int[16];

    private int[] rounds = new int[16];
    private int round = 1;

    void clear() {
        picks.clear();
        used.clear();
        round++;
    }

    int count() {
        return picks.count();
    }

    /** @param number of the batch, the same for all its rows */
    void add(int number, Batch batch, int row) {
        if (number >= places.length) {
            int size = Math.max(number + 1, places.length * 2);
            places = Arrays.copyOf(places, size);
            rounds = Arrays.copyOf(rounds, size);
        }
        if (rounds[number] != round) {
            rounds[number] = round;
            places[number] = used.size();
            used.add(batch);
        }
        picks.add(places[number], row);
    }

    void addMissing() {
        picks.addMissing();
    }

    private List<FieldVector> vectors(int column) {
        return used.stream().map(batch -> batch.column(column)).toList();
    }

    FieldVector column(int column, Field field, BufferAllocator allocator) {
        return picks.column(vectors(column), field, allocator);
    }

    Batch rows(List<Field> fields, BufferAllocator allocator) {
        List<FieldVector> vectors = new ArrayList<>();
        try {
            for (int i = 0; i < fields.size(); i++) {
                vectors.add(column(i, fields.get(i), allocator));
            }
            return Batch.of(new Schema(fields), vectors, count());
        } catch (RuntimeException | Error failure) {
            vectors.forEach(FieldVector::close);
            throw failure;
        }
    }

    /** A column of this, and where a row is missing, of another. */
    FieldVector columnOr(int column, PickedRows other, int otherColumn, Field field, BufferAllocator allocator) {
        List<FieldVector> both = new ArrayList<>(vectors(column));
        both.addAll(other.vectors(otherColumn));
        return picks.orElse(other.picks, used.size()).column(both, field, allocator);
    }
}
