package io.solstice.common.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that was probably meant, by edit distance. */
public final class NearestName {
    private NearestName() {}

    /** The closest candidate, if it is close enough to be a slip of the pen. */
    public static Optional<String> of(String given, Collection<String> candidates) {
        int limit = Math.max(1, Math.min(3, given.length() / 2));
        return candidates.stream()
                .filter(candidate -> distance(given, candidate) <= limit)
                .min(Comparator.comparingInt((String candidate) -> distance(given, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** A help sentence: the nearest name if there is one, and all candidates. */
    public static String help(String given, Collection<String> candidates) {
        String known = candidates.isEmpty() ? "there are none" : "known: " + String.join(", ", candidates);
        return of(given, candidates)
                .map(name -> "did you mean '" + name + "'? (" + known + ")")
                .orElse(known);
    }

    /** Edit distance with neighbouring transpositions counted as one, ignoring case. */
    static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int best = Math.min(cost[i - 1][j - 1] + change, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                cost[i][j] = swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
            }
        }
        return cost[a.length()][b.length()];
    }
}
