package io.solstice.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.common.loop.Clock;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private final AtomicInteger attempts = new AtomicInteger();

    private String fails(int times) {
        if (attempts.incrementAndGet() <= times) {
            throw new IllegalStateException("attempt " + attempts.get());
        }
        return "done";
    }

    @Test
    void repeatsWhatMayPass() {
        Retries retries = new Retries(Clock.SYSTEM, new Random(1), 60_000);
        assertThat(retries.run(() -> fails(3), trouble -> true)).isEqualTo("done");
        assertThat(attempts).hasValue(4);
    }

    @Test
    void endsWithTheLastTrouble() {
        Retries none = new Retries(Clock.SYSTEM, new Random(1), 0);
        assertThatThrownBy(() -> none.run(() -> fails(9), trouble -> true)).hasMessage("attempt 1");
        Retries retries = new Retries(Clock.SYSTEM, new Random(1), 60_000);
        assertThatThrownBy(() -> retries.run(() -> fails(9), trouble -> attempts.get() < 4))
                .hasMessage("attempt 4");
    }

    @Test
    void closingEndsThePauses() throws Exception {
        Retries retries = new Retries(Clock.SYSTEM, new Random(1), 600_000);
        CountDownLatch failing = new CountDownLatch(5);
        CompletableFuture<String> endless = CompletableFuture.supplyAsync(() -> retries.run(
                () -> {
                    failing.countDown();
                    throw new IllegalStateException("still");
                },
                trouble -> true));
        assertThat(failing.await(30, TimeUnit.SECONDS)).isTrue();
        retries.close();
        assertThatThrownBy(() -> endless.get(30, TimeUnit.SECONDS)).hasRootCauseMessage("still");
    }
}
