package io.solstice.cli;

import io.solstice.common.error.ErrorCode;

/** What the process tells the shell. */
enum ExitCode {
    OK(0),
    /** The job or the command failed for a reason outside the user's code and configuration. */
    FAILED(1),
    /** The command line cannot be understood, or names something that does not exist. */
    USAGE(64),
    /** No master can be reached. */
    UNAVAILABLE(69),
    /** The user's own code does not compile or threw an exception. */
    USER_CODE(70),
    /** Not done within the given time; the same may succeed later. */
    RETRY_LATER(75),
    /** The cluster does not know the caller, or does not let it. */
    NOT_PERMITTED(77),
    /** A configuration file or value is wrong. */
    CONFIG(78),
    /** Ended by Ctrl-C before its work was done. A job on a cluster goes on. */
    INTERRUPTED(130);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static ExitCode of(ErrorCode code) {
        return switch (code) {
            case COMPILATION_FAILED, WORKFLOW_FAILED, FUNCTION_FAILED, CLASS_TOO_NEW -> USER_CODE;
            case OPTION_UNKNOWN, OPTION_INVALID, OPTION_MISSING, CONFIG_MALFORMED, CONFIG_NOT_FOUND, NAME_INVALID ->
                CONFIG;
            case WORKFLOW_MISSING, WORKFLOW_AMBIGUOUS, ARTIFACT_UNREADABLE -> USAGE;
            case MASTER_UNREACHABLE, NOT_LEADER -> UNAVAILABLE;
            case TIMED_OUT -> RETRY_LATER;
            case CALLER_REFUSED -> NOT_PERMITTED;
            default -> FAILED;
        };
    }
}
