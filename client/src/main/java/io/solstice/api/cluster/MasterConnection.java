package io.solstice.api.cluster;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import io.solstice.common.config.Secret;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import io.solstice.common.rpc.RpcClient;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A connection to a master, and how calls over it are tried, repeated and refused. For programs there is
 * {@link SolsticeClient}; the command also makes calls of its own. Any thread may use it.
 */
public final class MasterConnection implements AutoCloseable {
    private static final int LARGEST_MESSAGE = 32 << 20;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final ClientOptions options;
    private final Clock clock = Clock.SYSTEM;
    private final RpcClient rpc;
    private final ManagedChannel channel;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Set<Runnable> toldOfTheEnd = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, work -> {
        Thread thread = new Thread(work, "solstice-client");
        thread.setDaemon(true);
        return thread;
    });

    private MasterConnection(ClientOptions options, RpcClient rpc) {
        this.options = options;
        this.rpc = rpc;
        this.channel = rpc.channel();
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Opens no connection yet: the first call does. */
    public static MasterConnection open(ClientOptions options) {
        RpcClient.Builder builder = RpcClient.to("master", options.master())
                .messageLimit(LARGEST_MESSAGE)
                .token(Optional.ofNullable(options.token()).map(Secret::new));
        if (options.tlsCa() != null) {
            builder.tlsTrusting(Optional.of(options.tlsCa()));
        }
        return new MasterConnection(options, builder.build());
    }

    /** What went wrong with a call: the master's own error, or that it cannot be reached and what to do then. */
    SolsticeException decode(Throwable failed) {
        SolsticeException decoded = rpc.decode(failed);
        if (decoded.code() != ErrorCode.MASTER_UNREACHABLE || CallErrors.isAnswer(failed)) {
            return decoded;
        }
        return decoded.error()
                .where("--master " + options.address())
                .help(decoded.error().help()
                        + "\nbin/start-master starts a master; --master or SOLSTICE_MASTER name another one")
                .toException(failed);
    }

    public ClientOptions options() {
        return options;
    }

    /**
     * Makes one blocking call, for example {@code call(AdminServiceGrpc::newBlockingStub, admin ->
     * admin.getCluster(request))}. It must be one that may be repeated.
     *
     * @throws SolsticeException the master's own error, or that it cannot be reached
     */
    public <S extends AbstractStub<S>, T> T call(Function<Channel, S> service, Function<S, T> call) {
        return call(options.callTimeout(), service, call);
    }

    /** Like {@link #call(Function, Function)}, for a call that may take longer than others. */
    public <S extends AbstractStub<S>, T> T call(Duration longest, Function<Channel, S> service, Function<S, T> call) {
        return repeated(
                () -> call.apply(service.apply(channel).withDeadlineAfter(longest.toMillis(), TimeUnit.MILLISECONDS)));
    }

    /** Makes one call that answers with a stream; a stream that breaks is not repeated. */
    public <S extends AbstractStub<S>, T> Iterator<T> stream(
            Function<Channel, S> service, Function<S, Iterator<T>> call) {
        Iterator<T> answers = call.apply(service.apply(channel));
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                try {
                    return answers.hasNext();
                } catch (StatusRuntimeException broken) {
                    throw decode(broken);
                }
            }

            @Override
            public T next() {
                return answers.next();
            }
        };
    }

    /** A stub for streams, without a deadline. */
    <S> S stub(BiFunction<Channel, io.grpc.CallOptions, S> service) {
        return service.apply(channel, io.grpc.CallOptions.DEFAULT);
    }

    /** Repeats the work, with growing pauses, for as long as the master cannot be reached and patience lasts. */
    <T> T repeated(Supplier<T> work) {
        long end = clock.monotonicNanos() + options.patience().toNanos();
        for (long pause = FIRST_PAUSE_MILLIS; ; pause = next(pause)) {
            try {
                return work.get();
            } catch (StatusRuntimeException failed) {
                boolean inTime = clock.monotonicNanos() + TimeUnit.MILLISECONDS.toNanos(pause) < end;
                if (!inTime || !CallErrors.mayPass(failed) || isClosed()) {
                    throw isClosed() ? closedError() : decode(failed);
                }
                pause(pause);
                channel.resetConnectBackoff();
            }
        }
    }

    static long next(long pauseMillis) {
        return pauseMillis == 0 ? FIRST_PAUSE_MILLIS : Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    }

    private void pause(long millis) {
        try {
            if (closed.await(millis, TimeUnit.MILLISECONDS)) {
                throw closedError();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.TIMED_OUT
                    .error("interrupted while waiting for the master at " + options.address())
                    .toException(interrupted);
        }
    }

    /** Runs something on the client's own thread after a while; never, if the connection is closed before. */
    void later(long millis, Runnable work) {
        if (!isClosed()) {
            timer.schedule(work, millis, TimeUnit.MILLISECONDS);
        }
    }

    /** Connects at once to a master that may be back, instead of when gRPC would try again. */
    void hurry() {
        channel.resetConnectBackoff();
    }

    /** Has something called when the connection is closed, unless it is forgotten before. */
    void onClose(Runnable told) {
        toldOfTheEnd.add(told);
        if (isClosed()) {
            told.run();
        }
    }

    void forget(Runnable told) {
        toldOfTheEnd.remove(told);
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    static SolsticeException closedError() {
        return ErrorCode.ENGINE_CLOSED
                .error("the connection to the master has been closed")
                .help("connect again with SolsticeClient.connect; the job goes on")
                .toException();
    }

    /** Ends all calls and threads. Jobs go on. */
    @Override
    public void close() {
        if (isClosed()) {
            return;
        }
        closed.countDown();
        toldOfTheEnd.forEach(Runnable::run);
        timer.shutdownNow();
        channel.shutdownNow();
        rpc.close();
    }
}
