package io.solstice.common.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.OutputStream;
import java.util.List;
import org.slf4j.LoggerFactory;

/** The log of a process that nobody watches: one line an event, with its thread, and whole stack traces. */
final class DaemonLog {
    /** Libraries that say more than anybody wants to know: one level less of them. */
    private static final List<String> TALKATIVE = List.of("io.netty", "io.grpc", "org.apache.arrow");

    private DaemonLog() {}

    static void configure(String levelName, OutputStream to) {
        Level level = Level.toLevel(levelName);
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{\"yyyy-MM-dd HH:mm:ss,SSS\"} %-5level [%thread] %logger{30} - %msg%n");
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(to);
        appender.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(level);
        root.addAppender(appender);
        Level calmer = level.toInt() < Level.INFO_INT ? Level.INFO : Level.WARN;
        if (level.toInt() < calmer.toInt()) {
            TALKATIVE.forEach(name -> context.getLogger(name).setLevel(calmer));
        }
    }
}
