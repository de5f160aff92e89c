package io.solstice.worker.record;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Where an operator's new columns go.
 *
 * @param origins for each field of the schema, the input column it is, or {@code -1 - k} for new column k
 */
record Placement(Schema schema, int[] origins) {

    /** Nothing but the new columns. */
    static Placement of(Schema made) {
        int[] origins = new int[made.getFields().size()];
        for (int i = 0; i < origins.length; i++) {
            origins[i] = -1 - i;
        }
        return new Placement(made, origins);
    }

    /** The input's columns, new ones taking the place of those of their name or else coming last. */
    static Placement over(Schema input, List<Field> made) {
        Map<String, Integer> origins = new LinkedHashMap<>();
        for (int i = 0; i < input.getFields().size(); i++) {
            origins.put(input.getFields().get(i).getName(), i);
        }
        for (int i = 0; i < made.size(); i++) {
            origins.put(made.get(i).getName(), -1 - i);
        }
        List<Field> fields = new ArrayList<>();
        origins.values()
                .forEach(origin -> fields.add(origin >= 0 ? input.getFields().get(origin) : made.get(-1 - origin)));
        int[] all = origins.values().stream().mapToInt(Integer::intValue).toArray();
        return new Placement(new Schema(fields, input.getCustomMetadata()), all);
    }
}
