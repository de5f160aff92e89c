package io.solstice.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/** A process of the operating system: it may be killed, or stand still while what comes for it piles up. */
final class Machine {
    private final Deque<Runnable> backlog = new ArrayDeque<>();
    private boolean alive = true;
    private boolean paused;

    boolean isAlive() {
        return alive;
    }

    boolean isPaused() {
        return paused;
    }

    void run(Runnable event) {
        if (!alive) {
            return;
        }
        if (paused) {
            backlog.add(event);
        } else {
            event.run();
        }
    }

    void kill() {
        alive = false;
        backlog.clear();
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        while (alive && !paused && !backlog.isEmpty()) {
            backlog.remove().run();
        }
    }
}
