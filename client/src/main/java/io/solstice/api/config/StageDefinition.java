package io.solstice.api.config;

import java.util.Map;

/** What a stage does: one of the source, operator and sink definitions, with its configuration. */
public interface StageDefinition {
    /** The documented name, for example {@code FileSink}. */
    String type();

    /** The configuration as shown to people and compared between versions of a job. Functions appear by class name. */
    Map<String, String> options();

    /**
     * A name for a user's function in {@link #options}. Java names lambdas anew at each start; the same job must look
     * the same wherever it is built, so what changes is left out.
     */
    static String functionName(Object function) {
        String name = function.getClass().getName();
        int lambda = name.indexOf("$$Lambda");
        return lambda < 0 ? name : name.substring(0, lambda) + "$$Lambda";
    }
}
