package io.solstice.connector.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import java.io.IOException;
import java.time.DateTimeException;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;

/** Decoders of JSON's plain values. */
final class JsonScalars {
    private JsonScalars() {}

    static final class Bool extends JsonDecoder {
        private final BitVector vector;

        Bool(BitVector vector, String path) {
            super(vector, path);
            this.vector = vector;
        }

        @Override
        void decodeValue(JsonParser parser, int row) throws IOException {
            switch (parser.currentToken()) {
                case VALUE_TRUE -> vector.setSafe(row, 1);
                case VALUE_FALSE -> vector.setSafe(row, 0);
                default -> throw mismatch(parser);
            }
        }
    }

    static final class Int64 extends JsonDecoder {
        private final BigIntVector vector;

        Int64(BigIntVector vector, String path) {
            super(vector, path);
            this.vector = vector;
        }

        @Override
        void decodeValue(JsonParser parser, int row) throws IOException {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                throw mismatch(parser);
            }
            try {
                vector.setSafe(row, parser.getLongValue());
            } catch (InputCoercionException tooLarge) {
                throw mismatch(parser, tooLarge);
            }
        }
    }

    static final class Floating extends JsonDecoder {
        private final FieldVector vector;

        Floating(FieldVector vector, String path) {
            super(vector, path);
            this.vector = vector;
        }

        @Override
        void decodeValue(JsonParser parser, int row) throws IOException {
            double value = value(parser);
            if (vector instanceof Float8Vector wide) {
                wide.setSafe(row, value);
            } else {
                ((Float4Vector) vector).setSafe(row, (float) value);
            }
        }

        private double value(JsonParser parser) throws IOException {
            JsonToken token = parser.currentToken();
            if (token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT) {
                return parser.getDoubleValue();
            }
            // JSON has no such numbers, so the sink writes them as these texts.
            return switch (token == JsonToken.VALUE_STRING ? parser.getText() : "") {
                case "NaN" -> Double.NaN;
                case "Infinity" -> Double.POSITIVE_INFINITY;
                case "-Infinity" -> Double.NEGATIVE_INFINITY;
                default -> throw mismatch(parser);
            };
        }
    }

    /** Everything that is decoded from the characters of a text or a number. */
    static final class Text extends JsonDecoder {
        private final TextDecoder decoder;
        private final boolean fromText;
        private final boolean fromNumber;
        private final boolean fromFlag;

        /** @param lenient whether a column of texts takes numbers and flags as they are written */
        Text(FieldVector vector, String path, boolean lenient) {
            super(vector, path);
            this.decoder = TextDecoder.of(vector);
            switch (vector.getField().getType().getTypeID()) {
                case Int -> {
                    fromText = false;
                    fromNumber = true;
                    fromFlag = false;
                }
                case Decimal -> {
                    fromText = true;
                    fromNumber = true;
                    fromFlag = false;
                }
                case Utf8, LargeUtf8, Utf8View -> {
                    fromText = true;
                    fromNumber = lenient;
                    fromFlag = lenient;
                }
                default -> {
                    fromText = true;
                    fromNumber = false;
                    fromFlag = false;
                }
            }
        }

        @Override
        void decodeValue(JsonParser parser, int row) throws IOException {
            boolean possible = switch (parser.currentToken()) {
                case VALUE_STRING -> fromText;
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> fromNumber;
                case VALUE_TRUE, VALUE_FALSE -> fromFlag;
                default -> false;
            };
            if (!possible) {
                throw mismatch(parser);
            }
            try {
                decoder.set(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength(), row);
            } catch (IllegalArgumentException | ArithmeticException | DateTimeException unfit) {
                throw mismatch(parser, unfit);
            }
        }
    }
}
