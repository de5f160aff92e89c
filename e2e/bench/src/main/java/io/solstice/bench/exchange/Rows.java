package io.solstice.bench.exchange;

import io.solstice.exchange.batch.Batch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;

/** Rows like Nexmark's bids: four numbers and a short text, 44 bytes and a little. */
final class Rows {
    static final String KEY = "auction";
    private static final List<String> NUMBERS = List.of(KEY, "bidder", "price", "time");
    private static final int ROW_BYTES = 4 * Long.BYTES + 12;

    private Rows() {}

    /** Batches of about that size, altogether about so many bytes. */
    static List<Batch> batches(BufferAllocator allocator, int batchBytes, long bytes) {
        SplittableRandom random = new SplittableRandom(42);
        List<Batch> batches = new ArrayList<>();
        for (long made = 0; made < bytes; made += batchBytes) {
            batches.add(batch(allocator, batchBytes / ROW_BYTES, random));
        }
        return batches;
    }

    private static Batch batch(BufferAllocator allocator, int rows, SplittableRandom random) {
        List<FieldVector> vectors = new ArrayList<>();
        for (String name : NUMBERS) {
            BigIntVector vector = new BigIntVector(name, allocator);
            vector.allocateNew(rows);
            for (int row = 0; row < rows; row++) {
                vector.set(row, random.nextLong(1_000_000));
            }
            vectors.add(vector);
        }
        VarCharVector texts = new VarCharVector("channel", allocator);
        texts.allocateNew(8L * rows, rows);
        for (int row = 0; row < rows; row++) {
            texts.set(row, ("chan-" + random.nextInt(100, 1000)).getBytes(StandardCharsets.UTF_8));
        }
        vectors.add(texts);
        vectors.forEach(vector -> vector.setValueCount(rows));
        return Batch.of(vectors, rows);
    }
}
