package io.solstice.worker.expression;

import static org.objectweb.asm.Opcodes.*;

import io.solstice.api.expr.BinaryOperator;
import io.solstice.worker.bytecode.Code;
import io.solstice.worker.bytecode.Lane;
import io.solstice.worker.expression.Comparisons.TextSet;
import io.solstice.worker.expression.NodeCode.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes the code of nodes that test texts and byte strings: calls of {@link Comparisons} on bytes where they lie. */
final class TextCode {
    private final Code code;
    private final NodeCode nodes;

    TextCode(Code code, NodeCode nodes) {
        this.code = code;
        this.nodes = nodes;
    }

    Value comparison(Typed.Comparison node, Value left) {
        boolean equality = node.operator() == BinaryOperator.EQUAL || node.operator() == BinaryOperator.NOT_EQUAL;
        int isNull = onBytes(left, node.right(), equality ? "equal" : "compare", equality ? "Z" : "I");
        if (!equality) {
            code.truth(NodeCode.againstZero(node.operator()));
        } else if (node.operator() == BinaryOperator.NOT_EQUAL) {
            code.op(ICONST_1, IXOR);
        }
        return new Value(Lane.BIT, code.keep(Lane.BIT), 0, isNull);
    }

    /** Calls a function of {@link Comparisons} on bytes in memory and others in memory or a constant. */
    private int onBytes(Value left, Typed right, String function, String result) {
        code.load(Lane.LONG, left.at());
        code.load(Lane.INT, left.length());
        if (right instanceof Typed.Constant constant) {
            byte[] bytes = String.valueOf(constant.value()).getBytes(StandardCharsets.UTF_8);
            code.pushObject(bytes, byte[].class);
            code.call(Comparisons.class, function, "(JI[B)" + result);
            return left.isNull();
        }
        Value other = nodes.value(right);
        code.load(Lane.LONG, other.at());
        code.load(Lane.INT, other.length());
        code.call(Comparisons.class, function, "(JIJI)" + result);
        int answer = code.keepInt();
        int isNull = nodes.eitherNull(left, other);
        code.load(Lane.INT, answer);
        return isNull;
    }

    /** Pushes whether the operand is one of the values. */
    void membership(Value operand, List<byte[]> values, boolean few) {
        if (few) {
            oneOfFew(operand, values);
            return;
        }
        code.pushObject(new TextSet(values), TextSet.class);
        code.load(Lane.LONG, operand.at());
        code.load(Lane.INT, operand.length());
        code.callVirtual(TextSet.class, "contains", "(JI)Z");
    }

    private void oneOfFew(Value operand, List<byte[]> texts) {
        code.push(0);
        for (byte[] text : texts) {
            code.load(Lane.LONG, operand.at());
            code.load(Lane.INT, operand.length());
            code.pushObject(text, byte[].class);
            code.call(Comparisons.class, "equal", "(JI[B)Z");
            code.op(IOR);
        }
    }

    Value call(Typed.FunctionCall node, Value operand) {
        int isNull = operand.isNull();
        switch (node.function()) {
            case LENGTH -> {
                code.load(Lane.LONG, operand.at());
                code.load(Lane.INT, operand.length());
                code.call(Comparisons.class, "length", "(JI)I");
            }
            case CONTAINS -> isNull = onBytes(operand, node.operands().get(1), "contains", "Z");
            case STARTS_WITH -> isNull = onBytes(operand, node.operands().get(1), "startsWith", "Z");
            default -> isNull = onBytes(operand, node.operands().get(1), "endsWith", "Z");
        }
        return new Value(node.lane(), code.keep(node.lane()), 0, isNull);
    }
}
