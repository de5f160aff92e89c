package io.solstice.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * What is done, in order. The same seed makes the same schedule; the moments shift with the cluster, since each fault
 * waits until the one before is over and a checkpoint has been completed after it.
 */
record Schedule(List<Entry> entries) {
    private static final Duration SHORT = Duration.ofMillis(1000);
    private static final Duration LONG = Duration.ofMillis(6000);

    /** @param after the wait since the fault before is over */
    record Entry(Duration after, Fault fault) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "+%.1f s: %s", after.toMillis() / 1000.0, fault.text());
        }
    }

    /** What may be in a schedule. */
    enum Kind {
        KILL,
        PAUSE
    }

    Schedule {
        entries = List.copyOf(entries);
    }

    /** @param workers how many there are */
    static Schedule of(long seed, int faults, Set<Kind> kinds, int workers) {
        Random random = new Random(seed);
        List<Entry> entries = new ArrayList<>();
        List<Kind> order = new ArrayList<>(kinds);
        order.sort(null);
        Collections.shuffle(order, random);
        for (int i = 0; i < faults; i++) {
            Duration after = Duration.ofMillis(500 + random.nextInt(2500));
            entries.add(new Entry(after, fault(order.get(i % order.size()), workers, random)));
        }
        return new Schedule(entries);
    }

    private static Fault fault(Kind kind, int workers, Random random) {
        Duration downtime = Duration.ofMillis(500 + random.nextInt(3500));
        return switch (kind) {
            case KILL -> {
                int many = random.nextInt(4) > 0 ? 1 : 2 + random.nextInt(workers - 1);
                List<Integer> victims = new ArrayList<>();
                for (int worker = 1; worker <= many; worker++) {
                    victims.add(worker);
                }
                boolean atOnce = many == 1 || random.nextBoolean();
                Duration gap = atOnce ? Duration.ZERO : Duration.ofMillis(200 + random.nextInt(2000));
                yield new Fault.KillWorkers(victims, gap, downtime);
            }
            case PAUSE -> new Fault.StopWorker(1, random.nextBoolean() ? SHORT : LONG);
        };
    }
}
