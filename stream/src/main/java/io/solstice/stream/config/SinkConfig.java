package io.solstice.stream.config;

import java.util.List;

/** Where the results of a pipeline go. */
public sealed interface SinkConfig {
    /** Names it among the stages of its pipeline. */
    String name();

    /** Standard output, a line for each result. */
    record Console() implements SinkConfig {
        @Override
        public String name() {
            return "console";
        }
    }

    /** Lines of JSON in files, each result once. */
    record File(String path, String mode) implements SinkConfig {
        @Override
        public String name() {
            return "file";
        }
    }

    /** Figures about the results, in the log. */
    record Metrics() implements SinkConfig {
        @Override
        public String name() {
            return "metrics";
        }
    }

    static SinkConfig read(Section section) {
        if (!section.has("type")) {
            throw section.missing("type", "console");
        }
        String type = section.oneOf("type", "console", List.of("console", "file", "metrics", "kafka"));
        SinkConfig sink = switch (type) {
            case "console" -> new Console();
            case "metrics" -> new Metrics();
            case "file" ->
                new File(
                        section.requiredText("path", "results"),
                        section.oneOf("mode", "overwrite", List.of("overwrite", "fail")));
            default -> throw SourceConfig.kafka(section.place("type"), "sink", "console, file or metrics");
        };
        section.finish();
        return sink;
    }
}
