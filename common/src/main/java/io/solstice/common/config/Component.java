package io.solstice.common.config;

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

    List<Key<?>> keys() {
        return switch (this) {
            case MASTER -> MasterConfig.KEYS;
            case WORKER -> WorkerConfig.KEYS;
        };
    }
}
