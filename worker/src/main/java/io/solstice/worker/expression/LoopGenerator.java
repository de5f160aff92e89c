package io.solstice.worker.expression;

import static org.objectweb.asm.Opcodes.*;

import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/**
 * Generates the class of a {@link Loop}. The loop over the rows, the reads from memory, the expression and the write make
 * one method without calls that HotSpot could fail to inline, and constants stand in the code, so that the JIT can turn a
 * remainder into a multiplication.
 */
final class LoopGenerator {
    /** HotSpot does not compile methods larger than 8000 bytes. */
    private static final int LARGEST_METHOD = 7_900;

    /** No tree of more nodes fits such a method, so that there is no need to try. */
    private static final int MOST_NODES = 400;

    private static final String NAME = LoopGenerator.class.getPackageName().replace('.', '/') + "/GeneratedLoop";
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
    private final List<Object> classData = new ArrayList<>();
    private final Set<Typed> readValues = new HashSet<>();
    private int largestMethod;

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
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES | ClassWriter.COMPUTE_MAXS) {
            @Override
            protected String getCommonSuperClass(String one, String other) {
                return "java/lang/Object";
            }
        };
        String loop = Type.getInternalName(Loop.class);
        writer.visit(
                V17, ACC_PUBLIC | ACC_FINAL | ACC_SUPER | ACC_SYNTHETIC, NAME, null, "java/lang/Object", new String[] {
                    loop
                });
        MethodVisitor constructor = writer.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
        constructor.visitCode();
        constructor.visitVarInsn(ALOAD, 0);
        constructor.visitMethodInsn(INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
        constructor.visitInsn(RETURN);
        constructor.visitMaxs(0, 0);
        constructor.visitEnd();
        method(writer, "dense", false);
        method(writer, "sparse", true);
        writer.visitEnd();
        byte[] bytes = writer.toByteArray();
        return largestMethod > LARGEST_METHOD ? Optional.empty() : Optional.of(instance(bytes));
    }

    private Loop instance(byte[] bytes) {
        try {
            MethodHandles.Lookup hidden =
                    MethodHandles.lookup().defineHiddenClassWithClassData(bytes, List.copyOf(classData), true);
            return (Loop) hidden.lookupClass().getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("generated code is not accepted", impossible);
        }
    }

    private void method(ClassWriter writer, String name, boolean nulls) {
        MethodVisitor to = writer.visitMethod(ACC_PUBLIC, name, "([JI[J)V", null, null);
        to.visitCode();
        Code code = new Code(to, WORDS + 1, classData);
        new Body(code, nulls).write();
        code.op(RETURN);
        Label end = new Label();
        code.mark(end);
        to.visitMaxs(0, 0);
        to.visitEnd();
        largestMethod = Math.max(largestMethod, end.getOffset());
    }

    private static int shift(ArrowType type) {
        return switch (Lane.of(type)) {
            case INT ->
                type instanceof ArrowType.Int whole ? Integer.numberOfTrailingZeros(whole.getBitWidth() >> 3) : 2;
            case LONG -> type instanceof ArrowType.Int whole && whole.getBitWidth() == 32 ? 2 : 3;
            case FLOAT -> isHalf(type) ? 1 : 2;
            default -> 3;
        };
    }

    private static boolean isHalf(ArrowType type) {
        return ((ArrowType.FloatingPoint) type).getPrecision() == FloatingPointPrecision.HALF;
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
            code.to.visitVarInsn(ALOAD, ADDRESSES);
            code.push(index);
            code.op(LALOAD);
            return code.keep(Lane.LONG);
        }

        private void plainLoop(int values) {
            Label start = new Label();
            Label end = new Label();
            code.mark(start);
            code.load(Lane.INT, row);
            code.load(Lane.INT, ROWS);
            code.jump(IF_ICMPGE, end);
            NodeCode nodes = new NodeCode(code, readInputs());
            writeValue(nodes, nodes.value(plan.tree()), values);
            code.to.visitIincInsn(row, 1);
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
                code.to.visitVarInsn(ALOAD, WORDS);
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
            NodeCode nodes = new NodeCode(code, readInputs());
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
            code.to.visitIincInsn(row, 1);
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
            int shift = shift(plan.tree().type());
            code.address(values, row, shift);
            nodes.load(value);
            switch (value.lane()) {
                case FLOAT -> code.call(Float.class, "floatToRawIntBits", "(F)I");
                case DOUBLE -> code.call(Double.class, "doubleToRawLongBits", "(D)J");
                case LONG -> {
                    if (shift == 2) {
                        code.op(L2I);
                    }
                }
                default -> {
                    if (shift < 2) {
                        code.op(shift == 0 ? I2B : I2S);
                    }
                }
            }
            switch (shift) {
                case 0 -> code.memory("putByte", "(JB)V");
                case 1 -> code.memory("putShort", "(JS)V");
                case 2 -> code.memory("putInt", "(JI)V");
                default -> code.memory("putLong", "(JJ)V");
            }
        }

        private Map<Typed.Stored, NodeCode.Value> readInputs() {
            Map<Typed.Stored, NodeCode.Value> inputs = new LinkedHashMap<>();
            addresses.forEach((input, at) -> {
                int isNull = NodeCode.Value.NEVER;
                if (nulls) {
                    code.bit(at[2], row);
                    code.op(ICONST_1, IXOR);
                    isNull = code.keepInt();
                }
                inputs.put(input, readValues.contains(input) ? read(input, at, isNull) : nullOnly(isNull));
            });
            return inputs;
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
            if (lane == Lane.BIT) {
                code.bit(at[0], row);
            } else {
                int shift = shift(type);
                code.address(at[0], row, shift);
                switch (shift) {
                    case 0 -> code.memory("getByte", "(J)B");
                    case 1 -> code.memory("getShort", "(J)S");
                    case 2 -> code.memory("getInt", "(J)I");
                    default -> code.memory("getLong", "(J)J");
                }
                widen(type, lane, shift);
            }
            return new NodeCode.Value(lane, code.keep(lane), 0, isNull);
        }

        private void widen(ArrowType type, Lane lane, int shift) {
            if (lane == Lane.FLOAT && shift == 1) {
                code.call(Float16.class, "toFloat", "(S)F");
            } else if (lane == Lane.FLOAT) {
                code.call(Float.class, "intBitsToFloat", "(I)F");
            } else if (lane == Lane.DOUBLE) {
                code.call(Double.class, "longBitsToDouble", "(J)D");
            } else if (type instanceof ArrowType.Int whole && !whole.getIsSigned() && shift < 3) {
                if (lane == Lane.LONG) {
                    code.op(I2L);
                    code.push(0xffff_ffffL);
                    code.op(LAND);
                } else {
                    code.push(shift == 0 ? 0xff : 0xffff);
                    code.op(IAND);
                }
            }
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
