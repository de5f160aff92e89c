package io.solstice.stream.config;

import io.solstice.api.window.Windows;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One kind of windows that every event of a pipeline goes to.
 *
 * @param type as documents name it, and as the ids of windows begin
 * @param definition names the kind with its measures: {@code sliding_300000_30000}
 * @param allowedLateness how long a late event may correct a window that has been given out
 */
public record WindowConfig(Type type, String definition, Windows windows, Duration allowedLateness) {
    private static final long LONGEST_MILLIS = Windows.LONGEST.toMillis();
    private static final long DEFAULT_LATENESS_MILLIS = 5_000;
    private static final long DEFAULT_SIZE_MILLIS = 60_000;

    /** How windows are cut. */
    public enum Type {
        TUMBLING,
        SLIDING,
        SESSION;

        /** As in documents and ids. */
        public String text() {
            return Names.of(this);
        }
    }

    static final WindowConfig DEFAULT = tumbling(DEFAULT_SIZE_MILLIS, Duration.ofMillis(DEFAULT_LATENESS_MILLIS));

    /** The windows under a key, or the fallback without it. */
    static List<WindowConfig> readAll(Section owner, String key, List<WindowConfig> fallback) {
        if (!owner.has(key)) {
            return fallback;
        }
        List<WindowConfig> all = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Section section : owner.sections(key)) {
            WindowConfig window = read(section);
            if (!seen.add(window.definition)) {
                throw ErrorCode.OPTION_INVALID
                        .error("the same windows are there already: " + window.definition)
                        .where(section.place())
                        .cause("their results would be the same twice")
                        .help("remove one of them, or change its measures")
                        .toException();
            }
            all.add(window);
        }
        if (all.isEmpty()) {
            throw owner.missing(key, "[{type: tumbling, size_ms: 60000}]");
        }
        return List.copyOf(all);
    }

    private static WindowConfig read(Section section) {
        if (!section.has("type")) {
            throw section.missing("type", "tumbling");
        }
        Type type = Names.oneOf(section, "type", Type.TUMBLING, Type.values());
        Duration lateness = Duration.ofMillis(
                section.wholeNumber("allowed_lateness_ms", DEFAULT_LATENESS_MILLIS, 0, LONGEST_MILLIS));
        WindowConfig window = switch (type) {
            case TUMBLING -> tumbling(millis(section, "size_ms", "60000"), lateness);
            case SLIDING -> sliding(section, lateness);
            case SESSION -> {
                long gap = millis(section, "gap_ms", "30000");
                yield new WindowConfig(type, "session_" + gap, Windows.session(Duration.ofMillis(gap)), lateness);
            }
        };
        section.finish();
        return window;
    }

    private static WindowConfig tumbling(long size, Duration lateness) {
        return new WindowConfig(Type.TUMBLING, "tumbling_" + size, Windows.tumbling(Duration.ofMillis(size)), lateness);
    }

    private static WindowConfig sliding(Section section, Duration lateness) {
        long size = millis(section, "size_ms", "300000");
        long slide = millis(section, "slide_ms", "30000");
        if (slide > size) {
            throw section.invalid("slide_ms", slide, "at most size_ms, " + size + ", or events would be left out");
        }
        Windows windows;
        try {
            windows = Windows.sliding(Duration.ofMillis(size), Duration.ofMillis(slide));
        } catch (SolsticeException refused) {
            throw refused.within(section.place("slide_ms"));
        }
        return new WindowConfig(Type.SLIDING, "sliding_" + size + "_" + slide, windows, lateness);
    }

    private static long millis(Section section, String key, String example) {
        return section.requiredWholeNumber(key, 1, LONGEST_MILLIS, example);
    }
}
