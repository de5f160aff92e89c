package io.solstice.faults.check;

import io.solstice.faults.workload.JoinedWorkflow;
import io.solstice.faults.workload.Load;
import io.solstice.faults.workload.Timed;
import io.solstice.faults.workload.Workload;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Every left row of a key beside every right one: those of one window are a pair, and those that are near. */
final class JoinOracle extends Oracle {
    private static final String ALONE = "alone";
    private static final long FAR = JoinedWorkflow.SIZE;

    JoinOracle(Load load, Account account) {
        super(Workload.JOINED, load, account);
    }

    @Override
    public void check(boolean finished) throws IOException {
        ResultLedger windowed = new ResultLedger(name(JoinedWorkflow.WINDOWED), account());
        ResultLedger near = new ResultLedger(name(JoinedWorkflow.NEAR), account());
        int right = JoinedWorkflow.RIGHT;
        Map<Long, List<Timed>> rights = rows(right, Workload.JOINED.parts() - right, Timed::key);
        rows(0, right, Timed::key)
                .forEach((key, lefts) -> expect(windowed, near, lefts, rights.getOrDefault(key, List.of())));
        read(JoinedWorkflow.WINDOWED, (place, row) -> {
            String window = window(row.moment("window_start"), row.moment("window_end"));
            windowed.add(place, pair(row) + window, value(row, "") + value(row, "right_"));
        });
        read(JoinedWorkflow.NEAR, (place, row) -> {
            boolean alone = !row.has("right_id");
            near.add(place, pair(row), value(row, "") + (alone ? "" : value(row, "right_")));
        });
        if (finished) {
            windowed.close();
            near.close();
        }
    }

    private static void expect(ResultLedger windowed, ResultLedger near, List<Timed> lefts, List<Timed> rights) {
        int from = 0;
        for (Timed left : lefts) {
            while (from < rights.size() && rights.get(from).micros() < left.micros() - FAR) {
                from++;
            }
            boolean alone = true;
            for (int i = from; i < rights.size() && rights.get(i).micros() <= left.micros() + FAR; i++) {
                Timed right = rights.get(i);
                String name = name(left, right);
                String value = value(left) + value(right);
                long start = Math.floorDiv(left.micros(), JoinedWorkflow.SIZE) * JoinedWorkflow.SIZE;
                long end = start + JoinedWorkflow.SIZE;
                if (right.micros() >= start && right.micros() < end) {
                    windowed.expect(name + window(start, end), value);
                }
                long younger = right.micros() - left.micros();
                if (younger >= -JoinedWorkflow.OLDER && younger <= JoinedWorkflow.YOUNGER) {
                    near.expect(name, value);
                    alone = false;
                }
            }
            if (alone) {
                near.expect(name(left.key(), left.part() + "/" + left.seq(), ALONE), value(left));
            }
        }
    }

    private static String name(Timed left, Timed right) {
        return name(left.key(), left.part() + "/" + left.seq(), right.part() + "/" + right.seq());
    }

    private static String name(long key, String left, String right) {
        return "key " + key + ", left row " + left + " with " + (right.equals(ALONE) ? "none" : "right row " + right);
    }

    private static String pair(Columns row) {
        String right = row.has("right_id") ? row.number("right_part") + "/" + row.number("right_seq") : ALONE;
        return name(row.number("key"), row.number("part") + "/" + row.number("seq"), right);
    }

    private static String window(long start, long end) {
        return ", window " + moment(start) + " to " + moment(end);
    }

    private static String value(Timed row) {
        return row.id() + "@" + row.micros() + "=" + row.value() + " ";
    }

    private static String value(Columns row, String prefix) {
        return row.number(prefix + "id") + "@" + row.number(prefix + "event_time") + "=" + row.number(prefix + "value")
                + " ";
    }
}
