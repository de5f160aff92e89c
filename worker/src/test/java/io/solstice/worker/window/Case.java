package io.solstice.worker.window;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.pojo.Schema;

/** An aggregation, and what happens to it. */
record Case(AggregateOperator definition, Schema schema, List<Step> steps) {
    /** One thing after the other. */
    sealed interface Step {}

    record Rows(List<Row> rows) implements Step {}

    record Mark(long micros) implements Step {}

    /** The tasks end with a checkpoint, and so many begin with it. */
    record Restore(int tasks) implements Step {}

    /** A checkpoint that counts, after which the tasks go on. */
    record Cut() implements Step {}

    record End() implements Step {}

    Case with(List<Step> others) {
        return new Case(definition, schema, List.copyOf(others));
    }

    /** The same with a little less, in every way. */
    List<Case> smaller() {
        List<Case> smaller = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            if (!(steps.get(i) instanceof End)) {
                List<Step> less = new ArrayList<>(steps);
                less.remove(i);
                smaller.add(with(less));
            }
        }
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) instanceof Rows rows && rows.rows().size() > 1) {
                for (int row = 0; row < rows.rows().size(); row++) {
                    List<Row> fewer = new ArrayList<>(rows.rows());
                    fewer.remove(row);
                    List<Step> less = new ArrayList<>(steps);
                    less.set(i, new Rows(fewer));
                    smaller.add(with(less));
                }
            }
        }
        for (int i = 0;
                i < definition.aggregates().size() && definition.aggregates().size() > 1;
                i++) {
            List<io.solstice.api.window.Aggregate> fewer = new ArrayList<>(definition.aggregates());
            fewer.remove(i);
            AggregateOperator less = definition.aggregate(fewer.toArray(new io.solstice.api.window.Aggregate[0]));
            smaller.add(new Case(less, schema, steps));
        }
        return smaller;
    }

    @Override
    public String toString() {
        return definition.options() + "\n" + schema.getFields() + "\n"
                + steps.stream().map(Object::toString).collect(Collectors.joining("\n"));
    }
}
