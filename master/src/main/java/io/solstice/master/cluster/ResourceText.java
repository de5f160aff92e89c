package io.solstice.master.cluster;

import io.solstice.common.graph.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Resources as people write them. */
final class ResourceText {
    private ResourceText() {}

    static String of(Resources resources) {
        List<String> parts = new ArrayList<>();
        parts.add(number(resources.numCpus()) + (resources.numCpus() == 1 ? " CPU" : " CPUs"));
        parts.add(number(resources.numGpus()) + (resources.numGpus() == 1 ? " GPU" : " GPUs"));
        parts.add(bytes(resources.memoryBytes()));
        return String.join(", ", parts);
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.2f", value).replaceAll("0+$", "");
    }

    private static String bytes(long value) {
        if (value < 1 << 20) {
            return value + " bytes";
        }
        return value < 1L << 30
                ? number(value / (double) (1 << 20)) + " MiB"
                : number(value / (double) (1L << 30)) + " GiB";
    }
}
