package io.solstice.cli;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What Ctrl-C and SIGTERM do: the first runs an action, the second ends the process at once. The JDK's handler is
 * reached by reflection since its package is not part of the Java platform; where it is missing the JVM ends as it
 * always does.
 */
final class Interrupts {
    private final AtomicBoolean requested = new AtomicBoolean();
    private final Runnable onFirst;

    private Interrupts(Runnable onFirst) {
        this.onFirst = onFirst;
    }

    /** @param onFirst must be quick; runs on a thread of the JVM */
    static Interrupts handle(Runnable onFirst) {
        Interrupts interrupts = new Interrupts(onFirst);
        interrupts.install("INT");
        interrupts.install("TERM");
        return interrupts;
    }

    boolean requested() {
        return requested.get();
    }

    private void signalled() {
        if (requested.compareAndSet(false, true)) {
            onFirst.run();
        } else {
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
        }
    }

    private void install(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Interrupts.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            signalled();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException unavailable) {
            // the JVM was started with -Xrs, or has no such signals: it ends by itself
        }
    }
}
