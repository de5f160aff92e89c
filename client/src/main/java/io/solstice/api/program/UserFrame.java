package io.solstice.api.program;

import java.util.List;

/** Finds the line of the user's own code in a stack. */
final class UserFrame {
    private static final List<String> NOT_THE_USERS =
            List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "picocli.", "org.apache.arrow.");

    private UserFrame() {}

    /** {@code OrdersJob.java:41}, or empty if the stack never passed through the user's code. */
    static String of(Throwable thrown) {
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (isTheUsers(frame.getClassName()) && frame.getFileName() != null) {
                return frame.getFileName() + ":" + frame.getLineNumber();
            }
        }
        return "";
    }

    /** What lies deepest beneath an exception. */
    static Throwable root(Throwable thrown) {
        Throwable root = thrown;
        for (int depth = 0; depth < 100 && root.getCause() != null; depth++) {
            root = root.getCause();
        }
        return root;
    }

    private static boolean isTheUsers(String className) {
        if (className.startsWith("io.solstice.")) {
            return className.startsWith("io.solstice.examples.");
        }
        return NOT_THE_USERS.stream().noneMatch(className::startsWith);
    }
}
