package io.solstice.connector.files;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Base64;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** Writes the values of one vector as fields of CSV, in the same forms as JSON has them. */
interface CsvValues {
    /** Writes the value of a row that is not null. */
    void write(CsvBuffer line, int row);

    static CsvValues of(FieldVector vector) {
        ArrowType type = vector.getField().getType();
        return switch (type.getTypeID()) {
            case Bool -> (line, row) -> line.ascii(((BitVector) vector).get(row) != 0 ? "true" : "false");
            case Int -> whole(vector);
            case Utf8, LargeUtf8, Utf8View -> {
                ByteValues bytes = new ByteValues(vector);
                yield (line, row) -> {
                    bytes.load(row);
                    line.text(bytes.bytes(), bytes.length());
                };
            }
            case Binary, LargeBinary, BinaryView, FixedSizeBinary -> binary(vector);
            case Date, Time, Timestamp -> {
                IsoWriter iso = new IsoWriter();
                IsoValues values = IsoValues.of(vector);
                yield (line, row) -> {
                    values.write(iso, row);
                    line.plain(iso.bytes(), 0, iso.length());
                };
            }
            case Decimal -> (line, row) -> line.ascii(((BigDecimal) vector.getObject(row)).toPlainString());
            default -> (line, row) -> line.text(String.valueOf(vector.getObject(row)));
        };
    }

    private static CsvValues whole(FieldVector vector) {
        LongValues values = LongValues.of(vector);
        if (vector instanceof UInt8Vector) {
            return (line, row) -> line.ascii(Long.toUnsignedString(values.get(row)));
        }
        return (line, row) -> line.number(values.get(row));
    }

    private static CsvValues binary(FieldVector vector) {
        ByteValues bytes = new ByteValues(vector);
        return (line, row) -> {
            bytes.load(row);
            byte[] value = Arrays.copyOf(bytes.bytes(), bytes.length());
            line.ascii(Base64.getEncoder().encodeToString(value));
        };
    }
}
