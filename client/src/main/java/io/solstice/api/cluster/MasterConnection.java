package io.solstice.api.cluster;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.AbstractStub;
import io.solstice.common.config.Secret;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.rpc.RpcClient;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A connection to the master that leads, and how calls over it are tried, repeated and refused. Of several masters the
 * next in turn is asked at once when one cannot be reached or is a standby. For programs there is
 * {@link SolsticeClient}; the command also makes calls of its own. Any thread may use it.
 */
public final class MasterConnection implements AutoCloseable {
    private static final int LARGEST_MESSAGE = 32 << 20;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;
    private static final long ANSWER_MILLIS = 1_500;
    private static final int NONE = -1;

    private final ClientOptions options;
    private final Clock clock = Clock.SYSTEM;
    /** One for each address, of which the current one is used. */
    private final List<RpcClient> masters;

    private final AtomicInteger current = new AtomicInteger();
    /** The one that has answered lately. */
    private volatile int answering = NONE;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Set<Runnable> toldOfTheEnd = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, work -> {
        Thread thread = new Thread(work, "solstice-client");
        thread.setDaemon(true);
        return thread;
    });

    private MasterConnection(ClientOptions options, List<RpcClient> masters) {
        this.options = options;
        this.masters = List.copyOf(masters);
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Opens no connection yet: the first call does. */
    public static MasterConnection open(ClientOptions options) {
        return new MasterConnection(
                options,
                options.masters().stream()
                        .map(master -> client(options, master))
                        .toList());
    }

    private static RpcClient client(ClientOptions options, Endpoint master) {
        RpcClient.Builder builder = RpcClient.to("master", master)
                .messageLimit(LARGEST_MESSAGE)
                .token(Optional.ofNullable(options.token()).map(Secret::new));
        if (options.tlsCa() != null) {
            builder.tlsTrusting(Optional.of(options.tlsCa()));
        }
        return builder.build();
    }

    private ManagedChannel channel() {
        return masters.get(current.get()).channel();
    }

    /** What went wrong with a call: the master's own error, or that it cannot be reached and what to do then. */
    SolsticeException decode(Throwable failed) {
        return decode(failed, masters.get(current.get()));
    }

    private SolsticeException decode(Throwable failed, RpcClient asked) {
        SolsticeException decoded = asked.decode(failed);
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
        return repeated(() ->
                call.apply(service.apply(channel()).withDeadlineAfter(longest.toMillis(), TimeUnit.MILLISECONDS)));
    }

    /** Makes one call that answers with a stream; a stream that breaks after its first answer is not repeated. */
    public <S extends AbstractStub<S>, T> Iterator<T> stream(
            Function<Channel, S> service, Function<S, Iterator<T>> call) {
        Iterator<T> answers = repeated(() -> {
            Iterator<T> begun = call.apply(service.apply(channel()));
            // asked here, for this is where it is seen whether the master leads
            return begun.hasNext() ? begun : Collections.emptyIterator();
        });
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
        return service.apply(channel(), io.grpc.CallOptions.DEFAULT);
    }

    /**
     * Repeats the work, with growing pauses, for as long as no master that leads can be reached and patience lasts; in
     * between, each address is tried once, at once.
     */
    <T> T repeated(Supplier<T> work) {
        long end = clock.monotonicNanos() + options.patience().toNanos();
        long pause = FIRST_PAUSE_MILLIS;
        for (int tried = 1; ; tried++) {
            int asked = current.get();
            try {
                checkAnswers(asked);
                return work.get();
            } catch (StatusRuntimeException failed) {
                if (isClosed()) {
                    throw closedError();
                }
                boolean elsewhere = masters.size() > 1 && CallErrors.isSilence(failed);
                if (!elsewhere && !CallErrors.mayPass(failed)) {
                    throw decode(failed, masters.get(asked));
                }
                moveOn(asked);
                if (tried % masters.size() == 0) {
                    if (clock.monotonicNanos() + TimeUnit.MILLISECONDS.toNanos(pause) >= end) {
                        throw decode(failed, masters.get(asked));
                    }
                    pause(pause);
                    pause = next(pause);
                    hurry();
                }
            }
        }
    }

    /** One that is paused must not use up the time in which another would have answered. */
    private void checkAnswers(int asked) {
        if (masters.size() == 1 || answering == asked) {
            return;
        }
        try {
            HealthGrpc.newBlockingStub(masters.get(asked).channel())
                    .withDeadlineAfter(ANSWER_MILLIS, TimeUnit.MILLISECONDS)
                    .check(HealthCheckRequest.getDefaultInstance());
        } catch (StatusRuntimeException failed) {
            if (CallErrors.isSilence(failed) || CallErrors.mayPass(failed)) {
                throw failed;
            }
            // it answered, if only that it does not know the question
        }
        answering = asked;
    }

    /** Which address is used now; for {@link #moveOn}. */
    int current() {
        return current.get();
    }

    /** The next address is used from now on, unless another call has seen to that already. */
    void moveOn(int from) {
        answering = NONE;
        current.compareAndSet(from, (from + 1) % masters.size());
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
        masters.forEach(master -> master.channel().resetConnectBackoff());
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
        masters.forEach(master -> master.channel().shutdownNow());
        masters.forEach(RpcClient::close);
    }
}
