package io.solstice.faults;

import io.solstice.common.fault.CrashPoint;
import io.solstice.common.loop.Clock;
import io.solstice.faults.Done.Effect;
import io.solstice.faults.rig.Masters;
import io.solstice.faults.rig.Node;
import io.solstice.faults.rig.Rig;
import io.solstice.faults.rig.Wait;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Does what a schedule says to processes, and sees to it that it bites. Used by one thread. */
final class Injector {
    /** A request to a store that was out of reach may still have to time out. */
    private static final Duration FENCED_WITHIN = Duration.ofSeconds(20);

    private static final Duration BITE = Duration.ofSeconds(5);
    /** A point is passed with each checkpoint, if the job is well. */
    private static final Duration REACHED = Duration.ofSeconds(30);

    private final Rig rig;
    private final String job;
    private final Places places;
    private final Set<String> wentFirst = new HashSet<>();

    Injector(Rig rig, String job, Places places) {
        this.rig = rig;
        this.job = job;
        this.places = places;
    }

    /** Does it and what follows from it, such as starting what was killed; returns when all processes run again. */
    Done inject(Fault fault) throws IOException, InterruptedException {
        if (fault instanceof Fault.KillWorkers kill) {
            return kill(kill);
        }
        if (fault instanceof Fault.StopWorker stop) {
            return stop(stop);
        }
        if (fault instanceof Fault.AtPoint at) {
            return at.stops() ? standStill(at) : end(at);
        }
        if (fault instanceof Fault.KillMaster kill) {
            return kill(kill);
        }
        if (fault instanceof Fault.StopMaster stop) {
            return stop(stop);
        }
        if (fault instanceof Fault.LoneLeader lone) {
            return lone.fromAll() ? isolate(lone) : part(lone);
        }
        return new Surroundings(rig, places, this::victims).inject(fault);
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
        return new Done(
                now,
                fault.text() + " " + names + " (exit 137)",
                bit && hurts,
                hurts ? Effect.KILL : Effect.ANY,
                Set.copyOf(names));
    }

    private Done stop(Fault.StopWorker fault) throws IOException, InterruptedException {
        List<String> busy = rig.workersOf(job);
        Node worker = rig.worker(victims().get(fault.worker() - 1));
        long now = Clock.SYSTEM.monotonicNanos();
        boolean bit = stopped(worker, fault.time());
        return new Done(
                now,
                fault.text() + " [" + worker.name() + "] (state T)",
                bit && busy.contains(worker.name()),
                fault.makesZombie() ? Effect.RESTART : Effect.ANY,
                Set.of(worker.name()));
    }

    private static boolean stopped(Node node, Duration time) throws IOException, InterruptedException {
        node.signal("STOP");
        boolean bit = Wait.until(BITE, () -> node.state() == 'T');
        Wait.pause(time);
        node.signal("CONT");
        return bit & Wait.until(BITE, () -> node.state() != 'T');
    }

    private Done end(Fault.AtPoint fault) throws IOException, InterruptedException {
        boolean reached = isReached(fault);
        long now = Clock.SYSTEM.monotonicNanos();
        boolean came = reached && Wait.until(BITE, () -> processes().anyMatch(node -> isAtPoint(node)));
        Optional<Node> victim = processes().filter(Injector::isAtPoint).findFirst();
        boolean ofMaster = fault.point().isOfMaster();
        if (ofMaster && victim.isPresent()) {
            String text = fault.text() + " [" + victim.get().name() + "] (exit " + CrashPoint.EXIT_CODE + ")";
            return afterMaster(text, now, came, victim.get(), fault.time());
        }
        Wait.pause(fault.time());
        if (victim.isPresent()) {
            rig.startWorker(victim.get().name());
        }
        String who = victim.map(Node::name).orElse("nobody");
        String text = fault.text() + " [" + who + "] (exit " + CrashPoint.EXIT_CODE + ")";
        return new Done(now, text, came, Effect.KILL, hit(victim));
    }

    /** With the one that had to go first, if there was one. */
    private Set<String> hit(Optional<Node> victim) {
        Set<String> hit = new HashSet<>(wentFirst);
        victim.map(Node::name).ifPresent(hit::add);
        return hit;
    }

    private static boolean isAtPoint(Node node) {
        return node.hasEnded(CrashPoint.EXIT_CODE);
    }

    private Stream<Node> processes() {
        return rig.processes().stream();
    }

    private Done standStill(Fault.AtPoint fault) throws IOException, InterruptedException {
        boolean reached = isReached(fault);
        long now = Clock.SYSTEM.monotonicNanos();
        boolean came = reached && Wait.until(BITE, () -> standing().isPresent());
        Optional<Node> victim = standing();
        Wait.pause(fault.time());
        if (victim.isPresent()) {
            victim.get().signal("CONT");
            came &= Wait.until(BITE, () -> standing().isEmpty());
        }
        String text = fault.text() + " [" + victim.map(Node::name).orElse("nobody") + "] (state T)";
        if (fault.point().isOfMaster() && victim.isPresent()) {
            return woken(victim.get(), text, now, came, fault.time());
        }
        return new Done(now, text, came, fault.isLong() ? Effect.RESTART : Effect.ANY, hit(victim));
    }

    private Optional<Node> standing() throws IOException {
        for (Node node : processes().toList()) {
            if (node.state() == 'T') {
                return Optional.of(node);
            }
        }
        return Optional.empty();
    }

    /** Arms the point, and waits for somebody to come by. */
    private boolean isReached(Fault.AtPoint fault) throws IOException, InterruptedException {
        CrashPoint point = fault.point();
        rig.points().arm(point, fault.stops());
        if (point == CrashPoint.STATE_READ) {
            // Passed only by tasks that are restored, so somebody has to go first.
            String first = victims().get(0);
            wentFirst.add(first);
            rig.worker(first).signal("KILL");
            rig.worker(first).exitCode(BITE);
            rig.startWorker(first);
        }
        boolean reached = Wait.until(REACHED, () -> rig.points().isReached(point));
        rig.points().disarm(point);
        return reached;
    }

    private Done kill(Fault.KillMaster fault) throws IOException, InterruptedException {
        Node leader = rig.masters().leader();
        long now = Clock.SYSTEM.monotonicNanos();
        leader.signal("KILL");
        boolean bit = leader.exitCode(BITE) == Node.KILLED;
        return afterMaster(fault.text() + " [" + leader.name() + "] (exit 137)", now, bit, leader, fault.downtime());
    }

    /** Starts a master again, before or after another one leads. */
    private Done afterMaster(String text, long now, boolean bit, Node gone, Duration downtime)
            throws IOException, InterruptedException {
        boolean alone = rig.masters().nodes().size() == 1;
        if (alone) {
            Wait.pause(downtime);
            rig.masters().restart(gone);
        }
        Node next = rig.masters().leader();
        long leads = Clock.SYSTEM.monotonicNanos();
        if (!alone) {
            Wait.pause(downtime);
            rig.masters().restart(gone);
        }
        String after = String.format(Locale.ROOT, ", %s leads after %.2f s", next.name(), (leads - now) / 1e9);
        return new Done(now, leads, text + after, bit, Effect.NO_RESTART);
    }

    private Done stop(Fault.StopMaster fault) throws IOException, InterruptedException {
        Node leader = rig.masters().leader();
        long now = Clock.SYSTEM.monotonicNanos();
        boolean bit = stopped(leader, fault.time());
        return woken(leader, fault.text() + " [" + leader.name() + "] (state T)", now, bit, fault.time());
    }

    /** A master that goes on after it stood still: one that finds another leading ends by itself. */
    private Done woken(Node master, String text, long now, boolean bit, Duration time)
            throws IOException, InterruptedException {
        boolean replaced = rig.masters().nodes().size() > 1 && time.compareTo(Fault.TAKEN_FOR_LOST) > 0;
        if (!replaced) {
            return new Done(now, Clock.SYSTEM.monotonicNanos(), text, bit, Effect.NO_RESTART);
        }
        boolean ended = master.exitCode(BITE) == Masters.FENCED;
        return afterMaster(text + " (exit " + Masters.FENCED + ")", now, bit && ended, master, Duration.ZERO);
    }

    /** Another one must lead while the old one lives on, and that one must end when it finds out. */
    private Done isolate(Fault.LoneLeader fault) throws IOException, InterruptedException {
        Node old = rig.masters().leader();
        long now = Clock.SYSTEM.monotonicNanos();
        rig.namespaces().isolate(old.name());
        Node next = rig.masters().leaderBesides(old);
        long leads = Clock.SYSTEM.monotonicNanos();
        Wait.pause(fault.time());
        boolean lived = old.isAlive();
        rig.namespaces().heal();
        boolean fenced = old.exitCode(FENCED_WITHIN) == Masters.FENCED;
        if (fenced) {
            rig.masters().restart(old);
        }
        String text = String.format(
                Locale.ROOT,
                "%s [%s] (%s, %s leads after %.2f s, exit %d)",
                fault.text(),
                old.name(),
                lived ? "lives on" : "ended alone",
                next.name(),
                (leads - now) / 1e9,
                Masters.FENCED);
        return new Done(now, leads, text, fenced, Effect.NO_RESTART);
    }

    private Done part(Fault.LoneLeader fault) throws IOException, InterruptedException {
        Node leader = rig.masters().leader();
        long now = Clock.SYSTEM.monotonicNanos();
        long before = rig.namespaces().sentAgain(leader);
        for (Node worker : rig.workers()) {
            rig.namespaces().lose(leader.name(), worker.name());
            rig.namespaces().lose(worker.name(), leader.name());
        }
        Wait.until(BITE, () -> rig.namespaces().sentAgain(leader) > before);
        Wait.pause(fault.time());
        long bites = rig.namespaces().sentAgain(leader) - before;
        rig.namespaces().heal();
        return new Done(
                now,
                Clock.SYSTEM.monotonicNanos(),
                fault.text() + " [" + leader.name() + "] (" + bites + " segments sent again)",
                bites > 0,
                fault.isLost() ? Effect.RESTART : Effect.ANY,
                rig.workers().stream().map(Node::name).collect(Collectors.toSet()));
    }
}
