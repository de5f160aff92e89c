package io.solstice.faults.check;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The records of a job that were set aside, in the files of all its runs. */
final class DeadLetterFiles {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String FOLDER = "errors";
    private static final String ENDING = ".jsonl";

    private DeadLetterFiles() {}

    /** One of them. */
    record Letter(Path file, String stage, Map<String, String> record) {}

    /** Reads all that are anywhere below the folders. The last line of a process that was killed may be torn. */
    static List<Letter> read(String job, List<Path> folders, Account account) throws IOException {
        List<Letter> letters = new ArrayList<>();
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                continue;
            }
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path file : all.filter(path -> isOf(job, path)).sorted().toList()) {
                    read(file, letters, account);
                }
            }
        }
        return letters;
    }

    private static boolean isOf(String job, Path file) {
        Path errors = file.getParent();
        return file.toString().endsWith(ENDING)
                && errors != null
                && errors.endsWith(FOLDER)
                && errors.resolveSibling("").endsWith(job);
    }

    private static void read(Path file, List<Letter> letters, Account account) throws IOException {
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            try (JsonParser json = JSON.createParser(lines.get(i))) {
                letters.add(letter(file, json));
            } catch (JsonProcessingException torn) {
                if (i < lines.size() - 1) {
                    account.add(Kind.CORRUPT, file.getFileName() + ":" + (i + 1) + ": " + torn.getOriginalMessage());
                }
            }
        }
    }

    private static Letter letter(Path file, JsonParser json) throws IOException {
        String stage = "";
        Map<String, String> record = Map.of();
        json.nextToken();
        for (JsonToken token = json.nextToken(); token == JsonToken.FIELD_NAME; token = json.nextToken()) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (name.equals("stage")) {
                stage = json.getText();
            } else if (name.equals("record") && value == JsonToken.START_OBJECT) {
                record = JsonFiles.values(json);
            }
        }
        return new Letter(file, stage, record);
    }
}
