package io.solstice.bench.state;

import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Batch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.vector.BigIntVector;

/** Writes what a task has seen into a file that is named after it and its process. */
public record Seen(Path folder) implements Sink {
    private static final long EACH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /**
     * What one task has seen.
     *
     * @param firstMicros when its first row came, by the clock of the machine
     * @param rows of keys that were known
     * @param fresh rows of keys of which nothing was kept
     */
    public record Task(long firstMicros, long rows, long fresh) {}

    /** Those tasks of a process of which a row has come. */
    public static List<Task> read(Path folder, long pid) throws IOException {
        List<Task> tasks = new ArrayList<>();
        for (int task = 0; task < MovingState.TASKS; task++) {
            try {
                String[] fields = Files.readString(file(folder, task, pid)).split(" ");
                tasks.add(new Task(
                        Long.parseLong(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2].strip())));
            } catch (NoSuchFileException notYet) {
                // It has seen nothing.
            }
        }
        return tasks;
    }

    private static Path file(Path folder, int task, long pid) {
        return folder.resolve("seen-" + task + "-" + pid);
    }

    @Override
    public SinkWriter open(SinkContext context) {
        return new Writer(
                file(folder, context.taskIndex(), ProcessHandle.current().pid()));
    }

    @Override
    public void commit(List<Committable> sealed, SinkCommit which) {}

    @Override
    public void discard(List<Committable> sealed) {}

    private static final class Writer implements SinkWriter {
        private final Path file;
        private Task seen = new Task(0, 0, 0);
        private long written;

        Writer(Path file) {
            this.file = file;
        }

        @Override
        public void write(Batch batch) throws IOException {
            if (batch.rowCount() == 0) {
                return;
            }
            boolean isFirst = seen.rows == 0;
            long first = isFirst ? ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) : seen.firstMicros;
            long fresh = ((BigIntVector) batch.column(MovingState.FRESH)).get(batch.rowCount() - 1);
            seen = new Task(first, seen.rows + batch.rowCount(), fresh);
            if (isFirst || System.nanoTime() - written > EACH_NANOS) {
                written = System.nanoTime();
                Path draft = file.resolveSibling(file.getFileName() + ".draft");
                Files.writeString(draft, seen.firstMicros + " " + seen.rows + " " + seen.fresh);
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            }
        }

        @Override
        public String seal() {
            return "";
        }

        @Override
        public void close() {}
    }
}
