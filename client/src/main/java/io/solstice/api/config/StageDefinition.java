package io.solstice.api.config;

import java.util.Map;

/** What a stage does: one of the source, operator and sink definitions, with its configuration. */
public interface StageDefinition {
    /** The documented name, for example {@code FileSink}. */
    String type();

    /** The configuration as shown to people and compared between versions of a job. Functions appear by class name. */
    Map<String, String> options();
}
