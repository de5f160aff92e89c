package io.solstice.faults.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What was found, by kind: how often, and the first examples. Used by one thread at a time. */
public final class Account {
    private static final int EXAMPLES = 5;

    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private final Map<Kind, List<String>> examples = new EnumMap<>(Kind.class);

    public void add(Kind kind, String example) {
        add(kind, 1, example);
    }

    /** @param example of all of them */
    public void add(Kind kind, int times, String example) {
        counts.merge(kind, times, Integer::sum);
        List<String> known = examples.computeIfAbsent(kind, none -> new ArrayList<>());
        if (known.size() < EXAMPLES && !known.contains(example)) {
            known.add(example);
        }
    }

    /** With the examples of both, so that what one job has found hides nothing of another. */
    public void addAll(Account other) {
        other.counts.forEach((kind, times) -> counts.merge(kind, times, Integer::sum));
        other.examples.forEach((kind, texts) ->
                examples.computeIfAbsent(kind, none -> new ArrayList<>()).addAll(texts));
    }

    public int count(Kind kind) {
        return counts.getOrDefault(kind, 0);
    }

    /** Whether nothing is wrong. */
    public boolean isClean() {
        return counts.keySet().stream().allMatch(kind -> kind == Kind.ORPHANED);
    }

    public Map<Kind, Integer> counts() {
        return Map.copyOf(counts);
    }

    /** One line for each kind. */
    public List<String> lines() {
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + " x" + entry.getValue() + ": "
                        + String.join("; ", examples.getOrDefault(entry.getKey(), List.of())))
                .toList();
    }

    @Override
    public String toString() {
        return lines().stream().collect(Collectors.joining("\n"));
    }
}
