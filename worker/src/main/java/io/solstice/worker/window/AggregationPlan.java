package io.solstice.worker.window;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.window.Aggregate;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.partition.KeyHash;
import io.solstice.worker.aggregate.AggregateColumn;
import io.solstice.worker.aggregate.TallyShape;
import io.solstice.worker.time.TimeColumn;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * An {@link AggregateOperator} bound to the columns of its input.
 *
 * @param columns that it needs, keys first; all of the input's if it has an aggregate of the user's own
 * @param output the columns of the result
 */
record AggregationPlan(AggregateOperator definition, Schema columns, TallyShape shape, Schema output) {

    /** Refuses an input that does not fit. */
    static AggregationPlan of(AggregateOperator definition, Schema input) {
        if (definition.aggregates().isEmpty()) {
            throw ErrorCode.OPTION_MISSING
                    .error("nothing is aggregated")
                    .where("AggregateOperator")
                    .help("add .aggregate(Aggregates.count()) or other aggregates")
                    .toException();
        }
        List<Field> keys = definition.keys().stream()
                .map(name -> input.getFields().get(Batch.indexOf(input, name)))
                .toList();
        keys.forEach(KeyHash::requireHashable);
        List<AggregateColumn> aggregates = definition.aggregates().stream()
                .map(aggregate -> AggregateColumn.of(aggregate, input))
                .toList();
        if (definition.window() != null) {
            TimeColumn.of(input, definition.time());
        }
        TallyShape shape = new TallyShape(keys, aggregates);
        return new AggregationPlan(definition, columns(definition, input), shape, output(definition, shape));
    }

    private static Schema columns(AggregateOperator definition, Schema input) {
        Set<String> names = new LinkedHashSet<>(definition.keys());
        if (definition.window() != null) {
            names.add(definition.time());
        }
        for (Aggregate aggregate : definition.aggregates()) {
            if (aggregate.custom() != null) {
                input.getFields().forEach(field -> names.add(field.getName()));
            } else if (!aggregate.column().isEmpty()) {
                names.add(aggregate.column());
                names.addAll(aggregate.results());
            }
        }
        return new Schema(names.stream()
                .map(name -> input.getFields().get(Batch.indexOf(input, name)))
                .toList());
    }

    private static Schema output(AggregateOperator definition, TallyShape shape) {
        List<Field> fields = new ArrayList<>(shape.keys());
        if (definition.window() != null) {
            ArrowType micros = new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
            fields.add(new Field(AggregateOperator.WINDOW_START, FieldType.nullable(micros), null));
            fields.add(new Field(AggregateOperator.WINDOW_END, FieldType.nullable(micros), null));
        }
        shape.columns().forEach(column -> fields.add(column.output()));
        if (definition.hasPanes()) {
            ArrowType int32 = new ArrowType.Int(32, true);
            fields.add(new Field(AggregateOperator.PANE_INDEX, FieldType.nullable(int32), null));
            fields.add(new Field(AggregateOperator.IS_LATE, FieldType.nullable(ArrowType.Bool.INSTANCE), null));
        }
        Set<String> names = new TreeSet<>();
        for (Field field : fields) {
            if (!names.add(field.getName())) {
                throw ErrorCode.OPTION_INVALID
                        .error("two columns of the result are called '" + field.getName() + "'")
                        .where("AggregateOperator")
                        .help("give the aggregate another name with .as(\"…\")")
                        .toException();
            }
        }
        return new Schema(fields);
    }

    /** Where the columns are in batches of a schema, in which each must still be what it was. */
    int[] positions(Schema input) {
        int[] positions = new int[columns.getFields().size()];
        for (int i = 0; i < positions.length; i++) {
            Field field = columns.getFields().get(i);
            positions[i] = Batch.indexOf(input, field.getName());
            ArrowType found = input.getFields().get(positions[i]).getType();
            if (!found.equals(field.getType())) {
                throw changed(field, found);
            }
        }
        return positions;
    }

    private static SolsticeException changed(Field field, ArrowType found) {
        return ErrorCode.SCHEMA_CHANGED
                .error("column '" + field.getName() + "' has another type than before")
                .cause("found " + found + ", expected " + field.getType())
                .help("declare the output schema of the stage before, so that it cannot change")
                .toException();
    }

    /** The position of a column among those that are needed. */
    int position(String name) {
        return Batch.indexOf(columns, name);
    }
}
