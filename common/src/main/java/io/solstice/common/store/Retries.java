package io.solstice.common.store;

import io.solstice.common.loop.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Repeats calls to a store whose trouble may pass, with pauses of full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), until a budget of time is used up. Threads
 * may share it; closing it ends all pauses.
 */
public final class Retries {
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private final Clock clock;
    private final RandomGenerator random;
    private final long budgetMillis;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** @param random one that threads may share */
    public Retries(Clock clock, RandomGenerator random, long budgetMillis) {
        this.clock = clock;
        this.random = random;
        this.budgetMillis = budgetMillis;
    }

    /**
     * The attempt's result, or its last exception.
     *
     * @param passing whether the trouble may pass; asked before each pause, so it may also do something about it
     */
    public <T> T run(Supplier<T> attempt, Predicate<RuntimeException> passing) {
        long start = clock.monotonicNanos();
        for (int failures = 0; ; failures++) {
            try {
                return attempt.get();
            } catch (RuntimeException trouble) {
                long left = budgetMillis - TimeUnit.NANOSECONDS.toMillis(clock.monotonicNanos() - start);
                if (left <= 0 || !passing.test(trouble) || isClosedWithin(Math.min(left, pauseMillis(failures)))) {
                    throw trouble;
                }
            }
        }
    }

    private long pauseMillis(int failures) {
        long longest = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures, 10));
        return random.nextLong(longest + 1);
    }

    private boolean isClosedWithin(long millis) {
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    public void close() {
        closed.countDown();
    }
}
