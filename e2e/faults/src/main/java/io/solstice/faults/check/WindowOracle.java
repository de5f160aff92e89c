package io.solstice.faults.check;

import io.solstice.faults.workload.Load;
import io.solstice.faults.workload.Timed;
import io.solstice.faults.workload.WindowedWorkflow;
import io.solstice.faults.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Number and sum of the rows of each region between the two ends of each window, from sorted rows.
 *
 * <p>Whether a row that is late on purpose meets an open window depends on how far the other partition has come, so such
 * a row is accounted for by itself: either it is in the windows that were still open, which are the last ones of its own,
 * or it was set aside. Which of them are in a window follows from its number and sum.
 */
final class WindowOracle extends Oracle {
    private final List<Path> deadLetters;

    WindowOracle(Load load, List<Path> deadLetters, Account account) {
        super(Workload.WINDOWED, load, account);
        this.deadLetters = List.copyOf(deadLetters);
    }

    /** What one result is of. */
    private record Pane(long region, long start) {}

    /** One output. */
    private final class Output {
        private final String name;
        private final long size;
        private final long slide;
        private final Map<Pane, Total> onTime = new HashMap<>();
        private final Map<Pane, List<Timed>> late = new HashMap<>();
        /** For each late row, the starts of windows that it is in. */
        private final Map<Timed, Set<Long>> counted = new HashMap<>();

        private final Map<Pane, Total> found = new HashMap<>();

        Output(String name, long size, long slide) {
            this.name = name;
            this.size = size;
            this.slide = slide;
        }

        private void expect(long region, List<Timed> rows) {
            Line line = new Line(rows.stream().filter(row -> !row.late()).toList());
            for (long start = line.isEmpty() ? Long.MAX_VALUE : first(line.first());
                    !line.isEmpty() && start <= line.last();
                    start += slide) {
                Total total = line.between(start, start + size);
                if (total.n() > 0) {
                    onTime.put(new Pane(region, start), total);
                }
            }
            for (Timed row : rows) {
                if (row.late()) {
                    counted.put(row, new HashSet<>());
                    windows(row)
                            .forEach(start -> late.computeIfAbsent(new Pane(region, start), none -> new ArrayList<>())
                                    .add(row));
                }
            }
        }

        /** The start of the first window that a time is in. */
        private long first(long micros) {
            return (Math.floorDiv(micros - size, slide) + 1) * slide;
        }

        private List<Long> windows(Timed row) {
            List<Long> starts = new ArrayList<>();
            for (long start = first(row.micros()); start <= row.micros(); start += slide) {
                starts.add(start);
            }
            return starts;
        }

        private void read() throws IOException {
            WindowOracle.this.read(name, (place, row) -> {
                Pane pane = new Pane(row.number("region"), row.moment("window_start"));
                Total total = new Total(row.number("n"), row.number("sum"));
                if (row.moment("window_end") != pane.start() + size) {
                    add(Kind.WRONG_VALUE, place + ": " + text(pane) + " ends at " + row.text("window_end"));
                }
                if (found.putIfAbsent(pane, total) != null) {
                    add(Kind.DOUBLED, place + ": " + text(pane) + " is there again, with " + total);
                } else {
                    compare(place, pane, total);
                }
            });
        }

        private void compare(String place, Pane pane, Total total) {
            Total right = onTime.getOrDefault(pane, Total.NOTHING);
            List<Timed> more = late.getOrDefault(pane, List.of());
            if (right.n() == 0 && more.isEmpty()) {
                add(Kind.ALIEN, place + ": " + text(pane) + " is not expected; it has " + total);
            } else if (total.n() == 0 || !isSum(right, total, more, 0, pane.start())) {
                String with = more.isEmpty() ? "" : ", with or without late rows " + more;
                add(Kind.WRONG_VALUE, place + ": " + text(pane) + " has " + total + ", not " + right + with);
            }
        }

        /** Whether some of the late rows, from one of them on, make one total out of the other; notes which. */
        private boolean isSum(Total from, Total to, List<Timed> rows, int next, long start) {
            if (from.equals(to)) {
                return true;
            }
            if (next == rows.size() || from.n() >= to.n()) {
                return false;
            }
            Timed row = rows.get(next);
            if (isSum(from.with(row), to, rows, next + 1, start)) {
                counted.getOrDefault(row, new HashSet<>()).add(start);
                return true;
            }
            return isSum(from, to, rows, next + 1, start);
        }

        private void close() {
            onTime.forEach((pane, total) -> {
                if (!found.containsKey(pane)) {
                    add(Kind.LOST, text(pane) + " is missing; it has " + total);
                }
            });
        }

        /** @param aside in how many files each row stands, by its id */
        private void closeLate(Map<Long, Long> aside) {
            counted.forEach((row, starts) -> {
                List<Long> all = windows(row);
                if (starts.isEmpty() && !aside.containsKey(row.id())) {
                    add(Kind.LOST, row + " is in no window, and was not set aside");
                }
                List<Long> last = all.subList(all.size() - starts.size(), all.size());
                if (!starts.containsAll(last)) {
                    add(Kind.LOST, row + " is in windows from " + starts + ", and not in all later ones of " + all);
                }
            });
        }

        private void add(Kind kind, String what) {
            account().add(kind, WindowOracle.this.name(name) + ": " + what);
        }

        private String text(Pane pane) {
            return "region " + pane.region() + ", window " + moment(pane.start()) + " to "
                    + moment(pane.start() + size);
        }
    }

    @Override
    public void check(boolean finished) throws IOException {
        Output tumbling =
                new Output(WindowedWorkflow.TUMBLING, WindowedWorkflow.TUMBLING_SIZE, WindowedWorkflow.TUMBLING_SIZE);
        Output sliding = new Output(WindowedWorkflow.SLIDING, WindowedWorkflow.SLIDING_SIZE, WindowedWorkflow.SLIDE);
        Map<Long, List<Timed>> rows = rows(0, Workload.WINDOWED.parts(), Timed::region);
        List<DeadLetterFiles.Letter> letters = DeadLetterFiles.read(Workload.WINDOWED.job(), deadLetters, account());
        for (Output output : List.of(tumbling, sliding)) {
            rows.forEach(output::expect);
            output.read();
            if (finished) {
                output.close();
                output.closeLate(aside(output, letters));
            }
        }
    }

    /** The rows that one stage set aside. A run that began again may have met a row again, and no run met it twice. */
    private Map<Long, Long> aside(Output output, List<DeadLetterFiles.Letter> letters) {
        Map<Long, Timed> late = new HashMap<>();
        output.counted.keySet().forEach(row -> late.put(row.id(), row));
        Map<Long, Long> aside = new TreeMap<>();
        Set<String> met = new HashSet<>();
        for (DeadLetterFiles.Letter letter : letters) {
            if (!letter.stage().equals(output.name)) {
                continue;
            }
            long id = Long.parseLong(letter.record().getOrDefault("id", "0"));
            String place = letter.file().getFileName() + ": " + letter.record();
            if (!late.containsKey(id)) {
                output.add(Kind.WRONG_VALUE, place + " was set aside, and is not late");
            }
            if (!met.add(letter.file() + " " + id)) {
                output.add(Kind.DOUBLED, place + " was set aside twice in one run");
            }
            aside.merge(id, 1L, Long::sum);
        }
        if (aside.isEmpty()) {
            provesNothing("no row was late in " + name(output.name));
        }
        return aside;
    }
}
