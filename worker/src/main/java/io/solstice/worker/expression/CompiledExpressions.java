package io.solstice.worker.expression;

import io.solstice.api.expr.Expression;
import io.solstice.common.error.ErrorCode;
import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The columns that a list of expressions makes. An expression that is just a column is not computed: the column is
 * passed on. Serves one thread.
 */
public final class CompiledExpressions {
    private final List<Expression> expressions;
    private final Schema outputSchema;
    private final int[] origins;
    private final List<ComputedColumn> computed;

    private CompiledExpressions(
            List<Expression> expressions, Schema outputSchema, int[] origins, List<ComputedColumn> computed) {
        this.expressions = expressions;
        this.outputSchema = outputSchema;
        this.origins = origins;
        this.computed = computed;
    }

    /** Unknown columns, operations that the types do not have, and two outputs of one name are errors. */
    public static CompiledExpressions compile(List<Expression> outputs, Schema input) {
        Typing typing = new Typing(input);
        List<Field> fields = new ArrayList<>();
        int[] origins = new int[outputs.size()];
        List<ComputedColumn> computed = new ArrayList<>();
        for (int i = 0; i < origins.length; i++) {
            Typed node = typing.typed(outputs.get(i));
            Field field = ExpressionTypes.named(ExpressionTypes.nameOf(outputs.get(i)), node.field());
            fields.add(field);
            if (node instanceof Typed.ColumnValue column && column.path().isEmpty()) {
                origins[i] = column.column();
            } else {
                origins[i] = -1 - computed.size();
                computed.add(new ComputedColumn(node, field));
            }
        }
        requireDistinct(fields);
        return new CompiledExpressions(List.copyOf(outputs), new Schema(fields), origins, computed);
    }

    private static void requireDistinct(List<Field> fields) {
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            if (!names.add(field.getName())) {
                throw ErrorCode.OPTION_INVALID
                        .error("two columns are called '" + field.getName() + "'")
                        .help("give one of them another name with .as(\"...\")")
                        .toException();
            }
        }
    }

    public Schema outputSchema() {
        return outputSchema;
    }

    /** The input column that the output is, or a negative number if the output is computed. */
    public int origin(int output) {
        return origins[output];
    }

    /**
     * A batch of the outputs; columns that are not computed are shared with the given batch, which stays the caller's.
     */
    public Batch apply(Batch batch, BufferAllocator allocator) {
        return batch.rearrange(outputSchema, origins, evaluate(batch, allocator));
    }

    /** The computed outputs in order. A row that one cannot be computed for is an error that names it. */
    public List<FieldVector> evaluate(Batch batch, BufferAllocator allocator) {
        try {
            return tryToEvaluate(batch, allocator);
        } catch (ArithmeticException failure) {
            throw new RowCheck(null, expressions, batch).firstFailure(failure);
        }
    }

    /** Throws ArithmeticException if an expression fails for a row; nothing stays allocated then. */
    List<FieldVector> tryToEvaluate(Batch batch, BufferAllocator allocator) {
        List<FieldVector> vectors = new ArrayList<>(computed.size());
        try {
            for (ComputedColumn column : computed) {
                vectors.add(column.compute(batch, allocator));
            }
            return vectors;
        } catch (RuntimeException | Error failure) {
            vectors.forEach(FieldVector::close);
            throw failure;
        }
    }

    Batch tryToApply(Batch batch, BufferAllocator allocator) {
        return batch.rearrange(outputSchema, origins, tryToEvaluate(batch, allocator));
    }
}
