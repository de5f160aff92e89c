package io.solstice.stream.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.solstice.stream.config.EventField;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads events from JSON: {@code event_time}, {@code partition_key}, {@code headers} and {@code data}. Without
 * {@code data} the whole object is the data. Used by one thread.
 */
final class EventParser {
    private static final JsonFactory JSON = new JsonFactory();

    private final FieldTree data;
    private final FieldTree headers;
    private final Event event;

    EventParser(EventShape shape) {
        List<EventField> looked = new ArrayList<>(shape.fields());
        looked.add(shape.value());
        this.data = FieldTree.of(EventField.DATA, looked);
        this.headers = FieldTree.of(EventField.HEADERS, looked);
        this.event = new Event(looked);
    }

    /** What was read last. */
    Event event() {
        return event;
    }

    /** A whole event. Throws an {@link IOException} that says what is wrong with it. */
    Event read(byte[] json) throws IOException {
        event.begin(json);
        boolean hasData = false;
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("an event is a JSON object");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals(EventField.DATA) && value == JsonToken.START_OBJECT) {
                    event.forgetData();
                    hasData = true;
                    event.dataFrom = start(parser);
                    object(parser, data);
                    event.dataLength = end(parser) - event.dataFrom;
                } else if (name.equals(EventField.HEADERS) && value == JsonToken.START_OBJECT) {
                    event.headersFrom = start(parser);
                    object(parser, headers);
                    event.headersLength = end(parser) - event.headersFrom;
                } else {
                    column(parser, name, value);
                    field(parser, hasData ? null : data.child(name), value);
                }
            }
            if (parser.nextToken() != null) {
                throw new IOException("something follows the object");
            }
        }
        if (!event.hasTime) {
            throw new IOException("the event has no event_time");
        }
        if (!hasData) {
            event.dataFrom = 0;
            event.dataLength = json.length;
        }
        return event;
    }

    /** An event that is made, of which the data is given as JSON. */
    Event made(long timeMicros, String key, byte[] json) throws IOException {
        event.begin(json);
        event.timeMicros = timeMicros;
        event.hasTime = true;
        event.key = key;
        event.dataLength = json.length;
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            object(parser, data);
        }
        return event;
    }

    private void column(JsonParser parser, String name, JsonToken value) throws IOException {
        if (name.equals(EventShape.EVENT_TIME)) {
            event.timeMicros = EventTimes.micros(parser, value);
            event.hasTime = true;
        } else if (name.equals(EventShape.PARTITION_KEY) && value != JsonToken.VALUE_NULL) {
            if (!value.isScalarValue()) {
                throw new IOException("partition_key is no plain value");
            }
            event.key = parser.getText();
        }
    }

    /** From its opening brace to its closing one. */
    private void object(JsonParser parser, FieldTree tree) throws IOException {
        if (!tree.hasChildren()) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            FieldTree child = tree.child(parser.currentName());
            field(parser, child, parser.nextToken());
        }
    }

    private void field(JsonParser parser, @Nullable FieldTree tree, JsonToken value) throws IOException {
        if (tree == null) {
            parser.skipChildren();
            return;
        }
        if (value.isStructStart()) {
            int from = start(parser);
            if (value == JsonToken.START_OBJECT) {
                object(parser, tree);
            } else {
                parser.skipChildren();
            }
            int length = end(parser) - from;
            for (int slot : tree.slots()) {
                if (event.kind(slot) == EventField.Kind.TEXT) {
                    event.text(slot, new String(event.bytes, from, length, StandardCharsets.UTF_8));
                } else {
                    event.absent(slot);
                }
            }
            return;
        }
        for (int slot : tree.slots()) {
            scalar(parser, slot, value);
        }
    }

    private void scalar(JsonParser parser, int slot, JsonToken value) throws IOException {
        EventField.Kind kind = event.kind(slot);
        if (kind == EventField.Kind.TEXT && value != JsonToken.VALUE_NULL) {
            event.text(slot, parser.getText());
        } else if (kind == EventField.Kind.NUMBER && value.isNumeric()) {
            event.number(slot, parser.getDoubleValue());
        } else if (kind == EventField.Kind.FLAG && value.isBoolean()) {
            event.flag(slot, value == JsonToken.VALUE_TRUE);
        } else {
            event.absent(slot);
        }
    }

    private static int start(JsonParser parser) {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    private static int end(JsonParser parser) {
        return (int) parser.currentLocation().getByteOffset();
    }
}
