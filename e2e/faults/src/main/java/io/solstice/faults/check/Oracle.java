package io.solstice.faults.check;

import io.solstice.faults.workload.Load;
import io.solstice.faults.workload.Timed;
import io.solstice.faults.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * What a job must make of the generated rows, all of which it knows from the seed: worked out over whole, sorted inputs,
 * which no task ever has, and compared with the files that the job wrote.
 */
public abstract class Oracle {
    private final Workload workload;
    private final Load load;
    private final Account account;
    private final List<String> vacuous = new ArrayList<>();
    private long read;

    Oracle(Workload workload, Load load, Account account) {
        this.workload = workload;
        this.load = load;
        this.account = account;
    }

    /** @param deadLetters folders that may hold records that were set aside, at any depth */
    public static Oracle of(Workload workload, Load load, List<Path> deadLetters, Account account) {
        return switch (workload) {
            case EVENTS -> new RowsOracle(load, account);
            case WINDOWED -> new WindowOracle(load, deadLetters, account);
            case SESSIONS -> new SessionOracle(load, account);
            case JOINED -> new JoinOracle(load, account);
            case VISITS -> new VisitOracle(load, account);
        };
    }

    /**
     * Reads all output, and finds what is wrong with it.
     *
     * @param finished whether the job came to its end, so that all of it must be there
     */
    public abstract void check(boolean finished) throws IOException;

    Load load() {
        return load;
    }

    Account account() {
        return account;
    }

    /** How many rows of output were read. */
    public long read() {
        return read;
    }

    /** Why the check proves less than it should; empty if it does not. */
    public List<String> vacuous() {
        return List.copyOf(vacuous);
    }

    void provesNothing(String why) {
        vacuous.add(why);
    }

    void hasRead(long more) {
        read += more;
    }

    Path folder(String output) {
        return Path.of(load.output()).resolve(output);
    }

    /** The name of an output in findings. */
    String name(String output) {
        return workload.job() + "/" + output;
    }

    /** All rows of some partitions by what they are grouped by, in the order of their times. */
    Map<Long, List<Timed>> rows(int firstPart, int parts, ToLongFunction<Timed> by) {
        Map<Long, List<Timed>> rows = new TreeMap<>();
        for (long part = firstPart; part < firstPart + parts; part++) {
            for (long seq = 0; seq < load.rows(); seq++) {
                Timed row = Timed.of(load.seed(), part, seq, workload.hasLateRows());
                rows.computeIfAbsent(by.applyAsLong(row), none -> new ArrayList<>())
                        .add(row);
            }
        }
        rows.values().forEach(some -> some.sort(Comparator.comparingLong(Timed::micros)));
        return rows;
    }

    /** Reads the rows of an output. A row that lacks what it must have is noted as no row. */
    void read(String output, Result result) throws IOException {
        JsonFiles.read(folder(output), new JsonFiles.Rows() {
            @Override
            public void add(String place, Map<String, String> values) {
                read++;
                try {
                    result.add(place, new Columns(values));
                } catch (RuntimeException noResult) {
                    unreadable(place, noResult.getMessage() + " in " + values);
                }
            }

            @Override
            public void unreadable(String place, String what) {
                account.add(Kind.CORRUPT, name(output) + " " + place + ": " + what);
            }
        });
    }

    /** Takes a row of output. */
    interface Result {
        void add(String place, Columns row);
    }

    /** The values of a row of output. */
    record Columns(Map<String, String> values) {
        boolean has(String column) {
            return values.containsKey(column);
        }

        String text(String column) {
            String value = values.get(column);
            if (value == null) {
                throw new IllegalArgumentException("no " + column);
            }
            return value;
        }

        long number(String column) {
            return Long.parseLong(text(column));
        }

        /** Of a column of moments, in microseconds. */
        long moment(String column) {
            return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(text(column)));
        }
    }

    static String moment(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }

    /** Rows in the order of their times, of which the sum and the number of any stretch are quickly told. */
    static final class Line {
        private final long[] times;
        private final long[] sums;

        Line(List<Timed> rows) {
            times = rows.stream().mapToLong(Timed::micros).toArray();
            sums = new long[times.length + 1];
            for (int i = 0; i < times.length; i++) {
                sums[i + 1] = sums[i] + rows.get(i).value();
            }
        }

        long first() {
            return times[0];
        }

        long last() {
            return times[times.length - 1];
        }

        boolean isEmpty() {
            return times.length == 0;
        }

        /** How many are older. */
        int before(long micros) {
            int at = Arrays.binarySearch(times, micros);
            if (at < 0) {
                return -at - 1;
            }
            while (at > 0 && times[at - 1] == micros) {
                at--;
            }
            return at;
        }

        /** Those that are not older than the one, and older than the other. */
        Total between(long from, long to) {
            int begin = before(from);
            int end = before(to);
            return new Total(end - begin, sums[end] - sums[begin]);
        }
    }

    /** Of some rows. */
    record Total(long n, long sum) {
        static final Total NOTHING = new Total(0, 0);

        Total with(Timed row) {
            return new Total(n + 1, sum + row.value());
        }

        @Override
        public String toString() {
            return "n=" + n + " sum=" + sum;
        }
    }
}
