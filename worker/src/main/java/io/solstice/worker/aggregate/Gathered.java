package io.solstice.worker.aggregate;

import io.solstice.api.row.Row;
import io.solstice.api.row.RowSchema;
import io.solstice.api.row.ValueReader;
import io.solstice.api.row.ValueWriter;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** The objects of all groups. */
final class Gathered<T> extends Accumulator {
    private final Gathering<T> gathering;
    private @Nullable Object[] objects = new Object[16];

    Gathered(Gathering<T> gathering) {
        this.gathering = gathering;
    }

    @SuppressWarnings("unchecked")
    private T of(int group) {
        Object there = objects[group];
        return there == null ? gathering.create() : (T) there;
    }

    @Override
    void resize(int groups) {
        if (groups > objects.length) {
            objects = Arrays.copyOf(objects, Math.max(groups, objects.length * 2));
        }
    }

    @Override
    void add(Lane lane, long[] order, int[] groups, int rows) {
        ValueReader values = lane.objects();
        for (int i = 0; i < rows; i++) {
            Object value = values.read(i);
            if (value != null) {
                objects[groups[i]] = gathering.add(of(groups[i]), value);
            }
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    void merge(Accumulator from, int[] sources, int[] targets, int count) {
        Gathered<T> other = (Gathered<T>) from;
        for (int i = 0; i < count; i++) {
            if (other.objects[sources[i]] != null) {
                objects[targets[i]] = gathering.merge(of(targets[i]), other.of(sources[i]));
            }
        }
    }

    @Override
    void clear(int group) {
        objects[group] = null;
    }

    @Override
    void clear() {
        Arrays.fill(objects, null);
    }

    private long weight(int group) {
        return objects[group] == null ? 0 : gathering.weight(of(group));
    }

    @Override
    long heapBytes() {
        return 8L * objects.length + Weight.ofSome(objects.length, this::weight);
    }

    @Override
    void result(FieldVector to, int[] picks, int from, int count) {
        ValueWriter writer = ValueWriter.of(to);
        for (int i = 0; i < count; i++) {
            writer.write(i, gathering.result(of(picks[from + i])));
        }
    }

    @Override
    List<Field> stateFields(String name, int[] picks, int from, int count) {
        Field known = gathering.stateField(name);
        if (!(known.getType() instanceof ArrowType.Null)) {
            return List.of(known);
        }
        RowSchema found = new RowSchema();
        for (int i = 0; i < count; i++) {
            if (objects[picks[from + i]] != null) {
                found.include(Row.of(name, gathering.saved(of(picks[from + i]))));
            }
        }
        return found.schema().getFields().isEmpty()
                ? List.of(known)
                : found.schema().getFields();
    }

    @Override
    void save(List<FieldVector> to, int[] picks, int from, int count) {
        ValueWriter writer = ValueWriter.of(to.get(0));
        for (int i = 0; i < count; i++) {
            int group = picks[from + i];
            writer.write(i, objects[group] == null ? null : gathering.saved(of(group)));
        }
    }

    @Override
    void load(List<FieldVector> from, int[] groups, int rows) {
        ValueReader values = ValueReader.of(from.get(0));
        for (int i = 0; i < rows; i++) {
            Object saved = values.read(i);
            if (saved != null) {
                objects[groups[i]] = gathering.merge(of(groups[i]), gathering.restored(saved));
            }
        }
    }
}
