package io.solstice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.solstice.master.checkpoint.CheckpointDesk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.LoggerFactory;

/**
 * Masters and workers decide in here exactly as they do in production, and checkpoints are stored, kept and deleted by
 * the same code; all else is virtual: processes are killed, stand still and come back, connections are slow, cut and
 * reset, messages arrive twice, the store fails and hangs, users ask twice, cancel, delete checkpoints, and submit again
 * what has ended. What must hold is listed in {@link Invariant}.
 *
 * <p>{@code -Dsolstice.simulation.seeds=20000} runs more; {@code -Dsolstice.simulation.seed=<n>} runs that one alone and
 * writes its story to a file; {@code -Dsolstice.simulation.plant=<name>} runs with a bug of {@link Plant}.
 */
class ClusterSimulationTest {
    private static final int SEEDS = Integer.getInteger("solstice.simulation.seeds", 400);
    private static final int SEEDS_FOR_A_PLANT = 300;
    /** What goes wrong at the store is part of the game. */
    private static final Logger STORE_LOG = (Logger) LoggerFactory.getLogger(CheckpointDesk.class);

    @BeforeAll
    static void quiet() {
        STORE_LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        STORE_LOG.setLevel(null);
    }

    @Test
    void everyInvariantHolds() {
        Long only = Long.getLong("solstice.simulation.seed");
        Plant plant = Plant.valueOf(System.getProperty("solstice.simulation.plant", "NONE"));
        Map<String, Long> ends = new TreeMap<>();
        Map<Sight, Integer> sights = new EnumMap<>(Sight.class);
        long troubles = 0;
        long deletions = 0;
        for (long seed = only == null ? 0 : only; seed < (only == null ? SEEDS : only + 1); seed++) {
            Life life = lived(seed, plant);
            life.ends().forEach((end, count) -> ends.merge(end, count, Long::sum));
            life.world().sights().forEach((sight, count) -> sights.merge(sight, count, Integer::sum));
            troubles += life.world().troubles().count();
            deletions += life.world().archive().deletions();
            if (only != null) {
                System.out.println("its story is in " + written(life, seed, plant));
            }
        }
        System.out.println(
                ends + " after " + troubles + " troubles; " + sights + "; " + deletions + " objects deleted");
        if (only == null) {
            assertThat(ends.keySet())
                    .as("all ends are met")
                    .contains("FINISHED", "CANCELLED", "FAILED WORKER_LOST")
                    .contains("FAILED RESOURCES_IMPOSSIBLE", "FAILED FUNCTION_FAILED")
                    .as("no job fails because its master does, or because its checkpoint is gone")
                    .doesNotContain("FAILED MASTER_RESTARTED", "FAILED CHECKPOINT_FENCED", "FAILED CHECKPOINT_UNKNOWN");
            assertThat(ends.get("FINISHED")).isGreaterThan(SEEDS);
            assertThat(troubles).isGreaterThan(5L * SEEDS);
            assertThat(deletions).isGreaterThan(5L * SEEDS);
            assertThat(sights.keySet()).as("all is met").isEqualTo(EnumSet.allOf(Sight.class));
            assertThat(sights.get(Sight.OUTLIVES_A_MASTER)).isGreaterThan(SEEDS / 10);
            assertThat(sights.get(Sight.LIVE_JOB)).isGreaterThan(SEEDS / 10);
        }
    }

    /** Runs one seed; what goes wrong is told with the last events before it, and with where all of them are. */
    private static Life lived(long seed, Plant plant) {
        Life life = new Life(seed, plant);
        try {
            life.live();
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError(
                    broken.getMessage() + "\nreplay it with -Dsolstice.simulation.seed=" + seed
                            + (plant == Plant.NONE ? "" : " -Dsolstice.simulation.plant=" + plant) + "\n"
                            + "its story is in " + written(life, seed, plant) + ", and ends so:\n"
                            + life.world().timeline().end(),
                    broken);
        }
        return life;
    }

    /** The cause of what goes wrong is often far from where it shows. */
    private static Path written(Life life, long seed, Plant plant) {
        String name = "seed-" + seed + (plant == Plant.NONE ? "" : "-" + plant) + ".txt";
        Path file = Path.of("target", "simulation", name).toAbsolutePath();
        try {
            Files.createDirectories(file.resolveSibling(""));
            return Files.write(file, life.world().timeline().story());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void aSeedAlwaysTellsTheSameStory() {
        for (long seed = 0; seed < 20; seed++) {
            long first = lived(seed, Plant.NONE).world().timeline().fingerprint();
            assertThat(lived(seed, Plant.NONE).world().timeline().fingerprint())
                    .as("seed %s", seed)
                    .isEqualTo(first);
        }
    }

    @Test
    void everyInvariantIsBrokenByAPlantedBug() {
        Set<Invariant> broken = plants().map(Plant::breaks).collect(Collectors.toSet());
        assertThat(broken).isEqualTo(EnumSet.allOf(Invariant.class));
    }

    private static Stream<Plant> plants() {
        return EnumSet.complementOf(EnumSet.of(Plant.NONE)).stream();
    }

    @TestFactory
    Stream<DynamicTest> plantedBugsAreFound() {
        return plants().map(plant -> DynamicTest.dynamicTest(plant.name(), () -> assertFound(plant)));
    }

    /** Some seed shows the bug as what it is; others may meet its consequences first. */
    private static void assertFound(Plant plant) {
        Set<Invariant> others = EnumSet.noneOf(Invariant.class);
        for (long seed = 0; seed < SEEDS_FOR_A_PLANT; seed++) {
            try {
                new Life(seed, plant).live();
            } catch (Invariant.Broken found) {
                if (found.invariant() == plant.breaks()) {
                    String message = String.valueOf(found.getMessage());
                    System.out.println(plant + " is found: " + message.substring(0, Math.min(300, message.length())));
                    return;
                }
                others.add(found.invariant());
            }
        }
        throw new AssertionError(
                plant + " is not found by " + SEEDS_FOR_A_PLANT + " seeds, which show " + others + " at most");
    }
}
