package io.solstice.worker;

import com.google.inject.Guice;
import io.solstice.common.config.Component;
import io.solstice.common.config.WorkerConfig;
import io.solstice.common.daemon.Daemon;
import io.solstice.common.daemon.Running;
import io.solstice.common.rpc.BindRules;

/** A worker's process, as {@code bin/start-worker} starts it. */
public final class WorkerMain {
    private WorkerMain() {}

    public static void main(String[] arguments) {
        new Daemon<>(Component.WORKER, WorkerConfig::of, WorkerConfig::logLevel, WorkerMain::start).main(arguments);
    }

    private static Running start(WorkerConfig config) {
        // before the worker's folder is touched
        BindRules.check(Component.WORKER, config.listen(), config.security());
        return Guice.createInjector(new WorkerModule(config))
                .getInstance(WorkerProcess.class)
                .start();
    }
}
