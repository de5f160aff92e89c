package io.solstice.worker.bytecode;

import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.objectweb.asm.Opcodes;

/** Writes code that reads and writes single values of primitive lanes, in the width of their Arrow type. */
public final class MemoryCode {
    private MemoryCode() {}

    /** The binary logarithm of the bytes of one value; truth values are bits and have none. */
    public static int shift(ArrowType type) {
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

    /** Pushes the value at the row, in its type's lane. */
    public static void read(Code code, ArrowType type, int base, int row) {
        Lane lane = Lane.of(type);
        if (lane == Lane.BIT) {
            code.bit(base, row);
            return;
        }
        int shift = shift(type);
        code.address(base, row, shift);
        switch (shift) {
            case 0 -> code.memory("getByte", "(J)B");
            case 1 -> code.memory("getShort", "(J)S");
            case 2 -> code.memory("getInt", "(J)I");
            default -> code.memory("getLong", "(J)J");
        }
        widen(code, type, lane, shift);
    }

    private static void widen(Code code, ArrowType type, Lane lane, int shift) {
        if (lane == Lane.FLOAT && shift == 1) {
            code.call(Float16.class, "toFloat", "(S)F");
        } else if (lane == Lane.FLOAT) {
            code.call(Float.class, "intBitsToFloat", "(I)F");
        } else if (lane == Lane.DOUBLE) {
            code.call(Double.class, "longBitsToDouble", "(J)D");
        } else if (type instanceof ArrowType.Int whole && !whole.getIsSigned() && shift < 3) {
            if (lane == Lane.LONG) {
                code.op(Opcodes.I2L);
                code.push(0xffff_ffffL);
                code.op(Opcodes.LAND);
            } else {
                code.push(shift == 0 ? 0xff : 0xffff);
                code.op(Opcodes.IAND);
            }
        }
    }

    /** Writes the value that {@code pushValue} pushes, in its type's lane; not for truth values and 16-bit floats. */
    public static void write(Code code, ArrowType type, int base, int row, Runnable pushValue) {
        int shift = shift(type);
        code.address(base, row, shift);
        pushValue.run();
        switch (Lane.of(type)) {
            case FLOAT -> code.call(Float.class, "floatToRawIntBits", "(F)I");
            case DOUBLE -> code.call(Double.class, "doubleToRawLongBits", "(D)J");
            case LONG -> {
                if (shift == 2) {
                    code.op(Opcodes.L2I);
                }
            }
            default -> {
                if (shift < 2) {
                    code.op(shift == 0 ? Opcodes.I2B : Opcodes.I2S);
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
}
