package io.solstice.faults;

import io.solstice.common.loop.Clock;
import io.solstice.faults.rig.Node;
import io.solstice.faults.rig.Rig;
import io.solstice.faults.rig.Wait;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Does what a schedule says, and sees to it that it bites. Used by one thread. */
final class Injector {
    private static final Duration BITE = Duration.ofSeconds(5);

    private final Rig rig;
    private final String job;

    /**
     * What was done.
     *
     * @param nanos when it bit, on the monotonic clock
     * @param text how
     * @param bit false for a fault that changed nothing
     * @param expectsRestart whether the job must begin again because of it
     */
    record Done(long nanos, String text, boolean bit, boolean expectsRestart) {}

    Injector(Rig rig, String job) {
        this.rig = rig;
        this.job = job;
    }

    /** Does it and what follows from it, such as starting what was killed; returns when all processes run again. */
    Done inject(Fault fault) throws IOException, InterruptedException {
        if (fault instanceof Fault.KillWorkers kill) {
            return kill(kill);
        }
        return stop((Fault.StopWorker) fault);
    }

    /** Those with tasks first: a fault of a process that does nothing proves nothing. */
    private List<String> victims() {
        List<String> busy = rig.workersOf(job);
        List<String> all = new ArrayList<>(busy);
        rig.workers().stream()
                .map(Node::name)
                .filter(name -> !busy.contains(name))
                .forEach(all::add);
        return all;
    }

    private Done kill(Fault.KillWorkers fault) throws IOException, InterruptedException {
        List<String> busy = rig.workersOf(job);
        List<String> order = victims();
        List<String> names =
                fault.workers().stream().map(number -> order.get(number - 1)).toList();
        long now = Clock.SYSTEM.monotonicNanos();
        for (String name : names) {
            if (!name.equals(names.get(0))) {
                Wait.pause(fault.gap());
            }
            rig.worker(name).signal("KILL");
        }
        boolean bit = true;
        for (String name : names) {
            bit &= rig.worker(name).exitCode(BITE) == Node.KILLED;
        }
        Wait.pause(fault.downtime());
        for (String name : names) {
            rig.startWorker(name);
        }
        boolean hurts = names.stream().anyMatch(busy::contains);
        return new Done(now, fault.text() + " " + names + " (exit 137)", bit && hurts, hurts);
    }

    private Done stop(Fault.StopWorker fault) throws IOException, InterruptedException {
        List<String> busy = rig.workersOf(job);
        Node worker = rig.worker(victims().get(fault.worker() - 1));
        long now = Clock.SYSTEM.monotonicNanos();
        worker.signal("STOP");
        boolean bit = Wait.until(BITE, () -> worker.state() == 'T');
        Wait.pause(fault.time());
        worker.signal("CONT");
        bit &= Wait.until(BITE, () -> worker.state() != 'T');
        return new Done(
                now,
                fault.text() + " [" + worker.name() + "] (state T)",
                bit && busy.contains(worker.name()),
                fault.makesZombie());
    }
}
