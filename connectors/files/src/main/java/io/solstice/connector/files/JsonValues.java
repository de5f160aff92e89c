package io.solstice.connector.files;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * Writes the values of one vector as JSON. NaN and the infinities, which JSON does not have, are written as the texts
 * {@code "NaN"}, {@code "Infinity"} and {@code "-Infinity"}; binary is base64; dates and times are ISO 8601.
 */
interface JsonValues {
    /** Writes the value of a row that is not null. */
    void write(JsonGenerator json, int row) throws IOException;

    static JsonValues of(FieldVector vector) {
        ArrowType type = vector.getField().getType();
        return switch (type.getTypeID()) {
            case Null -> (json, row) -> json.writeNull();
            case Bool -> {
                BitVector bits = (BitVector) vector;
                yield (json, row) -> json.writeBoolean(bits.get(row) != 0);
            }
            case Int -> whole(vector);
            case FloatingPoint -> floating(vector);
            case Decimal ->
                vector instanceof DecimalVector narrow
                        ? (json, row) -> json.writeNumber(narrow.getObject(row).toPlainString())
                        : (json, row) -> json.writeNumber(
                                ((Decimal256Vector) vector).getObject(row).toPlainString());
            case Utf8, LargeUtf8, Utf8View -> text(vector);
            case Binary, LargeBinary, BinaryView, FixedSizeBinary -> binary(vector);
            case Date, Time, Timestamp -> iso(vector);
            case Struct -> ofFields(((StructVector) vector).getChildrenFromFields());
            case List, LargeList, FixedSizeList -> list(vector);
            case Map -> map((MapVector) vector);
            default -> (json, row) -> json.writeString(String.valueOf(vector.getObject(row)));
        };
    }

    /** All vectors as the fields of one object. */
    static JsonValues ofFields(List<FieldVector> vectors) {
        FieldVector[] columns = vectors.toArray(new FieldVector[0]);
        SerializedString[] names = new SerializedString[columns.length];
        JsonValues[] values = new JsonValues[columns.length];
        for (int i = 0; i < columns.length; i++) {
            names[i] = new SerializedString(columns[i].getName());
            values[i] = of(columns[i]);
        }
        return (json, row) -> {
            json.writeStartObject();
            for (int i = 0; i < columns.length; i++) {
                json.writeFieldName(names[i]);
                writeOrNull(json, columns[i], values[i], row);
            }
            json.writeEndObject();
        };
    }

    private static void writeOrNull(JsonGenerator json, FieldVector vector, JsonValues values, int row)
            throws IOException {
        if (vector.isNull(row)) {
            json.writeNull();
        } else {
            values.write(json, row);
        }
    }

    private static JsonValues whole(FieldVector vector) {
        if (vector instanceof UInt8Vector unsigned) {
            return (json, row) -> {
                long value = unsigned.get(row);
                if (value >= 0) {
                    json.writeNumber(value);
                } else {
                    json.writeNumber(Long.toUnsignedString(value));
                }
            };
        }
        LongValues values = LongValues.of(vector);
        return (json, row) -> json.writeNumber(values.get(row));
    }

    private static JsonValues floating(FieldVector vector) {
        if (vector instanceof Float8Vector wide) {
            return (json, row) -> {
                double value = wide.get(row);
                if (Double.isFinite(value)) {
                    json.writeNumber(value);
                } else {
                    json.writeString(Double.toString(value));
                }
            };
        }
        return (json, row) -> {
            float value = vector instanceof Float4Vector single
                    ? single.get(row)
                    : ((Float2Vector) vector).getValueAsFloat(row);
            if (Float.isFinite(value)) {
                json.writeNumber(value);
            } else {
                json.writeString(Float.toString(value));
            }
        };
    }

    private static JsonValues text(FieldVector vector) {
        ByteValues bytes = new ByteValues(vector);
        return (json, row) -> {
            bytes.load(row);
            json.writeUTF8String(bytes.bytes(), 0, bytes.length());
        };
    }

    private static JsonValues binary(FieldVector vector) {
        ByteValues bytes = new ByteValues(vector);
        return (json, row) -> {
            bytes.load(row);
            json.writeBinary(bytes.bytes(), 0, bytes.length());
        };
    }

    private static JsonValues iso(FieldVector vector) {
        IsoWriter iso = new IsoWriter();
        IsoValues values = IsoValues.of(vector);
        return (json, row) -> {
            values.write(iso, row);
            json.writeUTF8String(iso.bytes(), 0, iso.length());
        };
    }

    private static JsonValues list(FieldVector vector) {
        FieldVector data = vector.getChildrenFromFields().get(0);
        JsonValues items = of(data);
        if (vector instanceof FixedSizeListVector fixed) {
            int size = fixed.getListSize();
            return (json, row) -> items(json, data, items, (long) row * size, (long) (row + 1) * size);
        }
        if (vector instanceof LargeListVector large) {
            return (json, row) ->
                    items(json, data, items, large.getElementStartIndex(row), large.getElementEndIndex(row));
        }
        ListVector list = (ListVector) vector;
        return (json, row) -> items(json, data, items, list.getElementStartIndex(row), list.getElementEndIndex(row));
    }

    private static void items(JsonGenerator json, FieldVector data, JsonValues values, long from, long to)
            throws IOException {
        json.writeStartArray();
        for (long i = from; i < to; i++) {
            writeOrNull(json, data, values, (int) i);
        }
        json.writeEndArray();
    }

    /** With texts as keys an object, else an array of entries. */
    private static JsonValues map(MapVector vector) {
        StructVector entries = (StructVector) vector.getDataVector();
        List<FieldVector> parts = entries.getChildrenFromFields();
        FieldVector keys = parts.get(0);
        if (keys.getField().getType().getTypeID() != ArrowType.ArrowTypeID.Utf8) {
            JsonValues entry = of(entries);
            return (json, row) ->
                    items(json, entries, entry, vector.getElementStartIndex(row), vector.getElementEndIndex(row));
        }
        FieldVector data = parts.get(1);
        JsonValues values = of(data);
        return (json, row) -> {
            json.writeStartObject();
            for (int i = vector.getElementStartIndex(row); i < vector.getElementEndIndex(row); i++) {
                json.writeFieldName(String.valueOf(keys.getObject(i)));
                writeOrNull(json, data, values, i);
            }
            json.writeEndObject();
        };
    }
}
