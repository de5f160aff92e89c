package io.solstice.bench.measure;

import java.util.Locale;

/**
 * One run.
 *
 * @param otherCores cores that other processes kept busy meanwhile; above 0.3, only the processor time can be trusted
 */
record Measurement(
        Contender contender, double seconds, double cpuNanosPerEvent, long peakRssMegabytes, double otherCores) {
    double eventsPerSecond() {
        return contender.events() / seconds;
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "{\"system\":\"%s\",\"query\":\"%s\",\"variant\":\"%s\",\"par\":%d,\"events\":%d,\"secs\":%.3f,"
                        + "\"eps\":%.0f,\"cpu_ns_per_event\":%.2f,\"peak_rss_mb\":%d,\"other_cores\":%.2f}",
                contender.system(),
                contender.query(),
                contender.variant(),
                contender.parallelism(),
                contender.events(),
                seconds,
                eventsPerSecond(),
                cpuNanosPerEvent,
                peakRssMegabytes,
                otherCores);
    }
}
