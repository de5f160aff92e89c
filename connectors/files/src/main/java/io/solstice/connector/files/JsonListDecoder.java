package io.solstice.connector.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;

/** Decodes arrays into lists of the three layouts. */
abstract class JsonListDecoder extends JsonDecoder {
    private final JsonDecoder items;

    private JsonListDecoder(FieldVector vector, FieldVector data, String path, boolean strict) {
        super(vector, path);
        this.items = JsonDecoder.of(data, path + "[]", strict);
    }

    static JsonListDecoder of(FieldVector vector, String path, boolean strict) {
        if (vector instanceof FixedSizeListVector fixed) {
            return new OfFixedSize(fixed, path, strict);
        }
        return vector instanceof LargeListVector large
                ? new OfLarge(large, path, strict)
                : new OfAnySize((ListVector) vector, path, strict);
    }

    /** Decodes the items to row {@code first} and on, and returns how many there are. */
    final int items(JsonParser parser, int first, int most) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw mismatch(parser);
        }
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (count == most) {
                throw Malformed.value(path(), "more than " + most + " items", "exactly " + most, null);
            }
            items.decode(parser, first + count);
            count++;
        }
        return count;
    }

    private static final class OfAnySize extends JsonListDecoder {
        private final ListVector vector;

        OfAnySize(ListVector vector, String path, boolean strict) {
            super(vector, vector.getDataVector(), path, strict);
            this.vector = vector;
        }

        @Override
        void decodeValue(JsonParser parser, int row) throws IOException {
            int first = vector.startNewValue(row);
            vector.endValue(row, items(parser, first, Integer.MAX_VALUE));
        }
    }

    private static final class OfLarge extends JsonListDecoder {
        private final LargeListVector vector;

        OfLarge(LargeListVector vector, String path, boolean strict) {
            super(vector, vector.getDataVector(), path, strict);
            this.vector = vector;
        }

        @Override
        void decodeValue(JsonParser parser, int row) throws IOException {
            int first = Math.toIntExact(vector.startNewValue(row));
            vector.endValue(row, items(parser, first, Integer.MAX_VALUE));
        }
    }

    private static final class OfFixedSize extends JsonListDecoder {
        private final FixedSizeListVector vector;

        OfFixedSize(FixedSizeListVector vector, String path, boolean strict) {
            super(vector, vector.getDataVector(), path, strict);
            this.vector = vector;
        }

        @Override
        void decodeValue(JsonParser parser, int row) throws IOException {
            int size = vector.getListSize();
            int count = items(parser, vector.startNewValue(row), size);
            if (count != size) {
                throw Malformed.value(path(), count + " items", "exactly " + size, null);
            }
        }
    }
}
