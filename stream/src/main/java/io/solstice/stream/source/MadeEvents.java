package io.solstice.stream.source;

import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import io.solstice.stream.config.SourceConfig.Kind;
import io.solstice.stream.config.SourceConfig.Made;
import io.solstice.stream.config.SourceConfig.Pace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Events that are made. Event n is a function of the seed, n and the moment at which event 0 happened, which is part of
 * the split: whoever goes on with a checkpoint makes the same events, and those that are due by then come at once.
 */
public final class MadeEvents implements Source {
    private static final String[] TYPES = {"user_action", "sensor_reading", "transaction", "click"};
    private static final int MOST_IN_TURN = 10;
    /** Between two events where nothing says how many come in a second. */
    private static final long UNPACED_MICROS = 1_000;

    private static final long LONGEST_WAIT_MILLIS = 100;

    private final Made made;
    private final EventShape shape;
    private final Clock clock;

    public MadeEvents(Made made, EventShape shape, Clock clock) {
        this.made = made;
        this.shape = shape;
        this.clock = clock;
    }

    @Override
    public Schema schema() {
        return shape.schema();
    }

    @Override
    public List<Split> splits() {
        Pace pace = made.pace();
        Instant start = pace.start() == null ? Instant.ofEpochMilli(clock.wallMillis()) : pace.start();
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, start);
        return List.of(new Split(name(), Long.toString(micros), pace.ends() ? pace.events() : -1));
    }

    private String name() {
        return made.kind().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public SourceReader open(Split split, long position, SourceContext context) {
        return new Reader(Long.parseLong(split.payload()), position, context);
    }

    @Override
    public boolean isBounded() {
        return made.pace().ends();
    }

    /** Waiting for the moment of an event must not hold up the task. */
    @Override
    public boolean blocks() {
        return made.pace().rate() > 0;
    }

    private final class Reader implements SourceReader {
        private final long startMicros;
        private final SourceContext context;
        private final Schema schema = shape.schema();
        private final EventParser parser = new EventParser(shape);
        private long next;

        Reader(long startMicros, long position, SourceContext context) {
            this.startMicros = startMicros;
            this.next = position;
            this.context = context;
        }

        @Override
        public @Nullable Batch read() throws IOException {
            long left = made.pace().events() - next;
            if (left <= 0) {
                return null;
            }
            int rows = (int) Math.min(left, inTurn());
            awaitMoment(next + rows - 1);
            try (EventBatch batch = new EventBatch(shape, schema, name(), 0, context.allocator())) {
                for (int i = 0; i < rows; i++, next++) {
                    batch.add(event(next), next);
                }
                return batch.finish();
            }
        }

        private int inTurn() {
            return made.pace().rate() == 0
                    ? shape.batchRows()
                    : Math.min(shape.batchRows(), 1 + random(~next).nextInt(MOST_IN_TURN));
        }

        /** When event n is due. */
        private long moment(long n) {
            double rate = made.pace().rate();
            return startMicros + (rate == 0 ? n * UNPACED_MICROS : (long) (n / rate * 1e6));
        }

        /** Waits in short turns, so that the end of the job is not held up for long. */
        private void awaitMoment(long n) {
            if (made.pace().rate() == 0) {
                return;
            }
            long due = Math.floorDiv(moment(n), 1_000);
            for (long wait = due - clock.wallMillis(); wait > 0; wait = due - clock.wallMillis()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(Math.min(wait, LONGEST_WAIT_MILLIS)));
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
            }
        }

        private SplittableRandom random(long n) {
            return new SplittableRandom(made.pace().seed() * 0x9e3779b97f4a7c15L + n);
        }

        private Event event(long n) throws IOException {
            if (made.kind() == Kind.GENERATOR) {
                String data = "{\"number\":" + n + ",\"value\":" + n + "}";
                return parser.made(moment(n), "key_" + n % made.keys(), bytes(data));
            }
            SplittableRandom random = random(n);
            String type = TYPES[random.nextInt(TYPES.length)];
            String key = "partition_" + random.nextInt(made.keys());
            long time = moment(n) - random.nextInt(1_000_000);
            int cents = random.nextInt(10_001);
            String data = "{\"event_type\":\"" + type + "\",\"user_id\":\"user_" + random.nextInt(1_000)
                    + "\",\"value\":" + cents / 100 + "." + cents / 10 % 10 + cents % 10 + "}";
            return parser.made(time, key, bytes(data));
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void close() {}
    }
}
