package io.solstice.worker.join;

import io.solstice.api.operator.JoinOperator;
import io.solstice.common.error.ErrorCode;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.partition.KeyHash;
import io.solstice.worker.time.TimeColumn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A {@link JoinOperator} bound to the columns of its inputs.
 *
 * @param columns where each column of the result is from; a window's start and end follow
 */
record JoinPlan(JoinOperator definition, JoinSide left, JoinSide right, List<Origin> columns, Schema output) {

    /**
     * Where a column is from.
     *
     * @param left its position in the left, or -1
     * @param right its position in the right, or -1; a column with both is the left's where a left row is there
     */
    record Origin(int left, int right) {}

    /** Refuses inputs that do not fit. */
    static JoinPlan of(JoinOperator definition, Schema leftColumns, Schema rightColumns) {
        JoinSide left =
                side(definition, definition.leftStage(), leftColumns, definition.leftKeys(), definition.leftTime());
        JoinSide right =
                side(definition, definition.rightStage(), rightColumns, definition.rightKeys(), definition.rightTime());
        for (int i = 0; i < left.keys().size(); i++) {
            Field one = left.keyFields().get(i);
            Field other = right.keyFields().get(i);
            if (!one.getType().equals(other.getType())) {
                throw ErrorCode.TYPE_MISMATCH
                        .error("columns '" + one.getName() + "' and '" + other.getName()
                                + "' cannot be joined on, since their types differ")
                        .where("JoinOperator.on")
                        .cause("the one of '" + left.name() + "' is " + one.getType() + ", the one of '" + right.name()
                                + "' is " + other.getType())
                        .help("bring both to one type with MapOperator.withColumns, for example col(\"id\").cast(…)")
                        .toException();
            }
        }
        List<Origin> origins = new ArrayList<>();
        Schema output = output(definition, left, right, origins);
        return new JoinPlan(definition, left, right, List.copyOf(origins), output);
    }

    private static JoinSide side(
            JoinOperator definition, String name, Schema schema, List<String> keys, String timeColumn) {
        try {
            List<Integer> positions = new ArrayList<>();
            for (String key : keys) {
                int position = Batch.indexOf(schema, key);
                KeyHash.requireHashable(schema.getFields().get(position));
                positions.add(position);
            }
            TimeColumn time = definition.isTimed() ? TimeColumn.of(schema, timeColumn) : null;
            return new JoinSide(name, schema, List.copyOf(positions), time);
        } catch (io.solstice.common.error.SolsticeException unfit) {
            throw unfit.error().within("input '" + name + "' of the join").toException();
        }
    }

    private static Schema output(JoinOperator definition, JoinSide left, JoinSide right, List<Origin> origins) {
        List<Field> fields = new ArrayList<>();
        Set<String> leftNames = new HashSet<>();
        boolean keepsRight = definition.kind().keepsRight();
        for (int i = 0; i < left.schema().getFields().size(); i++) {
            Field field = left.schema().getFields().get(i);
            int same = keepsRight ? sameKey(left, right, i) : -1;
            leftNames.add(field.getName());
            boolean mayBeNull = keepsRight
                    && (same < 0 || right.schema().getFields().get(same).isNullable());
            fields.add(mayBeNull ? nullable(field.getName(), field) : field);
            origins.add(new Origin(i, same));
        }
        for (int i = 0; i < right.schema().getFields().size(); i++) {
            Field field = right.schema().getFields().get(i);
            if (isNamedLikeItsPartner(left, right, i)) {
                continue;
            }
            boolean taken = leftNames.contains(field.getName());
            String name = taken ? definition.rightPrefix() + field.getName() : field.getName();
            fields.add(definition.kind().keepsLeft() ? nullable(name, field) : renamed(name, field));
            origins.add(new Origin(-1, i));
        }
        if (definition.scope() instanceof JoinOperator.Windowed) {
            ArrowType micros = new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
            fields.add(new Field(JoinOperator.WINDOW_START, FieldType.nullable(micros), null));
            fields.add(new Field(JoinOperator.WINDOW_END, FieldType.nullable(micros), null));
        }
        requireDifferentNames(fields);
        return new Schema(fields);
    }

    /** The position in the right of the key of the same name that must equal this column, or -1. */
    private static int sameKey(JoinSide left, JoinSide right, int column) {
        return IntStream.range(0, left.keys().size())
                .filter(k -> left.keys().get(k) == column)
                .map(k -> right.keys().get(k))
                .filter(position -> right.schema()
                        .getFields()
                        .get(position)
                        .getName()
                        .equals(left.schema().getFields().get(column).getName()))
                .findFirst()
                .orElse(-1);
    }

    private static boolean isNamedLikeItsPartner(JoinSide left, JoinSide right, int column) {
        return IntStream.range(0, right.keys().size())
                .anyMatch(k -> right.keys().get(k) == column
                        && left.keyFields()
                                .get(k)
                                .getName()
                                .equals(right.schema().getFields().get(column).getName()));
    }

    private static Field nullable(String name, Field field) {
        return new Field(
                name,
                new FieldType(true, field.getType(), field.getDictionary(), field.getMetadata()),
                field.getChildren());
    }

    private static Field renamed(String name, Field field) {
        return new Field(name, field.getFieldType(), field.getChildren());
    }

    private static void requireDifferentNames(List<Field> fields) {
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            if (!names.add(field.getName())) {
                throw ErrorCode.OPTION_INVALID
                        .error("two columns of the result are called '" + field.getName() + "'")
                        .where("JoinOperator")
                        .help("choose another .rightPrefix(\"…\"), or rename the column before with MapOperator.select")
                        .toException();
            }
        }
    }

    JoinSide side(int input) {
        return input == io.solstice.spi.TwoInputs.LEFT ? left : right;
    }

    /** Whether rows of an input come although they have no partner. */
    boolean keeps(int input) {
        return input == io.solstice.spi.TwoInputs.LEFT
                ? definition.kind().keepsLeft()
                : definition.kind().keepsRight();
    }
}
