package io.solstice.connector.files;

import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Batch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Reads one CSV file. The header says which field goes to which column; the order of both may differ. */
final class CsvFileReader implements SourceReader {
    private final TextSettings settings;
    private final SkippedLines skipped;
    private final Schema schema;
    private final boolean strict;
    private final CsvRecords records;
    private final BatchBuilder rows;
    private final TextDecoder[] decoders;
    private int[] columnOfField = {};
    private int[] absentColumns = {};
    private boolean started;
    private boolean broken;
    private long toPass;

    CsvFileReader(Path file, Schema schema, boolean strict, long position, TextSettings settings, SourceContext context)
            throws IOException {
        this.settings = settings;
        this.skipped = new SkippedLines(context);
        this.schema = schema;
        this.strict = strict;
        this.toPass = position;
        this.records = new CsvRecords(file, settings.delimiter());
        this.rows = new BatchBuilder(schema, settings.batchRows(), context.allocator());
        this.decoders = rows.vectors().stream().map(TextDecoder::of).toArray(TextDecoder[]::new);
    }

    @Override
    public @Nullable Batch read() {
        rows.begin();
        while (!rows.isFull() && advance()) {
            if (records.isEmptyLine() && columnOfField.length > 1) {
                continue;
            }
            if (decode()) {
                if (toPass > 0) {
                    toPass--;
                } else {
                    skipped.tell();
                    rows.endRow(records.charCount());
                }
            }
        }
        Batch batch = rows.finish();
        if (batch == null) {
            skipped.tell();
        }
        return batch;
    }

    private boolean advance() {
        try {
            if (broken || !records.advance()) {
                return false;
            }
            if (!started) {
                started = true;
                mapFields();
                return !settings.header() || records.advance();
            }
            return true;
        } catch (SolsticeException malformed) {
            // What follows an unclosed quote cannot be told apart into records any more.
            broken = true;
            skip(malformed);
            return false;
        }
    }

    private boolean decode() {
        try {
            if (records.fieldCount() != columnOfField.length) {
                throw Malformed.line(
                        "a line has the wrong number of fields",
                        records.place(),
                        "found " + records.fieldCount() + " fields in '" + Malformed.shorten(records.raw())
                                + "', expected " + columnOfField.length,
                        "",
                        null);
            }
            decodeFields(rows.rowCount());
            return true;
        } catch (SolsticeException unfit) {
            skip(unfit.within(records.place()));
            return false;
        }
    }

    private void decodeFields(int row) {
        for (int field = 0; field < columnOfField.length; field++) {
            int column = columnOfField[field];
            if (column < 0) {
                continue;
            }
            if (records.isNull(field)) {
                setNull(column, row);
                continue;
            }
            try {
                decoders[column].set(records.chars(), records.offset(field), records.length(field), row);
            } catch (IllegalArgumentException | ArithmeticException | DateTimeException unfit) {
                Field type = schema.getFields().get(column);
                throw Malformed.value(type.getName(), "'" + records.text(field) + "'", TextTypes.name(type), unfit);
            }
        }
        for (int column : absentColumns) {
            setNull(column, row);
        }
    }

    private void setNull(int column, int row) {
        FieldVector vector = rows.vectors().get(column);
        if (!vector.getField().isNullable()) {
            throw Malformed.value(vector.getName(), "nothing", TextTypes.name(vector.getField()), null);
        }
        vector.setNull(row);
    }

    /** Decides from the first record which field of the file goes to which column. */
    private void mapFields() {
        List<String> known = schema.getFields().stream().map(Field::getName).toList();
        List<String> names = CsvFormat.columnNames(records, settings.header());
        boolean byPosition = !settings.header() && names.stream().noneMatch(known::contains);
        columnOfField = new int[names.size()];
        boolean[] present = new boolean[known.size()];
        for (int i = 0; i < columnOfField.length; i++) {
            int column = byPosition ? (i < known.size() ? i : -1) : known.indexOf(names.get(i));
            if (column < 0 && strict) {
                throw ErrorCode.SOURCE_FORMAT
                        .error("the file has a column '" + names.get(i) + "' that the first files do not have")
                        .where(records.place())
                        .help(NearestName.help(names.get(i), known))
                        .toException();
            }
            columnOfField[i] = column;
            if (column >= 0) {
                present[column] = true;
            }
        }
        absentColumns = IntStream.range(0, present.length)
                .filter(column -> !present[column])
                .toArray();
    }

    private void skip(SolsticeException why) {
        if (!settings.skipOnError()) {
            throw why;
        }
        if (toPass == 0) {
            skipped.add(records.place(), records.raw(), why);
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
        records.close();
    }
}
