package io.solstice.worker.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.id.RunId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever is said in whatever order, deeds make sense, and in the end nothing is held. */
class WorkerCoordinatorRandomTest {
    private static final int SEEDS = 2_000;
    private static final int STEPS = 150;

    @Test
    void anyOrderOfEventsGivesSensibleDeeds() {
        for (int seed = 0; seed < SEEDS; seed++) {
            assertThat(new Life(seed).live()).as("seed " + seed).isEqualTo(new Life(seed).live());
        }
    }

    /** One worker, its acting side, and a master that says anything. */
    private static final class Life {
        private final Random random;
        private final WorkerCoordinator worker;
        private final Queue<WorkerCommand> underWay = new ArrayDeque<>();
        private final Set<TaskId> alive = new HashSet<>();
        private final Set<RunId> holding = new HashSet<>();
        private final Set<RunId> begun = new HashSet<>();
        private final Set<String> everBegun = new HashSet<>();
        private final List<WorkerAction> all = new ArrayList<>();
        private long now;
        private long link;
        private boolean exited;

        Life(long seed) {
            this.random = new Random(seed);
            this.worker = new WorkerCoordinator(Commands.PROFILE, LinkTimes.DEFAULT, new Random(seed));
        }

        List<WorkerAction> live() {
            for (int step = 0; step < STEPS; step++) {
                now += random.nextInt(400);
                on(event());
            }
            on(new WorkerEvent.ShutdownAsked());
            while (!underWay.isEmpty()) {
                act(underWay.remove()).forEach(report -> on(new WorkerEvent.Reported(report)));
            }
            assertThat(holding).isEmpty();
            assertThat(alive).isEmpty();
            assertThat(worker.held()).isEmpty();
            assertThat(exited).isTrue();
            return all;
        }

        private WorkerEvent event() {
            int kind = random.nextInt(12);
            if (kind < 3) {
                return new WorkerEvent.Tick();
            } else if (kind == 3 && random.nextInt(4) == 0) {
                return new WorkerEvent.LinkClosed(link - random.nextInt(2), "broken");
            } else if (kind == 4) {
                List<RunId> kept = random.nextBoolean() ? List.of() : List.copyOf(worker.held());
                return new WorkerEvent.Received(link, new MasterMessage.Welcome(random.nextInt(5) == 0 ? 0 : 1, kept));
            } else if (kind < 9) {
                return new WorkerEvent.Received(link, new MasterMessage.Command(command()));
            }
            List<WorkerReport> reports = underWay.isEmpty() ? List.of() : act(underWay.remove());
            reports.forEach(report -> on(new WorkerEvent.Reported(report)));
            return new WorkerEvent.Tick();
        }

        private WorkerCommand command() {
            RunId run = Commands.run("job-" + random.nextInt(2), 1 + random.nextInt(1 + (int) (now / 4_000)));
            return switch (random.nextInt(7)) {
                case 0 -> Commands.prepare(run);
                case 1 -> Commands.deploy(run);
                case 2 -> new WorkerCommand.Start(run);
                case 3 -> Commands.assign(run, random.nextInt(3), 1 + random.nextInt(5));
                case 4 -> new WorkerCommand.Cancel(run);
                case 5 -> Commands.commit(run);
                default -> Commands.release(run);
            };
        }

        private void on(WorkerEvent event) {
            List<WorkerAction> actions = worker.on(event, now);
            all.addAll(actions);
            for (WorkerAction action : actions) {
                assertThat(exited).as("nothing follows the exit").isFalse();
                if (action instanceof WorkerAction.OpenLink open) {
                    link = open.link();
                } else if (action instanceof WorkerAction.CarryOut carryOut) {
                    begins(carryOut.command());
                    underWay.add(carryOut.command());
                } else if (action instanceof WorkerAction.Forget forget) {
                    begun.remove(forget.run());
                } else if (action instanceof WorkerAction.Exit) {
                    exited = true;
                }
            }
        }

        /** A run that was let go of comes back over a new link alone. */
        private void begins(WorkerCommand command) {
            if (HeldRun.mayBeginWith(command) && begun.add(command.run())) {
                assertThat(everBegun.add(command.run() + " over link " + link))
                        .as("%s comes back", command.run())
                        .isTrue();
            }
        }

        /** What a RunDesk would do, checked for sense. */
        private List<WorkerReport> act(WorkerCommand command) {
            RunId run = command.run();
            if (HeldRun.mayBeginWith(command) && holding.add(run)) {
                assertThat(holding.stream().filter(other -> other.job().equals(run.job())))
                        .as("two runs of one job")
                        .hasSize(1);
            }
            assertThat(holding).as("%s", command).contains(run);
            if (command instanceof WorkerCommand.Prepare) {
                return List.of(new WorkerReport.Prepared(run, Map.of(), Map.of(), Set.of()));
            } else if (command instanceof WorkerCommand.Deploy) {
                if (random.nextInt(4) == 0) {
                    return List.of(new WorkerReport.DeployFailed(run, ErrorCode.INTERNAL.error("no")));
                }
                assertThat(alive.add(Commands.task(run, 0)) && alive.add(Commands.task(run, 2)))
                        .as("a task owned twice")
                        .isTrue();
                return List.of(new WorkerReport.Deployed(run));
            } else if (command instanceof WorkerCommand.Cancel) {
                return endTasks(run);
            } else if (command instanceof WorkerCommand.Commit) {
                return List.of(new WorkerReport.Committed(run, 1));
            } else if (command instanceof WorkerCommand.Release) {
                List<WorkerReport> ended = endTasks(run);
                assertThat(alive).noneMatch(task -> task.job().equals(run.job()));
                holding.remove(run);
                ended.add(new WorkerReport.Released(run));
                return ended;
            }
            return command instanceof WorkerCommand.Start && random.nextBoolean() ? endTasks(run) : List.of();
        }

        private List<WorkerReport> endTasks(RunId run) {
            List<WorkerReport> ended = new ArrayList<>();
            for (int index : new int[] {0, 2}) {
                if (alive.remove(Commands.task(run, index))) {
                    ended.add(new WorkerReport.TaskEnded(
                            run, Commands.task(run, index), new TaskOutcome.Finished(List.of())));
                }
            }
            return ended;
        }
    }
}
