package io.solstice.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Messages of the wire contract as JSON and YAML: every field under its documented name, also when it has its default,
 * so that programs find what they look for; numbers as numbers, enums by their names.
 */
final class MessageTexts {
    private MessageTexts() {}

    static String json(Message message) {
        return json(tree(message));
    }

    /** @param tree of maps, lists, texts, numbers, truth values and nulls */
    static String json(Object tree) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
            write(json, tree);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text + System.lineSeparator();
    }

    static String yaml(Message message) {
        return yaml(tree(message));
    }

    /** @param tree as {@link #json(Object)} takes it */
    static String yaml(Object tree) {
        DumpSettings settings =
                DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
        return new Dump(settings).dumpToString(tree);
    }

    private static Map<String, Object> tree(Message message) {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            Object value = value(message, field);
            if (value != null) {
                tree.put(field.getName(), value);
            }
        }
        return tree;
    }

    /** Null for a part that is not there: a message that is not set, a case of several that was not chosen. */
    private static @Nullable Object value(Message message, FieldDescriptor field) {
        if (field.isMapField()) {
            return entries(message, field);
        }
        if (field.isRepeated()) {
            return ((List<?>) message.getField(field))
                    .stream().map(MessageTexts::plain).toList();
        }
        return field.hasPresence() && !message.hasField(field) ? null : plain(message.getField(field));
    }

    private static Map<String, Object> entries(Message message, FieldDescriptor field) {
        Map<String, Object> entries = new TreeMap<>();
        for (Object each : (List<?>) message.getField(field)) {
            Message entry = (Message) each;
            List<FieldDescriptor> parts = entry.getDescriptorForType().getFields();
            entries.put(String.valueOf(entry.getField(parts.get(0))), plain(entry.getField(parts.get(1))));
        }
        return entries;
    }

    private static Object plain(Object value) {
        if (value instanceof Message message) {
            return tree(message);
        }
        if (value instanceof EnumValueDescriptor constant) {
            return constant.getName();
        }
        return value instanceof ByteString bytes ? Base64.getEncoder().encodeToString(bytes.toByteArray()) : value;
    }

    private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(String.valueOf(entry.getKey()));
                write(json, entry.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object each : list) {
                write(json, each);
            }
            json.writeEndArray();
        } else {
            scalar(json, value);
        }
    }

    private static void scalar(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value instanceof Double || value instanceof Float) {
            json.writeNumber(((Number) value).doubleValue());
        } else if (value instanceof Number whole) {
            json.writeNumber(whole.longValue());
        } else {
            json.writeString(String.valueOf(value));
        }
    }
}
