package io.solstice.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.Resources;
import io.solstice.common.id.WorkerId;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.protocol.WorkerRegistration;
import io.solstice.master.cluster.ClusterSettings;
import io.solstice.master.cluster.SessionId;
import io.solstice.master.cluster.Specs;
import io.solstice.master.journal.Journal;
import io.solstice.master.journal.JournalEntry;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MasterTest {
    /** A disk that stops answering once it is told to. */
    private static final class SlowJournal implements Journal {
        private final CountDownLatch stuck = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private volatile boolean slow;

        @Override
        public List<JournalEntry> read() {
            return List.of();
        }

        @Override
        public void append(List<JournalEntry> entries) {
            if (slow) {
                stuck.countDown();
                try {
                    released.await();
                } catch (InterruptedException closing) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void close() {}
    }

    private record Inbox(BlockingQueue<MasterMessage> messages) implements WorkerPort {
        @Override
        public void send(MasterMessage message) {
            messages.add(message);
        }

        @Override
        public void close(SolsticeError why) {}

        MasterMessage next() throws InterruptedException {
            MasterMessage message = messages.poll(20, TimeUnit.SECONDS);
            assertThat(message).as("a message").isNotNull();
            return message;
        }
    }

    @Test
    void heartbeatsAreAnsweredWhileTheDiskIsSlow() throws InterruptedException {
        SlowJournal journal = new SlowJournal();
        ClusterSettings settings = new ClusterSettings("test", "1", 60_000, 60_000, 100);
        try (Master master = new Master(settings, journal, Clock.SYSTEM, fatal -> {})) {
            Inbox inbox = new Inbox(new LinkedBlockingQueue<>());
            SessionId session = master.connect(inbox);
            WorkerRegistration worker = new WorkerRegistration(
                    new WorkerId("a"),
                    new Endpoint("127.0.0.1", 9_000),
                    new Resources(4, 0, 8L << 30),
                    "1",
                    "test",
                    List.of());
            master.receive(session, new WorkerMessage.Register(worker));
            assertThat(inbox.next()).isInstanceOf(MasterMessage.Welcome.class);

            journal.slow = true;
            var submitted = master.submit(Specs.large("slow", 1));
            journal.stuck.await();
            master.receive(session, new WorkerMessage.Heartbeat(7, 0, List.of()));
            assertThat(inbox.next()).isEqualTo(new MasterMessage.HeartbeatSeen(7));
            assertThat(submitted).isNotDone();
            journal.released.countDown();
            submitted.join();
        }
    }
}
