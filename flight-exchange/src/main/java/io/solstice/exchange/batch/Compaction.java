package io.solstice.exchange.batch;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.FieldVector;

/** For batches that are kept: they should not keep others in memory, whose texts they share. */
public final class Compaction {
    private Compaction() {}

    /** The same rows; the batch is taken over. Columns of texts that share much more than they hold are copied. */
    public static Batch of(Batch batch, BufferAllocator allocator) {
        int[] origins = new int[batch.columnCount()];
        List<FieldVector> copies = new ArrayList<>();
        Picks all = new Picks();
        try {
            for (int column = 0; column < origins.length; column++) {
                origins[column] = column;
                FieldVector vector = batch.column(column);
                if (vector instanceof BaseVariableWidthViewVector views && ViewBytes.isWasteful(views)) {
                    for (int row = all.count(); row < batch.rowCount(); row++) {
                        all.add(0, row);
                    }
                    origins[column] = -1 - copies.size();
                    copies.add(all.column(List.of(vector), vector.getField(), allocator));
                }
            }
        } catch (RuntimeException | Error failure) {
            copies.forEach(FieldVector::close);
            batch.close();
            throw failure;
        }
        if (copies.isEmpty()) {
            return batch;
        }
        try (batch) {
            return batch.rearrange(batch.schema(), origins, copies);
        }
    }
}
