package io.solstice.worker.bytecode;

import java.util.List;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Writes the instructions of one generated method: a thin layer over ASM that knows lanes and hands out locals. */
public final class Code {
    private static final Handle CLASS_DATA_AT = new Handle(
            Opcodes.H_INVOKESTATIC,
            "java/lang/invoke/MethodHandles",
            "classDataAt",
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/Class;I)Ljava/lang/Object;",
            false);
    private static final String MEMORY = "org/apache/arrow/memory/util/MemoryUtil";

    private static final int[][] BETWEEN_LANES = {
        // BIT  INT  LONG FLOAT DOUBLE, from BIT, INT, LONG, FLOAT, DOUBLE
        {Opcodes.NOP, Opcodes.NOP, Opcodes.I2L, Opcodes.I2F, Opcodes.I2D},
        {Opcodes.NOP, Opcodes.NOP, Opcodes.I2L, Opcodes.I2F, Opcodes.I2D},
        {Opcodes.L2I, Opcodes.L2I, Opcodes.NOP, Opcodes.L2F, Opcodes.L2D},
        {Opcodes.F2I, Opcodes.F2I, Opcodes.F2L, Opcodes.NOP, Opcodes.F2D},
        {Opcodes.D2I, Opcodes.D2I, Opcodes.D2L, Opcodes.D2F, Opcodes.NOP},
    };

    private final MethodVisitor to;
    private final List<Object> classData;
    private int nextLocal;

    Code(MethodVisitor to, int firstLocal, List<Object> classData) {
        this.to = to;
        this.nextLocal = firstLocal;
        this.classData = classData;
    }

    public int newInt() {
        return nextLocal++;
    }

    public int newLong() {
        nextLocal += 2;
        return nextLocal - 2;
    }

    public int newLocal(Lane lane) {
        return switch (lane) {
            case BIT, INT, FLOAT -> newInt();
            default -> newLong();
        };
    }

    public void load(Lane lane, int local) {
        to.visitVarInsn(type(lane).getOpcode(Opcodes.ILOAD), local);
    }

    public void store(Lane lane, int local) {
        to.visitVarInsn(type(lane).getOpcode(Opcodes.ISTORE), local);
    }

    /** Stores the top of the stack in a new local. */
    public int keep(Lane lane) {
        int local = newLocal(lane);
        store(lane, local);
        return local;
    }

    public int keepInt() {
        return keep(Lane.INT);
    }

    /** Stores the object on the stack in a new local. */
    public int keepObject() {
        int local = newInt();
        to.visitVarInsn(Opcodes.ASTORE, local);
        return local;
    }

    public void loadObject(int local) {
        to.visitVarInsn(Opcodes.ALOAD, local);
    }

    /** Pushes one element of an array of longs that is in a local. */
    public void loadElement(int array, int index) {
        loadObject(array);
        push(index);
        op(Opcodes.LALOAD);
    }

    public void increment(int local) {
        to.visitIincInsn(local, 1);
    }

    public void op(int... opcodes) {
        for (int opcode : opcodes) {
            to.visitInsn(opcode);
        }
    }

    public void push(int value) {
        if (value >= -1 && value <= 5) {
            to.visitInsn(Opcodes.ICONST_0 + value);
        } else {
            to.visitLdcInsn(value);
        }
    }

    public void push(long value) {
        to.visitLdcInsn(value);
    }

    /** A constant of the lane, zero for null. */
    public void pushConstant(Lane lane, Object value) {
        switch (lane) {
            case BIT -> push((Boolean) value ? 1 : 0);
            case INT -> push((int) (long) (Long) value);
            case LONG, FLOAT, DOUBLE -> to.visitLdcInsn(value);
            default -> throw new IllegalArgumentException(lane + " has no constants in code");
        }
    }

    public void pushZero(Lane lane) {
        switch (lane) {
            case BIT, INT -> push(0);
            case LONG -> push(0L);
            case FLOAT -> to.visitInsn(Opcodes.FCONST_0);
            default -> to.visitInsn(Opcodes.DCONST_0);
        }
    }

    /** An object that travels beside the class; to the JIT it is a constant. */
    public void pushObject(Object value, Class<?> type) {
        classData.add(value);
        to.visitLdcInsn(new ConstantDynamic("_", Type.getDescriptor(type), CLASS_DATA_AT, classData.size() - 1));
    }

    public void call(Class<?> owner, String name, String descriptor) {
        to.visitMethodInsn(Opcodes.INVOKESTATIC, Type.getInternalName(owner), name, descriptor, false);
    }

    public void callVirtual(Class<?> owner, String name, String descriptor) {
        to.visitMethodInsn(Opcodes.INVOKEVIRTUAL, Type.getInternalName(owner), name, descriptor, false);
    }

    public void callInterface(Class<?> owner, String name, String descriptor) {
        to.visitMethodInsn(Opcodes.INVOKEINTERFACE, Type.getInternalName(owner), name, descriptor, true);
    }

    public void cast(Class<?> type) {
        to.visitTypeInsn(Opcodes.CHECKCAST, Type.getInternalName(type));
    }

    public void push(String text) {
        to.visitLdcInsn(text);
    }

    public void putField(Class<?> owner, String name, String descriptor) {
        to.visitFieldInsn(Opcodes.PUTFIELD, Type.getInternalName(owner), name, descriptor);
    }

    /** What happens between the two labels and throws goes on at the third. */
    public void catchAll(Label start, Label end, Label handler) {
        to.visitTryCatchBlock(start, end, handler, null);
    }

    public void memory(String name, String descriptor) {
        to.visitMethodInsn(Opcodes.INVOKESTATIC, MEMORY, name, descriptor, false);
    }

    /** The address of a row: {@code base + (row << shift)}. */
    public void address(int base, int row, int shift) {
        load(Lane.LONG, base);
        load(Lane.INT, row);
        op(Opcodes.I2L);
        if (shift > 0) {
            push(shift);
            op(Opcodes.LSHL);
        }
        op(Opcodes.LADD);
    }

    /** Bit {@code row} of a bitmap, as 0 or 1. */
    public void bit(int base, int row) {
        load(Lane.LONG, base);
        load(Lane.INT, row);
        push(3);
        op(Opcodes.ISHR, Opcodes.I2L, Opcodes.LADD);
        memory("getByte", "(J)B");
        load(Lane.INT, row);
        push(7);
        op(Opcodes.IAND, Opcodes.ISHR, Opcodes.ICONST_1, Opcodes.IAND);
    }

    /** Converts the primitive on the stack as Java casts do. */
    public void convert(Lane from, Lane to) {
        int opcode = BETWEEN_LANES[from.ordinal()][to.ordinal()];
        if (opcode != Opcodes.NOP) {
            op(opcode);
        }
    }

    public void jump(int opcode, Label target) {
        to.visitJumpInsn(opcode, target);
    }

    public void mark(Label label) {
        to.visitLabel(label);
    }

    /** Turns a jump into 1 where it is taken and 0 where it is not. */
    public void truth(int jumpOpcode) {
        Label yes = new Label();
        Label end = new Label();
        jump(jumpOpcode, yes);
        push(0);
        jump(Opcodes.GOTO, end);
        mark(yes);
        push(1);
        mark(end);
    }

    public static Type type(Lane lane) {
        return switch (lane) {
            case BIT, INT -> Type.INT_TYPE;
            case FLOAT -> Type.FLOAT_TYPE;
            case DOUBLE -> Type.DOUBLE_TYPE;
            default -> Type.LONG_TYPE;
        };
    }
}
