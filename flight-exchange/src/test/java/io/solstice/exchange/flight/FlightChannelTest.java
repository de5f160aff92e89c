package io.solstice.exchange.flight;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.Idle;
import io.solstice.exchange.batch.RandomBatches;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.batch.Watermark;
import io.solstice.exchange.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FlightChannelTest {
    private final TwoWorkers workers = new TwoWorkers();

    @AfterEach
    void nothingIsLeft() {
        workers.close();
    }

    @Test
    void keepsTheOrderOfBatchesAndSignals() {
        TwoWorkers.Road road = workers.road(1000);
        road.send(new Watermark(-1));
        road.send(workers.batch(1));
        road.send(new Watermark(5));
        road.send(Idle.INSTANCE);
        road.send(new Barrier(7, 4));
        road.send(workers.batch(2));
        road.send(EndOfInput.INSTANCE);
        List<StreamElement> received = new ArrayList<>();
        road.receiveAll(received::add);
        assertThat(TwoWorkers.numbered(received))
                .containsExactly(new Watermark(-1), 1L, new Watermark(5), Idle.INSTANCE, new Barrier(7, 4), 2L);
        assertThat(road.in.poll()).isNull();
    }

    @Test
    void theReceiverTellsHowFarTimeHasComeWhereTheSenderResumes() {
        TwoWorkers.Road road = workers.road(100);
        road.connect();
        assertThat(road.out.resumed()).isEqualTo(Channel.Resumed.NEVER);
        road.in.resume(5);
        road.in.resume(-3);
        road.send(workers.batch(1));
        assertThat(TwoWorkers.number(road.receive())).isEqualTo(1);
        TwoWorkers.park(road.senderPermits);
        assertThat(road.out.room()).as("the credit that came behind").isEqualTo(100);
        assertThat(road.out.resumed()).isEqualTo(new Channel.Resumed(2, 5));
    }

    @Test
    void refusesBatchesOnceTheBudgetIsUsedUpAndWakesTheSenderWhenThereIsRoom() {
        TwoWorkers.Road road = workers.road(100);
        road.connect();
        assertThat(road.out.room()).isEqualTo(100);
        road.send(workers.batch(1));
        assertThat(road.out.room()).as("one batch more than the budget passes").isNegative();
        Batch second = workers.batch(2);
        assertThat(road.out.offer(second)).isFalse();
        assertThat(road.out.offer(new Watermark(1)))
                .as("signals are never refused")
                .isTrue();
        assertThat(TwoWorkers.number(road.receive())).isEqualTo(1);
        TwoWorkers.park(road.senderPermits);
        assertThat(road.out.room()).isEqualTo(100);
        assertThat(road.out.offer(second))
                .as("a refused batch is still the sender's")
                .isTrue();
        assertThat(road.receive()).isEqualTo(new Watermark(1));
        assertThat(TwoWorkers.number(road.receive())).isEqualTo(2);
    }

    @Test
    void lessIsOnTheWayWhileALimitIsSet() {
        TwoWorkers.Road road = workers.road(1 << 20);
        road.connect();
        road.send(workers.batch(1));
        long bytes = (1 << 20) - road.out.room();
        road.in.limit(bytes);
        while (road.out.room() > 0) {
            road.send(workers.batch(1));
            TwoWorkers.number(road.receive());
        }
        TwoWorkers.number(road.receive());
        TwoWorkers.park(road.senderPermits);
        assertThat(road.out.room()).as("all that is left").isBetween(1L, bytes);
        road.in.limit(1 << 20);
        Awaitility.await().until(() -> road.out.room() == 1 << 20);
    }

    @Test
    void aReceiverThatIsFastGivesAllOfItsBudget() {
        long budget = 5 * Channel.FIRST_LIMIT_BYTES;
        TwoWorkers.Road road = workers.road(budget);
        road.connect();
        assertThat(road.out.room()).isEqualTo(Channel.FIRST_LIMIT_BYTES);
        road.in.limit(Long.MAX_VALUE);
        Awaitility.await().until(() -> road.out.room() == budget);
    }

    @Test
    void everyTypeAndNestingArrivesAsItWas() {
        TwoWorkers.Road road = workers.road(1 << 20);
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            RandomBatches batches = new RandomBatches(random, workers.senderMemory);
            Schema schema = batches.schema(random.nextInt(12));
            for (int i = 0; i < 3; i++) {
                Batch batch = batches.batch(schema, random.nextInt(4) * random.nextInt(200));
                List<List<@Nullable Object>> expected = RandomBatches.rows(batch);
                road.send(batch);
                try (Batch received = (Batch) road.receive()) {
                    assertThat(received.schema()).as("seed %d", seed).isEqualTo(schema);
                    assertThat(RandomBatches.rows(received)).as("seed %d", seed).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void slicesArriveAsTheyWere() {
        TwoWorkers.Road road = workers.road(1 << 20);
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            RandomBatches batches = new RandomBatches(random, workers.senderMemory);
            try (Batch whole = batches.batch(batches.schema(5), 100)) {
                Batch slice = whole.slice(random.nextInt(50), random.nextInt(50));
                List<List<@Nullable Object>> expected = RandomBatches.rows(slice);
                road.send(slice);
                try (Batch received = (Batch) road.receive()) {
                    assertThat(RandomBatches.rows(received)).as("seed %d", seed).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void dictionaryIndicesKeepTheirEncoding() {
        ArrowType.Int index = new ArrowType.Int(32, true);
        Field field = new Field("word", new FieldType(true, index, new DictionaryEncoding(3, false, index)), null);
        Schema schema = new Schema(List.of(field));
        TwoWorkers.Road road = workers.road(1 << 20);
        road.send(new RandomBatches(new Random(1), workers.senderMemory).batch(schema, 10));
        try (Batch received = (Batch) road.receive()) {
            assertThat(received.schema()).isEqualTo(schema);
            assertThat(received.rowCount()).isEqualTo(10);
        }
    }

    @Test
    void rowsWithoutColumnsAndColumnsWithoutRowsPass() {
        TwoWorkers.Road road = workers.road(1);
        road.send(Batch.of(List.of(), 3));
        try (Batch noColumns = (Batch) road.receive()) {
            assertThat(noColumns.rowCount()).isEqualTo(3);
        }
        road.send(Batch.empty(new Schema(List.of(RandomBatches.flat("a", 5))), workers.senderMemory));
        try (Batch noRows = (Batch) road.receive()) {
            assertThat(noRows.rowCount()).isZero();
            assertThat(noRows.columnCount()).isEqualTo(1);
        }
    }

    @Test
    void aBatchFarLargerThanTheBudgetPasses() {
        TwoWorkers.Road road = workers.road(1 << 10);
        road.send(workers.batch(1, 64 << 20));
        assertThat(TwoWorkers.number(road.receive())).isEqualTo(1);
        road.send(workers.batch(2));
        assertThat(TwoWorkers.number(road.receive())).isEqualTo(2);
    }

    @Test
    void aSharedBatchCanGoManyWaysAndStay() {
        TwoWorkers.Road first = workers.road(1 << 20);
        TwoWorkers.Road second = workers.new Road(TwoWorkers.id(1), 1 << 20);
        Batch batch = workers.batch(1, 100_000);
        first.send(batch.share());
        second.send(batch.share());
        assertThat(TwoWorkers.number(first.receive())).isEqualTo(1);
        assertThat(TwoWorkers.number(second.receive())).isEqualTo(1);
        assertThat(TwoWorkers.number(batch)).isEqualTo(1);
    }

    @Test
    void theReceiversEarlyEndIsQuiet() {
        TwoWorkers.Road road = workers.road(1 << 10);
        road.send(workers.batch(1));
        assertThat(TwoWorkers.number(road.receive())).isEqualTo(1);
        road.in.abandon();
        for (int i = 0; i < 100; i++) {
            road.send(workers.batch(i));
        }
        road.send(EndOfInput.INSTANCE);
        assertThat(road.in.poll()).isNull();
    }

    @Test
    void aReceiverThatEndedBeforeTheSenderCameTakesNothing() {
        TwoWorkers.Road road = workers.road(1 << 10);
        road.in.abandon();
        for (int i = 0; i < 10; i++) {
            road.send(workers.batch(i, 1 << 10));
        }
        road.send(EndOfInput.INSTANCE);
    }

    @Test
    void aSenderThatGaveItsMemoryBackLeavesItsLastBatchesOnTheWay() {
        TwoWorkers.Road road = workers.road(64 << 20);
        road.connect();
        road.in.limit(64 << 20);
        for (int i = 0; i < 20; i++) {
            road.send(workers.batch(i, 1 << 20));
        }
        road.send(EndOfInput.INSTANCE);
        assertThat(workers.senderMemory.getAllocatedMemory()).isZero();
        List<StreamElement> received = new ArrayList<>();
        road.receiveAll(received::add);
        assertThat(TwoWorkers.numbered(received)).hasSize(20);
    }

    @Test
    void memoryIsBoundedWhileTheReceiverIsSlow() {
        TwoWorkers.Road road = workers.road(4 << 20);
        long most = 0;
        long sent = 0;
        for (int received = 0; received < 100; received++) {
            Batch next = workers.batch(sent, 1 << 20);
            if (sent == received) {
                road.send(next);
                next = workers.batch(++sent, 1 << 20);
            }
            while (road.out.offer(next)) {
                next = workers.batch(++sent, 1 << 20);
            }
            next.close();
            most = Math.max(most, workers.root.getAllocatedMemory());
            assertThat(TwoWorkers.number(road.receive())).isEqualTo(received);
        }
        assertThat(sent).isBetween(100L, 107L);
        assertThat(most).as("Arrow rounds 1 MB and a bit up to 2").isLessThan(20L << 20);
        road.in.abandon();
    }

    @Test
    void aLaterRunOfTheJobHasItsOwnChannels() {
        TwoWorkers.Road first = workers.road(1000);
        first.send(workers.batch(1));
        assertThat(TwoWorkers.number(first.receive())).isEqualTo(1);
        workers.sending.releaseRun(TwoWorkers.RUN);
        workers.receiving.releaseRun(TwoWorkers.RUN);
        first.send(workers.batch(2));
        assertThat(first.in.poll()).as("what ended is silent").isNull();
        TwoWorkers.Road again = workers.road(1000);
        again.send(workers.batch(3));
        assertThat(TwoWorkers.number(again.receive())).isEqualTo(3);
    }
}
