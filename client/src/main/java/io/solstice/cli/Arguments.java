package io.solstice.cli;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A command line, taken apart.
 *
 * @param flags the command's own options by their first name; a switch that is given has an empty value
 * @param settings options for the workflow: every other {@code --key value}, {@code --key=value} or bare
 *     {@code --flag}, with hyphens turned into underscores, as truth values, whole numbers, numbers or texts
 * @param operands what is not an option
 */
record Arguments(Map<String, String> flags, Map<String, Object> settings, List<String> operands) {
    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,18}");
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    static Arguments parse(List<String> given, Command command) {
        Map<String, Flag> known = new LinkedHashMap<>();
        command.flags().forEach(flag -> flag.names().forEach(name -> known.put(name, flag)));
        Flag.HELP.names().forEach(name -> known.put(name, Flag.HELP));
        Arguments arguments = new Arguments(new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>());
        for (int i = 0; i < given.size(); i++) {
            String argument = given.get(i);
            if (!argument.startsWith("-") || argument.equals("-")) {
                arguments.operands.add(argument);
                continue;
            }
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            String attached = equals < 0 ? null : argument.substring(equals + 1);
            String next = i + 1 < given.size() ? given.get(i + 1) : null;
            Flag flag = known.get(name);
            boolean tookNext;
            if (flag != null) {
                tookNext = arguments.own(flag, attached, next);
            } else if (command.takesSettings() && name.startsWith("--") && name.length() > 2) {
                tookNext = arguments.setting(name, attached, next);
            } else {
                throw new UsageException(ErrorCode.OPTION_UNKNOWN
                        .error("solstice " + command.name() + " has no option " + name)
                        .help(NearestName.help(name, known.keySet())));
            }
            i += tookNext ? 1 : 0;
        }
        return arguments;
    }

    private boolean own(Flag flag, @Nullable String attached, @Nullable String next) {
        if (!flag.takesValue()) {
            flags.put(flag.name(), "");
            return false;
        }
        String value = attached == null ? next : attached;
        if (value == null || attached == null && value.startsWith("--")) {
            throw new UsageException(ErrorCode.OPTION_MISSING
                    .error(flag.name() + " needs a value")
                    .help("write " + flag.name() + " " + flag.parameter()));
        }
        flags.merge(flag.name(), value, (before, now) -> flag.repeats() ? before + "," + now : now);
        return attached == null;
    }

    private boolean setting(String name, @Nullable String attached, @Nullable String next) {
        String key = name.substring(2).replace('-', '_');
        boolean takesNext = attached == null && next != null && !next.startsWith("--");
        String value = takesNext ? next : attached;
        settings.put(key, value == null ? true : value(value));
        return takesNext;
    }

    /** A truth value, whole number or number where the text has that form, else the text. */
    static Object value(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.equals("true") || lower.equals("false")) {
            return Boolean.valueOf(lower);
        }
        if (WHOLE.matcher(text).matches()) {
            return Long.valueOf(text);
        }
        return NUMBER.matcher(text).matches() ? (Object) Double.valueOf(text) : text;
    }

    /** The same, with a value for an option that is not given. */
    Arguments orElse(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(flags);
        more.putIfAbsent(name, value);
        return new Arguments(more, settings, operands);
    }

    boolean has(Flag flag) {
        return flags.containsKey(flag.name());
    }

    @Nullable
    String text(String name) {
        return flags.get(name);
    }

    String text(String name, String fallback) {
        return flags.getOrDefault(name, fallback);
    }

    @Nullable
    Double number(String name) {
        String text = flags.get(name);
        if (text == null) {
            return null;
        }
        if (!NUMBER.matcher(text).matches()) {
            throw notA("number", name, text);
        }
        return Double.valueOf(text);
    }

    @Nullable
    Long wholeNumber(String name) {
        String text = flags.get(name);
        if (text == null) {
            return null;
        }
        if (!WHOLE.matcher(text).matches()) {
            throw notA("whole number", name, text);
        }
        return Long.valueOf(text);
    }

    private static UsageException notA(String what, String name, String text) {
        return new UsageException(ErrorCode.OPTION_INVALID
                .error("'" + text + "' is not a " + what)
                .where(name));
    }
}
