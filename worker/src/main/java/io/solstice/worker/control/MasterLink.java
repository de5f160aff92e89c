package io.solstice.worker.control;

import io.solstice.common.id.RunId;
import io.solstice.common.protocol.WorkerMessage;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Keeps the connection to the master: registers, shows signs of life, notices silence, and comes back. */
final class MasterLink {
    /** So long a lost master is looked for often: another one, or the same started again, leads its jobs on. */
    private static final long NEXT_MASTER_MILLIS = 60_000;

    private static final long SOON_MILLIS = 500;

    private final WorkerProfile self;
    private final LinkTimes times;
    private final Random random;
    private final List<WorkerAction> out;
    private LinkPhase phase = LinkPhase.AWAY;
    /** The number of the newest link. */
    private long number;

    private long nextAttempt = Long.MIN_VALUE;
    private int failures;
    private long lastHeard;
    /** Since when there is no link. */
    private long aloneSince = Long.MAX_VALUE;

    private long lastHeartbeat;
    private long heartbeats;
    private long term = Long.MIN_VALUE;
    /** A master has said that this worker gets no more tasks; the next one hears it from the worker. */
    private boolean draining;
    /** How many masters came that another one had followed. */
    private int fenced;
    /** Why there is no link. */
    private String why = "not yet";

    /** @param out where decisions go */
    MasterLink(WorkerProfile self, LinkTimes times, Random random, List<WorkerAction> out) {
        this.self = self;
        this.times = times;
        this.random = random;
        this.out = out;
    }

    LinkPhase phase() {
        return phase;
    }

    long term() {
        return term;
    }

    String inWords() {
        return phase == LinkPhase.JOINED ? "CONNECTED" : why;
    }

    /** Whether something that came over a link came over the living one. */
    boolean isCurrent(long link) {
        return link == number && (phase == LinkPhase.OPENING || phase == LinkPhase.JOINED);
    }

    void heard(long now) {
        lastHeard = now;
    }

    void tick(long now, List<RunId> held) {
        switch (phase) {
            case AWAY -> {
                if (now >= nextAttempt) {
                    open(now, held);
                }
            }
            case OPENING -> giveUpOnSilence(now);
            case JOINED -> {
                if (!giveUpOnSilence(now) && now - lastHeartbeat >= times.heartbeatMillis()) {
                    heartbeat(now);
                }
            }
            case LEFT -> {}
        }
    }

    private void open(long now, List<RunId> held) {
        become(LinkPhase.OPENING);
        number++;
        lastHeard = now;
        out.add(new WorkerAction.OpenLink(number, self.registration(held, draining)));
    }

    private boolean giveUpOnSilence(long now) {
        if (now - lastHeard < times.silenceMillis()) {
            return false;
        }
        drop("it has been silent for " + seconds(now - lastHeard), now);
        return true;
    }

    void heartbeat(long now) {
        if (phase == LinkPhase.JOINED) {
            lastHeartbeat = now;
            out.add(new WorkerAction.SendHeartbeat(++heartbeats));
        }
    }

    /** @return whether this is the master's first word on the link, and it may be obeyed */
    boolean welcome(long newTerm, long now) {
        if (newTerm < term) {
            fenced++;
            drop("it is of term " + newTerm + ", and this worker has followed one of term " + term, now);
            return false;
        }
        if (phase == LinkPhase.JOINED) {
            return false;
        }
        term = newTerm;
        become(LinkPhase.JOINED);
        aloneSince = Long.MAX_VALUE;
        failures = 0;
        lastHeartbeat = now;
        out.add(new WorkerAction.Say(
                WorkerAction.Level.INFO, "registered with the master at " + self.master() + " as " + self.worker()));
        return true;
    }

    void drain() {
        draining = true;
    }

    int fenced() {
        return fenced;
    }

    /** Ends a link that still stands. */
    private void drop(String why, long now) {
        out.add(new WorkerAction.CloseLink(number));
        lost(why, now);
    }

    /** For how long no master has led this worker. */
    long aloneMillis(long now) {
        return Math.max(0, now - aloneSince);
    }

    /** The link is gone; there will be another. */
    void lost(String cause, long now) {
        why = cause;
        aloneSince = Math.min(aloneSince, now);
        String what = phase == LinkPhase.JOINED ? "lost the master at " : "cannot reach the master at ";
        become(LinkPhase.AWAY);
        long wait = nextWait(now);
        nextAttempt = now + wait;
        out.add(new WorkerAction.Say(
                WorkerAction.Level.WARN, what + self.master() + " (" + cause + "); trying again in " + seconds(wait)));
    }

    /** Doubles with each failure; the random half keeps many workers from coming back at the same moment. */
    private long nextWait(long now) {
        long whole = times.firstRetryMillis() << Math.min(20, failures++);
        boolean soon = term != Long.MIN_VALUE && aloneMillis(now) < NEXT_MASTER_MILLIS;
        long longest = soon ? Math.min(SOON_MILLIS, times.longestRetryMillis()) : times.longestRetryMillis();
        long bounded = Math.min(whole, longest);
        return bounded / 2 + (long) (random.nextDouble() * (bounded - bounded / 2));
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }

    void send(WorkerMessage message) {
        if (phase == LinkPhase.JOINED) {
            out.add(new WorkerAction.Send(message));
        }
    }

    /** Ends the link for good. */
    void leave() {
        send(new WorkerMessage.Leaving());
        if (phase != LinkPhase.AWAY) {
            out.add(new WorkerAction.CloseLink(number));
        }
        become(LinkPhase.LEFT);
    }

    private void become(LinkPhase next) {
        if (!phase.mayBecome(next)) {
            throw new IllegalStateException("the link cannot go from " + phase + " to " + next);
        }
        phase = next;
    }
}
