package io.solstice.api.program;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;

/** What can be wrong with a class file, as coded errors. */
final class ClassErrors {
    private ClassErrors() {}

    static SolsticeException tooNew(UnsupportedClassVersionError thrown, String where) {
        int running = Runtime.version().feature();
        return ErrorCode.CLASS_TOO_NEW
                .error("the workflow was compiled for a newer Java than " + running)
                .where(where)
                .cause(String.valueOf(thrown.getMessage()))
                .help("compile it with --release " + running + ", or run Solstice on that Java (JAVA_HOME)")
                .toException(thrown);
    }

    static SolsticeException of(LinkageError thrown, String where) {
        if (thrown instanceof UnsupportedClassVersionError tooNew) {
            return tooNew(tooNew, where);
        }
        return ErrorCode.ARTIFACT_UNREADABLE
                .error("a class of the workflow cannot be loaded")
                .where(where)
                .cause(thrown.toString())
                .help("put everything that the workflow needs beside Solstice into its jar")
                .toException(thrown);
    }
}
