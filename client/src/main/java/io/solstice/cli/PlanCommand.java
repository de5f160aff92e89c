package io.solstice.cli;

import io.solstice.api.EngineProvider;
import io.solstice.api.Job;
import io.solstice.api.RestoreFrom;
import io.solstice.api.program.LoadedWorkflow;
import io.solstice.api.program.WorkflowLoader;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.spi.RestorePlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code solstice plan}: what a changed job would begin with, before the old one is stopped. */
final class PlanCommand implements Command {
    @Override
    public String name() {
        return "plan";
    }

    @Override
    public String summary() {
        return "Shows what a changed workflow would keep of a checkpoint, and starts nothing.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "solstice plan MyWorkflow.java --job-id my_job --state-path /data/checkpoints",
                "solstice plan --config conf/stream.yaml --job-id my_stream --restore-from checkpoint_1700000000_0123abcd");
    }

    @Override
    public String usage() {
        return "(--workflow <name> | <file>.java | --config <stream>.yaml) --job-id <id> [options]"
                + " [--<setting> <value>]...";
    }

    @Override
    public List<Flag> flags() {
        List<Flag> flags = new ArrayList<>(JobArguments.FLAGS);
        flags.add(Output.FLAG);
        return flags;
    }

    @Override
    public boolean takesSettings() {
        return true;
    }

    @Override
    public List<String> notes() {
        return List.of(
                "Takes what run takes, with --restore-from latest unless another checkpoint is named. It reads the state",
                "backend and asks no master, so the old job may still run. The job is checked as a start does, and each",
                "stage and each state by key is compared with the checkpoint.",
                "",
                "Exit codes: 0 it could begin, 1 it could not.");
    }

    @Override
    public ExitCode run(Arguments given, Terminal terminal) {
        Output output = Output.of(given, terminal);
        JobArguments asked = JobArguments.of(given.orElse(JobArguments.RESTORE, RestoreFrom.LATEST), terminal);
        if (asked.restoreFrom().isAnew()) {
            throw new UsageException(ErrorCode.OPTION_INVALID
                    .error("a job that begins anew keeps nothing, so there is nothing to plan")
                    .where(JobArguments.RESTORE + " " + RestoreFrom.NONE)
                    .help("name a checkpoint, or leave it out for the latest"));
        }
        Logging.silence();
        try (LoadedWorkflow loaded = WorkflowLoader.load(asked.workflow())) {
            RunSettings settings = asked.settings();
            Job job = loaded.createJob(settings.context());
            settings.applyTo(job);
            settings.checkAllRead(terminal.err());
            RestorePlan plan = EngineProvider.onClassPath().restorePlan(job, asked.restoreFrom());
            output.show(tree(plan), () -> lines(plan), terminal.out());
            return plan.refusal() == null ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private static List<String> lines(RestorePlan plan) {
        List<String> lines = new ArrayList<>(List.of("beginning with " + plan.checkpoint(), ""));
        Table table = new Table("STAGE", "BECOMES", "TASKS", "");
        for (RestorePlan.Step step : plan.steps()) {
            String notes = String.join("; ", step.notes());
            table.row(step.stage(), becomes(step), tasks(step), notes);
        }
        lines.addAll(table.lines());
        lines.add("");
        SolsticeError refusal = plan.refusal();
        if (refusal == null) {
            lines.add("The job can begin with it.");
        } else {
            lines.add("The job cannot begin with it:");
            refusal.display().lines().forEach(lines::add);
        }
        return lines;
    }

    private static String becomes(RestorePlan.Step step) {
        boolean renamed =
                step.change() == RestorePlan.Change.KEPT && !step.before().equals(step.stage());
        return renamed ? "kept, was " + step.before() : step.change().name().toLowerCase(Locale.ROOT);
    }

    private static String tasks(RestorePlan.Step step) {
        return switch (step.change()) {
            case NEW -> Integer.toString(step.tasks());
            case GONE -> Integer.toString(step.tasksBefore());
            case KEPT ->
                step.tasksBefore() == step.tasks()
                        ? Integer.toString(step.tasks())
                        : step.tasksBefore() + " -> " + step.tasks();
        };
    }

    private static Map<String, @Nullable Object> tree(RestorePlan plan) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("checkpoint_id", plan.checkpoint());
        tree.put("can_begin", plan.refusal() == null);
        tree.put("refusal", plan.refusal() == null ? null : plan.refusal().display());
        List<Object> stages = new ArrayList<>();
        for (RestorePlan.Step step : plan.steps()) {
            Map<String, Object> stage = new LinkedHashMap<>();
            stage.put("stage_id", step.stage());
            stage.put("before", step.before());
            stage.put("change", step.change().name());
            stage.put("tasks_before", step.tasksBefore());
            stage.put("tasks", step.tasks());
            stage.put("notes", step.notes());
            stages.add(stage);
        }
        tree.put("stages", stages);
        return tree;
    }
}
