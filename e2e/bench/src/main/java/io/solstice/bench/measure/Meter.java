package io.solstice.bench.measure;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** The stop watch of one run. It may be started from any thread; the first one counts. */
public final class Meter {
    private final AtomicReference<Usage> begun = new AtomicReference<>();
    private final AtomicReference<Usage> ended = new AtomicReference<>();

    /** The first event is about to be made. Later calls do nothing. */
    public void begin() {
        if (begun.get() == null) {
            begun.compareAndSet(null, Usage.now());
        }
    }

    /** The last result is there. */
    public void end() {
        ended.set(Usage.now());
    }

    /** Between the two. */
    public double seconds() {
        return ended().secondsSince(begun());
    }

    Measurement measurement(Contender contender) {
        Usage from = begun();
        Usage to = ended();
        return new Measurement(
                contender,
                to.secondsSince(from),
                (double) to.cpuNanosSince(from) / contender.events(),
                Usage.peakRssMegabytes(),
                to.otherCoresSince(from));
    }

    private Usage begun() {
        return Objects.requireNonNull(begun.get(), "the run never called begin()");
    }

    private Usage ended() {
        return Objects.requireNonNull(ended.get(), "the run never called end()");
    }
}
