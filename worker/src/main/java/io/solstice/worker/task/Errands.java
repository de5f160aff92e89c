package io.solstice.worker.task;

import java.util.concurrent.ConcurrentLinkedQueue;

/** What other threads leave for the task's to do, since what it is about belongs to the task. */
public final class Errands {
    private final ConcurrentLinkedQueue<Runnable> left = new ConcurrentLinkedQueue<>();
    private final Runnable wakeTask;

    public Errands(Runnable wakeTask) {
        this.wakeTask = wakeTask;
    }

    /** Called by any thread. */
    public void leave(Runnable errand) {
        left.add(errand);
        wakeTask.run();
    }

    /** Called by the task's thread. */
    void run() {
        for (Runnable errand = left.poll(); errand != null; errand = left.poll()) {
            errand.run();
        }
    }
}
