package io.solstice.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.Job;
import io.solstice.api.Stage;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.Split;
import io.solstice.embedded.FlightCluster.Following;
import io.solstice.testing.MemorySink;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** User code that stands still before the job runs. */
@Timeout(60)
class StuckPreparationTest {
    private final CountDownLatch stuck = new CountDownLatch(1);

    /** Never finds out which columns it has. */
    private final class StuckSource implements Source {
        @Override
        public Schema schema() throws InterruptedException {
            stuck.countDown();
            new CountDownLatch(1).await();
            return new Schema(List.of());
        }

        @Override
        public List<Split> splits() {
            return List.of();
        }

        @Override
        public SourceReader open(Split split, long position, SourceContext context) {
            throw new AssertionError("never gets here");
        }
    }

    @Test
    void aCancelledJobEndsThoughItsPreparationStandsStill() throws Exception {
        try (FlightCluster cluster = new FlightCluster()) {
            Following job = cluster.submit(new Job("stuck")
                    .addStage(Stage.source("source", StuckSource::new))
                    .addStage(Stage.sink("sink", new MemorySink()), "source"));
            stuck.await();
            cluster.cancel(job.run());
            assertThat(job.end().get(30, TimeUnit.SECONDS).state()).isEqualTo(JobState.CANCELLED);
            Following next = cluster.submit(new Job("stuck")
                    .addStage(Stage.of("source", GeneratorSource.numbers(1, 10)))
                    .addStage(Stage.sink("sink", new MemorySink()), "source"));
            assertThat(next.end().get(30, TimeUnit.SECONDS).state()).isEqualTo(JobState.FINISHED);
        }
    }
}
