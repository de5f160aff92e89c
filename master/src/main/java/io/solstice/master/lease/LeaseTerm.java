package io.solstice.master.lease;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One term of the lease: who leads in it, or that nobody does, because the leader before gave it up.
 *
 * @param holder nothing if nobody leads
 */
public record LeaseTerm(long number, Optional<Candidate> holder) {
    private static final String FIRST_LINE = "solstice lease 1";
    private static final int LINES = 6;

    /** As text, one value a line, the last of which is a checksum of the others. */
    byte[] write() {
        String lines = String.join(
                "\n",
                FIRST_LINE,
                String.valueOf(number),
                holder.map(Candidate::id).orElse(""),
                holder.map(Candidate::endpoint).orElse(""),
                holder.map(Candidate::machine).orElse(""),
                holder.map(Candidate::locked).orElse(false) ? "locked" : "");
        return (lines + "\n" + checksum(lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    static LeaseTerm read(String key, long number, byte[] object) {
        List<String> lines = List.of(new String(object, StandardCharsets.UTF_8).split("\n", -1));
        boolean whole = lines.size() == LINES + 2
                && lines.get(0).equals(FIRST_LINE)
                && lines.get(1).equals(String.valueOf(number))
                && lines.get(LINES).equals(checksum(String.join("\n", lines.subList(0, LINES))));
        if (!whole) {
            throw damaged(key);
        }
        Candidate holder = new Candidate(
                lines.get(2), lines.get(3), lines.get(4), lines.get(5).equals("locked"));
        return new LeaseTerm(number, Optional.of(holder).filter(one -> !one.id().isEmpty()));
    }

    private static String checksum(String lines) {
        CRC32C crc = new CRC32C();
        crc.update(lines.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }

    private static SolsticeException damaged(String key) {
        return ErrorCode.JOURNAL_DAMAGED
                .error("it cannot be told which master leads")
                .where(key)
                .cause("the object is not what was written")
                .help("stop all masters of this journal, delete what begins with lease/ in it, and start them again")
                .toException();
    }
}
