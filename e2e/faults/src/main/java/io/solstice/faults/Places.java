package io.solstice.faults;

import java.nio.file.Path;

/** Where a run keeps what. */
record Places(Path folder) {
    /** Of processes: logs, data, tools. */
    Path cluster() {
        return folder.resolve("cluster");
    }

    /** The state backend. */
    Path checkpoints() {
        return folder.resolve("checkpoints");
    }

    Path output() {
        return folder.resolve("output");
    }
}
