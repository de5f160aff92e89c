package io.solstice.master;

import com.google.inject.Guice;
import io.solstice.common.config.Component;
import io.solstice.common.config.MasterConfig;
import io.solstice.common.daemon.Daemon;
import io.solstice.common.daemon.Running;

/** A master's process, as {@code bin/start-master} starts it. */
public final class MasterMain {
    private MasterMain() {}

    public static void main(String[] arguments) {
        new Daemon<>(Component.MASTER, MasterConfig::of, MasterConfig::logLevel, MasterMain::start).main(arguments);
    }

    private static Running start(MasterConfig config) {
        return Guice.createInjector(new MasterModule(config, new ProcessEnd()))
                .getInstance(MasterProcess.class)
                .start();
    }
}
