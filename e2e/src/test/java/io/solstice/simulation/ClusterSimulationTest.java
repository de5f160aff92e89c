package io.solstice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Masters and workers decide in here exactly as they do in production; all else is virtual: processes are killed, stand
 * still and come back, connections are slow, cut and reset, messages arrive twice, users ask twice and cancel. After
 * every event: nothing is reserved that is not offered, no task is started twice, no split handed out twice, jobs make
 * legal moves only and none after their end, and a master's memory equals what its journal gives back. And once the
 * troubles are over every job that was submitted ends, and no worker holds anything.
 *
 * <p>{@code -Dsolstice.simulation.seeds=20000} runs more; {@code -Dsolstice.simulation.seed=<n>} runs that one alone and
 * prints its story; {@code -Dsolstice.simulation.plant=<name>} runs with a bug of {@link Plant}.
 */
class ClusterSimulationTest {
    private static final int SEEDS = Integer.getInteger("solstice.simulation.seeds", 400);
    private static final int SEEDS_FOR_A_PLANT = 300;

    @Test
    void everyJobEndsAndEveryPromiseIsKept() {
        Long only = Long.getLong("solstice.simulation.seed");
        Plant plant = Plant.valueOf(System.getProperty("solstice.simulation.plant", "NONE"));
        Map<String, Long> ends = new TreeMap<>();
        long troubles = 0;
        long goneOn = 0;
        long renewed = 0;
        for (long seed = only == null ? 0 : only; seed < (only == null ? SEEDS : only + 1); seed++) {
            World world = lived(seed, plant);
            world.ends().forEach((end, count) -> ends.merge(end, count, Long::sum));
            troubles += world.troubles();
            goneOn += world.ledger().goneOn();
            renewed += world.ledger().renewed();
            if (only != null) {
                System.out.println(world.timeline().story());
            }
        }
        System.out.println(ends + " after " + troubles + " troubles; " + goneOn + " generations outlived a master; "
                + renewed + " times only some tasks began again");
        if (only == null) {
            assertThat(ends.keySet())
                    .as("all ends are met")
                    .contains("FINISHED", "CANCELLED", "FAILED WORKER_LOST")
                    .contains("FAILED RESOURCES_IMPOSSIBLE", "FAILED FUNCTION_FAILED")
                    .as("no job fails because its master does")
                    .doesNotContain("FAILED MASTER_RESTARTED", "FAILED CHECKPOINT_FENCED");
            assertThat(ends.get("FINISHED")).isGreaterThan(SEEDS);
            assertThat(troubles).isGreaterThan(5L * SEEDS);
            assertThat(goneOn).as("generations that outlived a master").isGreaterThan(SEEDS / 10);
            assertThat(renewed).as("times that only some tasks began again").isGreaterThan(SEEDS / 10);
        }
    }

    /** Runs one seed; what goes wrong is told with the last events before it. */
    private static World lived(long seed, Plant plant) {
        World world = new World(seed, plant);
        try {
            world.run();
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError(
                    "seed " + seed + "; replay it with -Dsolstice.simulation.seed=" + seed
                            + (plant == Plant.NONE ? "" : " -Dsolstice.simulation.plant=" + plant) + "\n"
                            + world.timeline().story(),
                    broken);
        }
        return world;
    }

    @Test
    void aSeedAlwaysTellsTheSameStory() {
        for (long seed = 0; seed < 20; seed++) {
            long first = lived(seed, Plant.NONE).timeline().fingerprint();
            assertThat(lived(seed, Plant.NONE).timeline().fingerprint())
                    .as("seed %s", seed)
                    .isEqualTo(first);
        }
    }

    @TestFactory
    Stream<DynamicTest> plantedBugsAreFound() {
        return EnumSet.complementOf(EnumSet.of(Plant.NONE)).stream()
                .map(plant -> DynamicTest.dynamicTest(plant.name(), () -> assertFound(plant)));
    }

    private static void assertFound(Plant plant) {
        for (long seed = 0; seed < SEEDS_FOR_A_PLANT; seed++) {
            try {
                new World(seed, plant).run();
            } catch (AssertionError | RuntimeException found) {
                System.out.println(plant + " is found by seed " + seed + ": "
                        + String.valueOf(found.getMessage()).lines().findFirst().orElse(""));
                return;
            }
        }
        throw new AssertionError(plant + " is not found by " + SEEDS_FOR_A_PLANT + " seeds");
    }
}
