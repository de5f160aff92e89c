package io.solstice.connector.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;

/** JSON lines. */
final class JsonFormat implements TextFormat {
    static final int SAMPLE_ROWS = 1000;

    private final TextSettings settings;

    JsonFormat(TextSettings settings) {
        this.settings = settings;
    }

    @Override
    public boolean divisible() {
        return true;
    }

    @Override
    public SourceReader open(FileRange range, Schema schema, boolean strict, long position, SourceContext context)
            throws IOException {
        return new JsonReader(range, schema, strict, position, settings, context);
    }

    @Override
    public Schema infer(List<Path> files) throws IOException {
        TypeGuess rows = new TypeGuess("");
        int seen = 0;
        for (Path file : files) {
            try (LineReader lines = new LineReader(FileRange.whole(file))) {
                while (seen < SAMPLE_ROWS && lines.advance()) {
                    if (!lines.isBlank()) {
                        seen++;
                        look(lines, rows);
                    }
                }
            }
        }
        if (rows.hasNoFields()) {
            throw ErrorCode.SOURCE_FORMAT
                    .error("the input has no rows to find the columns out from")
                    .where("FileSource.file_paths")
                    .cause(
                            files.size() == 1
                                    ? "'" + files.get(0) + "' is empty"
                                    : "all " + files.size() + " files are empty")
                    .help("give the columns with FileSource.schema(...)")
                    .toException();
        }
        return new Schema(rows.fields());
    }

    private void look(LineReader lines, TypeGuess rows) throws IOException {
        try (JsonParser parser = JsonReader.parser(lines)) {
            JsonReader.requireObject(parser, lines);
            lookAtObject(parser, rows);
            JsonReader.requireEnd(parser, lines);
        } catch (JsonProcessingException malformed) {
            if (!settings.skipOnError()) {
                throw JsonReader.malformed(lines, malformed);
            }
        } catch (SolsticeException unfit) {
            if (!settings.skipOnError()) {
                throw unfit.within(lines.place());
            }
        }
    }

    private static void lookAtObject(JsonParser parser, TypeGuess object) throws IOException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            lookAtValue(parser, object.field(name));
        }
    }

    private static void lookAtValue(JsonParser parser, TypeGuess value) throws IOException {
        switch (parser.currentToken()) {
            case VALUE_TRUE, VALUE_FALSE -> value.see(TypeGuess.Kind.FLAG);
            case VALUE_NUMBER_FLOAT -> value.see(TypeGuess.Kind.FRACTION);
            case VALUE_NUMBER_INT ->
                value.see(
                        parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                                ? TypeGuess.Kind.FRACTION
                                : TypeGuess.Kind.WHOLE);
            case VALUE_STRING ->
                value.see(
                        List.of("NaN", "Infinity", "-Infinity").contains(parser.getText())
                                ? TypeGuess.Kind.ODD_NUMBER
                                : TypeGuess.Kind.TEXT);
            case START_OBJECT -> {
                value.see(TypeGuess.Kind.OBJECT);
                lookAtObject(parser, value);
            }
            case START_ARRAY -> {
                value.see(TypeGuess.Kind.ARRAY);
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    lookAtValue(parser, value.items());
                }
            }
            default -> value.see(TypeGuess.Kind.NOTHING);
        }
    }
}
