package io.solstice.connector.files;

import io.solstice.api.sink.SinkCommit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The hidden directories beside a target, which lie on its file system so that renaming into it is one step. */
record Hidden(Path target) {
    static Hidden of(Path target) {
        return new Hidden(target);
    }

    /** What the tasks of one run write and nobody has published yet. */
    Path staging(String runId, String stageId) {
        return beside(clean(runId) + "-" + clean(stageId));
    }

    /** Whether a run of that submission staged the part. */
    boolean isStagedBy(SinkCommit which, StagedPart part) {
        String runs = String.valueOf(beside(clean(which.submission()) + "-").getFileName());
        return String.valueOf(StagedPart.parent(part.staged()).getFileName()).startsWith(runs);
    }

    /** A directory that is about to become the target, or what is kept for it. */
    Path fresh(SinkCommit which) {
        return beside(clean(which.jobId()) + "-" + clean(which.stageId()) + ".new");
    }

    /** What was in the target's place. */
    Path replaced(SinkCommit which) {
        return beside(clean(which.jobId()) + "-" + clean(which.stageId()) + ".old");
    }

    /** What was committed of a single file that is not complete yet; it outlives runs and submissions. */
    Path kept(SinkCommit which) {
        return beside(clean(which.jobId()) + "-" + clean(which.stageId()) + ".kept");
    }

    /** Stands in a directory that holds something of that submission. */
    static String marker(SinkCommit which) {
        return StagedPart.STAGING_MARK + clean(which.submission());
    }

    /** The staging directories of all other runs of the job, of which nothing will be committed any more. */
    List<Path> stagedByOtherRuns(SinkCommit which) throws IOException {
        String mine = String.valueOf(staging(which.runId(), which.stageId()).getFileName());
        Pattern any = Pattern.compile(Pattern.quote("." + target.getFileName() + StagedPart.STAGING_MARK)
                + Pattern.quote(clean(which.jobId())) + "-[0-9a-f]{12}-[0-9.]+-"
                + Pattern.quote(clean(which.stageId())));
        Path parent = StagedPart.parent(target);
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(entry -> {
                        String name = String.valueOf(entry.getFileName());
                        return !name.equals(mine) && any.matcher(name).matches();
                    })
                    .toList();
        }
    }

    private Path beside(String name) {
        return target.resolveSibling("." + target.getFileName() + StagedPart.STAGING_MARK + name);
    }

    private static String clean(String id) {
        return id.replaceAll("[^A-Za-z0-9._-]", "_");
    }
}
