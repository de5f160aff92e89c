package io.solstice.connector.files;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The records of a CSV file, one after the other, in buffers that are used again. */
final class CsvRecords implements Closeable {
    private static final int READ_BUFFER_BYTES = 256 << 10;

    private final Path file;
    private final char delimiter;
    private final CloseableIterator<Fields> records;
    private final Fields fields = new Fields();

    CsvRecords(Path file, char delimiter) throws IOException {
        this.file = file;
        this.delimiter = delimiter;
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        var strict = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var text = new ByteOrderMarkSkipper(Channels.newReader(channel, strict, READ_BUFFER_BYTES));
        this.records = CsvReader.builder()
                .fieldSeparator(delimiter)
                .skipEmptyLines(false)
                .allowUnclosedQuote(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .build(fields, text)
                .iterator();
    }

    /** Moves to the next record; false at the end. Text that is not CSV is an error with its line. */
    boolean advance() {
        try {
            if (!records.hasNext()) {
                return false;
            }
            records.next();
            return true;
        } catch (CsvParseException malformed) {
            String why = malformed.getCause() == null
                    ? malformed.getMessage()
                    : malformed.getCause().getMessage();
            throw Malformed.line(
                    "a line is not valid CSV",
                    place(),
                    String.valueOf(why),
                    "look for a quote that is not closed",
                    malformed);
        } catch (UncheckedIOException failure) {
            if (failure.getCause() instanceof CharacterCodingException) {
                throw Malformed.line(
                        "the file is not in UTF-8",
                        "after " + place(),
                        "found bytes that are no character: "
                                + failure.getCause().getMessage(),
                        "convert it first, for example: iconv -f latin1 -t utf-8",
                        failure);
            }
            throw failure;
        }
    }

    /** Whether the record is a line without any character. */
    boolean isEmptyLine() {
        return fields.count == 1 && fields.ends[0] == 0 && !fields.quoted[0];
    }

    int fieldCount() {
        return fields.count;
    }

    char[] chars() {
        return fields.chars;
    }

    int offset(int field) {
        return field == 0 ? 0 : fields.ends[field - 1];
    }

    int length(int field) {
        return fields.ends[field] - offset(field);
    }

    /** An empty field without quotes is null; with quotes it is an empty text. */
    boolean isNull(int field) {
        return length(field) == 0 && !fields.quoted[field];
    }

    String text(int field) {
        return new String(fields.chars, offset(field), length(field));
    }

    List<String> texts() {
        List<String> texts = new ArrayList<>(fields.count);
        for (int i = 0; i < fields.count; i++) {
            texts.add(text(i));
        }
        return texts;
    }

    /** The record as it may have stood in the file. */
    String raw() {
        return String.join(String.valueOf(delimiter), texts());
    }

    int charCount() {
        return fields.count == 0 ? 0 : fields.ends[fields.count - 1];
    }

    String place() {
        return file + ":" + fields.line;
    }

    @Override
    public void close() throws IOException {
        records.close();
    }

    /** Copies the fields of one record out of the reader's buffer. */
    private static final class Fields extends AbstractBaseCsvCallbackHandler<Fields> {
        private char[] chars = new char[1024];
        private int[] ends = new int[16];
        private boolean[] quoted = new boolean[16];
        private int count;
        private long line;

        @Override
        protected void handleBegin(long startingLineNumber) {
            count = 0;
            line = startingLineNumber;
        }

        @Override
        protected void handleField(int index, char[] buffer, int offset, int length, boolean inQuotes) {
            int start = count == 0 ? 0 : ends[count - 1];
            if (count == ends.length) {
                ends = Arrays.copyOf(ends, count * 2);
                quoted = Arrays.copyOf(quoted, count * 2);
            }
            if (start + length > chars.length) {
                chars = Arrays.copyOf(chars, Math.max(chars.length * 2, start + length));
            }
            System.arraycopy(buffer, offset, chars, start, length);
            ends[count] = start + length;
            quoted[count] = inQuotes;
            count++;
        }

        @Override
        protected void handleEmpty() {
            ends[0] = 0;
            quoted[0] = false;
            count = 1;
        }

        @Override
        protected Fields buildRecord() {
            return this;
        }
    }
}
