package io.solstice.common.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A named point of the protocol. A process that was started with {@code SOLSTICE_CRASH_AT=BEFORE_SEAL#2} ends the second
 * time that it comes there, with the exit status of a killed one and without any cleaning up. With
 * {@code SOLSTICE_CRASH_AT=@file} the order is read from the file, which need not be there yet, and is removed when it
 * is carried out.
 */
public enum CrashPoint {
    // A task at a checkpoint.
    BEFORE_SEAL,
    AFTER_SEAL,
    BEFORE_UPLOAD,
    AFTER_UPLOAD,
    BEFORE_SNAPSHOT_TAKEN,
    AFTER_SNAPSHOT_TAKEN,
    // A worker that publishes.
    BEFORE_COMMIT,
    BETWEEN_FILES,
    BEFORE_TABLE_VERSION,
    AFTER_TABLE_VERSION,
    AFTER_COMMIT,
    // A worker that is given tasks or gives them up.
    BEFORE_RESTORE,
    BEFORE_DISCARD,
    // The master.
    BEFORE_MANIFEST,
    AFTER_MANIFEST,
    AFTER_LOG_ENTRY,
    BEFORE_COMMITTED_MARK,
    AFTER_COMMITTED_MARK;

    private static final int STATUS_OF_KILLED = 137;
    private static final @Nullable String ORDER = System.getenv("SOLSTICE_CRASH_AT");
    private static final boolean ON = ORDER != null;
    private static final Map<CrashPoint, AtomicInteger> TIMES = new EnumMap<>(CrashPoint.class);

    static {
        for (CrashPoint point : values()) {
            TIMES.put(point, new AtomicInteger());
        }
    }

    /** Goes on, unless there is an order for this point. */
    public void reach() {
        if (ON) {
            obey();
        }
    }

    private void obey() {
        String order = String.valueOf(ORDER);
        Path file = order.startsWith("@") ? Path.of(order.substring(1)) : null;
        try {
            String[] words = (file == null ? order : Files.readString(file).strip()).split("#", 2);
            AtomicInteger times = TIMES.get(this);
            if (times == null || !words[0].equals(name())) {
                return;
            }
            if (times.incrementAndGet() < (words.length == 1 ? 1 : Integer.parseInt(words[1]))) {
                return;
            }
            if (file != null) {
                Files.deleteIfExists(file);
            }
            Runtime.getRuntime().halt(STATUS_OF_KILLED);
        } catch (NoSuchFileException none) {
            // No order yet.
        } catch (IOException unreadable) {
            throw new IllegalStateException("the order for a crash cannot be read from " + file, unreadable);
        }
    }
}
