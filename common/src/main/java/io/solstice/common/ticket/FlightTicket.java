package io.solstice.common.ticket;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a Flight client may do, until when: read the output of a stage, or send rows into it. Whoever has the ticket has
 * the right, so it travels only where the job's secrets may.
 *
 * @param task the index of one task, or {@link #ALL}
 * @param expiresMillis wall-clock time
 */
public record FlightTicket(RunId run, StageId stage, int task, Right right, long expiresMillis) {
    /** All tasks of the stage: good for asking where they are, and for ending their input. */
    public static final int ALL = -1;

    private static final String PURPOSE = "solstice flight 1";

    /** The order is the wire's. */
    public enum Right {
        READ,
        SEND
    }

    /** The ticket as clients get it. */
    public byte[] sign(RunSecret secret) {
        return SignedClaim.write(claim(), secret);
    }

    /** The same for one task. */
    public FlightTicket of(int oneTask) {
        return new FlightTicket(run, stage, oneTask, right, expiresMillis);
    }

    private byte[] claim() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(PURPOSE);
            out.writeUTF(run.job().value());
            out.writeLong(run.generation());
            out.writeUTF(stage.value());
            out.writeInt(task);
            out.writeByte(right.ordinal());
            out.writeLong(expiresMillis);
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory", impossible);
        }
        return bytes.toByteArray();
    }

    /**
     * The ticket that these bytes are; a coded error if they are none, are forged or have expired.
     *
     * @param secrets of the runs that are known; null for others
     */
    public static FlightTicket verify(byte[] bytes, Function<RunId, @Nullable RunSecret> secrets, long nowMillis) {
        SignedClaim signed = SignedClaim.read(bytes);
        FlightTicket ticket = signed == null ? null : read(signed.claim());
        if (signed == null || ticket == null) {
            throw refused("it is not one of Solstice for Flight");
        }
        RunSecret secret = secrets.apply(ticket.run());
        if (secret == null || !signed.isSignedWith(secret)) {
            throw refused("it is forged, or of a run that is not here");
        }
        if (ticket.expiresMillis() < nowMillis) {
            throw refused("it has expired");
        }
        return ticket;
    }

    private static @Nullable FlightTicket read(byte[] claim) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(claim))) {
            if (!in.readUTF().equals(PURPOSE)) {
                return null;
            }
            RunId run = new RunId(new JobId(in.readUTF()), in.readLong());
            StageId stage = new StageId(in.readUTF());
            int task = in.readInt();
            Right right = in.readByte() == 0 ? Right.READ : Right.SEND;
            return new FlightTicket(run, stage, task, right, in.readLong());
        } catch (IOException | SolsticeException malformed) {
            return null;
        }
    }

    /** As an error for whoever showed the ticket. */
    public static SolsticeException refused(String why) {
        return ErrorCode.TICKET_INVALID
                .error("a ticket was refused")
                .cause(why)
                .help("ask the master for a new one")
                .toException();
    }
}
