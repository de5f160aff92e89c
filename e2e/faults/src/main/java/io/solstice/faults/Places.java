package io.solstice.faults;

import io.solstice.faults.rig.Rig;
import io.solstice.faults.rig.S3Store;
import io.solstice.faults.workload.Workload;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a run keeps what.
 *
 * @param s3 whether checkpoints are objects of an S3 server
 */
record Places(Path folder, boolean s3) {
    /** Of processes: logs, data, tools. */
    Path cluster() {
        return folder.resolve("cluster");
    }

    /** What the state backend holds, as files. */
    Path checkpoints() {
        return s3
                ? Rig.storeFolder(cluster()).resolve(S3Store.BUCKET).resolve(S3Store.CHECKPOINTS)
                : folder.resolve("checkpoints");
    }

    Path output() {
        return folder.resolve("output");
    }

    /** Of one job. */
    Path output(Workload workload) {
        return output().resolve(workload.job());
    }

    /** Folders that hold the records that were set aside, at some depth. */
    List<Path> deadLetters() {
        return List.of(s3 ? cluster() : checkpoints());
    }
}
