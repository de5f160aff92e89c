package io.solstice.worker.task;

import io.solstice.api.operator.OperatorContext;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Says whose code failed and where: the stage, and the first frame of the user's own code. */
public final class UserFailure {
    private static final String[] ENGINE = {
        "java.",
        "jdk.",
        "javax.",
        "sun.",
        "com.sun.",
        "io.solstice.worker.",
        "io.solstice.api.",
        "io.solstice.exchange.",
        "io.solstice.common.",
        "io.solstice.testing.",
        "org.apache.arrow."
    };

    private UserFailure() {}

    /** A piece of operator code. */
    @FunctionalInterface
    interface Code {
        void run() throws Exception;
    }

    /** Runs it; whatever escapes becomes a coded error that names the stage. */
    static void guard(OperatorContext context, Code code) throws Exception {
        try {
            code.run();
        } catch (Exception | StackOverflowError | LinkageError failure) {
            throw located(failure, "stage '" + context.stageId() + "', task " + context.taskIndex());
        }
    }

    /** As the other, with the place in words. */
    static void guard(String place, Code code) throws Exception {
        try {
            code.run();
        } catch (Exception | StackOverflowError | LinkageError failure) {
            throw located(failure, place);
        }
    }

    /** A failure as a coded error at that place; one that names its stage already stays as it is. */
    public static SolsticeException located(Throwable failure, String place) {
        if (failure instanceof SolsticeException coded) {
            return coded.error().where().contains("stage '") ? coded : coded.within(place);
        }
        SolsticeException limit = SolsticeException.of(failure);
        if (limit.code() != ErrorCode.INTERNAL) {
            return limit.within(place);
        }
        IOException trouble = trouble(failure);
        if (trouble != null) {
            return ErrorCode.IO_FAILED
                    .error("reading or writing failed")
                    .where(place)
                    .cause(trouble.toString())
                    .help("check the disk, the network, or the system that is read or written")
                    .toException(failure);
        }
        return of(failure, "the operator's code", place).toException(failure);
    }

    /** Trouble with the world outside, which may be over at the next try; code that is wrong is wrong each time. */
    private static @Nullable IOException trouble(Throwable failure) {
        return failure instanceof IOException io
                ? io
                : failure instanceof UncheckedIOException unchecked ? unchecked.getCause() : null;
    }

    /**
     * A user's function that threw.
     *
     * @param function what it is, such as {@code map_fn}
     */
    public static SolsticeError of(Throwable thrown, String function, String place) {
        String frame = firstUserFrame(thrown);
        return ErrorCode.FUNCTION_FAILED
                .error(function + " threw " + thrown.getClass().getSimpleName()
                        + (thrown.getMessage() == null ? "" : ": " + thrown.getMessage()))
                .where(place)
                .cause(frame.isEmpty() ? thrown.toString() : "at " + frame)
                .help("mend the function, or set skip_on_error so that such records are set aside");
    }

    /** The first frame that is not the engine's or the platform's, or an empty text. */
    public static String firstUserFrame(Throwable thrown) {
        for (StackTraceElement frame : thrown.getStackTrace()) {
            boolean engine = false;
            for (String prefix : ENGINE) {
                engine |= frame.getClassName().startsWith(prefix);
            }
            if (!engine) {
                return frame.toString();
            }
        }
        return "";
    }

    static RuntimeException unchecked(Exception failure) {
        return failure instanceof RuntimeException runtime ? runtime : SolsticeException.of(failure);
    }
}
