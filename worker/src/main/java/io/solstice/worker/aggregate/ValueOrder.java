package io.solstice.worker.aggregate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** The order of values of one column, as rows hold them. */
final class ValueOrder {
    private ValueOrder() {}

    /** Texts and bytes compare byte by byte, everything else by nature. */
    @SuppressWarnings("unchecked")
    static final Comparator<Object> RISING = (one, other) -> {
        if (one instanceof String left && other instanceof String right) {
            return texts(left, right);
        } else if (one instanceof byte[] left && other instanceof byte[] right) {
            return Arrays.compareUnsigned(left, right);
        }
        return ((Comparable<Object>) one).compareTo(other);
    };

    /** UTF-16 units and UTF-8 bytes differ in order only beyond the basic plane. */
    private static int texts(String left, String right) {
        int mismatch = 0;
        int common = Math.min(left.length(), right.length());
        while (mismatch < common && left.charAt(mismatch) == right.charAt(mismatch)) {
            mismatch++;
        }
        if (mismatch == common) {
            return Integer.compare(left.length(), right.length());
        }
        char one = left.charAt(mismatch);
        char other = right.charAt(mismatch);
        if (Character.isSurrogate(one) == Character.isSurrogate(other)) {
            return Character.compare(one, other);
        }
        return Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }
}
