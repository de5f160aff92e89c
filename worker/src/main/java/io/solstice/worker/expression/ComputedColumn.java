package io.solstice.worker.expression;

import io.solstice.exchange.batch.Batch;
import io.solstice.worker.expression.LoopGenerator.Output;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** One output that is computed: by a generated loop where there is one, else by the interpreter. */
final class ComputedColumn {
    private static final long[] NO_WORDS = new long[0];

    private final Typed node;
    private final Field field;
    private final @Nullable Compiled compiled;

    private record Compiled(LoopPlan plan, List<Typed.Stored> inputs, Loop loop, long[] addresses) {}

    ComputedColumn(Typed node, Field field) {
        this.node = node;
        this.field = field;
        Optional<LoopPlan> plan = LoopPlan.of(node);
        Optional<Loop> loop = plan.flatMap(p -> LoopCache.loop(p, Output.VALUES));
        this.compiled = loop.map(l -> compiled(plan.get(), l)).orElse(null);
    }

    private static Compiled compiled(LoopPlan plan, Loop loop) {
        List<Typed.Stored> inputs = plan.inputs();
        return new Compiled(plan, inputs, loop, new long[Loop.FIRST_INPUT + inputs.size() * Loop.PER_INPUT]);
    }

    Typed node() {
        return node;
    }

    Field field() {
        return field;
    }

    boolean isCompiled() {
        return compiled != null;
    }

    /** Throws ArithmeticException if the expression fails for a row; nothing stays allocated then. */
    FieldVector compute(Batch batch, BufferAllocator allocator) {
        if (compiled == null || batch.rowCount() == 0) {
            return InterpretedColumn.compute(node, field, batch, allocator);
        }
        try (LoopInputs inputs = new LoopInputs(batch, allocator)) {
            inputs.bind(compiled.plan(), compiled.inputs(), compiled.addresses());
            return run(compiled, inputs.haveNulls(), batch.rowCount(), allocator);
        }
    }

    private FieldVector run(Compiled compiled, boolean nulls, int rows, BufferAllocator allocator) {
        FieldVector vector = field.createVector(allocator);
        int width = ((BaseFixedWidthVector) vector).getTypeWidth();
        long bitBytes = (rows + 63L) >> 6 << 3;
        boolean nullable = LoopPlan.canBeNull(compiled.plan().tree(), nulls);
        try (ArrowBuf values = allocator.buffer(width == 0 ? bitBytes : (long) rows * width);
                ArrowBuf validity = nullable ? allocator.buffer(bitBytes) : allocator.getEmpty()) {
            compiled.addresses()[Loop.OUT_VALUES] = values.memoryAddress();
            compiled.addresses()[Loop.OUT_VALIDITY] = nullable ? validity.memoryAddress() : 0;
            if (nulls) {
                compiled.loop().sparse(compiled.addresses(), rows, NO_WORDS);
            } else {
                compiled.loop().dense(compiled.addresses(), rows, NO_WORDS);
            }
            vector.loadFieldBuffers(new ArrowFieldNode(rows, nullable ? 1 : 0), List.of(validity, values));
            return vector;
        } catch (RuntimeException | Error failure) {
            vector.close();
            throw failure;
        }
    }
}
