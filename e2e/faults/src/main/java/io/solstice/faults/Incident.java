package io.solstice.faults;

import java.util.Locale;

/**
 * A fault as it went.
 *
 * @param atSecs since the beginning of the trial
 * @param what was done, and how it was seen to bite
 * @param recoverySecs until new output of a later generation was there, or of any if none began; negative if unknown
 * @param killed whether it ended a worker that had tasks
 * @param restarted whether the job began again
 */
record Incident(double atSecs, String what, double recoverySecs, boolean killed, boolean restarted) {
    @Override
    public String toString() {
        String recovery = recoverySecs < 0
                ? "no new output seen"
                : String.format(Locale.ROOT, "new output after %.2f s", recoverySecs);
        return String.format(Locale.ROOT, "%7.2f s  %s: %s%s", atSecs, what, recovery, restarted ? ", restarted" : "");
    }
}
