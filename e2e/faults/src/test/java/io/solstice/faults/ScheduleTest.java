package io.solstice.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.faults.check.Account;
import io.solstice.faults.check.Kind;
import io.solstice.proto.v1.Resources;
import io.solstice.proto.v1.Worker;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static Schedule schedule(long seed) {
        return Schedule.of(seed, 6, EnumSet.allOf(Schedule.Kind.class), 3);
    }

    private static Outcome outcome(Account account, List<String> vacuous) {
        List<Incident> incidents = List.of(
                new Incident(5, "kill", 1.5, true, true),
                new Incident(9, "pause", 4, false, true),
                new Incident(12, "kill", 2.5, true, true));
        return new Outcome(1, 20, schedule(1), incidents, account, 100, 200, 9, vacuous, List.of(), Path.of("x"));
    }

    @Test
    void theSameSeedMakesTheSameSchedule() {
        assertThat(schedule(7)).isEqualTo(schedule(7));
        Set<Schedule> different = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            different.add(schedule(seed));
        }
        assertThat(different).hasSize(20);
    }

    @Test
    void aRunThatProvesNothingIsVoidAndOneWithAFindingIsBroken() {
        Account lost = new Account();
        lost.add(Kind.LOST, 3, "three rows");
        Account orphaned = new Account();
        orphaned.add(Kind.ORPHANED, "a file");
        assertThat(outcome(new Account(), List.of()).verdict()).isEqualTo(Outcome.Verdict.HELD);
        assertThat(outcome(orphaned, List.of()).verdict()).isEqualTo(Outcome.Verdict.HELD);
        assertThat(outcome(new Account(), List.of("did not bite")).verdict()).isEqualTo(Outcome.Verdict.VOID);
        assertThat(outcome(lost, List.of("did not bite")).verdict()).isEqualTo(Outcome.Verdict.BROKEN);
    }

    @Test
    void theLastLineTellsTheCounts() {
        Account account = new Account();
        account.add(Kind.LOST, 3, "three rows");
        account.add(Kind.ORPHANED, "a file");
        account.add(Kind.STUCK, "once");
        Outcome one = outcome(account, List.of());
        assertThat(Summary.of(List.of(one, one)).line("faults: BROKEN"))
                .isEqualTo("faults: BROKEN runs=2 faults=6 records=200 lost=6 doubled=0 wrong=0 left=0 other=2"
                        + " orphans=2 void=0 checkpoints=18 recovery n=4 p50=2.50 p99=2.50");
    }

    @Test
    void findsTasksAndMemoryThatWorkersStillHold() {
        Worker tidy = Worker.newBuilder()
                .setWorkerId("w1")
                .setOffered(Resources.newBuilder().setNumCpus(4))
                .setFree(Resources.newBuilder().setNumCpus(4))
                .build();
        assertThat(ClusterCheck.of(List.of(tidy)).isClean()).isTrue();
        Worker holding = tidy.toBuilder()
                .setFree(Resources.newBuilder().setNumCpus(3))
                .setMemoryBytes(4096)
                .build();
        Account account = ClusterCheck.of(List.of(tidy, holding));
        assertThat(account.counts().keySet()).isEqualTo(Set.of(Kind.SLOTS, Kind.MEMORY));
    }

    @Test
    void refusesWrongWords() throws Exception {
        assertThatThrownBy(() -> Options.of(List.of("--sed", "1"))).hasMessage("there is no option '--sed'");
        assertThatThrownBy(() -> Options.of(List.of("--seed"))).hasMessage("--seed needs a value");
        assertThatThrownBy(() -> Options.of(List.of("--kinds", "storm"))).hasMessageContaining("[kill, pause]");
        Settings settings = Options.of(List.of("--quick", "--seed", "7")).settings(Path.of("h"), Path.of("f"), 3);
        assertThat(settings.seed()).isEqualTo(7);
        assertThat(settings.again(8))
                .isEqualTo("bin/faults --seed 8 --runs 1 --minutes 0 --faults 3 --kinds kill,pause");
    }
}
