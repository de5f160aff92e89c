package io.solstice.worker.code;

import io.solstice.common.protocol.JobSpec;

/** Brings the code of a job to a worker. */
public interface ProgramLoader {
    /** Builds the job again as it was built where it was submitted. May wait for disks and networks. */
    LoadedProgram load(JobSpec spec);
}
