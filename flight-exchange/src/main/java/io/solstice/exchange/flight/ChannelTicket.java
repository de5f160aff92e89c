package io.solstice.exchange.flight;

import io.solstice.common.error.SolsticeException;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.ticket.RunSecret;
import io.solstice.common.ticket.SignedClaim;
import io.solstice.exchange.channel.ChannelId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The right to send on one channel: the channel's id and its signature. It is good for one stream of one run, and ends
 * with the run.
 */
record ChannelTicket(ChannelId id, SignedClaim signed) {
    private static final String PURPOSE = "solstice channel 3";

    static byte[] write(ChannelId id, RunSecret secret) {
        return SignedClaim.write(claim(id), secret);
    }

    /** The ticket, whose signature has not been looked at, or null if these bytes are none. */
    static @Nullable ChannelTicket read(byte[] bytes) {
        SignedClaim signed = SignedClaim.read(bytes);
        if (signed == null) {
            return null;
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(signed.claim()))) {
            if (!in.readUTF().equals(PURPOSE)) {
                return null;
            }
            RunId run = new RunId(new JobId(in.readUTF()), in.readLong());
            ChannelId id = new ChannelId(
                    run,
                    in.readUTF(),
                    new StageId(in.readUTF()),
                    new StageId(in.readUTF()),
                    new StageId(in.readUTF()),
                    in.readInt(),
                    in.readInt());
            return new ChannelTicket(id, signed);
        } catch (IOException | SolsticeException malformed) {
            return null;
        }
    }

    boolean isSignedWith(RunSecret secret) {
        return signed.isSignedWith(secret);
    }

    private static byte[] claim(ChannelId id) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(PURPOSE);
            out.writeUTF(id.run().job().value());
            out.writeLong(id.run().generation());
            out.writeUTF(id.attempt());
            out.writeUTF(id.from().value());
            out.writeUTF(id.leaving().value());
            out.writeUTF(id.to().value());
            out.writeInt(id.sender());
            out.writeInt(id.receiver());
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory", impossible);
        }
        return bytes.toByteArray();
    }
}
