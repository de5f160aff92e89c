package io.solstice.common.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import java.util.List;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/** Sets log levels of a process that logs with Logback; any other keeps its levels and says so. */
public final class LogLevels {
    private static final List<String> LEVELS = List.of("DEBUG", "INFO", "WARN", "ERROR", "OFF");
    private static final String OURS = "io.solstice";

    private LogLevels() {}

    /**
     * @param logger {@code io.solstice} or a part of it; empty for all
     * @return the level before
     */
    public static String set(String logger, String level) {
        String wanted = level.toUpperCase(Locale.ROOT);
        if (!LEVELS.contains(wanted)) {
            throw ErrorCode.OPTION_INVALID
                    .error("'" + level + "' is not a log level")
                    .where("level")
                    .help(NearestName.help(level, LEVELS))
                    .toException();
        }
        if (!logger.isEmpty() && !logger.equals(OURS) && !logger.startsWith(OURS + ".")) {
            throw ErrorCode.OPTION_INVALID
                    .error("'" + logger + "' is not a logger of Solstice")
                    .where("logger")
                    .help("give " + OURS + ", a part of it such as " + OURS + ".master, or nothing for all")
                    .toException();
        }
        if (!LoggerFactory.getILoggerFactory().getClass().getName().equals("ch.qos.logback.classic.LoggerContext")) {
            throw ErrorCode.NOT_SUPPORTED
                    .error("this process does not log with Logback, so its levels cannot be changed from outside")
                    .help("set the level where the program that embeds Solstice sets up its logging")
                    .toException();
        }
        return Logback.set(logger, wanted);
    }

    /** Apart, so that a process without Logback never loads its classes. */
    private static final class Logback {
        static String set(String name, String level) {
            LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
            Logger logger = context.getLogger(name.isEmpty() ? Logger.ROOT_LOGGER_NAME : name);
            String before = logger.getEffectiveLevel().toString();
            logger.setLevel(Level.toLevel(level));
            return before;
        }
    }
}
