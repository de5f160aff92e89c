package io.solstice.cli;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What Ctrl-C and SIGTERM do: each of the first runs an action of its own, the next ends the process at once. The JDK's
 * handler is reached by reflection since its package is not part of the Java platform; where it is missing the JVM ends
 * as it always does.
 */
final class Interrupts {
    private final AtomicInteger signals = new AtomicInteger();
    private final List<Runnable> actions;

    private Interrupts(List<Runnable> actions) {
        this.actions = actions;
    }

    /** @param actions for the first signal, the second, and so on; must be quick; run on a thread of the JVM */
    static Interrupts handle(Runnable... actions) {
        Interrupts interrupts = new Interrupts(List.of(actions));
        interrupts.install("INT");
        interrupts.install("TERM");
        return interrupts;
    }

    boolean requested() {
        return signals.get() > 0;
    }

    private void signalled() {
        int earlier = signals.getAndIncrement();
        if (earlier < actions.size()) {
            actions.get(earlier).run();
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
