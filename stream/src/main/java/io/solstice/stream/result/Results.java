package io.solstice.stream.result;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.row.Row;
import io.solstice.api.window.Aggregate;
import io.solstice.api.window.Aggregates;
import io.solstice.common.loop.Clock;
import io.solstice.stream.config.AggregateConfig;
import io.solstice.stream.config.AggregateConfig.Figure;
import io.solstice.stream.config.PipelineConfig;
import io.solstice.stream.config.WindowConfig;
import io.solstice.stream.source.EventShape;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** The results of one kind of windows of a pipeline: what is computed, their columns and their ids. */
public final class Results {
    public static final String WINDOW_ID = "window_id";
    public static final String DATA = "data";
    public static final String EVENT_TIME = "event_time";
    public static final String PROCESSING_TIME = "processing_time";
    public static final String RESULT_ID = "result_id";
    public static final String PIPELINE = "pipeline";
    public static final String KEY = "key";
    public static final String WINDOW = "window";

    private static final ArrowType TEXT = ArrowType.Utf8.INSTANCE;
    private static final ArrowType WHOLE = new ArrowType.Int(64, true);
    private static final ArrowType REAL = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
    private static final ArrowType TIME = new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");

    private final String pipeline;
    private final String keyColumn;
    private final AggregateConfig computed;
    private final String type;
    private final String definition;

    public Results(PipelineConfig pipeline, WindowConfig window) {
        this.pipeline = pipeline.id();
        this.keyColumn = pipeline.key().column();
        this.computed = pipeline.aggregate();
        this.type = window.type().text();
        this.definition = window.definition();
    }

    /** One for each figure, under its name. */
    public Aggregate[] aggregates() {
        return computed.figures().stream()
                .map(figure -> aggregate(figure).as(figure.text()))
                .toArray(Aggregate[]::new);
    }

    private Aggregate aggregate(Figure figure) {
        return switch (figure) {
            case COUNT -> Aggregates.count();
            case SUM -> Aggregates.sum(EventShape.VALUE);
            case MIN -> Aggregates.min(EventShape.VALUE);
            case MAX -> Aggregates.max(EventShape.VALUE);
            case AVG -> Aggregates.avg(EventShape.VALUE);
            case VALUES -> Aggregates.latest(computed.mostValues(), EventShape.VALUE);
            case LAST_UPDATED -> Aggregates.max(EventShape.EVENT_TIME);
        };
    }

    /** Makes results of the rows that the aggregation gives. */
    public MapOperator operator() {
        return MapOperator.rows(schema(), this::result);
    }

    /** The columns of a result. */
    public Schema schema() {
        List<Field> figures = new ArrayList<>();
        for (Figure figure : computed.figures()) {
            figures.add(
                    switch (figure) {
                        case COUNT -> field(figure.text(), WHOLE);
                        case LAST_UPDATED -> field(figure.text(), TIME);
                        case VALUES ->
                            new Field(
                                    figure.text(),
                                    FieldType.nullable(ArrowType.List.INSTANCE),
                                    List.of(field("item", REAL)));
                        default -> field(figure.text(), REAL);
                    });
        }
        return new Schema(List.of(
                field(WINDOW_ID, TEXT),
                field(AggregateOperator.WINDOW_START, TIME),
                field(AggregateOperator.WINDOW_END, TIME),
                new Field(DATA, FieldType.nullable(ArrowType.Struct.INSTANCE), figures),
                field(EVENT_TIME, TIME),
                field(PROCESSING_TIME, TIME),
                field(RESULT_ID, TEXT),
                field(PIPELINE, TEXT),
                field(KEY, TEXT),
                field(WINDOW, TEXT),
                field(AggregateOperator.PANE_INDEX, new ArrowType.Int(32, true)),
                field(AggregateOperator.IS_LATE, ArrowType.Bool.INSTANCE)));
    }

    private static Field field(String name, ArrowType type) {
        return new Field(name, FieldType.nullable(type), null);
    }

    private Row result(Row aggregated) {
        String key = (String) aggregated.get(keyColumn);
        Instant start = time(aggregated, AggregateOperator.WINDOW_START);
        Instant end = time(aggregated, AggregateOperator.WINDOW_END);
        // Windows without allowed lateness have one result each.
        boolean hasPanes = aggregated.has(AggregateOperator.PANE_INDEX);
        int pane = hasPanes ? (int) aggregated.getLong(AggregateOperator.PANE_INDEX) : 0;
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        computed.figures().forEach(figure -> figures.put(figure.text(), aggregated.get(figure.text())));
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put(WINDOW_ID, type + "_" + key + "_" + start.toEpochMilli());
        result.put(AggregateOperator.WINDOW_START, start);
        result.put(AggregateOperator.WINDOW_END, end);
        result.put(DATA, Row.ofMap(figures));
        result.put(EVENT_TIME, end);
        result.put(PROCESSING_TIME, Instant.ofEpochMilli(Clock.SYSTEM.wallMillis()));
        result.put(RESULT_ID, id(key, start, end, pane));
        result.put(PIPELINE, pipeline);
        result.put(KEY, key);
        result.put(WINDOW, definition);
        result.put(AggregateOperator.PANE_INDEX, pane);
        result.put(AggregateOperator.IS_LATE, hasPanes && aggregated.getBoolean(AggregateOperator.IS_LATE));
        return Row.ofMap(result);
    }

    private static Instant time(Row row, String column) {
        return (Instant) Objects.requireNonNull(row.get(column), column);
    }

    /** The same for the same result, however often it is computed: a name-based UUID. */
    private String id(@Nullable String key, Instant start, Instant end, int pane) {
        String text = String.join(
                "\n",
                pipeline,
                definition,
                Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, start)),
                Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, end)),
                Integer.toString(pane),
                key == null ? "" : "=" + key);
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
