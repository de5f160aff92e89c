package io.solstice.common.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventLoopTest {
    private final List<Throwable> defects = new CopyOnWriteArrayList<>();

    @Test
    void runsEventsInOrderOnOneThread() {
        List<Integer> seen = new ArrayList<>();
        List<String> threads = new ArrayList<>();
        try (EventLoop loop = new EventLoop("test-loop", defects::add)) {
            for (int i = 0; i < 10_000; i++) {
                int event = i;
                loop.submit(() -> {
                    seen.add(event);
                    threads.add(Thread.currentThread().getName());
                });
            }
        }
        assertThat(seen).hasSize(10_000).isSorted();
        assertThat(threads).containsOnly("test-loop");
        assertThat(defects).isEmpty();
    }

    @Test
    void keepsTheOrderOfEachOfSeveralThreads() throws InterruptedException {
        List<List<Integer>> seen = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        EventLoop loop = new EventLoop("test-loop", defects::add);
        List<Thread> senders = new ArrayList<>();
        for (List<Integer> own : seen) {
            senders.add(new Thread(() -> {
                for (int i = 0; i < 2_000; i++) {
                    int event = i;
                    loop.submit(() -> own.add(event));
                }
            }));
        }
        senders.forEach(Thread::start);
        for (Thread sender : senders) {
            sender.join();
        }
        loop.close();
        assertThat(seen).allSatisfy(own -> assertThat(own).hasSize(2_000).isSorted());
    }

    @Test
    void goesOnAfterADefect() {
        List<String> seen = new ArrayList<>();
        RuntimeException exception = new IllegalStateException("one");
        Error error = new AssertionError("two");
        try (EventLoop loop = new EventLoop("test-loop", defects::add)) {
            loop.submit(() -> {
                throw exception;
            });
            loop.submit(() -> seen.add("between"));
            loop.submit(() -> {
                throw error;
            });
            loop.submit(() -> seen.add("after"));
        }
        assertThat(seen).containsExactly("between", "after");
        assertThat(defects).containsExactly(exception, error);
    }

    @Test
    void goesOnWhenTheReportOfADefectFails() {
        List<String> seen = new ArrayList<>();
        EventLoop loop = new EventLoop("test-loop", defect -> {
            throw new IllegalStateException("cannot report " + defect);
        });
        try (loop) {
            loop.submit(() -> {
                throw new IllegalStateException();
            });
            loop.submit(() -> seen.add("after"));
        }
        assertThat(seen).containsExactly("after");
    }

    @Test
    void goesOnAfterAnEventThatLeftItsThreadInterrupted() {
        List<String> seen = new ArrayList<>();
        try (EventLoop loop = new EventLoop("test-loop", defects::add)) {
            loop.submit(() -> Thread.currentThread().interrupt());
            loop.submit(() -> seen.add("after"));
        }
        assertThat(seen).containsExactly("after");
    }

    @Test
    void closeRunsWhatIsQueuedAndDropsWhatComesLater() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        List<String> seen = new CopyOnWriteArrayList<>();
        EventLoop loop = new EventLoop("test-loop", defects::add);
        loop.submit(() -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        loop.submit(() -> seen.add("queued"));
        Thread closer = new Thread(() -> {
            closing.countDown();
            loop.close();
            seen.add("closed");
        });
        closer.start();
        closing.await();
        gate.countDown();
        closer.join();
        loop.submit(() -> seen.add("late"));
        loop.close();
        assertThat(seen).containsExactly("queued", "closed");
    }

    @Test
    void canBeClosedByItsOwnEvent() throws InterruptedException {
        List<String> seen = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        EventLoop loop = new EventLoop("test-loop", defects::add);
        loop.submit(() -> {
            loop.close();
            seen.add("closed");
            done.countDown();
        });
        done.await();
        loop.close();
        assertThat(seen).containsExactly("closed");
    }

    @Test
    void closingKeepsTheInterruptOfTheCaller() {
        EventLoop loop = new EventLoop("test-loop", defects::add);
        Thread.currentThread().interrupt();
        loop.close();
        assertThat(Thread.interrupted()).isTrue();
    }
}
