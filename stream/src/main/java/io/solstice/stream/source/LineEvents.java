package io.solstice.stream.source;

import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import io.solstice.stream.config.SourceConfig.Lines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Events that are lines of files; each file is a split. A file that begins again at its end has epochs: in each the
 * events are another source's, and happen after those of the epoch before, by the time from the first to the last.
 */
public final class LineEvents implements Source {
    private final Lines lines;
    private final EventShape shape;

    public LineEvents(Lines lines, EventShape shape) {
        this.lines = lines;
        this.shape = shape;
    }

    @Override
    public Schema schema() {
        lines.paths().forEach(LineEvents::requireReadable);
        return shape.schema();
    }

    @Override
    public List<Split> splits() throws IOException {
        List<Split> splits = new ArrayList<>();
        for (String path : lines.paths()) {
            requireReadable(path);
            String payload = splits.size() + ",0,0";
            if (lines.loop()) {
                payload = splits.size() + "," + round(path);
            }
            splits.add(new Split(path, payload, -1));
        }
        return splits;
    }

    private static void requireReadable(String path) {
        if (!Files.isRegularFile(Path.of(path)) || !Files.isReadable(Path.of(path))) {
            throw ErrorCode.SOURCE_NOT_FOUND
                    .error(Files.isDirectory(Path.of(path)) ? path + " is a folder, not a file" : "no file " + path)
                    .where("source.path")
                    .cause("looked for " + Path.of(path).toAbsolutePath())
                    .help("give the path of a file with one event in JSON a line; on a cluster the workers open it")
                    .toException();
        }
    }

    /** How many events a file has, and by how much the next epoch is later: {@code events,micros}. */
    private String round(String path) throws IOException {
        long events = 0;
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        EventParser parser = new EventParser(shape);
        try (FileLines file = new FileLines(Path.of(path))) {
            for (byte[] line = file.next(); line != null; line = file.next()) {
                try {
                    long time = parser.read(line).timeMicros;
                    first = Math.min(first, time);
                    last = Math.max(last, time);
                    events++;
                } catch (IOException malformed) {
                    if (!lines.skipOnError()) {
                        throw malformed(path, file.number(), line, malformed);
                    }
                }
            }
        }
        if (events == 0) {
            throw ErrorCode.SOURCE_FORMAT
                    .error(path + " has no events, so it cannot be read in a loop")
                    .where("source.path")
                    .help("leave loop: true out")
                    .toException();
        }
        return events + "," + (last - first + 1_000);
    }

    private static SolsticeException malformed(String path, long number, byte[] line, IOException why) {
        String problem = why instanceof com.fasterxml.jackson.core.JsonProcessingException json
                ? json.getOriginalMessage()
                : String.valueOf(why.getMessage());
        return ErrorCode.RECORD_MALFORMED
                .error("a line is no event")
                .where(path + ":" + number)
                .cause(problem + ": " + shown(line))
                .help("mend the line, or set skip_on_error: true to leave such lines out")
                .toException(why);
    }

    private static String shown(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        return text.length() > 200 ? text.substring(0, 200) + "…" : text;
    }

    @Override
    public SourceReader open(Split split, long position, SourceContext context) throws IOException {
        String[] payload = split.payload().split(",", -1);
        return new Reader(
                split.id(),
                Integer.parseInt(payload[0]),
                Long.parseLong(payload[1]),
                Long.parseLong(payload[2]),
                position,
                context);
    }

    @Override
    public boolean isBounded() {
        return !lines.loop();
    }

    private final class Reader implements SourceReader {
        private final String path;
        private final int partition;
        private final long epochMicros;
        private final SourceContext context;
        private final Schema schema = shape.schema();
        private final EventParser parser = new EventParser(shape);
        private long epoch;
        private FileLines file;

        /** @param events of the file, 0 unless it is read in a loop */
        Reader(String path, int partition, long events, long epochMicros, long position, SourceContext context)
                throws IOException {
            this.path = path;
            this.partition = partition;
            this.epochMicros = epochMicros;
            this.context = context;
            this.epoch = events == 0 ? 0 : position / events;
            this.file = new FileLines(Path.of(path));
            boolean done = false;
            try {
                pass(events == 0 ? position : position % events);
                done = true;
            } finally {
                if (!done) {
                    file.close();
                }
            }
        }

        /** Events that have been delivered before. Lines that were left out did not count. */
        private void pass(long events) throws IOException {
            for (long passed = 0; passed < events; ) {
                byte[] line = file.next();
                if (line == null) {
                    throw ErrorCode.SOURCE_FORMAT
                            .error("the file has become shorter")
                            .where(path)
                            .cause("it has fewer than the " + events + " events that had been read of it")
                            .help("begin anew, without --restore-from")
                            .toException();
                }
                passed += read(line, false) == null ? 0 : 1;
            }
        }

        private @Nullable Event read(byte[] line, boolean report) {
            try {
                return parser.read(line);
            } catch (IOException malformed) {
                SolsticeException error = malformed(path, file.number(), line, malformed);
                if (!lines.skipOnError()) {
                    throw error;
                }
                if (report) {
                    context.skip(path + ":" + file.number(), new String(line, StandardCharsets.UTF_8), error);
                }
                return null;
            }
        }

        @Override
        public @Nullable Batch read() throws IOException {
            String source = epoch == 0 ? path : path + "#" + epoch;
            try (EventBatch batch = new EventBatch(shape, schema, source, partition, context.allocator())) {
                while (batch.rows() < shape.batchRows()) {
                    byte[] line = file.next();
                    if (line == null) {
                        break;
                    }
                    Event event = read(line, epoch == 0);
                    if (event != null) {
                        event.timeMicros = Math.addExact(event.timeMicros, Math.multiplyExact(epoch, epochMicros));
                        batch.add(event, file.number() - 1);
                    }
                }
                if (batch.rows() > 0) {
                    return batch.finish();
                }
            }
            if (!lines.loop()) {
                return null;
            }
            file.close();
            file = new FileLines(Path.of(path));
            epoch++;
            return read();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
