package io.solstice.worker.aggregate;

import io.solstice.api.row.ValueReader;
import io.solstice.api.row.ValueWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * The last values in order, and where in the order they stand. Of equal places the greater value is later, so that the
 * result does not depend on which came first.
 */
final class Latest extends Accumulator {
    private final int most;
    private final Field column;
    private @Nullable Newest[] groups = new Newest[16];

    Latest(int most, Field column) {
        this.most = most;
        this.column = column;
    }

    /** The values of one group, in order, between two places of arrays that have room behind them. */
    private static final class Newest {
        private final int most;
        private long[] orders = new long[8];
        private @Nullable Object[] values = new Object[8];
        private int from;
        private int to;

        Newest(int most) {
            this.most = most;
        }

        void add(long order, Object value) {
            boolean full = to - from == most;
            if (full && !isAfter(from, order, value)) {
                return;
            }
            if (to == orders.length) {
                makeRoom();
            }
            int at = to;
            while (at > from && !isAfter(at - 1, order, value)) {
                at--;
            }
            System.arraycopy(orders, at, orders, at + 1, to - at);
            System.arraycopy(values, at, values, at + 1, to - at);
            orders[at] = order;
            values[at] = value;
            to++;
            if (full) {
                values[from++] = null;
            }
        }

        /** Whether something belongs behind what stands at a place. */
        private boolean isAfter(int place, long order, Object value) {
            Object there = values[place];
            return order > orders[place]
                    || order == orders[place] && there != null && ValueOrder.RISING.compare(value, there) >= 0;
        }

        /** Moves to the front what half of the room is left for, else takes twice the room. */
        private void makeRoom() {
            int size = to - from;
            int length = size > orders.length / 2 ? orders.length * 2 : orders.length;
            long[] movedOrders = new long[length];
            @Nullable Object[] movedValues = new Object[length];
            System.arraycopy(orders, from, movedOrders, 0, size);
            System.arraycopy(values, from, movedValues, 0, size);
            orders = movedOrders;
            values = movedValues;
            from = 0;
            to = size;
        }

        void addAll(Newest other) {
            for (int i = other.from; i < other.to; i++) {
                Object value = other.values[i];
                if (value != null) {
                    add(other.orders[i], value);
                }
            }
        }

        List<@Nullable Object> list() {
            return Arrays.asList(values).subList(from, to);
        }

        List<Long> places() {
            List<Long> places = new ArrayList<>(to - from);
            for (int i = from; i < to; i++) {
                places.add(orders[i]);
            }
            return places;
        }
    }

    @Override
    void resize(int count) {
        if (count > groups.length) {
            groups = Arrays.copyOf(groups, Math.max(count, groups.length * 2));
        }
    }

    private Newest of(int group) {
        Newest there = groups[group];
        if (there == null) {
            there = new Newest(most);
            groups[group] = there;
        }
        return there;
    }

    @Override
    void add(Lane lane, long[] order, int[] targets, int rows) {
        ValueReader values = lane.objects();
        for (int i = 0; i < rows; i++) {
            Object value = values.read(i);
            if (value != null) {
                of(targets[i]).add(order[i], value);
            }
        }
    }

    @Override
    void merge(Accumulator from, int[] sources, int[] targets, int count) {
        Latest other = (Latest) from;
        for (int i = 0; i < count; i++) {
            Newest source = other.groups[sources[i]];
            if (source != null) {
                of(targets[i]).addAll(source);
            }
        }
    }

    @Override
    void clear(int group) {
        groups[group] = null;
    }

    @Override
    void clear() {
        Arrays.fill(groups, null);
    }

    private long weight(int group) {
        Newest there = groups[group];
        return there == null
                ? 0
                : 80 + 16L * there.orders.length + (there.to - there.from) * Weight.of(there.values[there.from]);
    }

    @Override
    long heapBytes() {
        return 8L * groups.length + Weight.ofSome(groups.length, this::weight);
    }

    @Override
    void result(FieldVector to, int[] picks, int from, int count) {
        ValueWriter writer = ValueWriter.of(to);
        for (int i = 0; i < count; i++) {
            Newest group = groups[picks[from + i]];
            writer.write(i, group == null ? null : group.list());
        }
    }

    @Override
    List<Field> stateFields(String name, int[] picks, int from, int count) {
        return List.of(Types.listOf(name, column), Types.listOf(name + ".order", Types.int64("item")));
    }

    @Override
    void save(List<FieldVector> to, int[] picks, int from, int count) {
        result(to.get(0), picks, from, count);
        ValueWriter writer = ValueWriter.of(to.get(1));
        for (int i = 0; i < count; i++) {
            Newest group = groups[picks[from + i]];
            writer.write(i, group == null ? null : group.places());
        }
    }

    @Override
    void load(List<FieldVector> from, int[] targets, int rows) {
        ValueReader values = ValueReader.of(from.get(0));
        ValueReader places = ValueReader.of(from.get(1));
        for (int i = 0; i < rows; i++) {
            if (values.read(i) instanceof List<?> list && places.read(i) instanceof List<?> orders) {
                for (int k = 0; k < list.size(); k++) {
                    Object value = list.get(k);
                    if (value != null && orders.get(k) instanceof Long order) {
                        of(targets[i]).add(order, value);
                    }
                }
            }
        }
    }
}
