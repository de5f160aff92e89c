package io.solstice.connector.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Batch;
import java.io.CharConversionException;
import java.io.IOException;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Reads JSON lines, each line with a parser of its own, so that a malformed one does not spoil the next. */
final class JsonReader implements SourceReader {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final LineReader lines;
    private final TextSettings settings;
    private final SkippedLines skipped;
    private final BatchBuilder rows;
    private final JsonStructDecoder.Fields fields;
    private long toPass;

    JsonReader(
            FileRange range, Schema schema, boolean strict, long position, TextSettings settings, SourceContext context)
            throws IOException {
        this.settings = settings;
        this.skipped = new SkippedLines(context);
        this.toPass = position;
        this.lines = new LineReader(range);
        this.rows = new BatchBuilder(schema, settings.batchRows(), context.allocator());
        this.fields = new JsonStructDecoder.Fields(rows.vectors(), "", strict);
    }

    @Override
    public @Nullable Batch read() throws IOException {
        rows.begin();
        while (!rows.isFull() && lines.advance()) {
            if (!lines.isBlank() && decode()) {
                // Rows that were read before are decoded over each other, since only decoding tells what is a row.
                if (toPass > 0) {
                    toPass--;
                } else {
                    skipped.tell();
                    rows.endRow(lines.length());
                }
            }
        }
        Batch batch = rows.finish();
        if (batch == null) {
            skipped.tell();
        }
        return batch;
    }

    /** Decodes the line into the next row; false where it was skipped. */
    private boolean decode() throws IOException {
        try (JsonParser parser = parser(lines)) {
            requireObject(parser, lines);
            fields.decode(parser, rows.rowCount());
            requireEnd(parser, lines);
            return true;
        } catch (JsonProcessingException | CharConversionException malformed) {
            skip(malformed(lines, malformed));
        } catch (SolsticeException unfit) {
            skip(unfit.within(lines.place()));
        }
        return false;
    }

    private void skip(SolsticeException why) {
        if (!settings.skipOnError()) {
            throw why;
        }
        if (toPass == 0) {
            skipped.add(lines.place(), lines.text(), why);
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
        lines.close();
    }

    static JsonParser parser(LineReader lines) throws IOException {
        return JSON.createParser(lines.bytes(), lines.offset(), lines.length());
    }

    static void requireObject(JsonParser parser, LineReader lines) throws IOException {
        JsonToken token = parser.nextToken();
        if (token != JsonToken.START_OBJECT) {
            boolean array = token == JsonToken.START_ARRAY;
            throw Malformed.line(
                    "a line is not a JSON object",
                    lines.place(),
                    "found " + Malformed.shorten(lines.text()) + ", expected one object a line",
                    array ? "a file with one JSON array must be turned into lines first, for example: jq -c '.[]'" : "",
                    null);
        }
    }

    static void requireEnd(JsonParser parser, LineReader lines) throws IOException {
        if (parser.nextToken() != null) {
            long at = parser.currentTokenLocation().getByteOffset();
            throw Malformed.line(
                    "a line has more than one JSON value",
                    lines.place(),
                    "found " + fragment(lines, (int) at) + " after the object, expected the end of the line",
                    "",
                    null);
        }
    }

    static SolsticeException malformed(LineReader lines, IOException beneath) {
        int at = 0;
        String message = String.valueOf(beneath.getMessage());
        if (beneath instanceof JsonProcessingException syntax) {
            message = syntax.getOriginalMessage();
            if (syntax.getLocation() != null) {
                at = (int) Math.max(0, syntax.getLocation().getByteOffset());
            }
        }
        return Malformed.line(
                "a line is not valid JSON",
                lines.place(),
                "at byte " + (lines.bytePosition() + at) + " of the file, column " + (at + 1) + ", near "
                        + fragment(lines, at) + ": "
                        + message.lines().findFirst().orElse(""),
                "",
                beneath);
    }

    /** The bytes around a place in the line, as text in quotes. */
    private static String fragment(LineReader lines, int at) {
        String text = lines.text();
        int from = Math.max(0, Math.min(at, text.length()) - 20);
        return "'" + text.substring(from, Math.min(text.length(), from + 40)) + "'";
    }
}
