package io.solstice.stream.config;

import io.solstice.common.error.ErrorCode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the events of a pipeline come from. */
public sealed interface SourceConfig {
    /** Events that are made: each is a function of the seed and its number alone. */
    record Made(Kind kind, Pace pace, int keys) implements SourceConfig {}

    /** What is made. */
    enum Kind {
        /** User actions, readings, transactions and clicks, up to a second out of order. */
        MOCK,
        /** Numbers in order. */
        GENERATOR
    }

    /**
     * How events that are made follow each other.
     *
     * @param events how many, or {@link Long#MAX_VALUE} for a source that never ends
     * @param rate so many a second, or 0 for as fast as possible, as if one happened each millisecond
     * @param start when the first happens; null for when the job starts
     */
    record Pace(
            long events, double rate, long seed, @Nullable Instant start) {
        static final Pace DEFAULT = new Pace(Long.MAX_VALUE, 100, 42, null);

        /** Whether there is a last event. */
        public boolean ends() {
            return events != Long.MAX_VALUE;
        }

        static Pace read(Section section, Pace fallback) {
            Instant start = fallback.start;
            if (section.has("start")) {
                start = instant(section);
            }
            return new Pace(
                    section.wholeNumber("events", fallback.events, 0, Long.MAX_VALUE),
                    section.number("rate", fallback.rate, 0, 1e9),
                    section.wholeNumber("seed", fallback.seed, Long.MIN_VALUE, Long.MAX_VALUE),
                    start);
        }

        private static Instant instant(Section section) {
            String text = section.text("start", "");
            try {
                return Instant.parse(text);
            } catch (DateTimeException notATime) {
                throw section.invalid("start", text, "a time such as 2026-01-01T00:00:00Z");
            }
        }
    }

    /**
     * Events that are lines of files, each an object in JSON.
     *
     * @param loop whether each file begins again at its end, for ever
     * @param inOrder whether the events of a file are not older than those of the files before it
     * @param skipOnError whether lines that are no events are left out and set aside
     */
    record Lines(List<String> paths, boolean loop, boolean inOrder, boolean skipOnError) implements SourceConfig {
        public Lines {
            paths = List.copyOf(paths);
        }
    }

    /** @param pace what the document says of all sources that make events */
    static SourceConfig read(Section section, Pace pace) {
        String type = section.oneOf("type", "mock", List.of("mock", "file", "generator", "kafka"));
        SourceConfig source = switch (type) {
            case "mock" -> new Made(Kind.MOCK, Pace.read(section, pace), 4);
            case "generator" ->
                new Made(Kind.GENERATOR, Pace.read(section, pace), (int) section.wholeNumber("keys", 4, 1, 1_000_000));
            case "file" -> lines(section);
            default -> throw kafka(section.place("type"), "source", "mock, generator or file");
        };
        section.finish();
        return source;
    }

    private static SourceConfig lines(Section section) {
        List<String> paths = section.texts("path");
        if (paths.isEmpty() || paths.stream().anyMatch(String::isBlank)) {
            throw section.missing("path", "events.jsonl, or a list of files");
        }
        if (new HashSet<>(paths).size() < paths.size()) {
            throw section.invalid("path", paths, "each file once");
        }
        return new Lines(
                paths,
                section.flag("loop", false),
                section.flag("in_order", false),
                section.flag("skip_on_error", false));
    }

    /** The error of a document that wants Kafka. */
    static RuntimeException kafka(String place, String what, String instead) {
        return ErrorCode.NOT_SUPPORTED
                .error("a " + what + " of type kafka is not possible")
                .where(place)
                .cause("there is no connector for Kafka; the keys below kafka: are only checked")
                .help("use " + instead)
                .toException();
    }
}
