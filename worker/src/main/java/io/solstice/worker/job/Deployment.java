package io.solstice.worker.job;

import io.solstice.api.Job;
import io.solstice.common.graph.Chain;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.Placement;
import io.solstice.common.protocol.Renewal;
import io.solstice.worker.store.StateHome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * All that is needed to make one worker's tasks of a run.
 *
 * @param name of the run's attempt in files and tables, unique among all
 * @param classes the job's own, for its threads
 * @param inputs for each stage the schema of its input, if it is known
 * @param renewal which of the placed tasks are made
 * @param secret of the run's channels
 * @param gpus of this worker
 * @param work where tasks may keep files while they run
 */
record Deployment(
        RunId run,
        String name,
        Job job,
        ClassLoader classes,
        ChainPlan plan,
        Map<StageId, Schema> inputs,
        Placement placement,
        Renewal renewal,
        String secret,
        WorkerId self,
        Gpus gpus,
        Path work,
        Beginning beginning) {

    /** The tasks that are placed here, in the order of the plan. */
    List<TaskId> tasksHere() {
        List<TaskId> here = new ArrayList<>();
        for (Chain chain : plan.chains()) {
            for (int i = 0; i < chain.parallelism().initial(); i++) {
                TaskId task = task(chain, i);
                if (isHere(task)) {
                    here.add(task);
                }
            }
        }
        return here;
    }

    TaskId task(Chain chain, int index) {
        return new TaskId(run.job(), chain.head(), index);
    }

    TaskContext.TaskGpus gpusOf(TaskId task) {
        return gpus.of(placement.gpusOf(task));
    }

    boolean isHere(TaskId task) {
        return renewal.covers(task) && placement.workerOf(task).equals(self);
    }

    /** Where what one stage of one task keeps by key is. */
    StateHome home(StageId stage, int taskIndex) {
        return new StateHome(plan.graph().state(), work, name + "-" + stage + "-" + taskIndex);
    }

    /** Where the records go that are set aside in one stage of one task. */
    Path deadLetters(StageId stage, int taskIndex) {
        return job.stateBackend()
                .deadLetters(run.job().value())
                .resolve(name + "-" + stage + "-" + taskIndex + ".jsonl");
    }
}
