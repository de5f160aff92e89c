package io.solstice.faults.rig;

import io.solstice.common.fault.CrashPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The crash points of all processes of a rig: whoever reaches one that is armed ends there, or stands still. */
public final class Points {
    private final Path folder;

    Points(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    String option() {
        return "-D" + CrashPoint.PROPERTY + "=" + folder;
    }

    private Path file(CrashPoint point) {
        return folder.resolve(point.file());
    }

    public void arm(CrashPoint point, boolean stops) throws IOException {
        // In one step, since a process may come by at any moment.
        Path draft = Files.writeString(folder.resolve("." + point.file()), stops ? CrashPoint.STOP : "");
        Files.move(draft, file(point));
    }

    public void disarm(CrashPoint point) throws IOException {
        Files.deleteIfExists(file(point));
    }

    /** Whether somebody has reached it. */
    public boolean isReached(CrashPoint point) {
        return !Files.exists(file(point));
    }
}
