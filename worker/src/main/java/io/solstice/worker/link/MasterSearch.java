package io.solstice.worker.link;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.WorkerMessage;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One link, to whichever master answers: each in turn is asked, at once after another refused or could not be reached.
 * A round in which a standby answered is soon followed by another one, for it may lead in a moment. The listener hears
 * of the end only when nobody answered, or when the one that did is lost. Belongs to the link's loop.
 */
final class MasterSearch implements MasterPort.Link, LinkStream.Owner {
    /** Together below the silence after which a worker takes a link for lost. */
    private static final long STANDBY_PATIENCE_MILLIS = 3_000;

    private static final long ANSWER_PATIENCE_MILLIS = 2_000;

    private final GrpcMasterPort port;
    private final MasterPort.Listener listener;
    private final WorkerMessage registration;
    private final long begun = nowMillis();
    private final Set<String> reasons = new LinkedHashSet<>();
    private @Nullable LinkStream stream;
    private int which;
    private int tried;
    private long triedAt;
    private boolean standby;
    private boolean answered;
    private boolean ended;

    MasterSearch(GrpcMasterPort port, MasterPort.Listener listener, WorkerMessage registration) {
        this.port = port;
        this.listener = listener;
        this.registration = registration;
    }

    private static long nowMillis() {
        return Clock.SYSTEM.monotonicNanos() / 1_000_000;
    }

    void tryNext() {
        which = port.masters().current();
        tried++;
        triedAt = nowMillis();
        stream = port.stream(which, this);
        stream.begin(registration);
    }

    @Override
    public void received(MasterMessage message) {
        answered = true;
        if (!ended) {
            listener.received(message);
        }
    }

    @Override
    public void closed(SolsticeError why) {
        if (ended) {
            return;
        }
        stream = null;
        port.masters().moveOn(which);
        reasons.add(why.cause().isEmpty() ? why.what() : why.what() + ": " + why.cause());
        standby |= why.code() == ErrorCode.NOT_LEADER;
        if (!answered && tried < port.masters().count()) {
            tryNext();
        } else if (answered || !standby || nowMillis() - begun >= STANDBY_PATIENCE_MILLIS) {
            ended = true;
            port.forget(this);
            listener.closed(String.join("; ", reasons));
        }
    }

    /** Comes often. */
    void tick() {
        LinkStream tryingNow = stream;
        if (ended || answered) {
            return;
        }
        if (tryingNow == null) {
            tried = 0;
            standby = false;
            reasons.clear();
            tryNext();
        } else if (port.masters().count() > 1 && nowMillis() - triedAt >= ANSWER_PATIENCE_MILLIS) {
            tryingNow.giveUp();
            closed(ErrorCode.MASTER_UNREACHABLE.error("the " + port.masters().name(which) + " does not answer"));
        }
    }

    @Override
    public void send(WorkerMessage message) {
        port.loop().submit(() -> {
            LinkStream open = stream;
            if (open != null && !ended) {
                open.send(message);
            }
        });
    }

    @Override
    public void close() {
        port.loop().submit(() -> {
            if (ended) {
                return;
            }
            ended = true;
            port.forget(this);
            port.masters().moveOn(which);
            if (stream != null) {
                stream.close();
            }
        });
    }
}
