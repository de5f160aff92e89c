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
import java.util.List;
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

    /** Reads all of it. */
    public static void read(Path folder, Ledger ledger) throws IOException {
        for (Path file : visible(folder)) {
            String name = String.valueOf(file.getFileName());
            int number = 0;
            try (BufferedReader lines = Files.newBufferedReader(file)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    number++;
                    line(name + ":" + number, line, ledger);
                }
            } catch (CharacterCodingException noText) {
                ledger.unreadable(name + ":" + number, "not UTF-8 after this line");
            }
        }
    }

    private static void line(String place, String line, Ledger ledger) throws IOException {
        OutputRow row;
        try (JsonParser json = JSON.createParser(line)) {
            row = row(json);
        } catch (JsonProcessingException noJson) {
            ledger.unreadable(place, noJson.getOriginalMessage() + " in " + line);
            return;
        }
        ledger.add(place, row);
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
