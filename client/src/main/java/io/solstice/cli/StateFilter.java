package io.solstice.cli;

import io.solstice.api.row.Row;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which rows are shown: conditions {@code <column> <operator> <value>} joined by {@code and}, with the operators of SQL
 * ({@code = <> < <= > >= like}), and {@code is null} and {@code is not null}. A value is a number, a text in single
 * quotes or without, {@code true}, {@code false} or a time like {@code 2026-01-31T12:00:00Z}; in {@code like}, {@code %}
 * stands for any text and {@code _} for one character.
 */
record StateFilter(List<Condition> conditions) {
    private static final Pattern CONDITION =
            Pattern.compile("\\s*(?<column>[\\w.]+|\"[^\"]+\")\\s*(?:(?<none>(?i:is\\s+(?:not\\s+)?null))"
                    + "|(?<operator><=|>=|<>|!=|=|<|>|(?i:\\blike\\b))\\s*(?<value>'(?:[^']|'')*'|[^\\s']+))\\s*");
    private static final Pattern AND = Pattern.compile("\\G(?i:and)\\b");

    /** @param value null for a question whether there is one */
    record Condition(
            String column, String operator, @Nullable String value) {
        boolean holds(Row row) {
            Object found = row.get(column);
            if (value == null) {
                return (found == null) == operator.equals("is null");
            }
            if (found == null) {
                return false;
            }
            if (operator.equals("like")) {
                return like(value).matcher(String.valueOf(found)).matches();
            }
            int order = compare(found, value);
            return switch (operator) {
                case "=" -> order == 0;
                case "<>", "!=" -> order != 0;
                case "<" -> order < 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                default -> order >= 0;
            };
        }

        private static Pattern like(String text) {
            StringBuilder pattern = new StringBuilder();
            for (char c : text.toCharArray()) {
                pattern.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
            }
            return Pattern.compile(pattern.toString(), Pattern.DOTALL);
        }

        private int compare(Object found, String wanted) {
            try {
                if (found instanceof Number number) {
                    return new BigDecimal(number.toString()).compareTo(new BigDecimal(wanted));
                } else if (found instanceof Instant time) {
                    return time.compareTo(Instant.parse(wanted));
                } else if (found instanceof Boolean truth) {
                    return truth.compareTo(Boolean.valueOf(wanted));
                }
                return String.valueOf(found).compareTo(wanted);
            } catch (NumberFormatException | DateTimeException notOfItsType) {
                throw new UsageException(ErrorCode.OPTION_INVALID
                        .error("column '" + column + "' cannot be compared with '" + wanted + "'")
                        .where("--where")
                        .cause("it holds " + found.getClass().getSimpleName() + ", for example " + found)
                        .help("compare numbers with numbers, and times with times like 2026-01-31T12:00:00Z"));
            }
        }
    }

    /** Everything holds if nothing is asked for. */
    static StateFilter of(@Nullable String text) {
        return text == null ? new StateFilter(List.of()) : parse(text);
    }

    private static StateFilter parse(String text) {
        List<Condition> conditions = new ArrayList<>();
        Matcher condition = CONDITION.matcher(text);
        Matcher and = AND.matcher(text);
        int at = 0;
        while (true) {
            condition.region(at, text.length());
            if (!condition.lookingAt()) {
                throw malformed(text, at);
            }
            conditions.add(condition(condition));
            at = condition.end();
            if (at == text.length()) {
                return new StateFilter(conditions);
            }
            and.region(at, text.length());
            if (!and.lookingAt()) {
                throw malformed(text, at);
            }
            at = and.end();
        }
    }

    private static Condition condition(Matcher found) {
        String column = found.group("column");
        String name = column.startsWith("\"") ? column.substring(1, column.length() - 1) : column;
        if (found.group("none") != null) {
            boolean not = found.group("none").toLowerCase(Locale.ROOT).contains("not");
            return new Condition(name, not ? "is not null" : "is null", null);
        }
        String value = found.group("value");
        String plain =
                value.startsWith("'") ? value.substring(1, value.length() - 1).replace("''", "'") : value;
        return new Condition(name, found.group("operator").toLowerCase(Locale.ROOT), plain);
    }

    private static UsageException malformed(String text, int at) {
        return new UsageException(ErrorCode.OPTION_INVALID
                .error("the filter is not understood: " + text)
                .where("--where, at '"
                        + text.substring(Math.min(at, text.length())).strip() + "'")
                .cause("expected <column> <operator> <value>, and between two of them the word and")
                .help("for example --where \"count >= 10 and name like 'a%'\""));
    }

    /** Refuses columns that no row has. */
    void requireColumns(List<Row> rows) {
        TreeSet<String> known = new TreeSet<>();
        rows.forEach(row -> known.addAll(row.names()));
        for (Condition condition : conditions) {
            if (!rows.isEmpty() && !known.contains(condition.column())) {
                throw new UsageException(ErrorCode.COLUMN_UNKNOWN
                        .error("the state has no column '" + condition.column() + "'")
                        .where("--where")
                        .cause("it has " + known)
                        .help(NearestName.help(condition.column(), known)));
            }
        }
    }

    boolean holds(Row row) {
        return conditions.stream().allMatch(condition -> condition.holds(row));
    }
}
