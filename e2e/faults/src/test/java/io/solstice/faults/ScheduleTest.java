package io.solstice.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.common.fault.CrashPoint;
import io.solstice.common.graph.StateStore;
import io.solstice.faults.check.Account;
import io.solstice.faults.check.Kind;
import io.solstice.faults.rig.Footprint;
import io.solstice.faults.rig.Rig;
import io.solstice.faults.workload.Workload;
import io.solstice.proto.v1.Resources;
import io.solstice.proto.v1.Worker;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static Schedule schedule(long seed) {
        return Schedule.of(seed, 6, EnumSet.allOf(Schedule.Kind.class), new Shape(2, 3, true));
    }

    private static Incident incident(Schedule.Kind kind, Done.Effect effect, double recovery) {
        return new Incident(kind, 5, "something", true, effect, 0, null, recovery, true, List.of());
    }

    private static Outcome outcome(Account account, List<String> vacuous) {
        List<Incident> incidents = List.of(
                incident(Schedule.Kind.KILL, Done.Effect.KILL, 1.5),
                incident(Schedule.Kind.PAUSE, Done.Effect.RESTART, 4),
                incident(Schedule.Kind.KILL, Done.Effect.KILL, 2.5));
        return new Outcome(
                1, 20, schedule(1), incidents, account, 100, 200, 9, List.of(), vacuous, List.of(), Path.of("x"));
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
                        + " orphans=2 void=0 checkpoints=18 recovery n=4 p50=2.50 p99=2.50 max=2.50");
    }

    @Test
    void thePageTellsWhatBit() {
        Outcome one = outcome(new Account(), List.of());
        assertThat(Summary.of(List.of(one)).lines())
                .contains("* Kill of workers to the first new output, seconds: n=2 p50=2.50 p99=2.50 max=2.50")
                .contains("* Faults that bit: kill 2, pause 1");
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
    void findsProcessesThatHaveGrown() throws Exception {
        Footprints bounds = new Footprints(Map.of(), 500 << 10);
        Footprint small = new Footprint(100, 40, 200 << 10);
        assertThat(bounds.hasGrown(small, new Footprint(150, 60, 400 << 10))).isFalse();
        assertThat(bounds.hasGrown(small, new Footprint(300, 60, 400 << 10))).isTrue();
        assertThat(bounds.hasGrown(small, new Footprint(150, 160, 400 << 10))).isTrue();
        assertThat(bounds.hasGrown(small, new Footprint(150, 60, 1000 << 10))).isTrue();
        Footprint own = Footprint.of(ProcessHandle.current().pid());
        assertThat(own.files()).isPositive();
        assertThat(own.threads()).isPositive();
        assertThat(own.kib()).isGreaterThan(1 << 10);
    }

    @Test
    void refusesWrongWords() throws Exception {
        assertThatThrownBy(() -> Options.of(List.of("--sed", "1"))).hasMessage("there is no option '--sed'");
        assertThatThrownBy(() -> Options.of(List.of("--seed"))).hasMessage("--seed needs a value");
        assertThatThrownBy(() -> Options.of(List.of("--kinds", "storm"))).hasMessageContaining("[kill, pause, point");
        Set<Schedule.Kind> possible = EnumSet.of(Schedule.Kind.KILL, Schedule.Kind.PAUSE, Schedule.Kind.MASTER);
        Settings settings =
                Options.of(List.of("--quick", "--seed", "7", "--dir", "f")).settings(Path.of("h"), 3, possible);
        assertThat(settings.seed()).isEqualTo(7);
        assertThat(settings.again(8))
                .isEqualTo("bin/faults --seed 8 --runs 1 --minutes 0 --faults 3 --kinds kill,pause,master");
        assertThatThrownBy(() -> Options.of(List.of("--jobs", "rows")))
                .hasMessage("there is no job 'rows'; there are none, windowed, sessions, joined, visits");
        Settings few = Options.of(List.of("--quick", "--jobs", "visits,joined", "--dir", "f"))
                .settings(Path.of("h"), 3, possible);
        assertThat(few.jobs()).containsExactlyInAnyOrder(Workload.EVENTS, Workload.JOINED, Workload.VISITS);
        assertThat(few.again(3)).endsWith(" --jobs joined,visits");
        Settings none = Options.of(List.of("--jobs", "none", "--dir", "f")).settings(Path.of("h"), 3, possible);
        assertThat(none.jobs()).containsExactly(Workload.EVENTS);
        assertThat(none.again(3)).endsWith(" --jobs none");
        assertThatThrownBy(() -> Options.of(List.of("--kinds", "kill,disk", "--dir", "f"))
                        .settings(Path.of("h"), 3, possible))
                .hasMessage("[disk] cannot be done on this machine");
        assertThatThrownBy(() -> Options.of(List.of("--kinds", "store", "--dir", "f"))
                        .settings(Path.of("h"), 3, EnumSet.allOf(Schedule.Kind.class)))
                .hasMessage("faults of kind store need --state s3");
        Settings onDisk = Options.of(List.of("--jobs", "visits", "--backend", "disk", "--dir", "f"))
                .settings(Path.of("h"), 3, possible);
        assertThat(onDisk.again(3)).endsWith(" --jobs visits --backend disk");
        assertThatThrownBy(() -> Options.of(List.of("--backend", "rocks")))
                .hasMessage("--backend is auto, memory, rocksdb, disk, not 'rocks'");
        assertThatThrownBy(() -> Options.of(List.of("--state", "s4"))).hasMessage("--state is local or s3, not 's4'");
    }

    /** As many faults as there are forms bring each of them once. */
    @Test
    void everyPointIsReachedInBothWays() {
        Set<CrashPoint> all = EnumSet.allOf(CrashPoint.class);
        all.removeIf(CrashPoint::isOfMaster);
        Set<String> wanted = new TreeSet<>();
        all.forEach(point -> List.of(true, false).forEach(stops -> wanted.add(point + " " + stops)));
        Schedule schedule = Schedule.of(3, wanted.size(), EnumSet.of(Schedule.Kind.POINT), new Shape(1, 3, false));
        Set<String> found = new TreeSet<>();
        for (Schedule.Entry entry : schedule.entries()) {
            Fault.AtPoint at = (Fault.AtPoint) entry.fault();
            found.add(at.point() + " " + at.stops());
        }
        assertThat(found).isEqualTo(wanted);
    }

    /** Every way to harm the store and every partition comes once, among them a leader that is alone. */
    @Test
    void storesAndLeadersAreHarmedInEveryWay() {
        Shape shape = new Shape(2, 3, true);
        Schedule stores = Schedule.of(5, 12, EnumSet.of(Schedule.Kind.STORE), shape);
        assertThat(stores.entries().stream().map(entry -> entry.fault().text()).distinct())
                .hasSize(12);
        assertThat(stores.gear()).containsExactly(Rig.Gear.S3);
        Schedule nets = Schedule.of(5, 11, EnumSet.of(Schedule.Kind.PARTITION), shape);
        assertThat(nets.entries().stream().map(entry -> entry.fault().text()))
                .contains("the leading master is cut off from all for 6.0 s")
                .contains("the leading master is cut off from the workers for 6.0 s")
                .doesNotHaveDuplicates();
        Schedule alone = Schedule.of(5, 10, EnumSet.of(Schedule.Kind.PARTITION), new Shape(1, 3, false));
        assertThat(alone.entries().stream().map(entry -> entry.fault().text()))
                .noneMatch(text -> text.contains("from all"));
    }

    /** Every store is begun with and gone on with, in jobs of two tasks as of three. */
    @Test
    void theSeedSaysWhereStateLies() throws Exception {
        Settings settings = Options.of(List.of("--dir", "f")).settings(Path.of("h"), 3, Schedule.Kind.possible());
        Set<String> seen = new TreeSet<>();
        for (int seed = 0; seed < 12; seed++) {
            int tasks = settings.load(Workload.VISITS, seed, Path.of("x")).tasks();
            assertThat(settings.load(Workload.VISITS, seed, Path.of("x")).backend())
                    .isEqualTo(settings.backends(seed).first());
            assertThat(settings.load(Workload.EVENTS, seed, Path.of("x")).backend())
                    .isEqualTo(StateStore.AUTO);
            seen.add(tasks + " tasks in " + settings.backends(seed));
        }
        assertThat(seen)
                .hasSize(12)
                .contains("2 tasks in rocksdb, later disk", "3 tasks in rocksdb", "3 tasks in disk, later memory");
        assertThat(settings.stateText(10)).isEqualTo("the state of visits is in rocksdb, later disk");
        Settings none =
                Options.of(List.of("--jobs", "none", "--dir", "f")).settings(Path.of("h"), 3, Schedule.Kind.possible());
        assertThat(none.stateText(4)).isNull();
    }

    @Test
    void aMeasurementHasNothingButKills() throws Exception {
        Settings workers = Options.of(List.of("--recovery", "4", "--seed", "7", "--dir", "f"))
                .settings(Path.of("h"), 3, EnumSet.allOf(Schedule.Kind.class));
        assertThat(workers.schedule(7).entries().stream()
                        .map(entry -> entry.fault().text()))
                .containsExactly(
                        "kill -9 of worker 1, back after 5.0 s",
                        "kill -9 of worker 2, back after 5.0 s",
                        "kill -9 of worker 1, back after 5.0 s",
                        "kill -9 of worker 2, back after 5.0 s");
        assertThat(workers.ballastBytes()).isEqualTo(100 << 20);
        assertThat(workers.again(7)).isEqualTo("bin/faults --seed 7 --recovery 4 --ballast 100");
        assertThat(workers.load(Workload.EVENTS, 7, Path.of("x")).backend()).isEqualTo(StateStore.AUTO);
        Settings rocks = Options.of(List.of("--recovery", "4", "--backend", "rocksdb", "--dir", "f"))
                .settings(Path.of("h"), 3, EnumSet.allOf(Schedule.Kind.class));
        assertThat(rocks.load(Workload.EVENTS, 7, Path.of("x")).backend()).isEqualTo(StateStore.ROCKSDB);
        assertThat(rocks.stateText(7)).isEqualTo("the state of visitors is in rocksdb");
        assertThat(rocks.again(7)).isEqualTo("bin/faults --seed 7 --recovery 4 --ballast 100 --backend rocksdb");
        Settings masters = Options.of(List.of("--recovery", "2", "--masters", "2", "--ballast", "0", "--dir", "f"))
                .settings(Path.of("h"), 3, EnumSet.allOf(Schedule.Kind.class));
        assertThat(masters.schedule(7).entries()).allMatch(entry -> entry.fault() instanceof Fault.KillMaster);
        assertThat(masters.again(3)).isEqualTo("bin/faults --seed 3 --recovery 2 --ballast 0 --masters 2");
    }

    @Test
    void damageComesLastAndProcessesHaveOneKindOfNetwork() {
        for (int seed = 0; seed < 50; seed++) {
            List<Schedule.Entry> entries = schedule(seed).entries();
            assertThat(entries).hasSize(6);
            assertThat(entries.get(5).fault()).isInstanceOf(Fault.Damage.class);
            assertThat(entries.subList(0, 5)).noneMatch(entry -> entry.fault() instanceof Fault.Damage);
            assertThat(schedule(seed).gear().containsAll(EnumSet.of(Rig.Gear.ROADS, Rig.Gear.NAMESPACES)))
                    .isFalse();
        }
    }
}
