package io.solstice.master.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.protocol.JobSnapshot;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Whole lives of jobs on one thread: a coordinator and a worker that answers late, in any order and twice, that fails
 * by chance, and a user who cancels at any moment. What must always hold is checked after every event, here for the
 * master and in {@link SimulatedWorker} for what is asked of a worker.
 *
 * <p>A failure names its seed; {@code -Dsolstice.seed=<seed>} runs that one alone and prints every event.
 */
class JobSimulationTest {
    private static final int SEEDS = 5_000;
    private static final int PATIENCE = 10_000;

    @Test
    void everyJobEndsAndKeepsItsPromises() {
        Long only = Long.getLong("solstice.seed");
        Map<JobState, Integer> ends = new EnumMap<>(JobState.class);
        for (long seed = only == null ? 0 : only; seed < (only == null ? SEEDS : only + 1); seed++) {
            Simulation simulation = new Simulation(seed);
            try {
                ends.merge(simulation.run(), 1, Integer::sum);
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError(
                        "seed " + seed + "; replay it with -Dsolstice.seed=" + seed + "\n" + simulation.story(),
                        broken);
            }
            if (only != null) {
                System.out.println(simulation.story());
            }
        }
        if (only == null) {
            assertThat(ends.keySet()).containsExactlyInAnyOrder(JobState.FINISHED, JobState.FAILED, JobState.CANCELLED);
            assertThat(ends.values()).as("%s", ends).allMatch(count -> count > SEEDS / 10);
        }
    }

    /** One line of a job's life. */
    private record Event(JobState before, Object what, JobState after, List<WorkerCommand> commands) {
        @Override
        public String toString() {
            return before + " | " + what + " | " + after + " | " + commands;
        }
    }

    /** One job's life. */
    private static final class Simulation {
        private final List<Event> events = new ArrayList<>();
        private final List<WorkerReport> repeats = new ArrayList<>();
        private final Random random;
        private final JobCoordinator coordinator;
        private final SimulatedWorker worker;
        private final int cancelPerMille;

        Simulation(long seed) {
            random = new Random(seed);
            RandomPlan job = RandomPlan.of(random);
            coordinator = new JobCoordinator(job.plan());
            worker = new SimulatedWorker(job, random, random.nextInt(3) == 0 ? 12 : 0);
            cancelPerMille = random.nextInt(3) == 0 ? 30 : 0;
        }

        String story() {
            return events.stream().map(Event::toString).collect(Collectors.joining("\n"));
        }

        JobState run() {
            happens("start", coordinator.state(), coordinator.start());
            for (int step = 0; !coordinator.state().isTerminal(); step++) {
                assertThat(step).as("steps without an end").isLessThan(PATIENCE);
                if (random.nextInt(1000) < cancelPerMille) {
                    JobState before = coordinator.state();
                    happens("cancel", before, coordinator.cancel());
                } else if (random.nextBoolean() || !worker.hasReports()) {
                    worker.step();
                } else {
                    deliver(worker.takeReport());
                }
                if (!repeats.isEmpty() && random.nextInt(5) == 0) {
                    deliver(repeats.remove(random.nextInt(repeats.size())));
                }
            }
            worker.checkEnd(coordinator.state() == JobState.FINISHED);
            nothingMovesATerminalJob();
            return coordinator.state();
        }

        private void deliver(WorkerReport report) {
            if (random.nextInt(4) == 0) {
                repeats.add(report);
            }
            JobState before = coordinator.state();
            happens(report, before, coordinator.on(report));
        }

        private void happens(Object event, JobState before, List<WorkerCommand> commands) {
            JobState after = coordinator.state();
            events.add(new Event(before, event, after, commands));
            assertThat(after == before || before.mayBecome(after))
                    .as("%s -> %s", before, after)
                    .isTrue();
            JobSnapshot snapshot = coordinator.snapshot();
            assertThat(snapshot.error() != null)
                    .as("an error is known just when the job fails")
                    .isEqualTo(after == JobState.FAILING || after == JobState.FAILED);
            assertThat(after.isTerminal() && snapshot.runningTasks() > 0).isFalse();
            snapshot.splits()
                    .values()
                    .forEach(splits -> assertThat(splits.done()).isLessThanOrEqualTo(splits.total()));
            commands.forEach(worker::command);
        }

        private void nothingMovesATerminalJob() {
            JobSnapshot end = coordinator.snapshot();
            while (worker.hasReports()) {
                repeats.add(worker.takeReport());
            }
            for (WorkerReport late : repeats) {
                assertThat(coordinator.on(late)).as("%s after the end", late).isEmpty();
                assertThat(coordinator.state()).isEqualTo(end.state());
            }
            assertThat(coordinator.cancel()).isEmpty();
            assertThat(coordinator.state()).isEqualTo(end.state());
            assertThat(worker.isIdle()).isTrue();
        }
    }
}
