package io.solstice.faults;

import io.solstice.faults.check.Account;
import io.solstice.faults.check.Kind;
import io.solstice.faults.rig.Footprint;
import io.solstice.faults.rig.Node;
import io.solstice.faults.rig.Rig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What processes take after a job, against what they took when they had just been started. The bounds leave room for
 * pools and native libraries that the first job sets up once, and not for something that is left with each checkpoint or
 * each restart.
 */
record Footprints(Map<String, Footprint> before, long moreKib) {
    private static final int MORE_FILES = 100;
    private static final int MORE_THREADS = 60;
    /** Beside the heap: the libraries of Lance, code, buffers. */
    private static final long MORE_KIB = 500 << 10;

    Footprints {
        before = Map.copyOf(before);
    }

    /** @param rig whose processes have just been started */
    static Footprints of(Rig rig) throws IOException {
        Map<String, Footprint> before = new TreeMap<>();
        for (Node node : rig.processes()) {
            before.put(node.name(), Footprint.of(node.pid()));
        }
        return new Footprints(before, MORE_KIB + ((long) rig.memoryMib() << 10));
    }

    /** Finds what has grown. Returns a line for each process. */
    List<String> check(List<Node> nodes, Account account) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Node node : nodes) {
            Footprint was = before.get(node.name());
            if (was == null || !node.isAlive()) {
                continue;
            }
            Footprint is = Footprint.of(node.pid());
            String line = node.name() + ": " + was + " when it was started first, " + is + " after the job";
            lines.add(line);
            if (hasGrown(was, is)) {
                account.add(Kind.GROWN, line);
            }
        }
        return lines;
    }

    boolean hasGrown(Footprint was, Footprint is) {
        return is.files() > was.files() + MORE_FILES
                || is.threads() > was.threads() + MORE_THREADS
                || is.kib() > was.kib() + moreKib;
    }
}
