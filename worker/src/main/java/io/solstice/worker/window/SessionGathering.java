package io.solstice.worker.window;

import io.solstice.worker.keyed.GroupTable;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Gives out all that is wanted: first that of the table, as a whole, and then that of the runs, so many keys at a time
 * that there is room for them.
 */
abstract class SessionGathering extends SessionFiring {
    private final SessionFiles files;
    private final List<Field> keys;
    private List<SessionRun> runs = List.of();
    private boolean begun;
    private int run;
    private int[] rows = new int[0];
    private int row;
    /** The size of the last step is the best guess for the next one. */
    private int expected;

    SessionGathering(Owner owner, SessionFiles files, List<Field> keys) {
        super(owner, false, new IntList());
        this.files = files;
        this.keys = keys;
    }

    /** The keys of the table of which all is wanted. */
    abstract IntList own();

    /** The rows of a run that are wanted. */
    abstract int[] wanted(SessionRun of);

    /** All that there is of some keys is here. */
    abstract void found();

    /** Everything has been given out. May be called several times. */
    abstract void end();

    @Override
    boolean step() {
        if (!begun) {
            begun = true;
            runs = files.begin();
            owner().complete(own());
            found();
            return true;
        }
        GroupTable some = nextKeys();
        if (some.size() == 0) {
            end();
            return false;
        }
        files.complete(some);
        found();
        return true;
    }

    private GroupTable nextKeys() {
        int most = files.stepRows();
        GroupTable some = GroupTable.of(keys, Math.min(most, expected));
        while (some.size() < most && (row < rows.length || run < runs.size())) {
            if (row == rows.length) {
                rows = wanted(runs.get(run++));
                row = 0;
            } else {
                int to = Math.min(rows.length, row + most - some.size());
                files.addKeys(runs.get(run - 1), rows, row, to, some);
                row = to;
            }
        }
        expected = some.size();
        return some;
    }
}
