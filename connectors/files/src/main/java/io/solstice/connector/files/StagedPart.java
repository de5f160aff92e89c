package io.solstice.connector.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A sealed part, as it travels in a committable. Size and time of the last change stay with a file when it is renamed,
 * and so tell later whether the published file is this one.
 *
 * @param single whether the target is one file instead of a directory of parts
 */
record StagedPart(Path target, Path staged, boolean single, long bytes, long modifiedNanos) {
    /** Part of the name of every staging directory. */
    static final String STAGING_MARK = ".solstice-";

    private static final JsonFactory JSON = new JsonFactory();

    static StagedPart of(Path target, Path staged, boolean single) throws IOException {
        return new StagedPart(target, staged, single, Files.size(staged), modified(staged));
    }

    /** Whether that file is the one that was sealed, under whatever name. */
    boolean is(Path file) throws IOException {
        return Files.isRegularFile(file) && Files.size(file) == bytes && modified(file) == modifiedNanos;
    }

    static long modified(Path file) throws IOException {
        return Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS);
    }

    /** Whether that file was made of several parts of which this is the newest. */
    boolean isNewestOf(Path file) throws IOException {
        return Files.isRegularFile(file) && Files.size(file) >= bytes && modified(file) == modifiedNanos;
    }

    /** Its name in every directory it is moved to. */
    String name() {
        return String.valueOf(staged.getFileName());
    }

    static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent(), "a target has a parent directory");
    }

    String toJson() throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("target", target.toString());
            json.writeStringField("staged", staged.toString());
            json.writeBooleanField("single", single);
            json.writeStringField("bytes", Long.toString(bytes));
            json.writeStringField("modified", Long.toString(modifiedNanos));
            json.writeEndObject();
        }
        return text.toString();
    }

    static StagedPart parse(String payload) {
        Map<String, String> values = new HashMap<>();
        try (JsonParser json = JSON.createParser(payload)) {
            json.nextToken();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                values.put(name, json.getText());
            }
        } catch (IOException notOurs) {
            throw new UncheckedIOException("not a committable of a file sink: " + payload, notOurs);
        }
        return new StagedPart(
                Path.of(values.getOrDefault("target", "")),
                Path.of(values.getOrDefault("staged", "")),
                Boolean.parseBoolean(values.get("single")),
                Long.parseLong(values.getOrDefault("bytes", "-1")),
                Long.parseLong(values.getOrDefault("modified", "-1")));
    }
}
