package io.solstice.faults.check;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.solstice.faults.workload.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** JSON lines in the files of a folder, as a user reads them: whatever is not hidden. */
public final class JsonFiles {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonFiles() {}

    /** The files that a user sees, by name; none if the folder is not there. */
    public static List<Path> visible(Path folder) throws IOException {
        if (Files.isRegularFile(folder)) {
            return List.of(folder);
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException none) {
            return List.of();
        }
    }

    /** What is done with the lines of files. */
    private interface Lines {
        /** @param json that stands before the beginning of the line's value */
        void row(String place, JsonParser json) throws IOException;

        void unreadable(String place, String what);
    }

    /** Takes the rows of an output. */
    interface Rows {
        /** @param values as texts, by column; without those that are null */
        void add(String place, Map<String, String> values);

        /** Text that is no row. */
        void unreadable(String place, String what);
    }

    /** Reads all of it. */
    public static void read(Path folder, Ledger ledger) throws IOException {
        read(folder, new Lines() {
            @Override
            public void row(String place, JsonParser json) throws IOException {
                ledger.add(place, JsonFiles.row(json));
            }

            @Override
            public void unreadable(String place, String what) {
                ledger.unreadable(place, what);
            }
        });
    }

    /** Reads all of it, whatever its columns are. */
    static void read(Path folder, Rows rows) throws IOException {
        read(folder, new Lines() {
            @Override
            public void row(String place, JsonParser json) throws IOException {
                json.nextToken();
                rows.add(place, values(json));
            }

            @Override
            public void unreadable(String place, String what) {
                rows.unreadable(place, what);
            }
        });
    }

    private static void read(Path folder, Lines all) throws IOException {
        for (Path file : visible(folder)) {
            String name = String.valueOf(file.getFileName());
            int number = 0;
            try (BufferedReader lines = Files.newBufferedReader(file)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    number++;
                    line(name + ":" + number, line, all);
                }
            } catch (CharacterCodingException noText) {
                all.unreadable(name + ":" + number, "not UTF-8 after this line");
            }
        }
    }

    private static void line(String place, String line, Lines all) throws IOException {
        try (JsonParser json = JSON.createParser(line)) {
            all.row(place, json);
        } catch (JsonProcessingException noJson) {
            all.unreadable(place, noJson.getOriginalMessage() + " in " + line);
        }
    }

    /** The fields of a flat object whose beginning has been read. */
    static Map<String, String> values(JsonParser json) throws IOException {
        Map<String, String> values = new HashMap<>();
        for (JsonToken token = json.nextToken(); token == JsonToken.FIELD_NAME; token = json.nextToken()) {
            String name = json.currentName();
            if (json.nextToken() != JsonToken.VALUE_NULL) {
                values.put(name, json.getText());
            }
        }
        return values;
    }

    private static OutputRow row(JsonParser json) throws IOException {
        long[] numbers = new long[7];
        String payload = "";
        json.nextToken();
        for (JsonToken token = json.nextToken(); token == JsonToken.FIELD_NAME; token = json.nextToken()) {
            String name = json.currentName();
            json.nextToken();
            int column =
                    List.of("id", "part", "seq", "key", "crc", "size", "nth").indexOf(name);
            if (column >= 0) {
                numbers[column] = json.getLongValue();
            } else if (name.equals("payload")) {
                payload = json.getText();
            }
        }
        Event event = new Event(numbers[0], numbers[1], numbers[2], numbers[3], payload, numbers[4]);
        return new OutputRow(event, numbers[5], numbers[6]);
    }
}
