package io.solstice.faults;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A fault as it went.
 *
 * @param atSecs since the beginning of the trial
 * @param what was done, and how it was seen to bite
 * @param healedSecs until what was harmed was well again, such as a master that leads
 * @param split of the recovery; null if it was not looked at
 * @param recoverySecs until new output of a later generation was there, or of any if none began; negative if unknown
 * @param restarted whether the job began again
 * @param others the other jobs that began again
 */
record Incident(
        Schedule.Kind kind,
        double atSecs,
        String what,
        boolean bit,
        Done.Effect effect,
        double healedSecs,
        Progress.@Nullable Split split,
        double recoverySecs,
        boolean restarted,
        List<String> others) {
    /** Whether a process may have left what nobody knows of. */
    boolean disturbs() {
        return restarted || !others.isEmpty() || kind != Schedule.Kind.PAUSE;
    }

    @Override
    public String toString() {
        String recovery = recoverySecs < 0
                ? "no new output seen"
                : String.format(Locale.ROOT, "new output after %.2f s", recoverySecs);
        return String.format(
                Locale.ROOT,
                "%7.2f s  %s: %s%s%s%s",
                atSecs,
                what,
                recovery,
                split == null ? "" : " (" + split + ")",
                restarted ? ", restarted" : "",
                others.isEmpty() ? "" : ", as did " + String.join(", ", others));
    }
}
