package io.solstice.common.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A kind of process with its settings. */
public enum Component {
    MASTER,
    WORKER;

    /** In commands, file names and messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How its environment variables begin. */
    public String variablePrefix() {
        return "SOLSTICE_" + name() + "_";
    }

    /** What {@code bin/start-master --help} and {@code bin/start-worker --help} say. */
    public List<String> help() {
        List<String> lines = new ArrayList<>(List.of(
                "Examples:",
                "  start-" + label() + " --daemon",
                "  start-" + label() + (this == MASTER ? " --port 7071" : " --master 10.0.0.1:7070 --memory 8GiB"),
                "",
                "Starts a " + label() + ", in the foreground unless told otherwise.",
                "",
                "Usage: start-" + label() + " [--daemon] [--config <file>] [settings]"));
        for (Key<?> key : keys()) {
            lines.add("  %-26s%s".formatted(key.flag(), key.description()));
            lines.add("  %-26sDefault: %s".formatted("", key.fallback().shown()));
        }
        lines.add("");
        lines.add("Each is also a variable (" + variablePrefix() + "BIND_HOST) and a key in conf/" + label()
                + ".yaml (bind_host).");
        return lines;
    }

    List<Key<?>> keys() {
        return switch (this) {
            case MASTER -> MasterConfig.KEYS;
            case WORKER -> WorkerConfig.KEYS;
        };
    }
}
