package io.solstice.stream.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.row.Row;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.Split;
import io.solstice.stream.config.EventField;
import io.solstice.stream.config.EventField.Kind;
import io.solstice.stream.config.SourceConfig;
import io.solstice.stream.config.SourceConfig.Made;
import io.solstice.stream.config.SourceConfig.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MadeEventsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final EventField VALUE = new EventField("data.value", Kind.NUMBER);
    private static final EventShape SHAPE =
            new EventShape(List.of(new EventField("data.event_type", Kind.TEXT)), VALUE, 1_000);

    /** It is an hour after the start, so every event of a test is due. */
    private static final Clock LATER = new Clock() {
        @Override
        public long wallMillis() {
            return START.plus(Duration.ofHours(1)).toEpochMilli();
        }

        @Override
        public long monotonicNanos() {
            return 0;
        }
    };

    private static MadeEvents mock(long events, double rate, long seed) {
        return new MadeEvents(new Made(SourceConfig.Kind.MOCK, new Pace(events, rate, seed, START), 4), SHAPE, LATER);
    }

    @Test
    void mockEventsAreAsTheDocumentSays() throws Exception {
        MadeEvents source = mock(2_000, 100, 42);
        try (Reading reading = new Reading()) {
            List<Row> rows = reading.rows(source, source.splits().get(0), 0, Integer.MAX_VALUE);
            assertThat(rows).hasSize(2_000);
            assertThat(Set.copyOf(reading.batches)).contains(1, 10).allMatch(size -> size >= 1 && size <= 10);
            assertThat(texts(rows, "partition_key"))
                    .containsExactlyInAnyOrder("partition_0", "partition_1", "partition_2", "partition_3");
            assertThat(texts(rows, "data.event_type"))
                    .containsExactlyInAnyOrder("user_action", "sensor_reading", "transaction", "click");
            assertThat(texts(rows, "source")).containsExactly("mock");
            for (int i = 0; i < rows.size(); i++) {
                Row row = rows.get(i);
                Instant due = START.plusMillis(i * 10L);
                assertThat((Instant) row.get("event_time"))
                        .isAfter(due.minusSeconds(1))
                        .isBeforeOrEqualTo(due);
                assertThat(row.getLong("offset")).isEqualTo(i);
                assertThat(row.getString("data"))
                        .contains("\"event_type\":\"" + row.getString("data.event_type") + "\"");
                assertThat(row.getDouble("value")).isBetween(0.0, 100.01);
            }
        }
    }

    private static Set<String> texts(List<Row> rows, String column) {
        return rows.stream().map(row -> row.getString(column)).collect(Collectors.toSet());
    }

    @Test
    void anyEventIsTheSameWhereverReadingBegins() throws Exception {
        MadeEvents source = mock(500, 50, 7);
        Split split = source.splits().get(0);
        try (Reading reading = new Reading()) {
            List<Row> all = reading.rows(source, split, 0, Integer.MAX_VALUE);
            for (long position : new long[] {1, 13, 499, 500}) {
                assertThat(reading.rows(mock(500, 50, 7), split, position, Integer.MAX_VALUE))
                        .isEqualTo(all.subList((int) position, 500));
            }
            assertThat(reading.rows(mock(500, 50, 8), split, 0, Integer.MAX_VALUE))
                    .isNotEqualTo(all);
        }
    }

    /** The moment of the first event is part of the split, so a later start changes nothing. */
    @Test
    void theStartStaysWithTheSplit() throws Exception {
        Made made = new Made(SourceConfig.Kind.MOCK, new Pace(20, 0, 42, null), 4);
        MadeEvents source = new MadeEvents(made, SHAPE, LATER);
        Split split = source.splits().get(0);
        try (Reading reading = new Reading()) {
            List<Row> all = reading.rows(source, split, 0, 9);
            assertThat((Instant) all.get(19).get("event_time"))
                    .isBetween(START.plusSeconds(3_599), START.plusSeconds(3_601));
            MadeEvents muchLater = new MadeEvents(made, SHAPE, Clock.SYSTEM);
            assertThat(reading.rows(muchLater, split, 4, 9)).isEqualTo(all.subList(4, 20));
        }
        assertThat(source.isBounded()).isTrue();
        assertThat(mock(Long.MAX_VALUE, 1, 1).isBounded()).isFalse();
    }

    @Test
    void theGeneratorCounts() throws Exception {
        Made made = new Made(SourceConfig.Kind.GENERATOR, new Pace(7, 1_000, 42, START), 3);
        MadeEvents source = new MadeEvents(made, SHAPE, LATER);
        try (Reading reading = new Reading()) {
            List<Row> rows = reading.rows(source, source.splits().get(0), 0, 99);
            assertThat(rows).extracting(row -> row.getDouble("value")).containsExactly(0d, 1d, 2d, 3d, 4d, 5d, 6d);
            assertThat(rows)
                    .extracting(row -> row.getString("partition_key"))
                    .containsExactly("key_0", "key_1", "key_2", "key_0", "key_1", "key_2", "key_0");
            assertThat(rows.get(6).get("event_time")).isEqualTo(START.plusMillis(6));
        }
    }
}
