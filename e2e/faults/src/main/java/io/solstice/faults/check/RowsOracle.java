package io.solstice.faults.check;

import io.solstice.faults.workload.Load;
import io.solstice.faults.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;

/** Every generated row once, in the files and in the table, and numbered. */
final class RowsOracle extends Oracle {
    RowsOracle(Load load, Account account) {
        super(Workload.EVENTS, load, account);
    }

    @Override
    public void check(boolean finished) throws IOException {
        Ledger inFiles = ledger("files");
        JsonFiles.read(folder("events"), inFiles);
        close(inFiles, finished);
        if (load().ballastBytes() == 0) {
            Ledger inTable = ledger("table");
            LanceRows.read(Workload.EVENTS.table(Path.of(load().output())), inTable);
            close(inTable, finished);
        }
    }

    private Ledger ledger(String output) {
        return new Ledger(output, load().seed(), load().parts(), load().rows(), account());
    }

    private void close(Ledger ledger, boolean finished) {
        if (finished) {
            ledger.close();
        }
        hasRead(ledger.read());
    }
}
