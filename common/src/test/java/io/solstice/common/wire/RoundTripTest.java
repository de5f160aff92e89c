package io.solstice.common.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.WorkerMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is written is what is read, and what cannot be read is refused in an orderly way. */
class RoundTripTest {
    private static final int SEEDS = 1_000;

    /** Reads bytes of one message type down to a record. */
    private interface Reader {
        Object read(byte[] bytes) throws InvalidProtocolBufferException;
    }

    @Test
    void everyRecordComesBackEqual() throws InvalidProtocolBufferException {
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomRecords records = new RandomRecords(seed);
            WorkerMessage up = records.workerMessage();
            MasterMessage down = records.masterMessage();
            assertThat(up(Wire.bytes(MessageCodec.toProto(up))))
                    .as("seed %d", seed)
                    .isEqualTo(up);
            assertThat(down(Wire.bytes(MessageCodec.toProto(down))))
                    .as("seed %d", seed)
                    .isEqualTo(down);
        }
    }

    @Test
    void configurationsKeepTypesAndOrder() throws InvalidProtocolBufferException {
        for (long seed = 0; seed < SEEDS; seed++) {
            JobSpec spec = new RandomRecords(seed).spec();
            JobSpec read = spec(Wire.bytes(SpecCodec.toProto(spec)));
            assertThat(read).as("seed %d", seed).isEqualTo(spec);
            assertThat(new ArrayList<>(read.program().config().entrySet()).toString())
                    .as("seed %d", seed)
                    .isEqualTo(new ArrayList<>(spec.program().config().entrySet()).toString());
        }
    }

    @Test
    void equalRecordsGiveEqualBytes() throws InvalidProtocolBufferException {
        for (long seed = 0; seed < 500; seed++) {
            MasterMessage message = new RandomRecords(seed).masterMessage();
            byte[] bytes = Wire.bytes(MessageCodec.toProto(message));
            assertThat(Wire.bytes(MessageCodec.toProto(down(bytes)))).isEqualTo(bytes);
        }
    }

    @Test
    void mutatedBytesAreReadOrRefusedButNeverADefect() {
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomRecords records = new RandomRecords(seed);
            Random random = new Random(seed);
            byte[] up = Wire.bytes(MessageCodec.toProto(records.workerMessage()));
            byte[] down = Wire.bytes(MessageCodec.toProto(records.masterMessage()));
            byte[] spec = Wire.bytes(SpecCodec.toProto(records.spec()));
            for (int round = 0; round < 10; round++) {
                refusedInAnOrderlyWay(seed, RoundTripTest::up, mutated(up, random));
                refusedInAnOrderlyWay(seed, RoundTripTest::down, mutated(down, random));
                refusedInAnOrderlyWay(seed, RoundTripTest::spec, mutated(spec, random));
            }
        }
    }

    @Test
    void randomBytesAreRefused() {
        for (long seed = 0; seed < SEEDS; seed++) {
            byte[] bytes = new byte[(int) (seed % 300)];
            new Random(seed).nextBytes(bytes);
            refusedInAnOrderlyWay(seed, RoundTripTest::up, bytes);
            refusedInAnOrderlyWay(seed, RoundTripTest::down, bytes);
            refusedInAnOrderlyWay(seed, RoundTripTest::spec, bytes);
        }
    }

    @Test
    void everyStateAndEveryErrorCodeHasItsWord() {
        for (JobState state : JobState.values()) {
            assertThat(PartCodec.fromProto(PartCodec.toProto(state))).isEqualTo(state);
        }
        for (ErrorCode code : ErrorCode.values()) {
            SolsticeError error =
                    code.error("what").where("where").cause("cause").help("help");
            assertThat(ErrorCodec.fromProto(ErrorCodec.toProto(error))).isEqualTo(error);
        }
    }

    private static Object up(byte[] bytes) throws InvalidProtocolBufferException {
        return MessageCodec.fromProto(io.solstice.proto.v1.WorkerMessage.parseFrom(bytes));
    }

    private static MasterMessage down(byte[] bytes) throws InvalidProtocolBufferException {
        return MessageCodec.fromProto(io.solstice.proto.v1.MasterMessage.parseFrom(bytes));
    }

    private static JobSpec spec(byte[] bytes) throws InvalidProtocolBufferException {
        return SpecCodec.fromProto(io.solstice.proto.v1.JobSpec.parseFrom(bytes));
    }

    private static void refusedInAnOrderlyWay(long seed, Reader reader, byte[] bytes) {
        try {
            reader.read(bytes);
        } catch (InvalidProtocolBufferException refused) {
            // protobuf's own words for bytes that are no message
        } catch (SolsticeException refused) {
            assertThat(refused.code()).as("seed %d", seed).isNotEqualTo(ErrorCode.INTERNAL);
        } catch (RuntimeException defect) {
            throw new AssertionError("seed " + seed, defect);
        }
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        byte[] changed =
                random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes.clone();
        for (int i = 1 + random.nextInt(3); i > 0 && changed.length > 0; i--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return changed;
    }
}
