package io.solstice.common.graph;

import io.solstice.common.error.ErrorCode;

/**
 * How many tasks a stage has: {@code initial} at the start, later between {@code min} and {@code max}. Fixed when all
 * three are equal.
 */
public record Parallelism(int initial, int min, int max) {
    public static final int LIMIT = 32_768;

    public Parallelism {
        if (min < 1 || initial < min || max < initial || max > LIMIT) {
            throw ErrorCode.PARALLELISM_INVALID
                    .error("parallelism " + initial + " between " + min + " and " + max + " is not possible")
                    .cause("it must hold that 1 <= min <= initial <= max <= " + LIMIT)
                    .help("give one number for a fixed parallelism, or a pair such as 2-10 to scale between them")
                    .toException();
        }
    }

    public static Parallelism fixed(int tasks) {
        return new Parallelism(tasks, tasks, tasks);
    }

    /** Starts at {@code min} and may grow to {@code max}. */
    public static Parallelism between(int min, int max) {
        return new Parallelism(min, min, max);
    }

    /** Reads {@code 4} or {@code 2-10}, the forms of the command line and of YAML. */
    public static Parallelism parse(String text) {
        try {
            String[] ends = text.strip().split("\\s*-\\s*", -1);
            if (ends.length == 1) {
                return fixed(Integer.parseInt(ends[0]));
            }
            if (ends.length == 2) {
                return between(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]));
            }
        } catch (NumberFormatException notANumber) {
            // falls through to the one error for every wrong form
        }
        throw ErrorCode.PARALLELISM_INVALID
                .error("'" + text + "' is not a parallelism")
                .help("write one number, such as 4, or a range, such as 2-10")
                .toException();
    }

    public boolean isFixed() {
        return min == max;
    }

    @Override
    public String toString() {
        if (isFixed()) {
            return Integer.toString(initial);
        }
        return initial == min ? min + "-" + max : initial + " (" + min + "-" + max + ")";
    }
}
