package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.JobHandle;
import io.solstice.api.JobMetrics;
import io.solstice.api.Solstice;
import io.solstice.api.StageMetrics;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.config.Config;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.JobState;
import io.solstice.stream.StreamProcessor;
import io.solstice.testing.JobRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Whole jobs of stream-processor documents, whose results are computed here in another way as well. */
@Timeout(90)
class StreamPipelinesTest {
    @TempDir
    Path folder;

    /** An event of a test. */
    private record Event(long millis, String key, double value) {
        String line() {
            return "{\"event_time\": \"" + Instant.ofEpochMilli(millis) + "\", \"partition_key\": \"" + key
                    + "\", \"data\": {\"value\": " + value + ", \"kind\": \"" + (value < 50 ? "low" : "high") + "\"}}";
        }
    }

    private Job job(String id, String yaml) throws Exception {
        Map<String, Object> document = new LinkedHashMap<>();
        Load load = new Load(LoadSettings.builder().build());
        ((Map<?, ?>) load.loadFromString(yaml.replace("FOLDER", folder.toString())))
                .forEach((key, value) -> document.put(String.valueOf(key), value));
        LocalStateBackend backend =
                new LocalStateBackend(folder.resolve("state").toString());
        return new StreamProcessor().createJob(new JobContext(id, Config.of(document), backend));
    }

    private void events(String file, List<Event> events) throws IOException {
        Files.write(folder.resolve(file), events.stream().map(Event::line).toList());
    }

    private List<JsonObject> results(String name) throws IOException {
        Path path = folder.resolve(name);
        List<JsonObject> results = new ArrayList<>();
        try (Stream<Path> files = Files.isDirectory(path) ? Files.list(path) : Stream.of(path)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                for (String line : Files.readAllLines(file)) {
                    results.add(JsonParser.parseString(line).getAsJsonObject());
                }
            }
        }
        return results;
    }

    private static Instant time(JsonObject result, String name) {
        return Instant.parse(result.get(name).getAsString());
    }

    /** All figures of a result, in an order of their own. */
    private static String figures(JsonObject result) {
        JsonObject data = result.getAsJsonObject("data");
        List<String> texts = new ArrayList<>();
        for (String name : List.of("count", "sum", "min", "max", "avg", "values")) {
            texts.add(name + "=" + rounded(data.get(name)));
        }
        texts.add("last_updated=" + time(data, "last_updated"));
        return String.join(" ", texts);
    }

    private static String rounded(JsonElement number) {
        return number.isJsonArray()
                ? number.getAsJsonArray().asList().stream()
                        .map(StreamPipelinesTest::rounded)
                        .toList()
                        .toString()
                : "%.6f".formatted(number.getAsDouble());
    }

    private static String figures(List<Event> events) {
        List<Event> inOrder = events.stream()
                .sorted(Comparator.comparing(Event::millis).thenComparing(Event::value))
                .toList();
        double sum = inOrder.stream().mapToDouble(Event::value).sum();
        List<Event> newest = inOrder.subList(Math.max(0, inOrder.size() - 5), inOrder.size());
        return "count=%.6f sum=%.6f min=%.6f max=%.6f avg=%.6f values=%s last_updated=%s"
                .formatted(
                        (double) inOrder.size(),
                        sum,
                        inOrder.stream().mapToDouble(Event::value).min().orElseThrow(),
                        inOrder.stream().mapToDouble(Event::value).max().orElseThrow(),
                        sum / inOrder.size(),
                        newest.stream()
                                .map(event -> "%.6f".formatted(event.value()))
                                .toList(),
                        Instant.ofEpochMilli(inOrder.get(inOrder.size() - 1).millis()));
    }

    /** Of each window by its id, all events in it; {@code starts} says in which windows an event is. */
    private static Map<String, String> expected(List<Event> events, String prefix, Function<Event, List<Long>> starts) {
        Map<String, List<Event>> windows = new TreeMap<>();
        for (Event event : events) {
            for (long start : starts.apply(event)) {
                windows.computeIfAbsent(prefix + "_" + event.key() + "_" + start, id -> new ArrayList<>())
                        .add(event);
            }
        }
        return figuresOf(windows);
    }

    private static Map<String, String> figuresOf(Map<String, List<Event>> windows) {
        Map<String, String> figures = new TreeMap<>();
        windows.forEach((id, inside) -> figures.put(id, figures(inside)));
        return figures;
    }

    private static Map<String, String> sessions(List<Event> events, long gap) {
        Map<String, List<Event>> windows = new TreeMap<>();
        Map<String, List<Event>> open = new TreeMap<>();
        events.stream().sorted(Comparator.comparing(Event::millis)).forEach(event -> {
            List<Event> session = open.get(event.key());
            if (session == null
                    || event.millis() - session.get(session.size() - 1).millis() >= gap) {
                session = new ArrayList<>();
                open.put(event.key(), session);
                windows.put("session_" + event.key() + "_" + event.millis(), session);
            }
            session.add(event);
        });
        return figuresOf(windows);
    }

    /** Out of order by up to two seconds. */
    private static List<Event> randomEvents(int count, long seed) {
        Random random = new Random(seed);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long time = 1_767_225_600_000L + i * 40L - random.nextInt(2_000);
            events.add(new Event(time, "key" + random.nextInt(5), random.nextInt(10_000) / 100.0));
        }
        return events;
    }

    @Test
    void everyEventGoesToEveryWindow() throws Exception {
        List<Event> events = randomEvents(3_000, 1);
        events("events.jsonl", events);
        JobRunner.run(job("windows", """
                watermarks: {delay_seconds: 2.0}
                processing: {queue_size: 50, parallelism: 3}
                windowing:
                  windows:
                    - {type: tumbling, size_ms: 10000}
                    - {type: tumbling, size_ms: 5000, allowed_lateness_ms: 0}
                    - {type: sliding, size_ms: 9000, slide_ms: 3000}
                    - {type: session, gap_ms: 700}
                pipelines:
                  - id: all
                    source: {type: file, path: FOLDER/events.jsonl}
                    aggregate: {values_limit: 5}
                    sinks: {type: file, path: FOLDER/results}
                """));
        Map<String, Map<String, String>> found = new TreeMap<>();
        Map<String, String> ids = new TreeMap<>();
        for (JsonObject result : results("results")) {
            String window = result.get("window").getAsString();
            String id = result.get("window_id").getAsString();
            assertThat(found.computeIfAbsent(window, none -> new TreeMap<>()).put(id, figures(result)))
                    .as("%s of %s has one result", id, window)
                    .isNull();
            assertThat(ids.put(result.get("result_id").getAsString(), window + id))
                    .as("result ids differ")
                    .isNull();
            assertThat(result.get("pipeline").getAsString()).isEqualTo("all");
            assertThat(id).contains("_" + result.get("key").getAsString() + "_");
            assertThat(id).endsWith("_" + time(result, "window_start").toEpochMilli());
            assertThat(result.get("event_time")).isEqualTo(result.get("window_end"));
            assertThat(result.get("pane_index").getAsInt()).isZero();
            assertThat(result.get("is_late").getAsBoolean()).isFalse();
        }
        assertThat(found).containsOnlyKeys("tumbling_10000", "tumbling_5000", "sliding_9000_3000", "session_700");
        assertThat(found.get("tumbling_10000"))
                .isEqualTo(expected(events, "tumbling", event -> List.of(event.millis() / 10_000 * 10_000)));
        assertThat(found.get("tumbling_5000"))
                .isEqualTo(expected(events, "tumbling", event -> List.of(event.millis() / 5_000 * 5_000)));
        assertThat(found.get("sliding_9000_3000")).isEqualTo(expected(events, "sliding", event -> {
            long last = event.millis() / 3_000 * 3_000;
            return List.of(last, last - 3_000, last - 6_000);
        }));
        assertThat(found.get("session_700")).isEqualTo(sessions(events, 700));
    }

    /** The session window of the documents: 30 s of silence, 15 s of lateness. One event in each batch. */
    @Test
    void theSessionsOfTheDocument() throws Exception {
        events(
                "visits.jsonl",
                Stream.of("a 0", "a 10", "b 45", "a 35", "b 100", "a 20", "c 200", "c 232", "c 215", "c 300", "c 290")
                        .map(text -> text.split(" "))
                        .map(pair -> new Event(Long.parseLong(pair[1]) * 1_000, pair[0], 1))
                        .toList());
        JobMetrics metrics = JobRunner.run(job("sessions", """
                watermarks: {delay_seconds: 0}
                processing: {queue_size: 1}
                windowing:
                  windows:
                    - type: "session"
                      gap_ms: 30000         # Inactivity gap: 30 seconds
                      allowed_lateness_ms: 15000
                pipelines:
                  - id: visits
                    source: {type: file, path: FOLDER/visits.jsonl}
                    sinks: {type: file, path: FOLDER/sessions.jsonl}
                """));
        List<String> found = results("sessions.jsonl").stream()
                .map(result -> "%s to %d: %d, pane %d%s"
                        .formatted(
                                result.get("window_id").getAsString(),
                                time(result, "window_end").getEpochSecond(),
                                result.getAsJsonObject("data").get("count").getAsLong(),
                                result.get("pane_index").getAsInt(),
                                result.get("is_late").getAsBoolean() ? ", late" : ""))
                .toList();
        assertThat(found)
                .containsExactlyInAnyOrder(
                        "session_a_0 to 40: 2, pane 0",
                        "session_a_0 to 65: 3, pane 1",
                        "session_b_45000 to 75: 1, pane 0",
                        "session_b_100000 to 130: 1, pane 0",
                        "session_c_200000 to 230: 1, pane 0",
                        "session_c_200000 to 262: 3, pane 1",
                        "session_c_290000 to 330: 2, pane 0");
        assertThat(skipped(metrics)).as("a at 20 s, when 100 s had been").isEqualTo(1);
    }

    private static long skipped(JobMetrics metrics) {
        return metrics.stages().stream().mapToLong(StageMetrics::skippedRecords).sum();
    }

    @Test
    void lateEventsCorrectAResult() throws Exception {
        events(
                "late.jsonl",
                List.of(
                        new Event(1_000, "a", 1),
                        new Event(12_000, "a", 2),
                        new Event(2_000, "a", 4),
                        new Event(16_000, "a", 8),
                        new Event(3_000, "a", 16)));
        JobMetrics metrics = JobRunner.run(job("late", """
                watermarks: {delay_seconds: 1}
                processing: {queue_size: 1}
                windowing: {windows: {type: tumbling, size_ms: 10000}}
                pipelines:
                  - id: late
                    source: {type: file, path: FOLDER/late.jsonl}
                    aggregate: {functions: [sum]}
                    sinks: {type: file, path: FOLDER/late-results.jsonl}
                """));
        List<JsonObject> results = results("late-results.jsonl");
        assertThat(results)
                .extracting(result -> result.get("window_id").getAsString() + " "
                        + result.get("data") + " "
                        + result.get("pane_index") + " " + result.get("is_late"))
                .containsExactlyInAnyOrder(
                        "tumbling_a_0 {\"sum\":1.0} 0 false",
                        "tumbling_a_0 {\"sum\":5.0} 1 true",
                        "tumbling_a_10000 {\"sum\":10.0} 0 false");
        assertThat(results.stream().map(result -> result.get("result_id")).distinct())
                .as("each result has an id of its own")
                .hasSize(3);
        assertThat(skipped(metrics)).isEqualTo(1);
        try (Stream<Path> errors = Files.walk(folder.resolve("state/late/errors"))) {
            String setAside = errors.filter(Files::isRegularFile)
                    .map(StreamPipelinesTest::text)
                    .collect(Collectors.joining());
            assertThat(setAside).as("what was too late can be found").contains("late.jsonl", "16.0");
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    @Test
    void pipelinesHaveTheirOwnEventsKeysAndSinks() throws Exception {
        List<Event> events = randomEvents(500, 2);
        events("events.jsonl", events);
        JobRunner.run(job("two", """
                windowing: {windows: {type: tumbling, size_ms: 1000000000000}}
                pipelines:
                  - id: low
                    source: {type: file, path: FOLDER/events.jsonl}
                    filter:
                      - {field: kind, value: low}
                      - {field: value, op: ge, value: 10}
                      - {field: none, op: exists, value: false}
                    aggregate: {functions: [count, min, max]}
                    sinks: {type: file, path: FOLDER/low.jsonl}
                  - id: kinds
                    source: {type: file, path: FOLDER/events.jsonl}
                    key: kind
                    aggregate: {functions: [count], field: nowhere}
                    sinks: [{type: file, path: FOLDER/kinds.jsonl}, {type: metrics}]
                """));
        List<Event> low = events.stream()
                .filter(event -> event.value() < 50 && event.value() >= 10)
                .toList();
        List<JsonObject> lows = results("low.jsonl");
        assertThat(lows).hasSize(5);
        for (JsonObject result : lows) {
            List<Event> own = low.stream()
                    .filter(event -> event.key().equals(result.get("key").getAsString()))
                    .toList();
            JsonObject data = result.getAsJsonObject("data");
            assertThat(data.keySet()).containsExactly("count", "min", "max");
            assertThat(data.get("count").getAsLong()).isEqualTo(own.size());
            assertThat(data.get("min").getAsDouble())
                    .isEqualTo(own.stream().mapToDouble(Event::value).min().orElseThrow());
        }
        long ofLow = events.stream().filter(event -> event.value() < 50).count();
        assertThat(results("kinds.jsonl"))
                .extracting(result -> result.get("pipeline").getAsString() + " "
                        + result.get("key").getAsString() + " "
                        + result.getAsJsonObject("data").get("count").getAsLong())
                .containsExactlyInAnyOrder("kinds low " + ofLow, "kinds high " + (500 - ofLow));
    }

    private static final String MOCK = """
            processing: {parallelism: %d, checkpoint_interval: 0.3}
            windowing:
              windows:
                - {type: tumbling, size_ms: 100}
                - {type: sliding, size_ms: 200, slide_ms: 50}
                - {type: session, gap_ms: 5}
            pipelines:
              - id: mock
                source: {type: mock, events: 2400, rate: 600, start: %s}
                sinks: [{type: file, path: FOLDER/%s}, {type: metrics}]
            """;

    /** Stopped, then cancelled between two checkpoints, each time gone on with by another number of tasks. */
    @Test
    void aStoppedProcessorGoesOnAsIfItHadNotStopped() throws Exception {
        Instant start = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        stopped(job("mock", MOCK.formatted(4, start, "stopped")), "none", 300);
        cancelled(job("mock", MOCK.formatted(2, start, "stopped")));
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(job("mock", MOCK.formatted(3, start, "stopped")), "latest");
            handle.await(Duration.ofSeconds(60));
            assertThat(handle.getMetrics().memoryBytes()).isZero();
        }
        JobRunner.run(job("whole", MOCK.formatted(4, start.toString(), "whole")));
        Map<String, JsonObject> whole = byId("whole");
        assertThat(whole).hasSizeGreaterThan(1_000);
        assertThat(byId("stopped")).isEqualTo(whole);
    }

    private Map<String, JsonObject> byId(String name) throws IOException {
        Map<String, JsonObject> byId = new TreeMap<>();
        for (JsonObject result : results(name)) {
            result.remove("processing_time");
            assertThat(byId.put(result.get("result_id").getAsString(), result)).isNull();
        }
        return byId;
    }

    /** Goes on, and ends some rows after a checkpoint of its own. */
    private static void cancelled(Job job) throws InterruptedException {
        try (Solstice engine = Solstice.embedded()) {
            int before = job.listCheckpoints().size();
            JobHandle handle = engine.submit(job, "latest");
            await().until(() -> handle.listCheckpoints().size() > before);
            long rows = windowed(handle);
            await().until(() -> windowed(handle) >= rows + 50);
            handle.cancel();
            assertThat(handle.await().state()).isEqualTo(JobState.CANCELLED);
        }
    }

    private static long windowed(JobHandle handle) {
        return handle.getMetrics().stages().stream()
                .filter(stage -> stage.stageId().equals("mock_tumbling_100"))
                .mapToLong(StageMetrics::inputRecords)
                .sum();
    }

    private static void stopped(Job job, String restoreFrom, long rows) throws InterruptedException {
        try (Solstice engine = Solstice.embedded()) {
            JobHandle handle = engine.submit(job, restoreFrom);
            await().until(() -> windowed(handle) >= rows);
            handle.stopWithSavepoint();
            assertThat(handle.await().state()).isEqualTo(JobState.FINISHED);
        }
    }

    @Test
    void aMissingFileIsRefusedBeforeAnythingIsWritten() throws Exception {
        Job job = job("missing", """
                pipelines:
                  - {id: a, source: {events: 10}, sinks: {type: file, path: FOLDER/a.jsonl}}
                  - {id: b, source: {type: file, path: FOLDER/none.jsonl}}
                """);
        assertThatThrownBy(() -> JobRunner.run(job))
                .isInstanceOfSatisfying(
                        SolsticeException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.SOURCE_NOT_FOUND))
                .hasMessageContaining("b_source")
                .hasMessageContaining("none.jsonl");
        assertThat(folder.resolve("a.jsonl")).doesNotExist();
    }
}
