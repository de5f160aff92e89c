package io.solstice.stream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.solstice.api.window.Windows;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.StateStore;
import io.solstice.stream.config.AggregateConfig.Figure;
import io.solstice.stream.config.Condition.Operation;
import io.solstice.stream.config.EventField.Kind;
import io.solstice.stream.config.SourceConfig.Lines;
import io.solstice.stream.config.SourceConfig.Made;
import io.solstice.stream.config.SourceConfig.Pace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class StreamDocumentTest {
    private static final Path EXAMPLE = Path.of("..", "conf", "stream.yaml.example");

    private static Map<String, Object> yaml(String text) {
        Map<String, Object> map = new LinkedHashMap<>();
        Object loaded = new Load(LoadSettings.builder().build()).loadFromString(text);
        ((Map<?, ?>) loaded).forEach((key, value) -> map.put(String.valueOf(key), value));
        return map;
    }

    private static StreamDocument read(String text) {
        return StreamDocument.of(yaml(text));
    }

    private static WindowConfig tumbling(long size, long lateness) {
        return new WindowConfig(
                WindowConfig.Type.TUMBLING,
                "tumbling_" + size,
                Windows.tumbling(Duration.ofMillis(size)),
                Duration.ofMillis(lateness));
    }

    @Test
    void anEmptyDocumentHasTheDefaults() {
        StreamDocument document = StreamDocument.of(Map.of());
        assertThat(document)
                .isEqualTo(new StreamDocument(
                        "Stream Processor",
                        false,
                        4,
                        10_000,
                        30.0,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        null,
                        StateStore.AUTO,
                        0,
                        document.pipelines()));
        PipelineConfig pipeline = document.pipelines().get(0);
        assertThat(document.pipelines())
                .containsExactly(new PipelineConfig(
                        "default",
                        "default",
                        new Made(SourceConfig.Kind.MOCK, new Pace(Long.MAX_VALUE, 100, 42, null), 4),
                        List.of(),
                        new EventField("partition_key", Kind.TEXT),
                        List.of(tumbling(60_000, 5_000)),
                        new AggregateConfig(new EventField("data.value", Kind.NUMBER), List.of(Figure.values()), 1_000),
                        List.of(new SinkConfig.Console())));
        assertThat(pipeline.fields()).isEmpty();
    }

    @Test
    void theExampleHasEveryDefaultAndEveryKeyOfTheDocuments() throws IOException {
        String text = Files.readString(EXAMPLE);
        StreamDocument example = read(text);
        StreamDocument empty = StreamDocument.of(Map.of("state", Map.of("path", "./state")));
        assertThat(example).isEqualTo(empty);
        assertThat(text)
                .contains("cleanup_interval:", "slide_ms:", "gap_ms:", "topics:", "bootstrap_servers:", "group_id:")
                .contains("auto_offset_reset:", "host:", "port:", "metrics_port:", "loop:", "in_order:", "filter:")
                .contains(
                        "skip_on_error:", "type: generator", "type: file", "type: metrics", "values_limit:", "events:");
        String all = text.replaceAll("(?m)^( +)# (?= *(- |[a-z_]+:))", "$1");
        assertThat(read(all).pipelines())
                .as("what it has in comments is a document as well")
                .extracting(PipelineConfig::id)
                .containsExactly("default", "clicks", "numbers");
        assertThat(read(all).pipelines().get(0).windows()).hasSize(3);
    }

    @Test
    void readsTheConfigurationsOfTheDocument() {
        StreamDocument document = read("""
                app_name: "My Stream Processor"
                debug: true
                processing: {parallelism: 8, queue_size: 50000, checkpoint_interval: 60}
                watermarks: {delay_seconds: 2.0}
                windowing:
                  windows:
                    - type: "tumbling"
                      size_ms: 60000
                      allowed_lateness_ms: 5000
                    - type: "sliding"
                      size_ms: 300000
                      slide_ms: 30000
                      allowed_lateness_ms: 10000
                    - type: "session"
                      gap_ms: 30000
                      allowed_lateness_ms: 15000
                """);
        assertThat(document.appName()).isEqualTo("My Stream Processor");
        assertThat(document.debug()).isTrue();
        assertThat(document.parallelism()).isEqualTo(8);
        assertThat(document.queueSize()).isEqualTo(50_000);
        assertThat(document.checkpointIntervalSecs()).isEqualTo(60);
        assertThat(document.delay()).isEqualTo(Duration.ofSeconds(2));
        assertThat(document.pipelines().get(0).windows())
                .containsExactly(
                        tumbling(60_000, 5_000),
                        new WindowConfig(
                                WindowConfig.Type.SLIDING,
                                "sliding_300000_30000",
                                Windows.sliding(Duration.ofMinutes(5), Duration.ofSeconds(30)),
                                Duration.ofSeconds(10)),
                        new WindowConfig(
                                WindowConfig.Type.SESSION,
                                "session_30000",
                                Windows.session(Duration.ofSeconds(30)),
                                Duration.ofSeconds(15)));
    }

    @Test
    void readsPipelines() {
        StreamDocument document = read("""
                sources: {events: 50, start: 2026-01-01T00:00:00Z}
                windowing: {windows: {type: tumbling, size_ms: 1000}}
                pipelines:
                  - id: clicks
                    name: Clicks of people
                    source: {type: file, path: [a.json, b.json], loop: true, in_order: true, skip_on_error: true}
                    filter:
                      - {field: event_type, value: click}
                      - {field: data.user.age, op: ge, value: 18}
                      - {field: headers.test, op: exists, value: false}
                      - {field: offset, op: in, value: [1, 2]}
                    key: user.id
                    windows: {type: session, gap_ms: 5}
                    aggregate: {field: user.age, functions: [avg, count, avg], values_limit: 7}
                    sinks: [{type: file, path: out, mode: fail}, {type: metrics}]
                  - id: numbers
                    source: {type: generator, keys: 9, rate: 0, seed: 1}
                """);
        PipelineConfig clicks = document.pipelines().get(0);
        assertThat(clicks.name()).isEqualTo("Clicks of people");
        assertThat(clicks.source()).isEqualTo(new Lines(List.of("a.json", "b.json"), true, true, true));
        assertThat(clicks.filter())
                .containsExactly(
                        new Condition(new EventField("data.event_type", Kind.TEXT), Operation.EQ, List.of("click")),
                        new Condition(new EventField("data.user.age", Kind.NUMBER), Operation.GE, List.of(18L)),
                        new Condition(new EventField("headers.test", Kind.TEXT), Operation.EXISTS, List.of(false)),
                        new Condition(new EventField("offset", Kind.NUMBER), Operation.IN, List.of(1L, 2L)));
        assertThat(clicks.fields())
                .extracting(EventField::column)
                .containsExactly("data.event_type", "data.user.age#number", "headers.test", "data.user.id");
        assertThat(clicks.windows()).extracting(WindowConfig::definition).containsExactly("session_5");
        assertThat(clicks.aggregate().figures()).containsExactly(Figure.AVG, Figure.COUNT);
        assertThat(clicks.sinks()).containsExactly(new SinkConfig.File("out", "fail"), new SinkConfig.Metrics());
        PipelineConfig numbers = document.pipelines().get(1);
        assertThat(numbers.source())
                .isEqualTo(new Made(
                        SourceConfig.Kind.GENERATOR, new Pace(50, 0, 1, Instant.parse("2026-01-01T00:00:00Z")), 9));
        assertThat(numbers.windows()).containsExactly(tumbling(1_000, 5_000));
        assertThat(numbers.sinks()).containsExactly(new SinkConfig.Console());
    }

    @Test
    void settingsWithDotsReachIntoTheDocument() {
        Map<String, Object> given = yaml("""
                pipelines: [{id: a, source: {type: generator}}]
                """);
        given.put("processing.parallelism", 2L);
        given.put("pipelines.0.source.events", 10L);
        StreamDocument document = StreamDocument.of(given);
        assertThat(document.parallelism()).isEqualTo(2);
        assertThat(document.pipelines().get(0).source())
                .isInstanceOfSatisfying(
                        Made.class, made -> assertThat(made.pace().events()).isEqualTo(10));
        given.put("pipelines.1.source.events", 10L);
        refused(given, ErrorCode.OPTION_UNKNOWN, "pipelines.1.source.events", "there are 1 of them");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {ap_name: x} | OPTION_UNKNOWN | ap_name | did you mean 'app_name'
            {app_name: [x]} | OPTION_INVALID | app_name | a text
            {debug: 1} | OPTION_INVALID | debug | true or false
            {processing: {paralelism: 4}} | OPTION_UNKNOWN | processing.paralelism | 'parallelism'
            {processing: 4} | OPTION_INVALID | processing | lines below
            {processing: {parallelism: 0}} | OPTION_INVALID | processing.parallelism | from 1 to 128
            {processing: {parallelism: "4"}} | OPTION_INVALID | processing.parallelism | whole number
            {processing: {queue_size: 1.5}} | OPTION_INVALID | processing.queue_size | whole number
            {processing: {checkpoint_interval: 0}} | OPTION_INVALID | processing.checkpoint_interval | 0.1
            {processing: {checkpoint_interval: .nan}} | OPTION_INVALID | processing.checkpoint_interval | number
            {watermarks: {delay_seconds: -1}} | OPTION_INVALID | watermarks.delay_seconds | from 0
            {watermarks: {delay_second: 1}} | OPTION_UNKNOWN | watermarks.delay_second | delay_seconds
            {windowing: {windows: []}} | OPTION_MISSING | windowing.windows | size_ms
            {windowing: {cleanup_interval: soon}} | OPTION_INVALID | windowing.cleanup_interval | number
            {state: {backend: rocks}} | OPTION_INVALID | state.backend | 'rocksdb'
            {state: {backend: RocksDB}} | OPTION_INVALID | state.backend | auto, memory, rocksdb, disk
            {state: {path: ''}} | OPTION_MISSING | state.path | ./state
            {sources: {topic: [a]}} | OPTION_UNKNOWN | sources.topic | 'topics'
            {sources: {start: yesterday}} | OPTION_INVALID | sources.start | 2026
            {sinks: {type: console}} | OPTION_UNKNOWN | sinks.type | topics
            {kafka: {auto_offset_reset: newest}} | OPTION_INVALID | kafka.auto_offset_reset | latest
            {api: {port: 70000}} | OPTION_INVALID | api.port | 65535
            {pipelines: []} | OPTION_MISSING | pipelines | clicks
            {pipelines: [{name: a}]} | OPTION_MISSING | pipelines[0].id | clicks
            {pipelines: [{id: a b}]} | OPTION_INVALID | pipelines[0].id | letters
            {pipelines: [{id: a}, {id: a}]} | OPTION_INVALID | pipelines[1].id | of its own
            {pipelines: [{id: a}, {id: b, key: offset}]} | OPTION_INVALID | pipelines[1].key | partition_key
            """)
    void refusesADocument(String yaml, ErrorCode code, String place, String text) {
        refused(yaml(yaml), code, place, text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            5 | OPTION_INVALID | [0] | key: value
            {size_ms: 5} | OPTION_MISSING | [0].type | tumbling
            {type: tumblin} | OPTION_INVALID | [0].type | 'tumbling'
            {type: tumbling} | OPTION_MISSING | [0].size_ms | 60000
            {type: tumbling, size_ms: 0} | OPTION_INVALID | [0].size_ms | 1
            {type: tumbling, size_ms: 5, gap_ms: 5} | OPTION_UNKNOWN | [0].gap_ms | size_ms
            {type: session, size_ms: 5} | OPTION_MISSING | [0].gap_ms | 30000
            {type: sliding, size_ms: 5} | OPTION_MISSING | [0].slide_ms | 30000
            {type: sliding, size_ms: 5, slide_ms: 6} | OPTION_INVALID | [0].slide_ms | left out
            {type: sliding, size_ms: 100000001, slide_ms: 2} | OPTION_INVALID | [0].slide_ms | slices
            {type: session, gap_ms: 5, allowed_lateness_ms: -1} | OPTION_INVALID | [0].allowed_lateness_ms | from 0
            {type: session, gap_ms: 5}, {type: session, gap_ms: 5, allowed_lateness_ms: 1} | OPTION_INVALID | [1] | session_5
            """)
    void refusesWindows(String yaml, ErrorCode code, String place, String text) {
        refused(yaml("windowing: {windows: [" + yaml + "]}"), code, "windowing.windows" + place, text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            windows: [{type: session, gap: 5}] | OPTION_MISSING | windows[0].gap_ms | 30000
            source: {type: kafka} | NOT_SUPPORTED | source.type | mock, generator or file
            source: {type: mok} | OPTION_INVALID | source.type | 'mock'
            source: {type: file} | OPTION_MISSING | source.path | events.jsonl
            source: {type: file, path: [a, a]} | OPTION_INVALID | source.path | once
            source: {path: a} | OPTION_UNKNOWN | source.path | events
            source: {rate: -1} | OPTION_INVALID | source.rate | from 0
            filter: [{field: x}] | OPTION_MISSING | filter[0].value | click
            filter: [{field: x, op: like, value: a}] | OPTION_INVALID | filter[0].op | known: eq
            filter: [{field: x, op: lt, value: [1, 2]}] | OPTION_INVALID | filter[0].value | op: in
            filter: [{field: x, op: in, value: [1, b]}] | OPTION_INVALID | filter[0].value | one type
            filter: [{field: x, op: contains, value: 1}] | OPTION_INVALID | filter[0].value | a text
            filter: [{field: offset, value: b}] | OPTION_INVALID | filter[0].value | a number
            key: offset | OPTION_INVALID | key | partition_key
            aggregate: {functions: [cont]} | OPTION_INVALID | aggregate.functions | 'count'
            aggregate: {functions: []} | OPTION_MISSING | aggregate.functions | count
            aggregate: {field: source} | OPTION_INVALID | aggregate.field | data
            sinks: [{path: x}] | OPTION_MISSING | sinks[0].type | console
            sinks: [{type: kafka}] | NOT_SUPPORTED | sinks[0].type | console, file
            sinks: [{type: file}] | OPTION_MISSING | sinks[0].path | results
            sinks: [{type: file, path: x, mode: add}] | OPTION_INVALID | sinks[0].mode | overwrite
            sinks: [{type: console}, {type: console}] | OPTION_INVALID | sinks[1].type | one of them
            sinks: [{type: console, path: x}] | OPTION_UNKNOWN | sinks[0].path | type
            """)
    void refusesAPipeline(String yaml, ErrorCode code, String place, String text) {
        refused(yaml("pipelines: [{id: a, " + yaml + "}]"), code, "pipelines[0]." + place, text);
    }

    private static void refused(Map<String, Object> document, ErrorCode code, String place, String text) {
        SolsticeException refused = catchThrowableOfType(SolsticeException.class, () -> StreamDocument.of(document));
        assertThat(refused).as("%s", document).isNotNull();
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.error().where()).startsWith(place);
        assertThat(refused.error().display()).contains(text);
    }
}
