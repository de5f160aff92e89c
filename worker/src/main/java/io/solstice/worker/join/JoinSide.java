package io.solstice.worker.join;

import io.solstice.common.error.ErrorCode;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.keyed.Values;
import io.solstice.worker.time.TimeColumn;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One input of a join.
 *
 * @param name the id of its upstream
 * @param keys positions of the key columns
 * @param time the column of event time; null if it does not matter
 */
record JoinSide(
        String name,
        Schema schema,
        List<Integer> keys,
        @Nullable TimeColumn time) {

    FieldVector[] keys(Batch batch) {
        FieldVector[] vectors = new FieldVector[keys.size()];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = batch.column(keys.get(i));
        }
        return vectors;
    }

    List<Field> keyFields() {
        return keys.stream().map(schema.getFields()::get).toList();
    }

    /** Says -1 for the group of each row in whose key something is null, so that it equals no other. */
    void leaveOutNulls(Batch batch, int[] groups) {
        int rows = batch.rowCount();
        boolean[] present = new boolean[rows];
        for (FieldVector key : keys(batch)) {
            if (Values.someMissing(key, rows, present)) {
                for (int i = 0; i < rows; i++) {
                    groups[i] = present[i] ? groups[i] : -1;
                }
            }
        }
    }

    /** Where the columns are in batches of a schema, in which each must still be what it was. */
    int[] positions(Schema input) {
        int[] positions = new int[schema.getFields().size()];
        for (int i = 0; i < positions.length; i++) {
            Field field = schema.getFields().get(i);
            positions[i] = Batch.indexOf(input, field.getName());
            Field found = input.getFields().get(positions[i]);
            if (!alike(found, field)) {
                throw ErrorCode.SCHEMA_CHANGED
                        .error("column '" + field.getName() + "' of '" + name + "' has another type than before")
                        .cause("found " + found + ", expected " + field)
                        .help("declare the output schema of that stage as it is")
                        .toException();
            }
        }
        return positions;
    }

    private static boolean alike(Field one, Field other) {
        List<Field> children = one.getChildren();
        boolean alike = one.getType().equals(other.getType())
                && children.size() == other.getChildren().size();
        for (int i = 0; i < children.size() && alike; i++) {
            alike = alike(children.get(i), other.getChildren().get(i));
        }
        return alike;
    }

    @Override
    public String toString() {
        return name + Arrays.toString(keys.toArray());
    }
}
