package io.solstice.connector.files;

import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Schema;

/** CSV as in RFC 4180, in UTF-8, with any one character between the fields. */
final class CsvFormat implements TextFormat {
    private final TextSettings settings;

    CsvFormat(TextSettings settings) {
        this.settings = settings;
    }

    /** A quoted field may hold line ends, so only a reader from the beginning knows what is a line. */
    @Override
    public boolean divisible() {
        return false;
    }

    @Override
    public SourceReader open(FileRange range, Schema schema, boolean strict, long position, SourceContext context)
            throws IOException {
        return new CsvFileReader(range.file(), schema, strict, position, settings, context);
    }

    @Override
    public Schema infer(List<Path> files) throws IOException {
        TypeGuess row = new TypeGuess("");
        int seen = 0;
        for (Path file : files) {
            try (CsvRecords records = new CsvRecords(file, settings.delimiter())) {
                if (seen < JsonFormat.SAMPLE_ROWS && records.advance()) {
                    List<String> names = columnNames(records, settings.header());
                    names.forEach(row::field);
                    if (!settings.header()) {
                        seen += look(records, names, row);
                    }
                    while (seen < JsonFormat.SAMPLE_ROWS && records.advance()) {
                        seen += look(records, names, row);
                    }
                }
            } catch (SolsticeException malformed) {
                if (!settings.skipOnError()) {
                    throw malformed;
                }
            }
        }
        if (row.hasNoFields()) {
            throw ErrorCode.SOURCE_FORMAT
                    .error("the input has no header or row to find the columns out from")
                    .where("FileSource.file_paths")
                    .cause(
                            files.size() == 1
                                    ? "'" + files.get(0) + "' is empty"
                                    : "all " + files.size() + " files are empty")
                    .help("give the columns with FileSource.schema(...)")
                    .toException();
        }
        return new Schema(row.fields());
    }

    private static int look(CsvRecords records, List<String> names, TypeGuess row) {
        if (records.fieldCount() != names.size() || (records.isEmptyLine() && names.size() > 1)) {
            return 0;
        }
        for (int i = 0; i < names.size(); i++) {
            row.field(names.get(i)).seeText(kind(records, i));
        }
        return 1;
    }

    private static TypeGuess.Kind kind(CsvRecords records, int field) {
        if (records.isNull(field)) {
            return TypeGuess.Kind.NOTHING;
        }
        char[] chars = records.chars();
        int offset = records.offset(field);
        int length = records.length(field);
        if (TextDecoder.matches("true", chars, offset, length) || TextDecoder.matches("false", chars, offset, length)) {
            return TypeGuess.Kind.FLAG;
        }
        if (length == 0 || hasLeadingZero(chars, offset, length)) {
            return TypeGuess.Kind.TEXT;
        }
        try {
            WholeNumbers.parse(chars, offset, length);
            return TypeGuess.Kind.WHOLE;
        } catch (NumberFormatException notWhole) {
            try {
                double value = TextDecoder.parseDouble(chars, offset, length);
                return Double.isFinite(value) ? TypeGuess.Kind.FRACTION : TypeGuess.Kind.ODD_NUMBER;
            } catch (NumberFormatException notNumber) {
                return TypeGuess.Kind.TEXT;
            }
        }
    }

    /** Post codes and account numbers such as {@code 00123} are no numbers. */
    private static boolean hasLeadingZero(char[] chars, int offset, int length) {
        return length > 1 && chars[offset] == '0' && Character.isDigit(chars[offset + 1]);
    }

    /** From the header, or {@code column_1} and on. The same name twice is an error. */
    static List<String> columnNames(CsvRecords first, boolean header) {
        if (!header) {
            List<String> names = new ArrayList<>();
            for (int i = 1; i <= first.fieldCount(); i++) {
                names.add("column_" + i);
            }
            return names;
        }
        List<String> names = first.texts();
        Set<String> unique = new HashSet<>();
        for (String name : names) {
            if (!unique.add(name)) {
                throw ErrorCode.SOURCE_FORMAT
                        .error("two columns are named '" + name + "'")
                        .where(first.place())
                        .help("give the columns other names, or set header: false")
                        .toException();
            }
        }
        return names;
    }
}
