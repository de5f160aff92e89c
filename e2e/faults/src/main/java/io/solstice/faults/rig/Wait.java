package io.solstice.faults.rig;

import io.solstice.common.loop.Clock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waiting for something outside this process, which can only be looked at again and again. */
public final class Wait {
    private static final long STEP_NANOS = 20_000_000;

    private Wait() {}

    /** Something that may be true by now; what it throws counts as not yet. */
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** @return whether it came to hold in time */
    public static boolean until(Duration limit, Condition condition) throws InterruptedException {
        long end = Clock.SYSTEM.monotonicNanos() + limit.toNanos();
        while (!holds(condition)) {
            if (Clock.SYSTEM.monotonicNanos() > end) {
                return false;
            }
            pause(STEP_NANOS);
        }
        return true;
    }

    private static boolean holds(Condition condition) throws InterruptedException {
        try {
            return condition.holds();
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Exception notYet) {
            return false;
        }
    }

    public static void pause(Duration time) throws InterruptedException {
        long end = Clock.SYSTEM.monotonicNanos() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - Clock.SYSTEM.monotonicNanos()) {
            pause(left);
        }
    }

    private static void pause(long nanos) throws InterruptedException {
        LockSupport.parkNanos(nanos);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
