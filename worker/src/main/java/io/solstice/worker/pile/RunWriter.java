package io.solstice.worker.pile;

import io.solstice.exchange.batch.Batch;
import io.solstice.worker.aggregate.Tally;
import io.solstice.worker.aggregate.TallyShape;
import io.solstice.worker.keyed.GroupTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Makes runs of tallies, and of rows that were written: keys, the tag, and the aggregates. Used by the task's thread. */
final class RunWriter {
    private static final int LEAST_ROW_BYTES = 16;

    private final Piles piles;
    private final TallyShape shape;
    private final @Nullable Tag tag;

    RunWriter(Piles piles, TallyShape shape, @Nullable Tag tag) {
        this.piles = piles;
        this.shape = shape;
        this.tag = tag;
    }

    FieldVector[] keys(Batch rows) {
        FieldVector[] keys = new FieldVector[shape.keys().size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = rows.column(i);
        }
        return keys;
    }

    List<FieldVector> aggregates(Batch rows) {
        List<FieldVector> columns = rows.columns();
        return columns.subList(shape.keys().size() + (tag == null ? 0 : 1), columns.size());
    }

    /** All groups of a tally, as runs of which none is large. */
    List<Run> write(Tally tally, Parts parts, int generation) {
        List<Run> written = new ArrayList<>();
        int size = tally.size();
        if (size == 0) {
            return written;
        }
        long rowBytes = Math.max(LEAST_ROW_BYTES, tally.heapBytes() / size / 2);
        int most = (int) Math.max(1, Math.min(piles.sizes().runRows(), piles.runBytes() / rowBytes));
        try {
            for (int from = 0; from < size; from += most) {
                int count = Math.min(most, size - from);
                Batch table = table(tally, parts.order(), from, count);
                Run run = new Run(piles.nextRun(), generation, table, partAt(parts, from), starts(parts, from, count));
                written.add(run);
                piles.added(run);
            }
            return written;
        } catch (RuntimeException | Error failure) {
            written.forEach(piles::drop);
            throw failure;
        }
    }

    private static int partAt(Parts parts, int place) {
        int found = Arrays.binarySearch(parts.starts(), place);
        if (found < 0) {
            return -found - 2;
        }
        // Of those that begin here, all but the last are empty.
        while (parts.starts()[found + 1] == place) {
            found++;
        }
        return found;
    }

    private static int[] starts(Parts parts, int from, int count) {
        int first = partAt(parts, from);
        int last = partAt(parts, from + count - 1);
        int[] starts = new int[last - first + 2];
        for (int part = first + 1; part <= last; part++) {
            starts[part - first] = parts.starts()[part] - from;
        }
        starts[starts.length - 1] = count;
        return starts;
    }

    private Batch table(Tally tally, int[] order, int from, int count) {
        List<FieldVector> columns = new ArrayList<>(tally.keys(order, from, count, piles.memory()));
        try {
            if (tag != null) {
                columns.add(tagged(tag, count));
            }
            columns.addAll(tally.saved(order, from, count, piles.memory()));
            return Batch.of(
                    new Schema(columns.stream().map(FieldVector::getField).toList(), Run.MARK), columns, count);
        } catch (RuntimeException | Error failure) {
            columns.forEach(FieldVector::close);
            throw failure;
        }
    }

    private FieldVector tagged(Tag what, int rows) {
        Field field = new Field(what.name(), FieldType.notNullable(new ArrowType.Int(64, true)), null);
        BigIntVector vector = new BigIntVector(field, piles.memory());
        try {
            vector.allocateNew(rows);
            for (int row = 0; row < rows; row++) {
                vector.set(row, what.value());
            }
            vector.setValueCount(rows);
            return vector;
        } catch (RuntimeException | Error failure) {
            vector.close();
            throw failure;
        }
    }

    /** Where the parts of rows begin; empty if they are few that were no run, or not in the order of one. */
    int[] starts(Batch rows) {
        boolean marked = rows.schema().getCustomMetadata().keySet().containsAll(Run.MARK.keySet());
        if (!marked && rows.rowCount() < piles.sizes().pieceRows()) {
            return new int[0];
        }
        return Parts.startsOf(hashes(rows), rows.rowCount());
    }

    private int[] hashes(Batch rows) {
        int[] hashes = new int[rows.rowCount()];
        GroupTable.of(shape.keys(), 0).hashes(keys(rows), hashes.length, hashes);
        return hashes;
    }

    /** The rows as a run. They stay the caller's. */
    Run read(Batch rows, int[] starts, int generation) {
        try (Batch first = rows.slice(0, 1)) {
            int part = Parts.partOf(hashes(first)[0]);
            return new Run(piles.nextRun(), generation, rows.share(), part, starts);
        }
    }
}
