package io.solstice.stream.source;

import io.solstice.stream.config.EventField;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The columns of a pipeline's events: those that every event has, the number that is aggregated, and the fields of data
 * and headers that the pipeline looks at.
 *
 * @param value where the number is; the column {@value #VALUE} is 1 where there is none
 * @param batchRows the most events in one batch
 */
public record EventShape(List<EventField> fields, EventField value, int batchRows) {
    public static final String EVENT_TIME = "event_time";
    public static final String PARTITION_KEY = "partition_key";
    public static final String SOURCE = "source";
    public static final String PARTITION = "partition";
    public static final String OFFSET = "offset";
    public static final String HEADERS = EventField.HEADERS;
    public static final String DATA = EventField.DATA;
    public static final String VALUE = "value";
    /** More rows make no batch cheaper. */
    private static final int MOST_ROWS = 1_024;

    private static final ArrowType NUMBER = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);

    public EventShape {
        fields = List.copyOf(fields);
        batchRows = Math.min(batchRows, MOST_ROWS);
    }

    /** What stands before the fields that the pipeline looks at. */
    static final int FIXED_COLUMNS = 8;

    public Schema schema() {
        List<Field> columns = new ArrayList<>(List.of(
                field(EVENT_TIME, new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")),
                field(PARTITION_KEY, ArrowType.Utf8.INSTANCE),
                field(SOURCE, ArrowType.Utf8.INSTANCE),
                field(PARTITION, new ArrowType.Int(32, true)),
                field(OFFSET, new ArrowType.Int(64, true)),
                field(HEADERS, ArrowType.Utf8.INSTANCE),
                field(DATA, ArrowType.Utf8.INSTANCE),
                field(VALUE, NUMBER)));
        fields.forEach(looked -> columns.add(field(looked.column(), type(looked))));
        return new Schema(columns);
    }

    private static ArrowType type(EventField field) {
        return switch (field.kind()) {
            case TEXT -> ArrowType.Utf8.INSTANCE;
            case NUMBER -> NUMBER;
            case FLAG -> ArrowType.Bool.INSTANCE;
        };
    }

    private static Field field(String name, ArrowType type) {
        return new Field(name, FieldType.nullable(type), null);
    }
}
