package io.solstice.cli;

import io.solstice.api.EngineProvider;
import io.solstice.api.StateBackend;
import io.solstice.api.cluster.ClusterCheckpoints;
import io.solstice.api.cluster.MasterConnection;
import io.solstice.api.row.Row;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.id.JobId;
import io.solstice.spi.StageState;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code solstice state}: what the operators of a job remember, read from a checkpoint. */
final class StateCommand implements Command {
    private static final Flag CHECKPOINT = Flag.of("--checkpoint", "<id|latest>", "Which checkpoint. Default: latest.");
    private static final Flag LIVE =
            Flag.of("--live", "", "As it is now: takes a checkpoint of the running job first.");
    private static final Flag PREFIX =
            Flag.of("--prefix", "<text>", "Only keys whose first column begins with this text.");
    private static final Flag WHERE = Flag.of("--where", "<filter>", "Only rows for which this holds.");
    private static final Flag LIMIT = Flag.of("--limit", "<n>", "At most so many rows. Default: 100.");
    private static final long ROWS = 100;
    private static final int LONGEST_CELL = 80;

    @Override
    public String name() {
        return "state";
    }

    @Override
    public String summary() {
        return "Shows what the operators of a job remember.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "solstice state my_job --state-path /data/checkpoints",
                "solstice state my_job count --prefix user_4 --live",
                "solstice state my_job count --where \"visits >= 10 and last > 2026-01-31T12:00:00Z\" --limit 20");
    }

    @Override
    public String usage() {
        return "<job> [<stage>]";
    }

    @Override
    public List<Flag> flags() {
        return ClusterAccess.with(
                CHECKPOINT,
                LIVE,
                PREFIX,
                WHERE,
                LIMIT,
                CheckpointCommands.STATE_BACKEND,
                CheckpointCommands.STATE_PATH,
                CheckpointCommands.STATE_PREFIX,
                Output.FLAG);
    }

    @Override
    public List<String> notes() {
        return List.of(
                "Reads the state backend, also while the job runs: the newest checkpoint is what was remembered then. No",
                "master is asked, so the job's id must be given whole. Without a stage it lists those that have state.",
                "With --live the master has the running job take a checkpoint, at one moment in all its tasks, which is",
                "read then.",
                "",
                "A filter is <column> <operator> <value>, several joined by and: = <> < <= > >= like, is null, is not null.",
                "Texts with spaces stand in single quotes; in like, % stands for any text and _ for one character.");
    }

    @Override
    public ExitCode run(Arguments given, Terminal terminal) {
        List<String> operands = given.operands();
        if (operands.isEmpty() || operands.size() > 2) {
            throw new UsageException(ErrorCode.OPTION_MISSING
                    .error("it is not clear whose state is to be shown")
                    .help("write solstice state <job> [<stage>]"));
        }
        Output output = Output.of(given, terminal);
        StateFilter filter = StateFilter.of(given.text(WHERE.name()));
        if (given.has(LIVE) && given.has(CHECKPOINT)) {
            throw new UsageException(ErrorCode.OPTION_INVALID
                    .error("--live takes a checkpoint of its own, and --checkpoint names another")
                    .help("leave one of them out"));
        }
        Logging.silence();
        StateBackend backend = RunSettings.stateBackend(JobArguments.flags(given), Map.of());
        String job = new JobId(operands.get(0)).value();
        String checkpoint = given.has(LIVE) ? taken(job, given, terminal) : given.text(CHECKPOINT.name(), "latest");
        EngineProvider engine = EngineProvider.onClassPath();
        if (operands.size() == 1) {
            List<StageState> stages = engine.states(backend, job, checkpoint);
            output.show(tree(stages), () -> table(stages), terminal.out());
            return ExitCode.OK;
        }
        List<Row> all = engine.stateRows(backend, job, checkpoint, operands.get(1));
        filter.requireColumns(all);
        List<Row> chosen = chosen(all, filter, given.text(PREFIX.name()));
        Long limit = given.wholeNumber(LIMIT.name());
        List<Row> shown = chosen.subList(0, (int) Math.min(chosen.size(), limit == null ? ROWS : Math.max(0, limit)));
        output.show(
                shown.stream().<@Nullable Object>map(StateCommand::tree).toList(),
                () -> rowsTable(shown, chosen.size(), all.size()),
                terminal.out());
        return ExitCode.OK;
    }

    /** A checkpoint of the job as it is now. */
    private static String taken(String job, Arguments given, Terminal terminal) {
        try (MasterConnection master = MasterConnection.open(ClusterAccess.once(given, terminal))) {
            return ClusterCheckpoints.take(master, job).getCheckpointId();
        }
    }

    private static List<Row> chosen(List<Row> all, StateFilter filter, @Nullable String prefix) {
        Stream<Row> rows = all.stream().filter(filter::holds);
        return prefix == null
                ? rows.toList()
                : rows.filter(row -> !row.names().isEmpty()
                                && text(row.get(row.names().get(0))).startsWith(prefix))
                        .toList();
    }

    private static List<String> table(List<StageState> stages) {
        if (stages.isEmpty()) {
            return List.of("no stage has state");
        }
        Table table = new Table("STAGE", "OPERATOR", "TASKS", "OBJECTS", "SIZE");
        stages.forEach(stage -> table.row(
                stage.stage(), stage.operator(), stage.tasks(), stage.objects(), Figures.bytes(stage.bytes())));
        List<String> lines = new ArrayList<>(List.of("state in " + stages.get(0).checkpoint(), ""));
        lines.addAll(table.lines());
        return lines;
    }

    private static List<String> rowsTable(List<Row> rows, int chosen, int all) {
        List<String> lines = new ArrayList<>();
        if (!rows.isEmpty()) {
            Set<String> names = new LinkedHashSet<>();
            rows.forEach(row -> names.addAll(row.names()));
            Table table = new Table(names.toArray(String[]::new));
            rows.forEach(row ->
                    table.row(names.stream().map(name -> cell(row.get(name))).toArray()));
            lines.addAll(table.lines());
            lines.add("");
        }
        lines.add(rows.size() + " of " + all + " rows"
                + (chosen > rows.size() ? "; " + chosen + " fit, show more with --limit" : ""));
        return lines;
    }

    private static String cell(@Nullable Object value) {
        String text = value == null ? "" : text(value).replace('\n', ' ');
        return text.length() <= LONGEST_CELL ? text : text.substring(0, LONGEST_CELL - 1) + "…";
    }

    private static String text(@Nullable Object value) {
        return value instanceof byte[] bytes
                ? Base64.getEncoder().encodeToString(bytes)
                : value instanceof float[] floats ? Arrays.toString(floats) : String.valueOf(value);
    }

    private static List<Map<String, Object>> tree(List<StageState> stages) {
        List<Map<String, Object>> trees = new ArrayList<>();
        for (StageState stage : stages) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("checkpoint_id", stage.checkpoint());
            tree.put("stage_id", stage.stage());
            tree.put("operator", stage.operator());
            tree.put("tasks", stage.tasks());
            tree.put("objects", stage.objects());
            tree.put("bytes", stage.bytes());
            trees.add(tree);
        }
        return trees;
    }

    private static @Nullable Object tree(@Nullable Object value) {
        if (value instanceof Row row) {
            return tree(row.toMap());
        } else if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            map.forEach((name, of) -> tree.put(String.valueOf(name), tree(of)));
            return tree;
        } else if (value instanceof List<?> list) {
            List<@Nullable Object> tree = new ArrayList<>();
            list.forEach(item -> tree.add(tree(item)));
            return tree;
        }
        boolean plain = value == null || value instanceof Boolean || value instanceof Number;
        return plain && !(value instanceof BigDecimal) ? value : text(value);
    }
}
