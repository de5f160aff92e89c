package io.solstice.connector.files;

import io.solstice.common.error.ErrorCode;
import io.solstice.exchange.batch.Batch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Writes a header and one line a row. Null is an empty field, an empty text is {@code ""}. */
final class CsvEncoder implements TextEncoder {
    private final char delimiter;
    private final CsvBuffer buffer;
    private @Nullable Schema schema;
    private @Nullable OutputStream out;

    /** @param expected the columns if they are known before the first row, for the header of a file without rows */
    CsvEncoder(char delimiter, @Nullable Schema expected) {
        this.delimiter = delimiter;
        this.buffer = new CsvBuffer(delimiter);
        this.schema = expected;
    }

    static void requireFlat(Schema schema) {
        for (Field field : schema.getFields()) {
            if (TextTypes.isNested(field)) {
                throw ErrorCode.NOT_SUPPORTED
                        .error("CSV cannot hold the nested column '" + field.getName() + "'")
                        .where("column '" + field.getName() + "'")
                        .cause("it is " + TextTypes.name(field))
                        .help("write JSON or Parquet, or take the column apart first")
                        .toException();
            }
        }
    }

    @Override
    public void begin(OutputStream target) throws IOException {
        out = target;
        if (schema != null) {
            header(schema, target);
        }
    }

    @Override
    public void write(Batch batch) throws IOException {
        OutputStream target = out;
        if (target == null) {
            throw new IllegalStateException("begin comes first");
        }
        if (schema == null) {
            schema = batch.schema();
            header(schema, target);
        } else if (!sameColumns(schema, batch.schema())) {
            throw ErrorCode.SCHEMA_CHANGED
                    .error("the columns changed, which CSV cannot follow")
                    .cause("found " + batch.schema() + ", expected " + schema)
                    .help("write JSON, or give all rows the same columns")
                    .toException();
        }
        FieldVector[] columns = batch.columns().toArray(new FieldVector[0]);
        CsvValues[] values = new CsvValues[columns.length];
        for (int i = 0; i < columns.length; i++) {
            values[i] = CsvValues.of(columns[i]);
        }
        for (int row = 0; row < batch.rowCount(); row++) {
            for (int i = 0; i < columns.length; i++) {
                if (i > 0) {
                    buffer.put((byte) delimiter);
                }
                if (!columns[i].isNull(row)) {
                    values[i].write(buffer, row);
                }
            }
            buffer.endLine(target);
        }
    }

    /** The header at the beginning of a file that such an encoder wrote; nothing if it is empty. */
    static byte[] headerOf(Path file, char delimiter) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CsvRecords records = new CsvRecords(file, delimiter)) {
            if (records.advance()) {
                header(new CsvBuffer(delimiter), records.texts(), delimiter, bytes);
            }
        }
        return bytes.toByteArray();
    }

    private void header(Schema columns, OutputStream target) throws IOException {
        TextTypes.requireWritable(columns);
        requireFlat(columns);
        header(buffer, columns.getFields().stream().map(Field::getName).toList(), delimiter, target);
    }

    private static void header(CsvBuffer buffer, List<String> names, char delimiter, OutputStream target)
            throws IOException {
        for (int i = 0; i < names.size(); i++) {
            if (i > 0) {
                buffer.put((byte) delimiter);
            }
            buffer.text(names.get(i));
        }
        buffer.endLine(target);
    }

    private static boolean sameColumns(Schema known, Schema found) {
        if (known.equals(found)) {
            return true;
        }
        List<Field> left = known.getFields();
        List<Field> right = found.getFields();
        for (int i = 0; i < left.size() && left.size() == right.size(); i++) {
            if (!left.get(i).getName().equals(right.get(i).getName())
                    || !left.get(i).getType().equals(right.get(i).getType())) {
                return false;
            }
        }
        return left.size() == right.size();
    }

    @Override
    public void end() throws IOException {
        if (out != null) {
            out.flush();
        }
    }
}
