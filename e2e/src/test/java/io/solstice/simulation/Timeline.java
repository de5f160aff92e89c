package io.solstice.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/** Virtual time, and what is due when. What is due at the same time happens in an order that the seed decides. */
final class Timeline {
    private static final int LAST_LINES = 100;

    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private final List<String> story = new ArrayList<>();
    private final Random random;
    private long now = 1_000_000;
    private long scheduled;
    private long steps;
    private long fingerprint = 17;

    private record Due(long time, int tie, long number, Runnable what) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(time, other.time);
            int byTie = byTime != 0 ? byTime : Integer.compare(tie, other.tie);
            return byTie != 0 ? byTie : Long.compare(number, other.number);
        }
    }

    Timeline(Random random) {
        this.random = random;
    }

    long now() {
        return now;
    }

    void in(long millis, Runnable what) {
        queue.add(new Due(now + Math.max(0, millis), random.nextInt(), scheduled++, what));
    }

    void step() {
        Due next = queue.remove();
        steps++;
        now = next.time();
        next.what().run();
    }

    /** How many events there were so far. */
    long steps() {
        return steps;
    }

    /** Remembers what happened, to be shown if something goes wrong, and to compare two runs by. */
    void tell(Object what) {
        String line = now - 1_000_000 + " " + what;
        fingerprint = fingerprint * 31 + line.hashCode();
        story.add(line);
    }

    /** Of everything that was told. */
    long fingerprint() {
        return fingerprint;
    }

    /** All that was told, in order. */
    List<String> story() {
        return List.copyOf(story);
    }

    /** The last of it. */
    String end() {
        return String.join("\n", story.subList(Math.max(0, story.size() - LAST_LINES), story.size()));
    }

    Random random() {
        return random;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Mostly near the low end, sometimes near the high one. */
    long delay(long low, long high) {
        double tail = random.nextDouble();
        return low + (long) ((high - low) * tail * tail * tail);
    }
}
