package io.solstice.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps two runs in processes of their own apart that begin on one machine in the same second and were given no job id:
 * the later one takes the next second that is free. A claim whose process was killed stays, and is in nobody's way, since
 * its second does not come again.
 */
final class JobIdClaim implements AutoCloseable {
    private final RunSettings settings;
    private final Path claim;

    private JobIdClaim(RunSettings settings, Path claim) {
        this.settings = settings;
        this.claim = claim;
    }

    /** @param folder which all runs of the machine share */
    static JobIdClaim of(RunSettings given, Path folder) {
        RunSettings settings = given;
        while (true) {
            Path claim = folder.resolve("solstice-" + settings.context().jobId() + ".claim");
            try {
                if (!settings.isNamed()) {
                    Files.createFile(claim);
                }
                return new JobIdClaim(settings, claim);
            } catch (FileAlreadyExistsException taken) {
                settings = settings.aSecondLater();
            } catch (IOException noFolder) {
                return new JobIdClaim(settings, claim);
            }
        }
    }

    RunSettings settings() {
        return settings;
    }

    @Override
    public void close() {
        try {
            if (!settings.isNamed()) {
                Files.deleteIfExists(claim);
            }
        } catch (IOException left) {
            // its second is over
        }
    }
}
