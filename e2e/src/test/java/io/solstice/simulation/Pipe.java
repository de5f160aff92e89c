package io.solstice.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** One direction of a connection: keeps its order, takes its time, and holds everything back while it is cut off. */
final class Pipe {
    private final Deque<Runnable> inFlight = new ArrayDeque<>();
    private final Timeline timeline;
    private final BooleanSupplier cut;
    private final LongSupplier latency;
    private long lastArrival;
    private int due;
    private boolean broken;

    Pipe(Timeline timeline, BooleanSupplier cut, LongSupplier latency) {
        this.timeline = timeline;
        this.cut = cut;
        this.latency = latency;
    }

    void send(Runnable arrival) {
        if (broken) {
            return;
        }
        inFlight.add(arrival);
        lastArrival = Math.max(lastArrival, timeline.now() + latency.getAsLong());
        timeline.in(lastArrival - timeline.now(), () -> {
            due++;
            flow();
        });
    }

    /** Lets arrive what is due, unless the way is cut off. */
    void flow() {
        while (due > 0 && !inFlight.isEmpty() && !cut.getAsBoolean()) {
            due--;
            inFlight.remove().run();
        }
    }

    /** Loses what is under way and all that follows. */
    void tear() {
        broken = true;
        inFlight.clear();
    }
}
