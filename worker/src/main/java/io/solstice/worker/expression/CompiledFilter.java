package io.solstice.worker.expression;

import io.solstice.api.expr.Expression;
import io.solstice.common.error.ErrorCode;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Selection;
import io.solstice.worker.bytecode.Lane;
import io.solstice.worker.expression.LoopGenerator.Output;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Chooses the rows for which a condition is true. Reuses its memory from batch to batch, so it serves one thread. */
public final class CompiledFilter {
    private final Expression condition;
    private final Typed node;
    private final @Nullable LoopPlan plan;
    private final @Nullable Loop loop;
    private final List<Typed.Stored> inputs;
    private final long[] addresses;
    private long[] words = new long[128];

    private CompiledFilter(Expression condition, Typed node) {
        this.condition = condition;
        this.node = node;
        Optional<LoopPlan> divided = LoopPlan.of(node);
        this.loop = divided.flatMap(p -> LoopCache.loop(p, Output.SELECTION)).orElse(null);
        this.plan = divided.orElse(null);
        this.inputs = divided.map(LoopPlan::inputs).orElse(List.of());
        this.addresses = new long[Loop.FIRST_INPUT + inputs.size() * Loop.PER_INPUT];
    }

    /** The condition must give true or false for rows of that schema; anything else is an error. */
    public static CompiledFilter compile(Expression condition, Schema input) {
        Typed node = new Typing(input).typed(condition);
        if (node.lane() != Lane.BIT && Types.family(node.type()) != Types.Family.NULL) {
            throw ErrorCode.TYPE_MISMATCH
                    .error("cannot filter by " + condition)
                    .cause("it is " + TypeName.of(node.type()) + ", where true or false is needed")
                    .help("compare it with something, for example .gt(0)")
                    .toException();
        }
        return new CompiledFilter(condition, node);
    }

    /** Selects the rows; a row that the condition cannot be computed for is an error that names it. */
    public void select(Batch batch, Selection selection, BufferAllocator allocator) {
        try {
            tryToSelect(batch, selection, allocator);
        } catch (ArithmeticException failure) {
            throw new RowCheck(condition, List.of(), batch).firstFailure(failure);
        }
    }

    /** Selects the rows and leaves out those that the condition cannot be computed for, which are reported. */
    public void selectSkipping(Batch batch, Selection selection, BufferAllocator allocator, FailedRows failures) {
        try {
            tryToSelect(batch, selection, allocator);
        } catch (ArithmeticException failure) {
            new RowCheck(condition, List.of(), batch).goodRows(selection, failures);
        }
    }

    /** Throws ArithmeticException if the condition fails for a row. */
    void tryToSelect(Batch batch, Selection selection, BufferAllocator allocator) {
        selection.clear();
        int rows = batch.rowCount();
        if (plan == null || loop == null) {
            Interpreter.RowValue value = new Interpreter(batch).value(node);
            for (int row = 0; row < rows; row++) {
                if (Boolean.TRUE.equals(value.at(row))) {
                    selection.add(row);
                }
            }
            return;
        }
        int wordCount = (rows + 63) >>> 6;
        if (words.length < wordCount) {
            words = new long[wordCount];
        }
        try (LoopInputs bound = new LoopInputs(batch, allocator)) {
            bound.bind(plan, inputs, addresses);
            if (bound.haveNulls()) {
                loop.sparse(addresses, rows, words);
            } else {
                loop.dense(addresses, rows, words);
            }
        }
        for (int i = 0; i < wordCount; i++) {
            addRuns(words[i], i << 6, selection);
        }
    }

    private static void addRuns(long bits, int firstRow, Selection selection) {
        long left = bits;
        while (left != 0) {
            int start = Long.numberOfTrailingZeros(left);
            int length = Long.numberOfTrailingZeros(~(left >>> start));
            length = Math.min(length, 64 - start);
            selection.addRun(firstRow + start, length);
            left = start + length == 64 ? 0 : left & (-1L << (start + length));
        }
    }
}
