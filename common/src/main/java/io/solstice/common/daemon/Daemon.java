package io.solstice.common.daemon;

import io.solstice.common.config.Component;
import io.solstice.common.config.Settings;
import io.solstice.common.config.SettingsReader;
import io.solstice.common.config.Surroundings;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one process from its command line to its end.
 *
 * @param <C> its configuration
 */
public final class Daemon<C> {
    private static final int FAILED = 1;
    private static final int UNAVAILABLE = 69;
    private static final int CONFIG = 78;

    /** Names the file that tells the launcher that the process is up: its name, its address, a remark or nothing. */
    private static final String READY_FILE = "SOLSTICE_READY_FILE";

    /** Starts what the process is for; runs on the main thread. */
    @FunctionalInterface
    public interface Start<C> {
        Running start(C config) throws InterruptedException;
    }

    private final Component component;
    private final Function<Settings, C> configuration;
    private final Function<C, String> logLevel;
    private final Start<C> start;
    private final AtomicBoolean stopped = new AtomicBoolean();

    /** @param logLevel finds the level in the configuration */
    public Daemon(
            Component component, Function<Settings, C> configuration, Function<C, String> logLevel, Start<C> start) {
        this.component = component;
        this.configuration = configuration;
        this.logLevel = logLevel;
        this.start = start;
    }

    /** Does not return: the process ends with the exit code of what happened, 0 after a signal. */
    public void main(String[] arguments) {
        int code = run(List.of(arguments));
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().exit(code);
    }

    private int run(List<String> arguments) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            component.help().forEach(System.out::println);
            return 0;
        }
        try {
            Settings settings = SettingsReader.read(component, arguments, Surroundings.ofProcess());
            C config = configuration.apply(settings);
            DaemonLog.configure(logLevel.apply(config), System.out);
            Thread.setDefaultUncaughtExceptionHandler((thread, thrown) ->
                    log().error("the thread {} ended by an unexpected exception", thread.getName(), thrown));
            return serve(settings, start.start(config));
        } catch (InterruptedException ended) {
            return FAILED;
        } catch (RuntimeException | LinkageError failed) {
            return report(failed);
        }
    }

    private int serve(Settings settings, Running running) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAfterSignal(running), "stop"));
        try {
            tellThatItIsUp(settings, running);
            running.end().get();
            return 0;
        } catch (ExecutionException ended) {
            return report(ended.getCause() == null ? ended : ended.getCause());
        } catch (IOException unwritable) {
            return report(unwritable);
        } finally {
            stop(running);
        }
    }

    private void tellThatItIsUp(Settings settings, Running running) throws IOException {
        log().info("{}", settings);
        log().info("{}", running.server().banner());
        log().info(
                        "{} '{}' listens on {}, process {}{}",
                        component.label(),
                        running.name(),
                        running.server().endpoint(),
                        ProcessHandle.current().pid(),
                        running.standing().isEmpty() ? "" : "; " + running.standing());
        String file = System.getenv(READY_FILE);
        if (file != null && !file.isEmpty()) {
            // moved into place, so that whoever waits for the file finds it whole
            Path draft = Path.of(file + ".new");
            Files.writeString(
                    draft, running.name() + "\n" + running.server().endpoint() + "\n" + running.standing() + "\n");
            Files.move(draft, Path.of(file), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private void stop(Running running) {
        if (stopped.compareAndSet(false, true)) {
            running.stop().run();
            log().info("{} '{}' has stopped", component.label(), running.name());
        }
    }

    /** An end that was asked for is a success; left to itself the JVM would return the signal's number. */
    private void stopAfterSignal(Running running) {
        if (!stopped.get()) {
            log().info("asked to stop");
            stop(running);
            System.out.flush();
            Runtime.getRuntime().halt(0);
        }
    }

    private static int report(Throwable failed) {
        SolsticeException error = SolsticeException.of(failed);
        if (error.code() == ErrorCode.INTERNAL) {
            failed.printStackTrace();
        }
        System.err.println(error.error().display());
        System.err.println("   = docs: solstice explain " + error.code().code());
        return exitCode(error.code());
    }

    private static int exitCode(ErrorCode code) {
        return switch (code) {
            case OPTION_UNKNOWN,
                    OPTION_INVALID,
                    OPTION_MISSING,
                    CONFIG_MALFORMED,
                    CONFIG_NOT_FOUND,
                    NAME_INVALID,
                    CLUSTER_MISMATCH,
                    WORKER_EXISTS,
                    BIND_INSECURE,
                    TLS_INVALID,
                    TOKENS_INVALID -> CONFIG;
            case PORT_IN_USE, BIND_FAILED, MASTER_UNREACHABLE -> UNAVAILABLE;
            default -> FAILED;
        };
    }

    /** Not a constant: the log is set up after this class is loaded. */
    private static Logger log() {
        return LoggerFactory.getLogger(Daemon.class);
    }
}
