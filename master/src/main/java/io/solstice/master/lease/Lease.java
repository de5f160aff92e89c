package io.solstice.master.lease;

import io.solstice.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one master whether it leads. Takes events and the time, gives actions; knows no store and no clock.
 *
 * <pre>
 *            nobody leads, or the leader showed no life for too long
 *  LOOKING ─────────────────────────────────────────► CLAIMING ──won──► LEADING ──overtaken──► OVER
 *     ▲ └─another leads─► WAITING ──────────────────────► │ ◄─not renewed──┘
 *     └───────────────────────────────lost, or too late───┘
 * </pre>
 *
 * A leader counts from the moment at which it asked for its last renewal, a waiting master from the moment at which it
 * saw it, which is later: so the leader pauses before anybody else begins, if clocks run equally fast. A leader that was
 * late, because the store or the process stood still, tries for the next term like everybody else: if it wins, nobody
 * has led in between, and it goes on; if not, it is over.
 */
public final class Lease {
    /** Beats and looks in the time after which a leader counts as lost. */
    private static final int BEATS = 4;

    private static final int LOOKS = 8;
    private static final int MARGIN = 16;

    private enum Standing {
        LOOKING,
        WAITING,
        CLAIMING,
        LEADING,
        OVER
    }

    private final String self;
    private final long timeoutMillis;
    private final List<LeaseAction> out = new ArrayList<>();
    private Standing standing = Standing.LOOKING;
    private boolean stopping;
    /** It has led, and nobody else since, as far as is known. */
    private boolean led;

    /** A request has not been answered. */
    private boolean asking;

    private long askedAt;
    private long nextAt = Long.MIN_VALUE;
    /** The newest that is known of; one's own while leading or claiming. */
    private long term;

    private long beat;
    /** When the newest beat was seen first; while claiming or leading, when the last renewal was asked for. */
    private long aliveAt;

    private boolean thorough;

    /** @param self the id of this process */
    public Lease(String self, long timeoutMillis) {
        this.self = self;
        this.timeoutMillis = timeoutMillis;
    }

    /** @param now on a clock that never goes back, in milliseconds */
    public List<LeaseAction> on(LeaseEvent event, long now) {
        if (!(event instanceof LeaseEvent.Tick || event instanceof LeaseEvent.StopAsked)) {
            asking = false;
        }
        if (standing == Standing.LEADING && !stopping && now - aliveAt >= timeoutMillis) {
            claim(term + 1);
        }
        if (standing != Standing.OVER) {
            decide(event, now);
        }
        List<LeaseAction> decided = List.copyOf(out);
        out.clear();
        return decided;
    }

    /**
     * Until when this master leads unless it renews the lease, which is past if it does not lead or is giving the lease
     * up.
     */
    public long leadsUntil() {
        return standing == Standing.LEADING && !stopping ? aliveAt + timeoutMillis : Long.MIN_VALUE;
    }

    private void decide(LeaseEvent event, long now) {
        if (event instanceof LeaseEvent.StopAsked) {
            stopping = true;
        } else if (event instanceof LeaseEvent.Seen seen) {
            seen(seen, now);
        } else if (event instanceof LeaseEvent.Claimed claimed) {
            claimed(claimed.won(), now);
        } else if (event instanceof LeaseEvent.Beaten beaten) {
            beaten(beaten.later());
        } else if (event instanceof LeaseEvent.Released) {
            end();
        } else if (event instanceof LeaseEvent.Failed failed) {
            failed(failed, now);
        }
        if (!asking && standing != Standing.OVER) {
            goOn(now);
        }
    }

    /** Nothing is under way: asks for what comes next, if it is time. */
    private void goOn(long now) {
        if (stopping && standing != Standing.LEADING) {
            end();
        } else if (stopping) {
            ask(new LeaseAction.Release(term + 1), now);
        } else if (now >= nextAt) {
            switch (standing) {
                case LOOKING, WAITING -> {
                    thorough = standing == Standing.WAITING && now >= lostAt();
                    ask(new LeaseAction.Look(term, beat, thorough), now);
                }
                case CLAIMING -> {
                    aliveAt = Math.min(aliveAt, now);
                    ask(new LeaseAction.Claim(term), now);
                }
                case LEADING -> ask(new LeaseAction.Beat(term, beat + 1), now);
                case OVER -> {}
            }
        }
    }

    private void ask(LeaseAction.Request request, long now) {
        asking = true;
        askedAt = now;
        out.add(request);
    }

    /** From when on a leader without a sign of life counts as lost. */
    private long lostAt() {
        return aliveAt + timeoutMillis + timeoutMillis / MARGIN;
    }

    private void seen(LeaseEvent.Seen seen, long now) {
        LeaseTerm newest = seen.term();
        if (newest == null) {
            claim(1);
            return;
        }
        Candidate holder = newest.holder().orElse(null);
        if (led && !(holder != null && holder.id().equals(self))) {
            overtaken(newest);
            return;
        }
        boolean lost = thorough && newest.number() == term && seen.beat() == beat;
        if (holder == null || holder.id().equals(self) || seen.holderIsDead() || lost) {
            claim(newest.number() + 1);
            return;
        }
        if (standing == Standing.LOOKING || newest.number() != term) {
            standing = Standing.WAITING;
            out.add(new LeaseAction.Follow(holder));
            aliveAt = now;
        } else if (seen.beat() != beat) {
            aliveAt = now;
        }
        term = newest.number();
        beat = seen.beat();
        nextAt = Math.min(now + timeoutMillis / LOOKS, lostAt());
    }

    private void claim(long wanted) {
        standing = Standing.CLAIMING;
        term = wanted;
        beat = 0;
        nextAt = Long.MIN_VALUE;
        aliveAt = Long.MAX_VALUE;
    }

    private void claimed(boolean won, long now) {
        if (won && now - aliveAt < timeoutMillis) {
            standing = Standing.LEADING;
            nextAt = Long.MIN_VALUE;
            if (!led) {
                out.add(new LeaseAction.Lead(term));
            }
            led = true;
        } else {
            lookAgain();
        }
    }

    private void lookAgain() {
        standing = Standing.LOOKING;
        term--;
        nextAt = Long.MIN_VALUE;
    }

    private void beaten(@Nullable LeaseTerm later) {
        if (later != null) {
            overtaken(later);
        } else if (standing == Standing.LEADING) {
            beat++;
            aliveAt = askedAt;
            nextAt = askedAt + timeoutMillis / BEATS;
        }
    }

    private void failed(LeaseEvent.Failed failed, long now) {
        out.add(new LeaseAction.Trouble(failed.why()));
        if (stopping) {
            end();
        } else if (standing == Standing.CLAIMING && now - aliveAt >= timeoutMillis) {
            lookAgain();
        }
        nextAt = now + timeoutMillis / MARGIN;
    }

    private void overtaken(LeaseTerm later) {
        standing = Standing.OVER;
        String leader = later.holder()
                .map(holder -> "the master at " + holder.endpoint() + " leads")
                .orElse("another master has led");
        out.add(new LeaseAction.End(ErrorCode.JOURNAL_FAILED
                .error(leader + ", so this one ends")
                .cause("it led too, but could not renew its lease in time: the store or the process stood still")
                .help("start it again, and it is a standby")));
    }

    private void end() {
        standing = Standing.OVER;
        out.add(new LeaseAction.End(null));
    }
}
