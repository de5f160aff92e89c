package io.solstice.stream.source;

import io.solstice.stream.config.EventField;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One event as it was read; used again for the next one. Used by one thread. */
final class Event {
    /** The key of events that have none. */
    static final String NO_KEY = "default";

    private final List<EventField> fields;
    private final @Nullable String[] texts;
    private final double[] numbers;
    private final boolean[] present;
    private final boolean[] ofData;

    /** The JSON that headers and data are pieces of. */
    byte[] bytes = new byte[0];

    int dataFrom;
    int dataLength;
    int headersFrom;
    /** Negative without headers. */
    int headersLength;

    long timeMicros;
    boolean hasTime;
    String key = NO_KEY;

    /** @param fields all that is looked at, in the order of their places */
    Event(List<EventField> fields) {
        this.fields = fields;
        this.texts = new String[fields.size()];
        this.numbers = new double[fields.size()];
        this.present = new boolean[fields.size()];
        this.ofData = new boolean[fields.size()];
        for (int slot = 0; slot < ofData.length; slot++) {
            ofData[slot] = fields.get(slot).steps().get(0).equals(EventField.DATA);
        }
    }

    void begin(byte[] json) {
        bytes = json;
        dataFrom = 0;
        dataLength = 0;
        headersLength = -1;
        hasTime = false;
        key = NO_KEY;
        Arrays.fill(present, false);
    }

    /** Forgets the fields of the data. */
    void forgetData() {
        for (int slot = 0; slot < present.length; slot++) {
            present[slot] &= !ofData[slot];
        }
    }

    EventField.Kind kind(int slot) {
        return fields.get(slot).kind();
    }

    void text(int slot, String text) {
        texts[slot] = text;
        present[slot] = true;
    }

    void number(int slot, double number) {
        numbers[slot] = number;
        present[slot] = true;
    }

    void flag(int slot, boolean flag) {
        number(slot, flag ? 1 : 0);
    }

    void absent(int slot) {
        present[slot] = false;
    }

    boolean has(int slot) {
        return present[slot];
    }

    String text(int slot) {
        String text = texts[slot];
        return text == null ? "" : text;
    }

    double number(int slot) {
        return numbers[slot];
    }
}
