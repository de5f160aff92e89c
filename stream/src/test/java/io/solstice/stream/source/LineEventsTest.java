package io.solstice.stream.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.row.Row;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.Split;
import io.solstice.stream.config.EventField;
import io.solstice.stream.config.EventField.Kind;
import io.solstice.stream.config.SourceConfig.Lines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineEventsTest {
    private static final EventShape SHAPE = new EventShape(
            List.of(
                    new EventField("data.user.id", Kind.TEXT),
                    new EventField("data.user", Kind.TEXT),
                    new EventField("data.user.age", Kind.NUMBER),
                    new EventField("data.member", Kind.FLAG),
                    new EventField("headers.trace", Kind.TEXT)),
            new EventField("data.value", Kind.NUMBER),
            3);

    @TempDir
    Path folder;

    private LineEvents source(boolean loop, boolean skip, String... lines) throws IOException {
        Path file = Files.writeString(folder.resolve("events.jsonl"), String.join("\n", lines));
        return new LineEvents(new Lines(List.of(file.toString()), loop, false, skip), SHAPE);
    }

    private static List<Row> all(LineEvents source, Reading reading, long position, int batches) throws Exception {
        return reading.rows(source, source.splits().get(0), position, batches);
    }

    private List<Row> read(String... lines) throws Exception {
        try (Reading reading = new Reading()) {
            return all(source(false, false, lines), reading, 0, 99);
        }
    }

    @Test
    void readsWhatAnEventHas() throws Exception {
        String data = "{\"value\": 2.5, \"user\": {\"id\": 7, \"age\": 30, \"more\": [1, {}]}, \"member\": true}";
        Row row = read("{\"event_time\": \"2026-01-01T10:00:00.25Z\", \"partition_key\": \"a\","
                        + " \"headers\": {\"trace\": \"t\", \"hop\": 1}, \"value\": 9, \"data\": " + data
                        + ", \"member\": false, \"source\": \"elsewhere\"}\r\n")
                .get(0);
        assertThat(row.get("event_time")).isEqualTo(Instant.parse("2026-01-01T10:00:00.25Z"));
        assertThat(row.get("partition_key")).isEqualTo("a");
        assertThat(row.get("source")).isEqualTo(folder.resolve("events.jsonl").toString());
        assertThat(row.get("partition")).isEqualTo(0);
        assertThat(row.get("offset")).isEqualTo(0L);
        assertThat(row.get("headers")).isEqualTo("{\"trace\": \"t\", \"hop\": 1}");
        assertThat(row.get("data")).isEqualTo(data);
        assertThat(row.get("value")).isEqualTo(2.5);
        assertThat(row.get("data.user.id")).isEqualTo("7");
        assertThat(row.get("data.user")).isEqualTo("{\"id\": 7, \"age\": 30, \"more\": [1, {}]}");
        assertThat(row.get("data.user.age#number")).isEqualTo(30.0);
        assertThat(row.get("data.member#flag")).isEqualTo(true);
        assertThat(row.get("headers.trace")).isEqualTo("t");
    }

    @Test
    void withoutDataTheWholeObjectIsTheData() throws Exception {
        String line =
                "{\"member\": \"yes\", \"value\": \"many\", \"user\": null, \"event_time\": 1500.5, \"ü\": \"ä\"}";
        Row row = read("", "  ", line, "").get(0);
        assertThat(row.get("event_time")).isEqualTo(Instant.ofEpochMilli(1_500).plusNanos(500_000));
        assertThat(row.get("partition_key")).isEqualTo("default");
        assertThat(row.get("offset")).as("lines count from 0, also blank ones").isEqualTo(2L);
        assertThat(row.get("headers")).isNull();
        assertThat(row.get("data")).isEqualTo(line);
        assertThat(row.get("value")).as("no number counts as 1").isEqualTo(1.0);
        assertThat(row.get("data.user")).isNull();
        assertThat(row.get("data.user.id")).isNull();
        assertThat(row.get("data.member#flag")).as("a text is no truth value").isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "'\"2026-01-01T01:00:00+01:00\"', 2026-01-01T00:00:00Z",
        "'\"2026-01-01T01:00:00\"', 2026-01-01T01:00:00Z",
        "'\"2026-01-01 01:00:00.5\"', 2026-01-01T01:00:00.5Z",
        "1767225600000, 2026-01-01T00:00:00Z"
    })
    void understandsTimes(String given, Instant meant) throws Exception {
        assertThat(read("{\"event_time\": " + given + "}").get(0).get("event_time"))
                .isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"event_time": 1|                             Unexpected end-of-input
            [1]|                                          an event is a JSON object
            {"value": 1}|                                 no event_time
            {"event_time": null}|                         neither a text nor a number
            {"event_time": "noon"}|                       'noon' is no time
            {"event_time": 1767225600000000000}|          no number of milliseconds
            {"event_time": 1, "partition_key": []}|       partition_key is no plain value
            {"event_time": 1} {}|                         something follows
            """)
    void refusesWhatIsNoEventOrSetsItAside(String line, String cause) throws Exception {
        String good = "{\"event_time\": 1}";
        assertThatThrownBy(() -> read(good, line))
                .isInstanceOfSatisfying(
                        SolsticeException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.RECORD_MALFORMED))
                .hasMessageContaining("events.jsonl:2")
                .hasMessageContaining(cause);
        try (Reading reading = new Reading()) {
            assertThat(all(source(false, true, good, line, good), reading, 0, 99))
                    .extracting(row -> row.getLong("offset"))
                    .containsExactly(0L, 2L);
            assertThat(reading.skipped).singleElement().asString().contains(":2 ", line);
            assertThat(all(source(false, true, good, line, good), reading, 1, 99))
                    .as("lines that were left out are no positions")
                    .extracting(row -> row.getLong("offset"))
                    .containsExactly(2L);
        }
    }

    private static String[] numbered(int count) {
        String[] lines = new String[count];
        for (int i = 0; i < count; i++) {
            lines[i] = "{\"event_time\": " + (1_000 + 10 * i) + ", \"value\": " + i + "}";
        }
        return lines;
    }

    @Test
    void aFileIsReadOnceFromAnyPosition() throws Exception {
        LineEvents source = source(false, false, numbered(8));
        try (Reading reading = new Reading()) {
            List<Row> all = all(source, reading, 0, 99);
            assertThat(all).hasSize(8);
            assertThat(reading.batches).containsExactly(3, 3, 2);
            assertThat(all(source, reading, 5, 99)).isEqualTo(all.subList(5, 8));
            assertThat(all(source, reading, 8, 99)).isEmpty();
            assertThatThrownBy(() -> all(source, reading, 9, 99)).hasMessageContaining("has become shorter");
        }
        assertThat(source.isBounded()).isTrue();
    }

    private static long millis(Row row) {
        return ((Instant) Objects.requireNonNull(row.get("event_time"))).toEpochMilli();
    }

    /** Another source id and later times, so that no event is the same as one before, and none is late. */
    @Test
    void aLoopBeginsANewEpochEachTime() throws Exception {
        LineEvents source = source(true, false, numbered(4));
        String path = folder.resolve("events.jsonl").toString();
        assertThat(source.isBounded()).isFalse();
        try (Reading reading = new Reading()) {
            List<Row> rows = all(source, reading, 0, 6);
            assertThat(rows).hasSize(12);
            assertThat(rows)
                    .extracting(row -> row.getString("source").substring(path.length()))
                    .containsExactly("", "", "", "", "#1", "#1", "#1", "#1", "#2", "#2", "#2", "#2");
            assertThat(rows)
                    .extracting(row -> millis(row))
                    .containsExactly(
                            1000L, 1010L, 1020L, 1030L, 1031L, 1041L, 1051L, 1061L, 1062L, 1072L, 1082L, 1092L);
            assertThat(all(source, reading, 7, 3)).isEqualTo(rows.subList(7, 12));
        }
    }

    @Test
    void whatCannotBeReadIsRefusedBeforehand() throws IOException {
        assertThatThrownBy(() ->
                        missing(folder.resolve("nothing.jsonl").toString()).schema())
                .isInstanceOfSatisfying(
                        SolsticeException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.SOURCE_NOT_FOUND))
                .hasMessageContaining("nothing.jsonl");
        assertThatThrownBy(() -> missing(folder.toString()).splits()).hasMessageContaining("is a folder");
        LineEvents empty = source(true, true, "nothing good");
        assertThatThrownBy(empty::splits).hasMessageContaining("cannot be read in a loop");
    }

    private static LineEvents missing(String path) {
        return new LineEvents(new Lines(List.of(path), false, false, false), SHAPE);
    }

    @Test
    void everyFileIsASplitAndAPartition() throws Exception {
        Path one = Files.writeString(folder.resolve("one"), "{\"event_time\": 1}\n");
        Path two = Files.writeString(folder.resolve("two"), "{\"event_time\": 2}\n");
        LineEvents source =
                new LineEvents(new Lines(List.of(one.toString(), two.toString()), false, false, false), SHAPE);
        List<Split> splits = source.splits();
        assertThat(splits).extracting(Split::id).containsExactly(one.toString(), two.toString());
        try (Reading reading = new Reading()) {
            @Nullable
            Object partition = reading.rows(source, splits.get(1), 0, 9).get(0).get("partition");
            assertThat(partition).isEqualTo(1);
        }
    }
}
