package io.solstice.master.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.solstice.common.graph.ChainPlan;
import io.solstice.common.graph.Resources;
import io.solstice.common.id.StageId;
import io.solstice.common.id.WorkerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which GPUs tasks get. */
class GpuUseTest {
    private static final double[] NEEDS = {0, 0.1, 0.25, 0.5, 0.6, 1, 1, 1.5, 2, 3};

    /** What one task has. */
    private record Held(double need, List<Integer> gpus) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noGpuIsGivenToMoreThanItsShare(long seed) {
        Random random = new Random(seed);
        double offered = random.nextBoolean() ? 1 + random.nextInt(5) : 2.5;
        GpuUse gpus = new GpuUse(offered);
        List<Held> held = new ArrayList<>();
        for (int step = 0; step < 2_000; step++) {
            double need = NEEDS[random.nextInt(NEEDS.length)];
            if (!held.isEmpty() && random.nextInt(3) == 0) {
                held.remove(random.nextInt(held.size()));
                gpus = new GpuUse(offered);
                for (Held each : held) {
                    gpus.hold(each.need(), each.gpus());
                }
            } else if (gpus.fits(need)) {
                held.add(new Held(need, gpus.take(need)));
            }
            assertConserved(held, offered);
        }
        assertThat(new GpuUse(offered).take((int) offered))
                .as("all are free in the end")
                .hasSize((int) offered);
    }

    private static void assertConserved(List<Held> held, double offered) {
        Map<Integer, Double> used = new HashMap<>();
        for (Held task : held) {
            assertThat(task.gpus()).doesNotHaveDuplicates().hasSize((int) Math.ceil(task.need()));
            double left = task.need();
            for (int gpu : task.gpus()) {
                used.merge(gpu, Math.min(1, left), Double::sum);
                left -= 1;
            }
        }
        used.forEach((gpu, share) ->
                assertThat(share).isLessThan(Math.min(1, offered - gpu) + 1e-6).isGreaterThan(0));
    }

    @Test
    void fractionsShareTheFirstThatHasRoomAndWholeOnesAreExclusive() {
        GpuUse gpus = new GpuUse(3);
        assertThat(gpus.take(0.5)).containsExactly(0);
        assertThat(gpus.take(1)).containsExactly(1);
        assertThat(gpus.take(0.5)).containsExactly(0);
        assertThat(gpus.take(0.6)).containsExactly(2);
        assertThat(gpus.fits(0.6)).isFalse();
        assertThat(gpus.fits(0.4)).isTrue();
        assertThat(gpus.take(0)).isEmpty();
        assertThat(new GpuUse(3).take(1.5)).containsExactly(0, 1);
        assertThat(new GpuUse(0.5).fits(0.5)).isTrue();
        assertThat(new GpuUse(1.5).fits(2)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0.6,2,1,false", "0.6,2,2,true", "0.5,2,1,true", "0.3,3,1,true", "0.3,4,1,false", "1,3,3,true"})
    void whatIsPlacedFitsGpuByGpu(double need, int tasks, int offered, boolean fits) {
        TreeMap<WorkerId, Capacity> workers = new TreeMap<>();
        Capacity worker = new Capacity(new Resources(8, offered, 0));
        workers.put(new WorkerId("w"), worker);
        ChainPlan plan = ChainPlan.of(
                Specs.job("j", tasks, new Resources(0, need, 0), "ann").graph());
        Scheduler.Verdict verdict = Scheduler.place(plan, workers);
        if (verdict instanceof Scheduler.Verdict.Fits placed) {
            assertThat(fits).isTrue();
            assertThat(placed.gpus().keySet()).containsExactly(new StageId("sink"));
            assertThat(placed.gpus().get(new StageId("sink")))
                    .hasSize(tasks)
                    .allSatisfy(own -> assertThat(own).hasSize(1));
            assertThat(worker.reserved().numGpus()).isCloseTo(need * tasks, within(1e-6));
        } else {
            assertThat(fits).isFalse();
        }
    }

    @Test
    void whatIsFreeInPartsIsSaid() {
        TreeMap<WorkerId, Capacity> workers = new TreeMap<>();
        workers.put(new WorkerId("w"), new Capacity(new Resources(8, 2, 0)));
        ChainPlan plan =
                ChainPlan.of(Specs.job("j", 3, new Resources(0, 0.6, 0), "ann").graph());
        assertThat(Scheduler.place(plan, workers))
                .isEqualTo(new Scheduler.Verdict.Missing("1 task of stage 'sink', each with 0 CPUs, 0.6 GPUs, 0 bytes;"
                        + " free on 1 worker: 8 CPUs, 0.8 GPUs, 0 bytes, in parts that are too small"));
    }
}
