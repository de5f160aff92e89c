package io.solstice.faults.check;

import io.solstice.faults.workload.Load;
import io.solstice.faults.workload.SessionsWorkflow;
import io.solstice.faults.workload.Timed;
import io.solstice.faults.workload.Workload;
import java.io.IOException;
import java.util.List;

/** The sorted rows of a key, cut wherever two of them are a gap apart. */
final class SessionOracle extends Oracle {
    private static final String OUTPUT = SessionsWorkflow.SESSIONS;

    SessionOracle(Load load, Account account) {
        super(Workload.SESSIONS, load, account);
    }

    @Override
    public void check(boolean finished) throws IOException {
        ResultLedger ledger = new ResultLedger(name(OUTPUT), account());
        rows(0, Workload.SESSIONS.parts(), Timed::key).forEach((key, rows) -> expect(ledger, key, rows));
        read(OUTPUT, (place, row) -> {
            Total total = new Total(row.number("n"), row.number("sum"));
            long start = row.moment("window_start");
            ledger.add(place, session(row.number("key"), start), value(row.moment("window_end"), total));
        });
        if (finished) {
            ledger.close();
        }
    }

    private static void expect(ResultLedger ledger, long key, List<Timed> rows) {
        Total total = Total.NOTHING;
        long start = rows.get(0).micros();
        long last = start;
        for (Timed row : rows) {
            if (row.micros() - last >= SessionsWorkflow.GAP) {
                ledger.expect(session(key, start), value(last + SessionsWorkflow.GAP, total));
                total = Total.NOTHING;
                start = row.micros();
            }
            total = total.with(row);
            last = row.micros();
        }
        ledger.expect(session(key, start), value(last + SessionsWorkflow.GAP, total));
    }

    private static String session(long key, long start) {
        return "key " + key + ", session from " + moment(start);
    }

    private static String value(long end, Total total) {
        return "end=" + moment(end) + " " + total;
    }
}
