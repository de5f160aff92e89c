package io.solstice.worker.record;

import io.solstice.api.row.ValueReader;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.Function;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/** Reads the values of a component that is an object, from one vector. */
@FunctionalInterface
interface ComponentReader {
    @Nullable
    Object read(int row);

    static ComponentReader of(Type type, Function<Object, Object> toComponent, FieldVector vector) {
        if (type == String.class && vector instanceof VarCharVector texts) {
            return new Texts(texts);
        } else if (type == Instant.class && vector instanceof TimeStampVector times) {
            return new Instants(times);
        }
        ValueReader values = ValueReader.of(vector);
        return row -> {
            Object value = values.read(row);
            return value == null ? null : toComponent.apply(value);
        };
    }

    /** Texts, decoded by way of one array. */
    final class Texts implements ComponentReader {
        private final VarCharVector vector;
        private final boolean nulls;
        private final long offsets;
        private final long data;
        private byte[] bytes = new byte[64];

        Texts(VarCharVector vector) {
            this.vector = vector;
            this.nulls = vector.getNullCount() > 0;
            this.offsets = vector.getOffsetBuffer().memoryAddress();
            this.data = vector.getDataBuffer().memoryAddress();
        }

        @Override
        public @Nullable Object read(int row) {
            if (nulls && BitVectorHelper.get(vector.getValidityBuffer(), row) == 0) {
                return null;
            }
            int start = MemoryUtil.getInt(offsets + ((long) row << 2));
            int length = MemoryUtil.getInt(offsets + ((long) row << 2) + 4) - start;
            if (length > bytes.length) {
                bytes = new byte[Math.max(length, bytes.length * 2)];
            }
            MemoryUtil.copyFromMemory(data + start, bytes, 0, length);
            return new String(bytes, 0, length, StandardCharsets.UTF_8);
        }
    }

    /** Timestamps of any unit. */
    final class Instants implements ComponentReader {
        private final TimeStampVector vector;
        private final boolean nulls;
        private final long data;
        private final long perSecond;

        Instants(TimeStampVector vector) {
            this.vector = vector;
            this.nulls = vector.getNullCount() > 0;
            this.data = vector.getDataBuffer().memoryAddress();
            TimeUnit unit = ((ArrowType.Timestamp) vector.getField().getType()).getUnit();
            this.perSecond = switch (unit) {
                case SECOND -> 1;
                case MILLISECOND -> 1_000;
                case MICROSECOND -> 1_000_000;
                case NANOSECOND -> 1_000_000_000;
            };
        }

        @Override
        public @Nullable Object read(int row) {
            if (nulls && BitVectorHelper.get(vector.getValidityBuffer(), row) == 0) {
                return null;
            }
            long count = MemoryUtil.getLong(data + ((long) row << 3));
            long seconds = Math.floorDiv(count, perSecond);
            return Instant.ofEpochSecond(seconds, (count - seconds * perSecond) * (1_000_000_000 / perSecond));
        }
    }
}
