package io.solstice.worker.expression;

import io.solstice.api.expr.Expression;
import io.solstice.api.expr.Expressions;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A filter, or none, and the expressions to compute for the rows that it keeps, as one step: only columns that are
 * needed are copied, and only kept rows are computed. Serves one thread.
 */
public final class CompiledProjection {
    private final @Nullable Expression condition;
    private final @Nullable CompiledFilter filter;
    private final List<Expression> expressions;
    private final int[] needed;
    private final CompiledExpressions outputs;
    private final Selection selection = new Selection();

    private CompiledProjection(@Nullable Expression condition, List<Expression> expressions, Schema input) {
        this.condition = condition;
        this.filter = condition == null ? null : CompiledFilter.compile(condition, input);
        this.expressions = List.copyOf(expressions);
        this.needed = needed(expressions, input);
        List<Field> fields = new ArrayList<>();
        for (int column : needed) {
            fields.add(input.getFields().get(column));
        }
        this.outputs = CompiledExpressions.compile(expressions, new Schema(fields));
    }

    /** Rows of just the outputs, of those input rows for which the condition, if any, is true. */
    public static CompiledProjection compile(@Nullable Expression condition, List<Expression> outputs, Schema input) {
        return new CompiledProjection(condition, outputs, input);
    }

    /** The input's columns, with these added or put in the place of those that have their name. */
    public static CompiledProjection withColumns(@Nullable Expression condition, List<Expression> added, Schema input) {
        Map<String, Expression> columns = new LinkedHashMap<>();
        input.getFields().forEach(field -> columns.put(field.getName(), Expressions.col(field.getName())));
        added.forEach(expression -> columns.put(ExpressionTypes.nameOf(expression), expression));
        return new CompiledProjection(condition, List.copyOf(columns.values()), input);
    }

    private static int[] needed(List<Expression> expressions, Schema input) {
        Typing typing = new Typing(input);
        TreeSet<Integer> columns = new TreeSet<>();
        expressions.forEach(expression -> addColumns(typing.typed(expression), columns));
        return columns.stream().mapToInt(Integer::intValue).toArray();
    }

    private static void addColumns(Typed node, TreeSet<Integer> columns) {
        if (node instanceof Typed.ColumnValue column) {
            columns.add(column.column());
        }
        node.operands().forEach(operand -> addColumns(operand, columns));
    }

    public Schema outputSchema() {
        return outputs.outputSchema();
    }

    /** The result for the batch, which stays the caller's. A row that cannot be computed is an error that names it. */
    public Batch apply(Batch batch, BufferAllocator allocator) {
        try {
            return tryToApply(batch, allocator);
        } catch (ArithmeticException failure) {
            throw new RowCheck(condition, expressions, batch).firstFailure(failure);
        }
    }

    /** Like {@link #apply}, but leaves out and reports the rows that cannot be computed. */
    public Batch applySkipping(Batch batch, BufferAllocator allocator, FailedRows failures) {
        try {
            return tryToApply(batch, allocator);
        } catch (ArithmeticException failure) {
            new RowCheck(condition, expressions, batch).goodRows(selection, failures);
            return compute(batch, allocator);
        }
    }

    private Batch tryToApply(Batch batch, BufferAllocator allocator) {
        if (filter == null) {
            selection.clear();
            selection.addRun(0, batch.rowCount());
        } else {
            filter.tryToSelect(batch, selection, allocator);
        }
        return compute(batch, allocator);
    }

    private Batch compute(Batch batch, BufferAllocator allocator) {
        try (Batch columns = batch.select(needed);
                Batch rows = Gather.rows(columns, selection, allocator)) {
            return outputs.tryToApply(rows, allocator);
        }
    }
}
