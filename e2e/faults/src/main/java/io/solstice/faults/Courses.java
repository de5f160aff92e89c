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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** All jobs of a run. The first is the one that faults are aimed at; it has the most rows and the most checkpoints. */
final class Courses implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(40);
    /** For the others, so that to look takes nothing from those that are looked at. */
    private static final Duration LONG_STEP = Duration.ofMillis(200);

    private final List<Course> all = new ArrayList<>();

    /** Submits them, all at once. */
    Courses(Settings settings, long seed, Places places, StateBackend state, SolsticeClient client)
            throws InterruptedException {
        List<Future<Course>> submitted = new ArrayList<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            for (Workload workload : Workload.values()) {
                if (settings.jobs().contains(workload)) {
                    Load load = settings.load(workload, seed, places.output(workload));
                    Duration step = workload == Workload.EVENTS ? STEP : LONG_STEP;
                    submitted.add(threads.submit(() -> new Course(workload, load, places, state, client, step)));
                }
            }
            for (Future<Course> course : submitted) {
                all.add(course.get());
            }
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a job cannot be submitted", failed.getCause());
        } finally {
            threads.shutdown();
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
