package io.solstice.worker.expression;

import static org.objectweb.asm.Opcodes.*;

import io.solstice.worker.bytecode.Code;
import io.solstice.worker.bytecode.Lane;
import io.solstice.worker.expression.Types.Family;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** Writes the code of conversions between primitive lanes; the value is on the stack. */
final class ConversionCode {
    private ConversionCode() {}

    static void convert(Code code, ArrowType from, ArrowType to) {
        Lane source = Lane.of(from);
        Lane target = Lane.of(to);
        Family family = Types.family(to);
        if (Types.family(from) == Family.REAL && family == Family.REAL) {
            if (source == Lane.DOUBLE && target == Lane.FLOAT) {
                code.call(Conversions.class, "toFloat", "(D)F");
            } else {
                code.convert(source, target);
            }
        } else if (family == Family.REAL) {
            if (Conversions.isUnsignedLong(from)) {
                within(code, 0, Long.MAX_VALUE);
            }
            code.convert(source, target);
        } else if (Types.family(from) == Family.REAL) {
            code.convert(source, Lane.DOUBLE);
            ArrowType.Int whole = (ArrowType.Int) to;
            code.push(Types.min(whole));
            code.push(Types.max(whole));
            code.call(Conversions.class, "toWhole", "(DJJ)J");
            code.convert(Lane.LONG, target);
        } else if (!Conversions.canFail(from, to)) {
            code.convert(source, target);
        } else {
            code.convert(source, Lane.LONG);
            whole(code, from, to);
            code.convert(Lane.LONG, target);
        }
    }

    /** From a long to a long, checked. */
    private static void whole(Code code, ArrowType from, ArrowType to) {
        if (Conversions.isUnsignedLong(from)) {
            within(code, 0, Long.MAX_VALUE);
        }
        if (to instanceof ArrowType.Int whole) {
            within(code, Types.min(whole), Types.max(whole));
            return;
        }
        if (Types.family(from).isTime()) {
            code.push(Types.nanosPerUnit(from));
            code.push(Types.nanosPerUnit(to));
            code.call(Conversions.class, "rescale", "(JJJ)J");
        }
        if (Lane.of(to) == Lane.INT) {
            within(code, Integer.MIN_VALUE, Integer.MAX_VALUE);
        }
    }

    private static void within(Code code, long min, long max) {
        if (min == Long.MIN_VALUE && max == Long.MAX_VALUE) {
            return;
        }
        code.push(min);
        code.push(max);
        code.call(Conversions.class, "toWhole", "(JJJ)J");
    }
}
