package io.solstice.faults;

import io.solstice.api.StateBackend;
import io.solstice.api.cluster.SolsticeClient;
import io.solstice.faults.check.Account;
import io.solstice.faults.rig.Rig;
import io.solstice.faults.workload.Load;
import io.solstice.faults.workload.Workload;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All jobs of a run. The first is the one that faults are aimed at; it has the most rows and the most checkpoints. */
final class Courses implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(40);
    /** For the others, so that to look takes nothing from those that are looked at. */
    private static final Duration LONG_STEP = Duration.ofMillis(200);

    private final List<Course> all = new ArrayList<>();

    /** Submits them. */
    Courses(Settings settings, long seed, Places places, StateBackend state, SolsticeClient client)
            throws IOException, InterruptedException {
        try {
            for (Workload workload : Workload.values()) {
                if (settings.jobs().contains(workload)) {
                    Load load = settings.load(workload, seed, places.output(workload));
                    Duration step = workload == Workload.EVENTS ? STEP : LONG_STEP;
                    all.add(new Course(workload, load, places, state, client, step));
                }
            }
        } catch (IOException | RuntimeException failed) {
            close();
            throw failed;
        }
    }

    List<Course> all() {
        return List.copyOf(all);
    }

    Course main() {
        return all.get(0);
    }

    /** Those besides the main one. */
    List<Course> others() {
        return List.copyOf(all.subList(1, all.size()));
    }

    void count() throws IOException {
        for (Course course : all) {
            course.count();
        }
    }

    boolean haveCheckpoints() throws IOException {
        for (Course course : all) {
            if (!course.hasCheckpoint()) {
                return false;
            }
        }
        return true;
    }

    void remember(Rig rig) throws IOException {
        for (Course course : all) {
            course.remember(rig);
        }
    }

    /** Whether every job has come back after a fault, or is over. */
    boolean haveRecovered(Done done) {
        return all.stream().allMatch(course -> course.isOver() || course.recovered(done) != null);
    }

    /** Waits until all have generated the rest as fast as can be. */
    void awaitEnd(Account account) throws Exception {
        for (Course course : all) {
            course.hurry();
        }
        for (Course course : all) {
            course.awaitEnd(account);
        }
    }

    @Override
    public void close() throws InterruptedException {
        for (Course course : all) {
            course.close();
        }
    }
}
