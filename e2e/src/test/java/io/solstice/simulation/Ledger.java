package io.solstice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.Split;
import io.solstice.master.job.Move;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What truly happened to each run, whatever masters and workers believe; checks it as it happens. */
final class Ledger {
    private final Map<String, RandomJob> jobs = new HashMap<>();
    private final Map<RunId, Truth> runs = new HashMap<>();

    private static final class Truth {
        private final Set<TaskId> started = new HashSet<>();
        private final Set<TaskId> finished = new HashSet<>();
        private final Set<String> assigned = new HashSet<>();
        private final Set<Committable> sealed = new HashSet<>();
        private int commits;
        private boolean published;
        private boolean failedToPublish;
    }

    void add(RandomJob job) {
        jobs.put(job.spec().requestId(), job);
    }

    RandomJob job(String request) {
        RandomJob job = jobs.get(request.replaceAll("~.*", ""));
        assertThat(job).as("job of request %s", request).isNotNull();
        return java.util.Objects.requireNonNull(job);
    }

    private Truth of(RunId run) {
        return runs.computeIfAbsent(run, id -> new Truth());
    }

    void starts(RunId run, TaskId task) {
        assertThat(of(run).started.add(task))
                .as("%s of %s is started a second time", task, run)
                .isTrue();
    }

    void getsSplits(RunId run, StageId source, List<Split> splits) {
        splits.forEach(split -> assertThat(of(run).assigned.add(source + "/" + split.id()))
                .as("%s of %s is handed out a second time", split, run)
                .isTrue());
    }

    /** Whether every task that reads for the run has come to its end. */
    boolean isRead(RunId run, RandomJob job) {
        Truth truth = of(run);
        return job.plan().chains().stream()
                .filter(chain -> job.reads(chain.head()))
                .allMatch(chain -> truth.finished.stream()
                                .filter(task -> task.stage().equals(chain.head()))
                                .count()
                        == chain.parallelism().initial());
    }

    void finishes(RunId run, TaskId task, List<Committable> sealed) {
        of(run).finished.add(task);
        of(run).sealed.addAll(sealed);
    }

    void commits(RunId run, RandomJob job, List<Committable> committables, boolean succeeds) {
        Truth truth = of(run);
        truth.commits++;
        assertThat(truth.commits).as("commits of %s", run).isEqualTo(1);
        assertThat(truth.finished)
                .as("finished tasks of %s when it commits", run)
                .hasSize(job.tasks());
        assertThat(truth.sealed).as("what %s publishes", run).containsExactlyInAnyOrderElementsOf(committables);
        truth.published = succeeds;
        truth.failedToPublish = !succeeds;
    }

    /** What a run's end must mean. */
    void checkEnd(RunId run, Move last) {
        Truth truth = of(run);
        assertThat(last.state().isTerminal())
                .as("%s has ended, but is %s", run, last.state())
                .isTrue();
        if (last.state() == JobState.FINISHED) {
            assertThat(truth.published).as("%s is FINISHED and published", run).isTrue();
        } else if (!commitIsUnknown(last.error())) {
            assertThat(truth.published).as("%s is %s, yet published", run, last).isFalse();
        }
        if (last.state() == JobState.FAILED) {
            assertThat(last.error()).as("why %s failed", run).isNotNull();
        }
        assertThat(truth.failedToPublish && last.state() == JobState.FINISHED).isFalse();
    }

    private static boolean commitIsUnknown(@org.jspecify.annotations.Nullable SolsticeError error) {
        return error != null
                && (error.code() == ErrorCode.COMMIT_FAILED
                        || error.code() == ErrorCode.MASTER_RESTARTED
                                && error.cause().contains("not known"));
    }
}
