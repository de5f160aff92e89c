package io.solstice.stream.config;

import io.solstice.common.error.ErrorCode;
import io.solstice.stream.config.EventField.Kind;
import io.solstice.stream.config.SourceConfig.Pace;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One way of events from a source to sinks of its own.
 *
 * @param id begins the ids of its stages
 * @param name for people
 * @param filter all of which an event must fulfil
 * @param key by which the events are divided: those of one key have windows of their own
 */
public record PipelineConfig(
        String id,
        String name,
        SourceConfig source,
        List<Condition> filter,
        EventField key,
        List<WindowConfig> windows,
        AggregateConfig aggregate,
        List<SinkConfig> sinks) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final String DEFAULT_ID = "default";

    public PipelineConfig {
        filter = List.copyOf(filter);
        windows = List.copyOf(windows);
        sinks = List.copyOf(sinks);
    }

    /** What the document has for pipelines that do not say it themselves. */
    record Common(List<WindowConfig> windows, Pace pace) {}

    /** The pipelines under a key; without it, one that makes events and prints. */
    static List<PipelineConfig> readAll(Section document, String key, Common common) {
        if (!document.has(key)) {
            return List.of(read(document.section(key), DEFAULT_ID, common));
        }
        List<PipelineConfig> all = new ArrayList<>();
        Set<String> ids = new LinkedHashSet<>();
        for (Section section : document.sections(key)) {
            PipelineConfig pipeline = read(section, "", common);
            if (!ids.add(pipeline.id)) {
                throw ErrorCode.OPTION_INVALID
                        .error("two pipelines have the id '" + pipeline.id + "'")
                        .where(section.place("id"))
                        .help("give each pipeline an id of its own")
                        .toException();
            }
            all.add(pipeline);
        }
        if (all.isEmpty()) {
            throw document.missing(key, "[{id: clicks}], or leave the key out");
        }
        return List.copyOf(all);
    }

    private static PipelineConfig read(Section section, String fallbackId, Common common) {
        String id = fallbackId.isEmpty() ? section.requiredText("id", "clicks") : fallbackId;
        if (!ID.matcher(id).matches()) {
            throw section.invalid("id", id, "1 to 64 letters, digits, '.', '_' or '-'");
        }
        String name = section.text("name", id);
        SourceConfig source = SourceConfig.read(section.section("source"), common.pace());
        List<Condition> filter =
                section.sections("filter").stream().map(Condition::read).toList();
        List<WindowConfig> windows = WindowConfig.readAll(section, "windows", common.windows());
        AggregateConfig aggregate = AggregateConfig.read(section.section("aggregate"));
        PipelineConfig pipeline =
                new PipelineConfig(id, name, source, filter, key(section), windows, aggregate, sinks(section));
        section.finish();
        return pipeline;
    }

    private static EventField key(Section section) {
        EventField key = EventField.of(section.text("key", "partition_key"), Kind.TEXT);
        Kind column = EventField.COLUMNS.get(key.path());
        if (column != null && column != Kind.TEXT) {
            throw section.invalid("key", key.path(), "partition_key, source, or a field of the data or the headers");
        }
        return key;
    }

    private static List<SinkConfig> sinks(Section section) {
        if (!section.has("sinks")) {
            return List.of(new SinkConfig.Console());
        }
        List<SinkConfig> sinks = new ArrayList<>();
        for (Section one : section.sections("sinks")) {
            SinkConfig sink = SinkConfig.read(one);
            if (sinks.stream().anyMatch(other -> other.name().equals(sink.name()))) {
                throw ErrorCode.OPTION_INVALID
                        .error("the pipeline has two sinks of type " + sink.name())
                        .where(one.place("type"))
                        .help("keep one of them")
                        .toException();
            }
            sinks.add(sink);
        }
        if (sinks.isEmpty()) {
            throw section.missing("sinks", "[{type: console}]");
        }
        return sinks;
    }

    /** The fields of data and headers that it looks at, which its source makes columns of. */
    public List<EventField> fields() {
        Set<EventField> fields = new LinkedHashSet<>();
        filter.forEach(condition -> fields.add(condition.field()));
        fields.add(key);
        fields.removeIf(EventField::isColumn);
        return List.copyOf(fields);
    }
}
