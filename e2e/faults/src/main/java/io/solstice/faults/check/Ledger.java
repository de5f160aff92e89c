package io.solstice.faults.check;

import io.solstice.faults.workload.Event;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Accounts for the rows of one output: a bit for each row that was generated, and a finding for each that comes again.
 * Nothing is ever dropped for being there already.
 */
public final class Ledger {
    private final String output;
    private final long seed;
    private final long rows;
    private final Account account;
    private final List<BitSet> seen = new ArrayList<>();
    private final List<BitSet> numbers = new ArrayList<>();
    private long read;

    /**
     * @param output its name in findings
     * @param rows of each partition; they fit an int
     */
    public Ledger(String output, long seed, int parts, long rows, Account account) {
        this.output = output;
        this.seed = seed;
        this.rows = Math.toIntExact(rows);
        this.account = account;
        for (int part = 0; part < parts; part++) {
            seen.add(new BitSet());
        }
        for (int key = 0; key < Event.KEYS; key++) {
            numbers.add(new BitSet());
        }
    }

    /** @param place where the row was read */
    public void add(String place, OutputRow row) {
        read++;
        Event event = row.event();
        if (event.crc() != Event.crc(event.id(), event.part(), event.seq(), event.key(), event.payload())) {
            found(Kind.CORRUPT, place, row);
            return;
        }
        boolean inside = event.part() >= 0 && event.part() < seen.size() && event.seq() >= 0 && event.seq() < rows;
        if (!inside || !event.equals(Event.of(seed, event.part(), event.seq()))) {
            found(Kind.ALIEN, place, row);
            return;
        }
        if (row.size() != event.payload().length()) {
            found(Kind.WRONG_VALUE, place, row);
        }
        BitSet part = seen.get((int) event.part());
        if (part.get((int) event.seq())) {
            found(Kind.DOUBLED, place, row);
        }
        part.set((int) event.seq());
        number(place, row);
    }

    private void number(String place, OutputRow row) {
        BitSet known = numbers.get((int) row.event().key());
        boolean possible = row.nth() > 0 && row.nth() <= seen.size() * rows;
        if (!possible || known.get((int) row.nth())) {
            found(Kind.WRONG_COUNT, place, row);
        } else {
            known.set((int) row.nth());
        }
    }

    private void found(Kind kind, String place, OutputRow row) {
        account.add(kind, output + " " + place + ": " + row);
    }

    /** Text that is no row. */
    public void unreadable(String place, String what) {
        account.add(Kind.CORRUPT, output + " " + place + ": " + what);
    }

    /** Notes what is missing; called once, when all output has been read. */
    public void close() {
        for (int part = 0; part < seen.size(); part++) {
            BitSet there = seen.get(part);
            int lost = (int) rows - there.cardinality();
            if (lost > 0) {
                int first = there.nextClearBit(0);
                int end = there.nextSetBit(first);
                account.add(
                        Kind.LOST,
                        lost,
                        output + " partition " + part + ": " + lost + " of " + rows + " rows, the first are " + first
                                + " to " + ((end < 0 ? (int) rows : end) - 1));
            }
        }
        for (int key = 0; key < numbers.size(); key++) {
            BitSet there = numbers.get(key);
            int gaps = there.length() - 1 - there.cardinality();
            if (gaps > 0) {
                account.add(
                        Kind.WRONG_COUNT,
                        gaps,
                        output + " key " + key + " has no row " + there.nextClearBit(1) + " of "
                                + (there.length() - 1));
            }
        }
    }

    /** How many rows were read. */
    public long read() {
        return read;
    }
}
