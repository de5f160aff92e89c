package io.solstice.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/** A process of the operating system: it may be killed, or stand still while what comes for it piles up. */
final class Machine {
    private final Deque<Runnable> backlog = new ArrayDeque<>();
    private boolean alive = true;
    private boolean paused;
    private boolean frozen;
    /** What came first is done first, also if that takes a while. */
    private boolean catchingUp;

    boolean isAlive() {
        return alive;
    }

    boolean isPaused() {
        return paused;
    }

    /** Whether it will go on later. */
    boolean standsStill() {
        return alive && paused && !frozen;
    }

    /** Whether it will ever do anything again. */
    boolean isLost() {
        return !alive || frozen;
    }

    void run(Runnable event) {
        if (!alive) {
            return;
        }
        if (paused || catchingUp) {
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

    /** It will stand still for ever. */
    void freeze() {
        paused = true;
        frozen = true;
    }

    void resume() {
        if (frozen) {
            return;
        }
        paused = false;
        if (catchingUp) {
            return;
        }
        catchingUp = true;
        while (alive && !paused && !backlog.isEmpty()) {
            backlog.remove().run();
        }
        catchingUp = false;
    }
}
