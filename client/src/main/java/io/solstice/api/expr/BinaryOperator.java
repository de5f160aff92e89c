package io.solstice.api.expr;

/** Operations on two values. */
public enum BinaryOperator {
    PLUS("+"),
    MINUS("-"),
    TIMES("*"),
    DIVIDE("/"),
    MODULO("%"),
    EQUAL("="),
    NOT_EQUAL("<>"),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    AND("and"),
    OR("or");

    private final String symbol;

    BinaryOperator(String symbol) {
        this.symbol = symbol;
    }

    /** As SQL writes it. */
    public String symbol() {
        return symbol;
    }

    public boolean isArithmetic() {
        return compareTo(MODULO) <= 0;
    }

    public boolean isComparison() {
        return compareTo(EQUAL) >= 0 && compareTo(GREATER_OR_EQUAL) <= 0;
    }

    public boolean isLogical() {
        return this == AND || this == OR;
    }
}
