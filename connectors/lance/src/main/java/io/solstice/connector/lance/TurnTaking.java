package io.solstice.connector.lance;

import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one thread of this JVM at a time commit to a path. */
final class TurnTaking {
    private final ReentrantLock[] locks = new ReentrantLock[64];

    TurnTaking() {
        for (int i = 0; i < locks.length; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    /** Ends when it is closed. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    Turn take(Path path) {
        ReentrantLock lock = locks[Math.floorMod(path.hashCode(), locks.length)];
        lock.lock();
        return lock::unlock;
    }
}
