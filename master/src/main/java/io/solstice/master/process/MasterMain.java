package io.solstice.master.process;

import com.google.inject.Guice;
import io.solstice.common.config.Component;
import io.solstice.common.config.MasterConfig;
import io.solstice.common.daemon.Daemon;
import io.solstice.common.daemon.Running;
import io.solstice.common.rpc.BindRules;

/** A master's process, as {@code bin/start-master} starts it. */
public final class MasterMain {
    private MasterMain() {}

    public static void main(String[] arguments) {
        new Daemon<>(Component.MASTER, MasterConfig::of, MasterConfig::logLevel, MasterMain::start).main(arguments);
    }

    private static Running start(MasterConfig config) {
        // before the journal is touched
        BindRules.check(Component.MASTER, config.listen(), config.security());
        return Guice.createInjector(new MasterModule(config, new ProcessEnd()))
                .getInstance(MasterProcess.class)
                .start();
    }
}
