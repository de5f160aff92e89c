package io.solstice.common.wire;

import com.google.protobuf.Empty;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.proto.v1.Value;
import io.solstice.proto.v1.ValueList;
import io.solstice.proto.v1.ValueMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A workflow's configuration on the wire. A value comes out with the type and the order that it went in with, so that
 * {@code createJob} finds the same on a worker as where the job was submitted. One codec serves one configuration.
 */
final class ValueCodec {
    /** How deep lists and maps may lie in each other; a message of any kind around them stays within protobuf's 100. */
    static final int MAX_DEPTH = 24;

    static final int MAX_VALUES = 100_000;

    private int values;

    private ValueCodec() {}

    static ValueMap toProto(Map<String, Object> config) {
        return new ValueCodec().map("", config, 0);
    }

    static Map<String, Object> fromProto(ValueMap config) {
        Map<String, Object> values = new LinkedHashMap<>();
        new ValueCodec().map(config, 0).forEach((key, value) -> {
            if (value == null) {
                throw Wire.invalid("Program", "the value of config." + key + " is missing");
            }
            values.put(key, value);
        });
        return values;
    }

    private ValueMap map(String path, Map<?, ?> map, int depth) {
        ValueMap.Builder sent = ValueMap.newBuilder();
        map.forEach((key, value) -> {
            String place = path.isEmpty() ? String.valueOf(key) : path + "." + key;
            if (!(key instanceof String name)) {
                throw refused(place, "its key is a " + kind(key) + ", not a text");
            }
            sent.addEntries(ValueMap.Entry.newBuilder().setKey(name).setValue(value(place, value, depth)));
        });
        return sent.build();
    }

    private Value value(String path, @Nullable Object value, int depth) {
        if (++values > MAX_VALUES) {
            throw refused(path, "there are more than " + MAX_VALUES + " values");
        }
        Value.Builder sent = Value.newBuilder();
        if (value == null) {
            return sent.setNothing(Empty.getDefaultInstance()).build();
        } else if (value instanceof String text) {
            return sent.setText(text).build();
        } else if (value instanceof Integer small) {
            return sent.setSmall(small).build();
        } else if (value instanceof Long whole) {
            return sent.setWhole(whole).build();
        } else if (value instanceof Double number) {
            return sent.setNumber(number).build();
        } else if (value instanceof Boolean truth) {
            return sent.setTruth(truth).build();
        } else if (value instanceof List<?> list) {
            return sent.setList(list(path, list, deeper(path, depth))).build();
        } else if (value instanceof Map<?, ?> map) {
            return sent.setMap(map(path, map, deeper(path, depth))).build();
        }
        throw refused(path, "it is a " + kind(value));
    }

    private ValueList list(String path, List<?> list, int depth) {
        ValueList.Builder sent = ValueList.newBuilder();
        for (int i = 0; i < list.size(); i++) {
            sent.addValues(value(path + "[" + i + "]", list.get(i), depth));
        }
        return sent.build();
    }

    private static int deeper(String path, int depth) {
        if (depth == MAX_DEPTH) {
            throw refused(path, "it lies more than " + MAX_DEPTH + " lists and maps deep");
        }
        return depth + 1;
    }

    private static String kind(@Nullable Object value) {
        return value == null ? "null" : value.getClass().getName();
    }

    private static SolsticeException refused(String path, String cause) {
        return ErrorCode.OPTION_INVALID
                .error("a configuration value cannot be sent to the cluster")
                .where("config." + path)
                .cause(cause)
                .help("use texts, int, long, double and truth values, and lists and maps of them")
                .toException();
    }

    private Map<String, @Nullable Object> map(ValueMap map, int depth) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (ValueMap.Entry entry : map.getEntriesList()) {
            Wire.present(entry.hasValue(), "ValueMap", "the value of '" + entry.getKey() + "'");
            if (values.containsKey(entry.getKey())) {
                throw Wire.invalid("ValueMap", "the key '" + entry.getKey() + "' comes twice");
            }
            values.put(entry.getKey(), value(entry.getValue(), depth));
        }
        return Collections.unmodifiableMap(values);
    }

    private @Nullable Object value(Value value, int depth) {
        if (++values > MAX_VALUES) {
            throw Wire.invalid("Value", "there are more than " + MAX_VALUES + " values");
        }
        return switch (value.getKindCase()) {
            case TEXT -> value.getText();
            case SMALL -> (Object) value.getSmall();
            case WHOLE -> (Object) value.getWhole();
            case NUMBER -> (Object) value.getNumber();
            case TRUTH -> (Object) value.getTruth();
            case LIST -> list(value.getList(), deeper(depth));
            case MAP -> map(value.getMap(), deeper(depth));
            case NOTHING -> null;
            case KIND_NOT_SET -> throw Wire.invalid("Value", "its kind is missing or unknown");
        };
    }

    private List<@Nullable Object> list(ValueList list, int depth) {
        List<@Nullable Object> values = new ArrayList<>();
        list.getValuesList().forEach(value -> values.add(value(value, depth)));
        return Collections.unmodifiableList(values);
    }

    private static int deeper(int depth) {
        if (depth == MAX_DEPTH) {
            throw Wire.invalid("Value", "it lies more than " + MAX_DEPTH + " lists and maps deep");
        }
        return depth + 1;
    }
}
