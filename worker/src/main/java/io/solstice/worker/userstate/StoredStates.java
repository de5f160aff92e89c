package io.solstice.worker.userstate;

import io.solstice.api.state.StateTtl;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What is kept for a key as bytes of a store. A state goes by a number there, which it gets when it first has a value;
 * names and types of all of them, and of the columns of the key, are kept once, beside the entries. Used by the task's
 * thread.
 */
final class StoredStates {
    private static final StateTtl SOME = StateTtl.after(Duration.ofDays(36_500));

    private final List<Slot> slots;
    /** By number. */
    private final List<Saved> saved = new ArrayList<>();
    /** By number. */
    private final List<Slot> slotOf = new ArrayList<>();
    /** By slot, the number and one. */
    private int[] numbers = new int[0];

    private final ValueBytes bytes = new ValueBytes();

    /** A state as the store knows it. @param type the name of its class */
    private record Saved(String name, Slot.Kind kind, String type, boolean expires) {
        /** The same, for values of the store as well as of the slot. */
        Saved and(Slot slot) {
            boolean wider = type.equals(slot.type().getName()) || !slot.type().isAssignableFrom(found());
            return new Saved(
                    name,
                    kind,
                    wider ? type : slot.type().getName(),
                    expires || !slot.ttl().isNever());
        }

        /** Its class, or that of everything. */
        Class<?> found() {
            try {
                return Class.forName(type);
            } catch (ClassNotFoundException foreign) {
                return Object.class;
            }
        }

        static Saved of(Slot slot) {
            return new Saved(
                    slot.name(), slot.kind(), slot.type().getName(), !slot.ttl().isNever());
        }
    }

    StoredStates(List<Slot> slots) {
        this.slots = slots;
    }

    private int number(Slot slot) {
        if (numbers.length < slots.size()) {
            numbers = Arrays.copyOf(numbers, slots.size());
        }
        int known = numbers[slot.index()];
        if (known == 0) {
            saved.add(Saved.of(slot));
            slotOf.add(slot);
            known = saved.size();
            numbers[slot.index()] = known;
        }
        return known - 1;
    }

    /** The values; null if there are none. */
    byte @Nullable [] values(Kept kept) {
        bytes.clear();
        for (Slot slot : slots) {
            Object value = kept.values[slot.index()];
            if (value != null) {
                boolean expires = !slot.ttl().isNever();
                bytes.count(number(slot) << 1 | (expires ? 1 : 0));
                if (expires) {
                    bytes.fixed(kept.written[slot.index()]);
                }
                bytes.value(slot.name(), value);
            }
        }
        return bytes.isEmpty() ? null : bytes.toBytes();
    }

    /** The moments; null if there are none. */
    byte @Nullable [] moments(Kept kept) {
        bytes.clear();
        boolean any = false;
        for (boolean clock : new boolean[] {false, true}) {
            Moments moments = kept.moments(clock);
            List<Long> all = moments == null ? List.of() : moments.toList();
            any |= !all.isEmpty();
            bytes.count(all.size());
            all.forEach(bytes::fixed);
        }
        return any ? bytes.toBytes() : null;
    }

    /** @param since when state that did not expire before begins its time, in milliseconds */
    void readValues(byte[] from, Kept into, long since) {
        ByteBuffer buffer = ByteBuffer.wrap(from);
        while (buffer.hasRemaining()) {
            int head = ValueBytes.readCount(buffer);
            Slot slot = slotOf.get(head >>> 1);
            into.written[slot.index()] = (head & 1) == 0 ? since : buffer.getLong();
            into.values[slot.index()] = of(slot, ValueBytes.read(buffer));
        }
    }

    private static @Nullable Object of(Slot slot, @Nullable Object value) {
        return switch (slot.kind()) {
            case VALUE -> slot.checked(slot.type(), value);
            case LIST -> {
                List<?> list = slot.checked(List.class, value);
                for (Object item : list) {
                    slot.checked(slot.type(), item);
                }
                yield list;
            }
            case MAP -> {
                TreeMap<String, Object> sorted = new TreeMap<>();
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) slot.checked(Map.class, value)).entrySet()) {
                    sorted.put(String.valueOf(entry.getKey()), slot.checked(slot.type(), entry.getValue()));
                }
                yield sorted;
            }
        };
    }

    static void readMoments(byte[] from, Kept into) {
        ByteBuffer buffer = ByteBuffer.wrap(from);
        for (boolean clock : new boolean[] {false, true}) {
            for (int left = ValueBytes.readCount(buffer); left > 0; left--) {
                into.momentsToAddTo(clock).add(buffer.getLong());
            }
        }
    }

    /** What the bytes mean, to be kept beside them. */
    byte[] meaning(List<Field> keys) {
        StringBuilder text = new StringBuilder();
        text.append(Base64.getEncoder().encodeToString(new Schema(keys).serializeAsMessage()));
        for (Saved state : saved) {
            text.append('\n')
                    .append(state.kind())
                    .append('\t')
                    .append(state.type())
                    .append('\t')
                    .append(state.expires())
                    .append('\t')
                    .append(state.name().replace("\\", "\\\\").replace("\n", "\\n"));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** What is said there of the columns of the key. */
    static Schema keys(byte[] meaning) {
        String first = new String(meaning, StandardCharsets.UTF_8).split("\n", 2)[0];
        return Schema.deserializeMessage(ByteBuffer.wrap(Base64.getDecoder().decode(first)));
    }

    private static List<Saved> saved(byte[] meaning) {
        List<Saved> all = new ArrayList<>();
        String[] lines = new String(meaning, StandardCharsets.UTF_8).split("\n");
        for (int i = 1; i < lines.length; i++) {
            String[] parts = lines[i].split("\t", 4);
            all.add(new Saved(
                    parts[3].translateEscapes(),
                    Slot.Kind.valueOf(parts[0]),
                    parts[1],
                    Boolean.parseBoolean(parts[2])));
        }
        return all;
    }

    /** The states as the store has them, for one who wants to read them all. */
    static List<Slot> slots(byte[] meaning) {
        List<Slot> slots = new ArrayList<>();
        for (Saved state : saved(meaning)) {
            StateTtl ttl = state.expires() ? SOME : StateTtl.NEVER;
            slots.add(new Slot(state.name(), slots.size(), state.kind(), state.found(), ttl));
        }
        return slots;
    }

    /** From now on entries mean what is said there. A state that is not named any more, or otherwise, is refused. */
    void adopt(byte[] meaning, String place) {
        for (Saved state : saved(meaning)) {
            Slot slot = checked(state, slots, place);
            saved.add(state.and(slot));
            slotOf.add(slot);
            if (numbers.length < slots.size()) {
                numbers = Arrays.copyOf(numbers, slots.size());
            }
            numbers[slot.index()] = saved.size();
        }
    }

    /** Refuses states that are not named any more, or otherwise; returns the names of the others. */
    static List<String> compare(byte[] meaning, List<Slot> slots, String place) {
        return saved(meaning).stream()
                .map(state -> checked(state, slots, place).name())
                .toList();
    }

    private static Slot checked(Saved state, List<Slot> slots, String place) {
        List<String> known = slots.stream().map(Slot::name).toList();
        Slot slot = slots.stream()
                .filter(named -> named.name().equals(state.name()))
                .findFirst()
                .orElseThrow(() -> ErrorCode.STATE_UNFIT
                        .error("the checkpoint has a state '" + state.name() + "', which the operator does not name")
                        .where(place)
                        .cause("it names " + known)
                        .help(NearestName.help(state.name(), known))
                        .toException());
        if (slot.kind() != state.kind() || !canBe(state, slot.type())) {
            throw otherType(state, slot, place);
        }
        return slot;
    }

    /** Values of a wider type may be of the one that is wanted; each is looked at when it is read. */
    private static boolean canBe(Saved state, Class<?> wanted) {
        Class<?> found = state.found();
        return wanted.isAssignableFrom(found) || found.isAssignableFrom(wanted);
    }

    private static SolsticeException otherType(Saved state, Slot slot, String place) {
        String simple = state.type().substring(state.type().lastIndexOf('.') + 1);
        return ErrorCode.STATE_UNFIT
                .error("state '" + state.name() + "' has a value of another type")
                .where(place + ", state '" + state.name() + "'")
                .cause("found " + simple + ", expected " + slot.type().getSimpleName()
                        + (slot.kind() == state.kind()
                                ? ""
                                : ", and a " + state.kind() + " is a " + slot.kind() + " now"))
                .help("keep values of the type that declare(…) names; give state of another type another name")
                .toException();
    }
}
