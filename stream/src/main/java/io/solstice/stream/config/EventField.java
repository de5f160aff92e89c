package io.solstice.stream.config;

import java.util.List;
import java.util.Map;

/**
 * A value of an event that a pipeline looks at: a column that every event has, or a field of its data or its headers,
 * which the source then makes a column of.
 *
 * @param path {@code partition_key}, {@code data.user.id} or {@code headers.trace}
 * @param kind as what it is looked at; where an event has another kind of value there, the column is null
 */
public record EventField(String path, Kind kind) {
    /** The columns that every event has and a condition may name. */
    public static final Map<String, Kind> COLUMNS =
            Map.of("partition_key", Kind.TEXT, "source", Kind.TEXT, "partition", Kind.NUMBER, "offset", Kind.NUMBER);

    public static final String DATA = "data";
    public static final String HEADERS = "headers";

    /** Types of columns. Any plain value can be looked at as a text. */
    public enum Kind {
        TEXT,
        NUMBER,
        FLAG
    }

    /** As a person writes it: what names no column and no headers is a field of the data. */
    static EventField of(String given, Kind kind) {
        boolean whole = COLUMNS.containsKey(given) || given.startsWith(DATA + ".") || given.startsWith(HEADERS + ".");
        return new EventField(whole ? given : DATA + "." + given, kind);
    }

    /** Whether every event has it as a column. */
    public boolean isColumn() {
        return COLUMNS.containsKey(path);
    }

    /** The name of its column. One field may be looked at in two ways, which are two columns then. */
    public String column() {
        return isColumn() || kind == Kind.TEXT ? path : path + (kind == Kind.NUMBER ? "#number" : "#flag");
    }

    /** The names on the way to it, {@value #DATA} or {@value #HEADERS} first. */
    public List<String> steps() {
        return List.of(path.split("\\.", -1));
    }
}
