package io.solstice.faults.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Accounts for results that have names: each that is expected must be there once, with its value, and no other. A name
 * says the key and the window, or the rows, that a result is of, in words for findings.
 */
final class ResultLedger {
    private final String output;
    private final Account account;
    private final Map<String, String> expected = new HashMap<>();
    private final Set<String> seen = new HashSet<>();

    /** @param output its job and its own name, for findings */
    ResultLedger(String output, Account account) {
        this.output = output;
        this.account = account;
    }

    void expect(String name, String value) {
        if (expected.put(name, value) != null) {
            throw new IllegalStateException(name + " is expected twice");
        }
    }

    /** @param place where the result was read */
    void add(String place, String name, String value) {
        String right = expected.get(name);
        if (right == null) {
            account.add(Kind.ALIEN, output + " " + place + ": " + name + " is not expected; it has " + value);
            return;
        }
        if (!seen.add(name)) {
            account.add(Kind.DOUBLED, output + " " + place + ": " + name + " is there again, with " + value);
        }
        if (!right.equals(value)) {
            account.add(Kind.WRONG_VALUE, output + " " + place + ": " + name + " has " + value + ", not " + right);
        }
    }

    /** Notes what is missing; called once, when all output has been read. */
    void close() {
        expected.forEach((name, value) -> {
            if (!seen.contains(name)) {
                account.add(Kind.LOST, output + ": " + name + " is missing; it has " + value);
            }
        });
    }
}
