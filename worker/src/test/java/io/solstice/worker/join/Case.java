package io.solstice.worker.join;

import io.solstice.api.operator.JoinOperator;
import io.solstice.api.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.pojo.Schema;

/** A join, and what happens to it. */
record Case(JoinOperator definition, Schema left, Schema right, List<Step> steps) {
    /** One thing after the other. */
    sealed interface Step {}

    record Rows(int input, List<Row> rows) implements Step {}

    record Mark(long micros) implements Step {}

    /** The clock goes on. */
    record Tick(long millis) implements Step {}

    /** The tasks end with a checkpoint, and so many begin with it. */
    record Restore(int tasks) implements Step {}

    record EndOfInput(int input) implements Step {}

    record End() implements Step {}

    Schema schema(int input) {
        return input == 0 ? left : right;
    }

    private Case with(List<Step> others) {
        return new Case(definition, left, right, List.copyOf(others));
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
            if (steps.get(i) instanceof Rows rows && rows.rows().size() > 1) {
                for (int row = 0; row < rows.rows().size(); row++) {
                    List<Row> fewer = new ArrayList<>(rows.rows());
                    fewer.remove(row);
                    List<Step> less = new ArrayList<>(steps);
                    less.set(i, new Rows(rows.input(), fewer));
                    smaller.add(with(less));
                }
            }
        }
        return smaller;
    }

    @Override
    public String toString() {
        return definition.options() + "\n" + left.getFields() + "\n" + right.getFields() + "\n"
                + steps.stream().map(Object::toString).collect(Collectors.joining("\n"));
    }
}
