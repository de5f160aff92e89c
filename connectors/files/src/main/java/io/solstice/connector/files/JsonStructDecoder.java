package io.solstice.connector.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;

/** Decodes an object into a struct. */
final class JsonStructDecoder extends JsonDecoder {
    private final StructVector vector;
    private final Fields fields;

    JsonStructDecoder(StructVector vector, String path, boolean strict) {
        super(vector, path);
        this.vector = vector;
        this.fields = new Fields(vector.getChildrenFromFields(), path + ".", strict);
    }

    @Override
    void decodeValue(JsonParser parser, int row) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw mismatch(parser);
        }
        vector.setIndexDefined(row);
        fields.decode(parser, row);
    }

    /** The fields of an object, found by name; of a struct, or of the whole row. */
    static final class Fields {
        private final String prefix;
        private final boolean strict;
        private final String[] names;
        private final JsonDecoder[] decoders;
        private final boolean[] seen;
        private final Map<String, Integer> indexes = new HashMap<>();

        Fields(List<FieldVector> vectors, String prefix, boolean strict) {
            this.prefix = prefix;
            this.strict = strict;
            this.names = new String[vectors.size()];
            this.decoders = new JsonDecoder[names.length];
            this.seen = new boolean[names.length];
            for (int i = 0; i < names.length; i++) {
                names[i] = vectors.get(i).getName();
                decoders[i] = JsonDecoder.of(vectors.get(i), prefix + names[i], strict);
                indexes.put(names[i], i);
            }
        }

        /** Decodes the object that the parser stands at the beginning of; fields that it lacks become null. */
        void decode(JsonParser parser, int row) throws IOException {
            Arrays.fill(seen, false);
            int found = 0;
            int guess = 0;
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                int index = indexOf(name, guess);
                if (index < 0) {
                    parser.skipChildren();
                    continue;
                }
                if (seen[index]) {
                    throw Malformed.value(prefix + name, "the field twice in one object", "it once", null);
                }
                seen[index] = true;
                found++;
                decoders[index].decode(parser, row);
                guess = index + 1;
            }
            for (int i = 0; found < names.length && i < names.length; i++) {
                if (!seen[i]) {
                    decoders[i].setNull(row);
                }
            }
        }

        /** Objects mostly have their fields in the same order, so the next one is tried first. */
        private int indexOf(String name, int guess) {
            if (guess < names.length && names[guess].equals(name)) {
                return guess;
            }
            Integer index = indexes.get(name);
            if (index == null && strict) {
                throw Malformed.unexpected(prefix + name);
            }
            return index == null ? -1 : index;
        }
    }
}
