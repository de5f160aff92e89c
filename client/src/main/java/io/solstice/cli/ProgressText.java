package io.solstice.cli;

import io.solstice.api.JobMetrics;
import io.solstice.api.StageMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a running job looks like, as text. */
final class ProgressText {
    private static final String ROW = "  %-16s %4d %14s %14s %12s %9s";
    private static final String HEADER = "  %-16s %4s %14s %14s %12s %9s";
    private static final int BAR_CELLS = 24;

    private ProgressText() {}

    /**
     * The live block: a title, a line a stage, and how far the splits are.
     *
     * @param waitingFor what keeps the job from starting, empty if nothing does
     */
    static List<String> block(JobMetrics metrics, Rates rates, JobView view, String waitingFor) {
        Terminal terminal = view.terminal();
        List<String> lines = new ArrayList<>();
        String title = "%s %s  %s  memory %s"
                .formatted(
                        metrics.jobId(), metrics.state(), seconds(metrics.uptimeSecs()), memory(metrics, view.here()));
        lines.add(cut(title, terminal.columns()));
        lines.add(cut(HEADER.formatted("stage", "", "rows in", "rows out", "rows/s", "skipped"), terminal.columns()));
        for (StageMetrics stage : metrics.stages()) {
            lines.add(cut(
                    ROW.formatted(
                            stage.stageId(),
                            stage.workerCount(),
                            count(stage.inputRecords()),
                            count(stage.outputRecords()),
                            count(Math.round(rates.of(stage))),
                            count(stage.skippedRecords())),
                    terminal.columns()));
        }
        int splits = metrics.stages().stream().mapToInt(StageMetrics::splits).sum();
        int done = metrics.stages().stream().mapToInt(StageMetrics::splitsDone).sum();
        if (splits > 0) {
            int filled = (int) ((long) BAR_CELLS * done / splits);
            lines.add(cut(
                    "  splits [" + "#".repeat(filled) + ".".repeat(BAR_CELLS - filled) + "] " + done + "/" + splits,
                    terminal.columns()));
        }
        if (!waitingFor.isEmpty()) {
            lines.add(cut("  waits for " + waitingFor, terminal.columns()));
        }
        lines.set(0, terminal.strong(lines.get(0)));
        return lines;
    }

    /** One plain line, for logs. */
    static String line(JobMetrics metrics, Rates rates, JobView view, String waitingFor) {
        StringBuilder text = new StringBuilder();
        text.append(metrics.jobId()).append(' ').append(metrics.state());
        text.append(' ').append(seconds(metrics.uptimeSecs()));
        for (StageMetrics stage : metrics.stages()) {
            text.append(" | ").append(stage.stageId()).append(' ');
            text.append(count(Rates.rows(stage))).append(" rows, ");
            text.append(count(Math.round(rates.of(stage)))).append("/s");
            if (stage.skippedRecords() > 0) {
                text.append(", ").append(count(stage.skippedRecords())).append(" skipped");
            }
            if (stage.splits() > 0) {
                text.append(", splits ").append(stage.splitsDone()).append('/').append(stage.splits());
            }
        }
        text.append(" | memory ").append(memory(metrics, view.here()));
        return waitingFor.isEmpty() ? text.toString() : text + " | waits for " + waitingFor;
    }

    /** The end of a job: a line a stage, with rows a second over the whole run. */
    static List<String> summary(JobMetrics metrics, Terminal terminal) {
        List<String> lines = new ArrayList<>();
        lines.add(terminal.strong(
                "job '%s' %s in %s".formatted(metrics.jobId(), metrics.state(), seconds(metrics.uptimeSecs()))));
        lines.add(HEADER.formatted("stage", "", "rows in", "rows out", "rows/s", "skipped"));
        for (StageMetrics stage : metrics.stages()) {
            long rate = Math.round(Rates.rows(stage) / Math.max(metrics.uptimeSecs(), 1e-3));
            lines.add(ROW.formatted(
                    stage.stageId(),
                    stage.workerCount(),
                    count(stage.inputRecords()),
                    count(stage.outputRecords()),
                    count(rate),
                    count(stage.skippedRecords())));
        }
        return lines;
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String seconds(double secs) {
        return String.format(Locale.ROOT, secs < 100 ? "%.2f s" : "%.0f s", secs);
    }

    /** The heap that counts is the one that the job runs on; another process's is not known. */
    private static String memory(JobMetrics metrics, boolean here) {
        String batches = (metrics.memoryBytes() >> 20) + " MB of batches";
        if (!here) {
            return batches;
        }
        Runtime runtime = Runtime.getRuntime();
        long heap = runtime.totalMemory() - runtime.freeMemory();
        return batches + ", " + (heap >> 20) + " MB of heap";
    }

    private static String cut(String line, int columns) {
        return line.length() <= columns ? line : line.substring(0, columns);
    }
}
