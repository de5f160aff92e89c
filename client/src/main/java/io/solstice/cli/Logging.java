package io.solstice.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** Sets up the log of the command: one line an event, and stack traces only for who asks for them. */
final class Logging {
    private static final Map<String, String> LEVELS = Map.of(
            "TRACE", "TRACE",
            "DEBUG", "DEBUG",
            "INFO", "INFO",
            "WARN", "WARN",
            "WARNING", "WARN",
            "ERROR", "ERROR",
            "CRITICAL", "ERROR",
            "OFF", "OFF");
    /** Of whom one level less is told: libraries, and an embedded cluster, whose job the command itself tells of. */
    private static final List<String> TALKATIVE = List.of(
            "io.netty", "io.grpc", "org.apache.arrow", "org.apache.hc", "io.solstice.master", "io.solstice.worker");

    private Logging() {}

    /** Whether a level of that name shows stack traces. */
    static boolean isDebug(String name) {
        return name.equalsIgnoreCase("DEBUG") || name.equalsIgnoreCase("TRACE");
    }

    /** Checks a level's name. */
    static String level(String name) {
        String level = LEVELS.get(name.toUpperCase(Locale.ROOT));
        if (level == null) {
            throw new UsageException(ErrorCode.OPTION_INVALID
                    .error("'" + name + "' is not a log level")
                    .where("--log-level")
                    .help(NearestName.help(
                            name, LEVELS.keySet().stream().sorted().toList())));
        }
        return level;
    }

    /** For commands that say everything themselves: libraries say nothing, and no logging library is loaded for them. */
    static void silence() {
        java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.OFF);
        io.netty.util.internal.logging.InternalLoggerFactory.setDefaultFactory(
                io.netty.util.internal.logging.JdkLoggerFactory.INSTANCE);
    }

    /** @param to where the lines go; a stream that redraws the progress block around them, if there is one */
    static void configure(String levelName, OutputStream to) {
        Level level = Level.toLevel(levelName);
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{\"yyyy-MM-dd HH:mm:ss,SSS\"} - %logger - %level - %msg%n"
                + (isDebug(levelName) ? "%ex" : "%nopex"));
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
