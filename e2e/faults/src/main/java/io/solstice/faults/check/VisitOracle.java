package io.solstice.faults.check;

import io.solstice.faults.workload.Load;
import io.solstice.faults.workload.Timed;
import io.solstice.faults.workload.VisitsWorkflow;
import io.solstice.faults.workload.Workload;
import java.io.IOException;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Each row has told, once, which row of its partition came before it in its region; the numbers of a region's rows are 1,
 * 2, 3 … in an order that keeps that of each partition; and each span has told, once, what fell into it.
 */
final class VisitOracle extends Oracle {
    private static final String OUTPUT = VisitsWorkflow.VISITS;

    /** By region and partition, the numbers of rows by their sequence. */
    private final Map<String, TreeMap<Long, Long>> numbers = new TreeMap<>();

    private final Map<Long, BitSet> taken = new HashMap<>();
    private final Map<Long, Integer> sizes = new HashMap<>();

    VisitOracle(Load load, Account account) {
        super(Workload.VISITS, load, account);
    }

    @Override
    public void check(boolean finished) throws IOException {
        ResultLedger ledger = new ResultLedger(name(OUTPUT), account());
        rows(0, Workload.VISITS.parts(), Timed::region).forEach((region, rows) -> {
            sizes.put(region, rows.size());
            expectSpans(ledger, region, rows);
            expectRows(ledger, region, rows);
        });
        read(OUTPUT, (place, row) -> {
            if (row.text("kind").equals(VisitsWorkflow.SPAN)) {
                Total total = new Total(row.number("number"), row.number("before"));
                ledger.add(place, span(row.number("region"), row.number("at")), total.toString());
            } else {
                addRow(ledger, place, row);
            }
        });
        if (finished) {
            ledger.close();
            numbers.forEach(this::checkOrder);
        }
    }

    private static void expectSpans(ResultLedger ledger, long region, List<Timed> rows) {
        Line line = new Line(rows);
        long size = VisitsWorkflow.SPAN_SIZE;
        for (long start = Math.floorDiv(line.first(), size) * size; start <= line.last(); start += size) {
            Total total = line.between(start, start + size);
            if (total.n() > 0) {
                ledger.expect(span(region, start + size), total.toString());
            }
        }
    }

    private static void expectRows(ResultLedger ledger, long region, List<Timed> rows) {
        Map<Long, Long> newest = new HashMap<>();
        rows.stream().sorted(Comparator.comparingLong(Timed::seq)).forEach(row -> {
            Long before = newest.put(row.part(), row.seq());
            ledger.expect(name(region, row.part(), row.seq()), value(before == null ? -1 : before));
        });
    }

    private void addRow(ResultLedger ledger, String place, Columns row) {
        long region = row.number("region");
        long part = row.number("part");
        long seq = row.number("at");
        long number = row.number("number");
        ledger.add(place, name(region, part, seq), value(row.number("before")));
        BitSet known = taken.computeIfAbsent(region, none -> new BitSet());
        if (number < 1 || number > sizes.getOrDefault(region, 0) || known.get((int) number)) {
            account()
                    .add(
                            Kind.WRONG_COUNT,
                            name(OUTPUT) + " " + place + ": " + name(region, part, seq) + " has number " + number
                                    + ", which another one has or none can have");
            return;
        }
        known.set((int) number);
        numbers.computeIfAbsent("region " + region + ", partition " + part, none -> new TreeMap<>())
                .put(seq, number);
    }

    private void checkOrder(String place, TreeMap<Long, Long> rows) {
        long highest = 0;
        for (Map.Entry<Long, Long> row : rows.entrySet()) {
            if (row.getValue() < highest) {
                account()
                        .add(
                                Kind.WRONG_COUNT,
                                name(OUTPUT) + ": " + place + ": row " + row.getKey() + " has number " + row.getValue()
                                        + ", and one before it " + highest);
            }
            highest = Math.max(highest, row.getValue());
        }
    }

    private static String name(long region, long part, long seq) {
        return "region " + region + ", row " + part + "/" + seq;
    }

    private static String value(long before) {
        return "the row before it is " + (before < 0 ? "none" : before);
    }

    private static String span(long region, long end) {
        return "region " + region + ", span to " + moment(end);
    }
}
