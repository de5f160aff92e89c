package io.solstice.master.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void neverTwoLeadAndInTheEndOneDoes(long seeds) {
        int takeovers = 0;
        for (long seed = seeds * 1_000; seed < seeds * 1_000 + 50; seed++) {
            LeaseSimulation simulation = new LeaseSimulation(seed, 3);
            Random random = new Random(seed);
            for (int i = 0; i < 40; i++) {
                simulation.runFor(random.nextInt(4_000));
                simulation.disturb(3);
            }
            simulation.endTroubles();
            simulation.runFor(20_000);
            assertThat(simulation.isLed()).as("seed %s", seed).isTrue();
            takeovers += simulation.takeovers();
        }
        assertThat(takeovers).as("it changed hands often").isGreaterThan(300);
    }

    @Test
    void oneLeadsAndGoesOnLeading() {
        LeaseSimulation simulation = new LeaseSimulation(7, 3);
        simulation.runFor(1_000);
        assertThat(simulation.isLed()).isTrue();
        simulation.runFor(600_000);
        assertThat(simulation.isLed()).isTrue();
        assertThat(simulation.takeovers()).isEqualTo(1);
    }

    @Test
    void whoIsKilledIsFollowedWithinTheTimeout() {
        for (long seed = 0; seed < 200; seed++) {
            LeaseSimulation simulation = new LeaseSimulation(seed, 2);
            simulation.runFor(5_000 + seed * 3);
            simulation.killLeader();
            simulation.runFor(1_000);
            assertThat(simulation.isLed()).isFalse();
            simulation.runFor(1_600);
            assertThat(simulation.isLed()).as("seed %s", seed).isTrue();
        }
    }

    @Test
    void whoStopsIsFollowedAtOnce() {
        LeaseSimulation simulation = new LeaseSimulation(11, 2);
        simulation.runFor(5_000);
        simulation.stopLeader();
        simulation.runFor(400);
        assertThat(simulation.isLed()).isTrue();
        assertThat(simulation.takeovers()).isEqualTo(2);
    }
}
