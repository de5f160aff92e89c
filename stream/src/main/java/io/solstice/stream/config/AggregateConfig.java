package io.solstice.stream.config;

import io.solstice.stream.config.EventField.Kind;
import java.util.Arrays;
import java.util.List;

/**
 * What is computed of the events of a window.
 *
 * @param field the number that is aggregated; an event in which it is no number counts as 1
 * @param mostValues how many of the values {@link Figure#VALUES} keeps
 */
public record AggregateConfig(EventField field, List<Figure> figures, int mostValues) {
    /** The figures of a result, by the names that documents use in small letters. */
    public enum Figure {
        COUNT,
        SUM,
        MIN,
        MAX,
        AVG,
        /** The newest values, oldest first. */
        VALUES,
        /** When the newest event happened. */
        LAST_UPDATED;

        /** As in documents and results. */
        public String text() {
            return Names.of(this);
        }
    }

    public AggregateConfig {
        figures = List.copyOf(figures);
    }

    static AggregateConfig read(Section section) {
        EventField field = EventField.of(section.text("field", "value"), Kind.NUMBER);
        if (field.isColumn()) {
            throw section.invalid("field", field.path(), "a field of the data or the headers");
        }
        List<Figure> figures = section.texts("functions").stream()
                .map(name -> Names.find(section, "functions", name, Figure.values()))
                .distinct()
                .toList();
        if (section.has("functions") && figures.isEmpty()) {
            throw section.missing("functions", "[count, sum]");
        }
        int most = (int) section.wholeNumber("values_limit", 1_000, 1, 100_000);
        section.finish();
        return new AggregateConfig(field, figures.isEmpty() ? Arrays.asList(Figure.values()) : figures, most);
    }
}
