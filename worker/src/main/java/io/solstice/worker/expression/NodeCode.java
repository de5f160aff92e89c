package io.solstice.worker.expression;

import static org.objectweb.asm.Opcodes.*;

import io.solstice.api.expr.BinaryOperator;
import io.solstice.worker.bytecode.Code;
import io.solstice.worker.bytecode.Lane;
import io.solstice.worker.expression.Comparisons.LongSet;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.objectweb.asm.Label;

/**
 * Writes the code of tree nodes for one row. Each node's value ends in a local, with a second local that is 1 where it
 * is null; the value of a null is anything. What can fail is therefore skipped for nulls.
 */
final class NodeCode {
    /** Up to this many values {@code in} compares one by one. */
    private static final int FEW = 8;

    /** A value in locals; {@code isNull} is {@link #NEVER} where it cannot be null. */
    record Value(Lane lane, int at, int length, int isNull) {
        static final int NEVER = -1;

        boolean nullable() {
            return isNull != NEVER;
        }
    }

    private final Code code;
    private final Map<Typed.Stored, Supplier<Value>> inputs;
    private final boolean inputsCanBeNull;
    private final TextCode texts;

    /** @param inputs write code that reads an input, unless it has been read */
    NodeCode(Code code, Map<Typed.Stored, Supplier<Value>> inputs, boolean inputsCanBeNull) {
        this.code = code;
        this.inputs = inputs;
        this.inputsCanBeNull = inputsCanBeNull;
        this.texts = new TextCode(code, this);
    }

    Value value(Typed node) {
        if (node instanceof Typed.Stored stored) {
            return java.util.Objects.requireNonNull(inputs.get(stored)).get();
        } else if (node instanceof Typed.Constant constant) {
            return constant(constant);
        } else if (node instanceof Typed.Arithmetic arithmetic) {
            return arithmetic(arithmetic);
        } else if (node instanceof Typed.Comparison comparison) {
            return comparison(comparison);
        } else if (node instanceof Typed.Logic logic) {
            return logic(logic);
        } else if (node instanceof Typed.Negation negation) {
            Value operand = value(negation.operand());
            load(operand);
            code.op(ICONST_1, IXOR);
            return new Value(Lane.BIT, code.keep(Lane.BIT), 0, operand.isNull());
        } else if (node instanceof Typed.NullTest test) {
            pushNull(value(test.operand()));
            return new Value(Lane.BIT, code.keep(Lane.BIT), 0, Value.NEVER);
        } else if (node instanceof Typed.Membership membership) {
            return membership(membership);
        } else if (node instanceof Typed.Conversion conversion) {
            Value operand = value(conversion.operand());
            return unlessNull(conversion, operand.isNull(), () -> {
                load(operand);
                ConversionCode.convert(code, conversion.operand().type(), conversion.type());
            });
        } else if (node instanceof Typed.Choice choice) {
            return choice(choice);
        } else if (node instanceof Typed.FirstPresent first) {
            return firstPresent(first);
        } else if (node instanceof Typed.FunctionCall call) {
            return call(call);
        }
        throw new IllegalArgumentException("no code for " + node);
    }

    void load(Value value) {
        code.load(value.lane(), value.at());
    }

    void pushNull(Value value) {
        if (value.nullable()) {
            code.load(Lane.INT, value.isNull());
        } else {
            code.push(0);
        }
    }

    private Value constant(Typed.Constant constant) {
        Lane lane = constant.lane();
        if (constant.value() == null) {
            code.pushZero(lane);
            int at = code.keep(lane);
            code.push(1);
            return new Value(lane, at, 0, code.keepInt());
        }
        code.pushConstant(lane, constant.value());
        return new Value(lane, code.keep(lane), 0, Value.NEVER);
    }

    /** Computes what may fail only where no operand is null, anything else always. */
    private Value unlessNull(Typed node, int isNull, Runnable computation) {
        Lane lane = node.lane();
        if (isNull == Value.NEVER || !node.failsItself()) {
            computation.run();
            return new Value(lane, code.keep(lane), 0, isNull);
        }
        code.pushZero(lane);
        int at = code.keep(lane);
        Label end = new Label();
        code.load(Lane.INT, isNull);
        code.jump(IFNE, end);
        computation.run();
        code.store(lane, at);
        code.mark(end);
        return new Value(lane, at, 0, isNull);
    }

    int eitherNull(Value a, Value b) {
        if (!a.nullable() || !b.nullable()) {
            return a.nullable() ? a.isNull() : b.isNull();
        }
        pushNull(a);
        pushNull(b);
        code.op(IOR);
        return code.keepInt();
    }

    private Value arithmetic(Typed.Arithmetic node) {
        Value left = value(node.left());
        Value right = value(node.right());
        return unlessNull(node, eitherNull(left, right), () -> {
            load(left);
            load(right);
            BinaryOperator operator = node.operator();
            switch (node.lane()) {
                case INT, LONG -> whole(operator, node.lane());
                case FLOAT -> code.op(real(operator));
                default -> code.op(real(operator) + (DADD - FADD));
            }
        });
    }

    private void whole(BinaryOperator operator, Lane lane) {
        String descriptor = lane == Lane.INT ? "(II)I" : "(JJ)J";
        switch (operator) {
            case PLUS -> code.call(Math.class, "addExact", descriptor);
            case MINUS -> code.call(Math.class, "subtractExact", descriptor);
            case TIMES -> code.call(Math.class, "multiplyExact", descriptor);
            default -> code.op(lane == Lane.INT ? IREM : LREM);
        }
    }

    private static int real(BinaryOperator operator) {
        return switch (operator) {
            case PLUS -> FADD;
            case MINUS -> FSUB;
            case TIMES -> FMUL;
            case DIVIDE -> FDIV;
            default -> FREM;
        };
    }

    private Value comparison(Typed.Comparison node) {
        Value left = value(node.left());
        if (left.lane().isBytes()) {
            return texts.comparison(node, left);
        }
        Value right = value(node.right());
        int isNull = eitherNull(left, right);
        load(left);
        load(right);
        if (node.leftUnits() != 1) {
            code.push(node.leftUnits());
            code.call(Comparisons.class, "compareUnits", "(JJJ)I");
            code.truth(againstZero(node.operator()));
        } else if (left.lane() == Lane.BIT || left.lane() == Lane.INT) {
            code.truth(againstZero(node.operator()) + (IF_ICMPEQ - IFEQ));
        } else if (left.lane() == Lane.LONG) {
            code.op(LCMP);
            code.truth(againstZero(node.operator()));
        } else {
            boolean less = node.operator() == BinaryOperator.LESS || node.operator() == BinaryOperator.LESS_OR_EQUAL;
            boolean single = left.lane() == Lane.FLOAT;
            code.op(less ? (single ? FCMPG : DCMPG) : (single ? FCMPL : DCMPL));
            code.truth(againstZero(node.operator()));
        }
        return new Value(Lane.BIT, code.keep(Lane.BIT), 0, isNull);
    }

    static int againstZero(BinaryOperator operator) {
        return switch (operator) {
            case EQUAL -> IFEQ;
            case NOT_EQUAL -> IFNE;
            case LESS -> IFLT;
            case LESS_OR_EQUAL -> IFLE;
            case GREATER -> IFGT;
            default -> IFGE;
        };
    }

    private Value logic(Typed.Logic node) {
        Value left = value(node.left());
        if (!node.right().fallible() && !isCostly(node.right())) {
            return combined(node, left, value(node.right()));
        }
        boolean nullable = left.nullable() || LoopPlan.canBeNull(node.right(), inputsCanBeNull);
        load(left);
        int at = code.keep(Lane.BIT);
        code.push(0);
        int isNull = code.keepInt();
        Label compute = new Label();
        Label end = new Label();
        if (left.nullable()) {
            pushNull(left);
            code.jump(IFNE, compute);
        }
        load(left);
        code.jump(node.and() ? IFEQ : IFNE, end);
        code.mark(compute);
        Value both = combined(node, left, value(node.right()));
        load(both);
        code.store(Lane.BIT, at);
        pushNull(both);
        code.store(Lane.INT, isNull);
        code.mark(end);
        return new Value(Lane.BIT, at, 0, nullable ? isNull : Value.NEVER);
    }

    private static boolean isCostly(Typed node) {
        boolean text =
                node.operands().stream().anyMatch(operand -> operand.lane().isBytes());
        return text || node.operands().stream().anyMatch(NodeCode::isCostly);
    }

    /** Both sides are known: three-valued logic without branches. */
    private Value combined(Typed.Logic node, Value left, Value right) {
        load(left);
        load(right);
        code.op(node.and() ? IAND : IOR);
        int at = code.keep(Lane.BIT);
        int anyNull = eitherNull(left, right);
        if (anyNull == Value.NEVER) {
            return new Value(Lane.BIT, at, 0, Value.NEVER);
        }
        code.load(Lane.INT, anyNull);
        for (Value side : List.of(left, right)) {
            load(side);
            if (!node.and()) {
                code.op(ICONST_1, IXOR);
            }
            pushNull(side);
            code.op(IOR, IAND);
        }
        return new Value(Lane.BIT, at, 0, code.keepInt());
    }

    private Value membership(Typed.Membership node) {
        Value operand = value(node.operand());
        boolean few = node.values().size() <= FEW;
        if (operand.lane().isBytes()) {
            List<byte[]> values = node.values().stream()
                    .map(text -> ((String) text).getBytes(StandardCharsets.UTF_8))
                    .toList();
            texts.membership(operand, values, few);
        } else if (!few) {
            List<Long> numbers = node.values().stream().map(Long.class::cast).toList();
            code.pushObject(new LongSet(numbers), LongSet.class);
            load(operand);
            code.callVirtual(LongSet.class, "contains", "(J)Z");
        } else {
            code.push(0);
            for (Object number : node.values()) {
                load(operand);
                code.push((long) (Long) number);
                code.op(LCMP);
                code.truth(IFEQ);
                code.op(IOR);
            }
        }
        int found = code.keep(Lane.BIT);
        if (!node.orNull()) {
            return new Value(Lane.BIT, found, 0, operand.isNull());
        }
        pushNull(operand);
        code.load(Lane.INT, found);
        code.op(ICONST_1, IXOR, IOR);
        return new Value(Lane.BIT, found, 0, code.keepInt());
    }

    private Value choice(Typed.Choice node) {
        Lane lane = node.lane();
        Value condition = value(node.condition());
        code.pushZero(lane);
        int at = code.keep(lane);
        code.push(0);
        int isNull = code.keepInt();
        Label otherwise = new Label();
        Label end = new Label();
        load(condition);
        if (condition.nullable()) {
            pushNull(condition);
            code.op(ICONST_1, IXOR, IAND);
        }
        code.jump(IFEQ, otherwise);
        boolean nullable = assign(value(node.then()), at, isNull);
        code.jump(GOTO, end);
        code.mark(otherwise);
        nullable |= assign(value(node.otherwise()), at, isNull);
        code.mark(end);
        return new Value(lane, at, 0, nullable ? isNull : Value.NEVER);
    }

    private boolean assign(Value value, int at, int isNull) {
        load(value);
        code.store(value.lane(), at);
        pushNull(value);
        code.store(Lane.INT, isNull);
        return value.nullable();
    }

    private Value firstPresent(Typed.FirstPresent node) {
        Lane lane = node.lane();
        code.pushZero(lane);
        int at = code.keep(lane);
        code.push(1);
        int isNull = code.keepInt();
        Label end = new Label();
        boolean nullable = true;
        for (Typed operand : node.operands()) {
            nullable &= assign(value(operand), at, isNull);
            code.load(Lane.INT, isNull);
            code.jump(IFEQ, end);
        }
        code.mark(end);
        return new Value(lane, at, 0, nullable ? isNull : Value.NEVER);
    }

    private Value call(Typed.FunctionCall node) {
        Value operand = value(node.operands().get(0));
        if (operand.lane().isBytes()) {
            return texts.call(node, operand);
        }
        return unlessNull(node, operand.isNull(), () -> {
            load(operand);
            String name = node.function().name().toLowerCase(java.util.Locale.ROOT);
            switch (node.lane()) {
                case INT, LONG -> {
                    if (name.equals("abs")) {
                        code.call(Math.class, "absExact", node.lane() == Lane.INT ? "(I)I" : "(J)J");
                    }
                }
                case FLOAT -> {
                    code.op(F2D);
                    code.call(Math.class, name, "(D)D");
                    code.op(D2F);
                }
                default -> code.call(Math.class, name, "(D)D");
            }
        });
    }
}
