package io.solstice.master.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Masters that want to lead, on one thread, with a clock of its own: a store that answers late, or not at all though it
 * did what was asked, and masters that sleep in between, end, and are started again.
 */
final class LeaseSimulation {
    private static final long TIMEOUT = 2_000;
    private static final long TICK = 50;

    private final Random random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<Master> masters = new ArrayList<>();
    private final List<Candidate> terms = new ArrayList<>();
    private final Map<Long, Long> beats = new HashMap<>();
    private long now = 1_000_000;
    private long order;
    private int started;
    private double trouble;
    private int takeovers;

    private record Event(long at, long order, Runnable work) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at == other.at ? Long.compare(order, other.order) : Long.compare(at, other.at);
        }
    }

    LeaseSimulation(long seed, int count) {
        random = new Random(seed);
        for (int i = 0; i < count; i++) {
            start();
        }
    }

    private void start() {
        Master master = new Master("m" + ++started, random.nextInt(100_000));
        masters.add(master);
        master.tick();
    }

    private void later(long delay, Runnable work) {
        events.add(new Event(now + delay, order++, work));
    }

    /** One process. What comes while it sleeps is done when it wakes. */
    private final class Master {
        private final String id;
        private final long offset;
        private final Lease lease;
        private long sleepsUntil;
        private boolean ended;

        Master(String id, long offset) {
            this.id = id;
            this.offset = offset;
            this.lease = new Lease(id, TIMEOUT);
        }

        boolean leads() {
            return !ended && now + offset < lease.leadsUntil();
        }

        void tick() {
            if (!ended) {
                on(new LeaseEvent.Tick());
                later(TICK, this::tick);
            }
        }

        void on(LeaseEvent event) {
            if (sleepsUntil > now) {
                later(sleepsUntil - now, () -> on(event));
            } else if (!ended) {
                lease.on(event, now + offset).forEach(this::act);
                checkOneLeads();
            }
        }

        private void act(LeaseAction action) {
            if (action instanceof LeaseAction.Request request) {
                ask(request);
            } else if (action instanceof LeaseAction.End) {
                end();
            } else if (action instanceof LeaseAction.Lead) {
                takeovers++;
            }
        }

        private void ask(LeaseAction.Request request) {
            boolean troubled = random.nextDouble() < trouble;
            long there = troubled ? random.nextInt(3_000) : random.nextInt(10);
            long back = troubled ? random.nextInt(3_000) : random.nextInt(10);
            int fate = troubled ? random.nextInt(4) : 3;
            later(there, () -> {
                LeaseEvent lost = new LeaseEvent.Failed(ErrorCode.STORE_UNREACHABLE.error("lost"));
                LeaseEvent answer = fate == 0 ? lost : effect(request);
                LeaseEvent told = fate == 1 ? lost : answer;
                later(back, () -> on(told));
            });
        }

        private LeaseEvent effect(LeaseAction.Request request) {
            if (request instanceof LeaseAction.Look) {
                return new LeaseEvent.Seen(newest(), beats.getOrDefault((long) terms.size(), 0L), false);
            } else if (request instanceof LeaseAction.Claim claim) {
                return new LeaseEvent.Claimed(create(claim.term(), id));
            } else if (request instanceof LeaseAction.Beat beat) {
                beats.put(beat.term(), beat.number());
                return new LeaseEvent.Beaten(terms.size() > beat.term() ? newest() : null);
            }
            create(((LeaseAction.Release) request).term(), "");
            return new LeaseEvent.Released();
        }

        private void end() {
            ended = true;
            masters.remove(this);
        }
    }

    private @Nullable LeaseTerm newest() {
        if (terms.isEmpty()) {
            return null;
        }
        Candidate holder = terms.get(terms.size() - 1);
        return new LeaseTerm(
                terms.size(), Optional.of(holder).filter(one -> !one.id().isEmpty()));
    }

    /** As a store does that says of the same bytes that they are there. */
    private boolean create(long term, String id) {
        if (terms.size() == term - 1) {
            terms.add(new Candidate(id, id, "", false));
        }
        assertThat(terms).as("no term is left out").hasSizeGreaterThanOrEqualTo((int) term);
        return terms.get((int) term - 1).id().equals(id);
    }

    private void checkOneLeads() {
        List<String> leaders =
                masters.stream().filter(Master::leads).map(master -> master.id).toList();
        assertThat(leaders).as("at %s, term %s", now, terms.size()).hasSizeLessThan(2);
    }

    void runFor(long millis) {
        long end = now + millis;
        while (!events.isEmpty() && events.element().at() <= end) {
            Event event = events.remove();
            now = event.at();
            event.work().run();
        }
        now = end;
    }

    /** Lets one thing go wrong. */
    void disturb(int masterCount) {
        trouble = random.nextInt(3) == 0 ? random.nextDouble() / 2 : 0;
        Master one = masters.isEmpty() ? null : masters.get(random.nextInt(masters.size()));
        switch (random.nextInt(4)) {
            case 0 -> {
                if (one != null) {
                    one.sleepsUntil = now + random.nextInt(8_000);
                }
            }
            case 1 -> {
                if (one != null) {
                    one.end();
                }
            }
            case 2 -> {
                if (one != null) {
                    one.on(new LeaseEvent.StopAsked());
                }
            }
            default -> {}
        }
        while (masters.size() < masterCount) {
            start();
        }
    }

    /** With one more master, which nothing happens to. */
    void endTroubles() {
        trouble = 0;
        start();
    }

    boolean isLed() {
        return masters.stream().anyMatch(Master::leads);
    }

    int takeovers() {
        return takeovers;
    }

    void killLeader() {
        masters.stream().filter(Master::leads).toList().forEach(Master::end);
    }

    void stopLeader() {
        masters.stream().filter(Master::leads).toList().forEach(master -> master.on(new LeaseEvent.StopAsked()));
    }
}
