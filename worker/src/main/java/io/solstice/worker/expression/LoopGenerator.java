package io.solstice.worker.expression;

import static org.objectweb.asm.Opcodes.*;

import io.solstice.worker.bytecode.Code;
import io.solstice.worker.bytecode.HiddenClass;
import io.solstice.worker.bytecode.Lane;
import io.solstice.worker.bytecode.MemoryCode;
import java.lang.invoke.MethodHandles;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.objectweb.asm.Label;

/**
 * Generates the class of a {@link Loop}. The loop over the rows, the reads from memory, the expression and the write
 * make one method without calls that HotSpot could fail to inline, and constants stand in the code, so that the JIT can
 * turn a remainder into a multiplication.
 */
final class LoopGenerator {
    /** HotSpot does not compile methods larger than 8000 bytes. */
    private static final int LARGEST_METHOD = 7_900;

    /** No tree of more nodes fits such a method, so that there is no need to try. */
    private static final int MOST_NODES = 400;

    private static final int ADDRESSES = 1;
    private static final int ROWS = 2;
    private static final int WORDS = 3;

    /** What a loop makes. */
    enum Output {
        VALUES,
        /** The rows for which a condition is true, as bits of words. */
        SELECTION
    }

    private final LoopPlan plan;
    private final Output output;
    private final Set<Typed> readValues = new HashSet<>();

    private LoopGenerator(LoopPlan plan, Output output) {
        this.plan = plan;
        this.output = output;
        findReadValues(plan.tree());
    }

    /** Nothing if the expression is too large for HotSpot to compile in one piece. */
    static Optional<Loop> generate(LoopPlan plan, Output output) {
        return nodes(plan.tree()) > MOST_NODES ? Optional.empty() : new LoopGenerator(plan, output).generate();
    }

    private static int nodes(Typed node) {
        int count = 1;
        for (Typed operand : node.operands()) {
            count += nodes(operand);
        }
        return count;
    }

    /** Inputs that are only tested for null need not have a lane. */
    private void findReadValues(Typed node) {
        if (node instanceof Typed.Stored) {
            readValues.add(node);
        } else if (!(node instanceof Typed.NullTest test && test.operand() instanceof Typed.Stored)) {
            node.operands().forEach(this::findReadValues);
        }
    }

    private Optional<Loop> generate() {
        HiddenClass loop = new HiddenClass(Loop.class);
        loop.method("dense", "([JI[J)V", code -> new Body(code, false).write());
        loop.method("sparse", "([JI[J)V", code -> new Body(code, true).write());
        return loop.largestMethod() > LARGEST_METHOD
                ? Optional.empty()
                : Optional.of(loop.instance(MethodHandles.lookup(), Loop.class));
    }

    /** One method of the class: addresses into locals, then the loop. */
    private final class Body {
        private final Code code;
        private final boolean nulls;
        private final boolean nullable;
        private final Map<Typed.Stored, int[]> addresses = new LinkedHashMap<>();
        private final int row;

        Body(Code code, boolean nulls) {
            this.code = code;
            this.nulls = nulls;
            this.nullable = LoopPlan.canBeNull(plan.tree(), nulls);
            this.row = code.newInt();
        }

        void write() {
            int values = address(Loop.OUT_VALUES);
            int validity = address(Loop.OUT_VALIDITY);
            int next = Loop.FIRST_INPUT;
            for (Typed.Stored input : plan.inputs()) {
                addresses.put(input, new int[] {address(next), address(next + 1), address(next + 2)});
                next += Loop.PER_INPUT;
            }
            code.push(0);
            code.store(Lane.INT, row);
            if (output == Output.VALUES && plan.tree().lane() != Lane.BIT && !nullable) {
                plainLoop(values);
            } else {
                wordLoop(values, validity);
            }
        }

        private int address(int index) {
            code.loadElement(ADDRESSES, index);
            return code.keep(Lane.LONG);
        }

        private void plainLoop(int values) {
            Label start = new Label();
            Label end = new Label();
            code.mark(start);
            code.load(Lane.INT, row);
            code.load(Lane.INT, ROWS);
            code.jump(IF_ICMPGE, end);
            NodeCode nodes = new NodeCode(code, readInputs(), nulls);
            writeValue(nodes, nodes.value(plan.tree()), values);
            code.increment(row);
            code.jump(GOTO, start);
            code.mark(end);
        }

        /** Bits are gathered for 64 rows and written as a word. */
        private void wordLoop(int values, int validity) {
            Label start = new Label();
            Label end = new Label();
            code.mark(start);
            code.load(Lane.INT, row);
            code.load(Lane.INT, ROWS);
            code.jump(IF_ICMPGE, end);
            code.load(Lane.INT, row);
            code.push(64);
            code.op(IADD);
            code.load(Lane.INT, ROWS);
            code.call(Math.class, "min", "(II)I");
            int wordEnd = code.keepInt();
            code.push(0L);
            int bits = code.keep(Lane.LONG);
            code.push(0L);
            int present = code.keep(Lane.LONG);
            code.load(Lane.INT, row);
            int word = code.keepInt();
            innerLoop(wordEnd, bits, present, values);
            if (output == Output.SELECTION) {
                code.loadObject(WORDS);
                code.load(Lane.INT, word);
                code.push(6);
                code.op(ISHR);
                code.load(Lane.LONG, bits);
                code.op(LASTORE);
            } else {
                if (plan.tree().lane() == Lane.BIT) {
                    putWord(values, word, bits);
                }
                if (nullable) {
                    putWord(validity, word, present);
                }
            }
            code.jump(GOTO, start);
            code.mark(end);
        }

        private void innerLoop(int wordEnd, int bits, int present, int values) {
            Label start = new Label();
            Label end = new Label();
            code.mark(start);
            code.load(Lane.INT, row);
            code.load(Lane.INT, wordEnd);
            code.jump(IF_ICMPGE, end);
            NodeCode nodes = new NodeCode(code, readInputs(), nulls);
            NodeCode.Value result = nodes.value(plan.tree());
            if (output == Output.SELECTION) {
                addBit(bits, () -> {
                    nodes.load(result);
                    if (nullable) {
                        nodes.pushNull(result);
                        code.op(ICONST_1, IXOR, IAND);
                    }
                });
            } else {
                if (result.lane() == Lane.BIT) {
                    addBit(bits, () -> nodes.load(result));
                } else {
                    writeValue(nodes, result, values);
                }
                if (nullable) {
                    addBit(present, () -> {
                        nodes.pushNull(result);
                        code.op(ICONST_1, IXOR);
                    });
                }
            }
            code.increment(row);
            code.jump(GOTO, start);
            code.mark(end);
        }

        private void addBit(int word, Runnable pushBit) {
            code.load(Lane.LONG, word);
            pushBit.run();
            code.op(I2L);
            code.load(Lane.INT, row);
            code.op(LSHL, LOR);
            code.store(Lane.LONG, word);
        }

        private void putWord(int base, int firstRow, int word) {
            code.load(Lane.LONG, base);
            code.load(Lane.INT, firstRow);
            code.push(3);
            code.op(ISHR, I2L, LADD);
            code.load(Lane.LONG, word);
            code.memory("putLong", "(JJ)V");
        }

        private void writeValue(NodeCode nodes, NodeCode.Value value, int values) {
            MemoryCode.write(code, plan.tree().type(), values, row, () -> nodes.load(value));
        }

        private Map<Typed.Stored, Supplier<NodeCode.Value>> readInputs() {
            Map<Typed.Stored, Supplier<NodeCode.Value>> inputs = new LinkedHashMap<>();
            addresses.forEach((input, at) -> {
                int isNull = NodeCode.Value.NEVER;
                if (nulls) {
                    code.bit(at[2], row);
                    code.op(ICONST_1, IXOR);
                    isNull = code.keepInt();
                }
                inputs.put(input, reading(input, at, isNull));
            });
            return inputs;
        }

        /** A view is read where it is needed: mostly what stands before it in a condition leaves few rows. */
        private Supplier<NodeCode.Value> reading(Typed.Stored input, int[] at, int isNull) {
            if (readValues.contains(input) && ViewTexts.are(input.type())) {
                return () -> readView(at, isNull);
            }
            NodeCode.Value value = readValues.contains(input) ? read(input, at, isNull) : nullOnly(isNull);
            return () -> value;
        }

        private NodeCode.Value nullOnly(int isNull) {
            return new NodeCode.Value(Lane.OTHER, 0, 0, isNull);
        }

        private NodeCode.Value read(Typed.Stored input, int[] at, int isNull) {
            Lane lane = input.lane();
            ArrowType type = input.type();
            if (lane.isBytes()) {
                return readBytes(type, at, isNull);
            }
            MemoryCode.read(code, type, at[0], row);
            return new NodeCode.Value(lane, code.keep(lane), 0, isNull);
        }

        /** The view of a null is anything. */
        private NodeCode.Value readView(int[] at, int isNull) {
            code.address(at[0], row, ViewTexts.SHIFT);
            int view = code.keep(Lane.LONG);
            code.load(Lane.LONG, view);
            if (isNull == NodeCode.Value.NEVER) {
                code.memory("getInt", "(J)I");
            } else {
                code.load(Lane.INT, isNull);
                code.call(ViewTexts.class, "length", "(JI)I");
            }
            int length = code.keepInt();
            code.load(Lane.LONG, view);
            code.load(Lane.INT, length);
            code.load(Lane.LONG, at[1]);
            code.call(ViewTexts.class, "start", "(JIJ)J");
            return new NodeCode.Value(Lane.TEXT, code.keep(Lane.LONG), length, isNull);
        }

        private NodeCode.Value readBytes(ArrowType type, int[] at, int isNull) {
            if (type instanceof ArrowType.FixedSizeBinary fixed) {
                code.load(Lane.LONG, at[0]);
                code.load(Lane.INT, row);
                code.op(I2L);
                code.push((long) fixed.getByteWidth());
                code.op(LMUL, LADD);
                int start = code.keep(Lane.LONG);
                code.push(fixed.getByteWidth());
                return new NodeCode.Value(Lane.BYTES, start, code.keepInt(), isNull);
            }
            boolean large = type instanceof ArrowType.LargeUtf8 || type instanceof ArrowType.LargeBinary;
            int shift = large ? 3 : 2;
            for (int offset = 0; offset <= 1; offset++) {
                code.address(at[1], row, shift);
                if (offset == 1) {
                    code.push((long) 1 << shift);
                    code.op(LADD);
                }
                code.memory(large ? "getLong" : "getInt", large ? "(J)J" : "(J)I");
                if (!large) {
                    code.op(I2L);
                }
            }
            int end = code.keep(Lane.LONG);
            int start = code.keep(Lane.LONG);
            code.load(Lane.LONG, end);
            code.load(Lane.LONG, start);
            code.op(LSUB, L2I);
            int length = code.keepInt();
            code.load(Lane.LONG, at[0]);
            code.load(Lane.LONG, start);
            code.op(LADD);
            return new NodeCode.Value(Lane.TEXT, code.keep(Lane.LONG), length, isNull);
        }
    }
}
