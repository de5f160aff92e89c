package io.solstice.common.error;

import org.jspecify.annotations.Nullable;

/** Carries a {@link SolsticeError} up the stack. Its message is the whole displayed error. */
public final class SolsticeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient SolsticeError error;

    SolsticeException(SolsticeError error, @Nullable Throwable beneath) {
        super(error.display(), beneath);
        this.error = error;
    }

    public SolsticeError error() {
        return error;
    }

    public ErrorCode code() {
        return error.code();
    }

    /** The same exception with an outer place put before the known one. */
    public SolsticeException within(String outer) {
        SolsticeException located = new SolsticeException(error.within(outer), getCause());
        located.setStackTrace(getStackTrace());
        return located;
    }

    /** Any throwable as an error: a coded one as it is, memory and disk limits by name, anything else as a defect. */
    public static SolsticeException of(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof SolsticeException coded) {
                return coded;
            }
            if (isDiskFull(t)) {
                return ErrorCode.DISK_FULL
                        .error("no space left on the disk")
                        .cause(String.valueOf(t.getMessage()))
                        .help("free space or point the path to another disk, then run the job again")
                        .toException(thrown);
            }
            if (t.getClass().getSimpleName().equals("OutOfMemoryException") || t instanceof OutOfMemoryError) {
                return ErrorCode.MEMORY_LIMIT
                        .error("out of memory")
                        .cause(String.valueOf(t.getMessage()))
                        .help("use smaller batches (batch_size), a lower parallelism, or raise the memory limit")
                        .toException(thrown);
            }
        }
        return ErrorCode.INTERNAL
                .error("unexpected " + thrown.getClass().getSimpleName())
                .cause(String.valueOf(thrown.getMessage()))
                .help("this is a defect of Solstice; run again with --log-level DEBUG and report the log")
                .toException(thrown);
    }

    private static boolean isDiskFull(Throwable t) {
        String message = t.getMessage();
        return message != null
                && (message.contains("No space left on device") || message.contains("not enough space on the disk"));
    }
}
