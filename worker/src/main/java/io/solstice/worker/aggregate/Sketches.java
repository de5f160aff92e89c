package io.solstice.worker.aggregate;

import io.solstice.common.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.Union;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.memory.Memory;
import org.jspecify.annotations.Nullable;

/** The aggregates that Apache DataSketches approximates. Checkpoints keep its own portable bytes. */
final class Sketches {
    private static final Set<Integer> JAVA = Set.of(17, 21);

    private Sketches() {}

    /** The library's access to memory begins on releases of Java only that it knows. */
    static void requireJava() {
        int java = Runtime.version().feature();
        if (!JAVA.contains(java)) {
            throw ErrorCode.NOT_SUPPORTED
                    .error("approximate aggregates need Java 17 or 21")
                    .cause("this is Java " + java)
                    .help("run on Java 17 or 21, or use distinct(...) in place of approxDistinct(...)")
                    .toException();
        }
    }

    /** HyperLogLog with 4,096 registers: a relative error of 1.6 % in two of three cases. */
    record Distinct() implements Gathering<HllSketch> {
        private static final int LOG_OF_REGISTERS = 12;

        @Override
        public HllSketch create() {
            return new HllSketch(LOG_OF_REGISTERS);
        }

        @Override
        public HllSketch add(HllSketch gathered, Object value) {
            if (value instanceof Double || value instanceof Float) {
                gathered.update(((Number) value).doubleValue());
            } else if (value instanceof Byte
                    || value instanceof Short
                    || value instanceof Integer
                    || value instanceof Long) {
                gathered.update(((Number) value).longValue());
            } else if (value instanceof byte[] bytes) {
                gathered.update(bytes);
            } else {
                gathered.update(value.toString().getBytes(StandardCharsets.UTF_8));
            }
            return gathered;
        }

        @Override
        public HllSketch merge(HllSketch gathered, HllSketch other) {
            Union union = new Union(LOG_OF_REGISTERS);
            union.update(gathered);
            union.update(other);
            return union.getResult();
        }

        @Override
        public Object result(HllSketch gathered) {
            return Math.round(gathered.getEstimate());
        }

        @Override
        public long weight(HllSketch gathered) {
            return 160 + gathered.getUpdatableSerializationBytes();
        }

        @Override
        public Object saved(HllSketch gathered) {
            return gathered.toCompactByteArray();
        }

        @Override
        public HllSketch restored(Object saved) {
            return HllSketch.heapify((byte[]) saved);
        }

        @Override
        public Field stateField(String name) {
            return Types.binary(name);
        }
    }

    /** KLL with k = 200: an error of rank below 1.65 % in 99 of 100 cases. NaN counts as no value. */
    record Quantile(double rank) implements Gathering<KllDoublesSketch> {
        @Override
        public KllDoublesSketch create() {
            return KllDoublesSketch.newHeapInstance();
        }

        @Override
        public KllDoublesSketch add(KllDoublesSketch gathered, Object value) {
            gathered.update(((Number) value).doubleValue());
            return gathered;
        }

        @Override
        public KllDoublesSketch merge(KllDoublesSketch gathered, KllDoublesSketch other) {
            gathered.merge(other);
            return gathered;
        }

        @Override
        public @Nullable Object result(KllDoublesSketch gathered) {
            return gathered.isEmpty() ? null : gathered.getQuantile(rank);
        }

        @Override
        public long weight(KllDoublesSketch gathered) {
            return 160 + gathered.getSerializedSizeBytes();
        }

        @Override
        public Object saved(KllDoublesSketch gathered) {
            return gathered.toByteArray();
        }

        @Override
        public KllDoublesSketch restored(Object saved) {
            return KllDoublesSketch.heapify(Memory.wrap((byte[]) saved));
        }

        @Override
        public Field stateField(String name) {
            return Types.binary(name);
        }
    }
}
