package io.solstice.common.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A moment between two steps of which each lasts, and after which a process may be gone for ever. In a process that was
 * not started with the property {@value #PROPERTY}, passing one does nothing.
 *
 * <p>The property names a folder. A file in it that is called like a point arms the point for all processes that share
 * the folder: the first to reach it takes the file away, and ends at once, as with SIGKILL, or stands still, as with
 * SIGSTOP, if {@value #STOP} is written in the file. Tools may arm a point at any time.
 */
public enum CrashPoint {
    /** The rows of an epoch are in the staged file of a task, which is not durable yet. */
    FILES_BEFORE_SEAL,
    /** The staged file is durable, and nobody else knows of it. */
    FILES_SEALED,
    /** The staged files of a canonical checkpoint are to be renamed. */
    FILES_BEFORE_COMMIT,
    /** One of the files has been renamed into the target. */
    FILES_ONE_COMMITTED,
    /** All files are in the target. */
    FILES_COMMITTED,
    /** The rows of an epoch have been given to Lance. */
    LANCE_BEFORE_SEAL,
    /** All data files of the epoch are written, and nobody else knows of them. */
    LANCE_SEALED,
    /** What is in the table has been looked at, and the transaction is to be made. */
    LANCE_BEFORE_COMMIT,
    /** The transaction has been made. */
    LANCE_COMMITTED,
    /** A cut has been taken, and an operator's state is to be written. */
    STATE_BEFORE_WRITE,
    /** The state is durable, and nobody else knows of it. */
    STATE_WRITTEN,
    /** A task has read the state that it goes on from. */
    STATE_READ,
    /** Some sinks have committed an epoch, and others have not. */
    ONE_SINK_COMMITTED,
    /** All sinks have committed an epoch, and nobody else knows. */
    SINKS_COMMITTED,
    /** The master has all parts of a checkpoint, and writes its manifest. */
    MANIFEST_BEFORE_WRITE,
    /** The manifest is there, and the checkpoint does not count yet. */
    MANIFEST_WRITTEN,
    /** The checkpoint counts, and nobody else knows. */
    ENTRY_WRITTEN,
    /** The output of a checkpoint is visible, and that is to be noted. */
    MARK_BEFORE_WRITE,
    /** That it is visible has been noted. */
    MARK_WRITTEN,
    /** A checkpoint is to be deleted because there are enough newer ones. */
    RETENTION_BEFORE_DELETE,
    /** The manifest of an old checkpoint is gone, and its states are there. */
    RETENTION_MANIFEST_DELETED;

    /** Of the virtual machine, with the folder as its value. */
    public static final String PROPERTY = "solstice.crash.points";

    /** In a file: stand still rather than end. */
    public static final String STOP = "stop";

    /** Exit status of a process that ended at a point; no other cause gives it. */
    public static final int EXIT_CODE = 113;

    private static final @Nullable Path FOLDER = folder(System.getProperty(PROPERTY, ""));

    private static @Nullable Path folder(String value) {
        return value.isEmpty() ? null : Path.of(value);
    }

    /** The process is at this point. */
    public void reach() {
        if (FOLDER != null) {
            reach(FOLDER.resolve(file()));
        }
    }

    /** Whether it is the master that comes by; all others are points of a worker. */
    public boolean isOfMaster() {
        return compareTo(MANIFEST_BEFORE_WRITE) >= 0;
    }

    /** The name of the file that arms it. */
    public String file() {
        return name().toLowerCase(Locale.ROOT);
    }

    private void reach(Path armed) {
        try {
            if (!Files.exists(armed)) {
                return;
            }
            boolean stops = Files.readString(armed).strip().equals(STOP);
            if (Files.deleteIfExists(armed)) {
                System.err.println("crash point " + file() + ": the process " + (stops ? "stands still" : "ends"));
                act(stops);
            }
        } catch (IOException taken) {
            // Another process was at its own point a moment earlier.
        }
    }

    private static void act(boolean stops) throws IOException {
        if (!stops) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
        Process kill = new ProcessBuilder(
                        "kill", "-STOP", Long.toString(ProcessHandle.current().pid()))
                .start();
        // The signal comes while this waits, so that nothing happens between it and the point.
        kill.onExit().join();
    }
}
