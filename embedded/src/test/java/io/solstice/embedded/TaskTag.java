package io.solstice.embedded;

import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.RowOperator;
import io.solstice.api.row.Row;
import java.util.List;

/** Says which task saw a row. */
final class TaskTag implements RowOperator {
    private int task = -1;

    @Override
    public void open(OperatorContext context) {
        task = context.taskIndex();
    }

    @Override
    public List<Row> process(Row record) {
        return List.of(record.with("task", task));
    }
}
