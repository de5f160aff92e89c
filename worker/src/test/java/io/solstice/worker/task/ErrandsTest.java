package io.solstice.worker.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ErrandsTest {
    private static final int MANY = 10_000;

    private final AtomicInteger left = new AtomicInteger();
    private final Errands errands = new Errands(() -> {});

    private Thread leaving(List<Integer> done) {
        Thread leaving = new Thread(() -> {
            while (left.get() < MANY && !Thread.currentThread().isInterrupted()) {
                int number = left.get();
                errands.leave(() -> done.add(number));
                left.incrementAndGet();
            }
        });
        leaving.start();
        return leaving;
    }

    @Test
    void allIsDoneInOrderByTheThreadThatRuns() throws Exception {
        List<Integer> done = new ArrayList<>();
        Thread leaving = leaving(done);
        while (leaving.isAlive()) {
            errands.run();
        }
        leaving.join();
        errands.run();
        assertThat(done).isEqualTo(IntStream.range(0, MANY).boxed().toList());
    }

    @Test
    void whoLeavesTooMuchWaitsAndIsLetGoWithTheTask() throws Exception {
        List<Integer> done = new ArrayList<>();
        Thread leaving = leaving(done);
        while (leaving.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(left.get()).isLessThan(MANY / 4);
        leaving.interrupt();
        leaving.join();
        errands.run();
        assertThat(done).hasSizeLessThan(MANY / 4);
    }
}
