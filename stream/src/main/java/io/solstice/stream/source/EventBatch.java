package io.solstice.stream.source;

import io.solstice.exchange.batch.Batch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** A batch of events under construction. Either {@link #finish} or {@link #close} ends it. */
final class EventBatch implements AutoCloseable {
    private final Schema schema;
    private final int looked;
    private final List<FieldVector> vectors = new ArrayList<>();
    private final byte[] source;
    private final int partition;
    private int rows;

    /** @param source names where the events come from; with partition and offset it names an event */
    EventBatch(EventShape shape, Schema schema, String source, int partition, BufferAllocator allocator) {
        this.schema = schema;
        this.looked = shape.fields().size();
        this.source = source.getBytes(StandardCharsets.UTF_8);
        this.partition = partition;
        try {
            for (Field field : schema.getFields()) {
                FieldVector vector = field.createVector(allocator);
                vectors.add(vector);
                vector.setInitialCapacity(shape.batchRows());
                vector.allocateNew();
            }
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    int rows() {
        return rows;
    }

    void add(Event event, long offset) {
        ((TimeStampMicroTZVector) vectors.get(0)).setSafe(rows, event.timeMicros);
        text(1, event.key);
        ((VarCharVector) vectors.get(2)).setSafe(rows, source);
        ((IntVector) vectors.get(3)).setSafe(rows, partition);
        ((BigIntVector) vectors.get(4)).setSafe(rows, offset);
        if (event.headersLength >= 0) {
            ((VarCharVector) vectors.get(5)).setSafe(rows, event.bytes, event.headersFrom, event.headersLength);
        }
        ((VarCharVector) vectors.get(6)).setSafe(rows, event.bytes, event.dataFrom, event.dataLength);
        ((Float8Vector) vectors.get(7)).setSafe(rows, event.has(looked) ? event.number(looked) : 1);
        for (int slot = 0; slot < looked; slot++) {
            if (event.has(slot)) {
                field(slot, event);
            }
        }
        rows++;
    }

    private void field(int slot, Event event) {
        int column = EventShape.FIXED_COLUMNS + slot;
        switch (event.kind(slot)) {
            case TEXT -> text(column, event.text(slot));
            case NUMBER -> ((Float8Vector) vectors.get(column)).setSafe(rows, event.number(slot));
            case FLAG -> ((BitVector) vectors.get(column)).setSafe(rows, event.number(slot) == 0 ? 0 : 1);
        }
    }

    private void text(int column, String text) {
        ((VarCharVector) vectors.get(column)).setSafe(rows, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Hands the batch over. */
    Batch finish() {
        vectors.forEach(vector -> vector.setValueCount(rows));
        Batch batch = Batch.of(schema, vectors, rows);
        vectors.clear();
        return batch;
    }

    @Override
    public void close() {
        vectors.forEach(FieldVector::close);
        vectors.clear();
    }
}
