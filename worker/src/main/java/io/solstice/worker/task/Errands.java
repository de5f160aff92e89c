package io.solstice.worker.task;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * What other threads leave for the task's to do, since what it is about belongs to the task. Who leaves more than the
 * task gets done waits for it.
 */
public final class Errands {
    private static final int MOST = 1_024;

    private final BlockingQueue<Runnable> left = new ArrayBlockingQueue<>(MOST);
    private final Runnable wakeTask;

    public Errands(Runnable wakeTask) {
        this.wakeTask = wakeTask;
    }

    /** Called by any thread but the task's. One that is interrupted, for the task has ended, leaves nothing. */
    public void leave(Runnable errand) {
        try {
            boolean taken = left.offer(errand);
            wakeTask.run();
            if (!taken) {
                left.put(errand);
                wakeTask.run();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Called by the task's thread. */
    void run() {
        for (Runnable errand = left.poll(); errand != null; errand = left.poll()) {
            errand.run();
        }
    }
}
