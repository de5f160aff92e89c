package io.solstice.worker.pile;

import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Picks;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A run, or small runs of several piles, which checkpoints write as one table. When all that a pile had is over, what
 * was written of it stays, and is passed over when it comes back; but when a run has become part of another one, what
 * was written must not come back, so the rest is written anew. Used by the task's thread.
 */
final class RunPiece {
    private final long number;
    private final List<Run> runs;
    private boolean dissolved;

    /**
     * The piece that these runs are in from now on.
     *
     * @param number that of the run if it is one, else one that nothing else has; above those of all pieces with older
     *     runs of the same piles
     */
    RunPiece(long number, List<Run> runs) {
        this.number = number;
        this.runs = List.copyOf(runs);
        this.runs.forEach(run -> run.setPiece(this));
    }

    long number() {
        return number;
    }

    /** Whether what was written may come back. */
    boolean isValid() {
        return !dissolved && runs.stream().noneMatch(Run::isReplaced);
    }

    void dissolve() {
        dissolved = true;
    }

    private List<Run> there() {
        return runs.stream().filter(run -> !run.isClosed()).toList();
    }

    /** The first that is still there. */
    Run first() {
        return there().get(0);
    }

    int rows() {
        return there().stream().mapToInt(Run::rows).sum();
    }

    static boolean canJoin(Run one, Run other) {
        return one.table().schema().equals(other.table().schema());
    }

    /** All rows that are needed, which the caller closes. */
    Batch table(BufferAllocator allocator) {
        List<Batch> tables = there().stream().map(Run::table).toList();
        if (tables.size() == 1) {
            return tables.get(0).share();
        }
        Picks picks = new Picks();
        for (int source = 0; source < tables.size(); source++) {
            for (int row = 0; row < tables.get(source).rowCount(); row++) {
                picks.add(source, row);
            }
        }
        Schema schema = tables.get(0).schema();
        List<FieldVector> columns = new ArrayList<>();
        try {
            for (int c = 0; c < schema.getFields().size(); c++) {
                Field field = schema.getFields().get(c);
                int column = c;
                columns.add(picks.column(
                        tables.stream().map(table -> table.column(column)).toList(), field, allocator));
            }
            return Batch.of(schema, columns, picks.count());
        } catch (RuntimeException | Error failure) {
            columns.forEach(FieldVector::close);
            throw failure;
        }
    }
}
