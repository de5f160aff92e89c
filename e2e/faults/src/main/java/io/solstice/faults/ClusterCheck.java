package io.solstice.faults;

import io.solstice.faults.check.Account;
import io.solstice.faults.check.Kind;
import io.solstice.proto.v1.Worker;
import java.util.List;

/** What workers without a job must not hold. */
final class ClusterCheck {
    private ClusterCheck() {}

    static Account of(List<Worker> workers) {
        Account account = new Account();
        for (Worker worker : workers) {
            if (worker.getTasks() > 0 || !worker.getFree().equals(worker.getOffered())) {
                account.add(
                        Kind.SLOTS,
                        worker.getWorkerId() + " has " + worker.getTasks() + " tasks, and free "
                                + worker.getFree().toString().replace('\n', ' ') + "of "
                                + worker.getOffered().toString().replace('\n', ' '));
            }
            if (worker.getMemoryBytes() != 0) {
                account.add(Kind.MEMORY, worker.getWorkerId() + " holds " + worker.getMemoryBytes() + " bytes");
            }
        }
        return account;
    }
}
