package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a job has made visible in a directory of JSON lines, each of which has a column {@code number}. */
final class NumberedRows {
    private static final Pattern NUMBER = Pattern.compile("\"number\":(\\d+)");

    private NumberedRows() {}

    /** The numbers of all rows, sorted; none if there is no directory. */
    static List<Long> in(Path output) {
        if (!Files.exists(output)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(output)) {
            return files.filter(Files::isRegularFile)
                    .flatMap(NumberedRows::lines)
                    .map(NumberedRows::number)
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static long number(String line) {
        Matcher number = NUMBER.matcher(line);
        assertThat(number.find()).as(line).isTrue();
        return Long.parseLong(number.group(1));
    }
}
