package io.solstice.common.config;

import io.solstice.common.error.ErrorCode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a master's journal is.
 *
 * @param text as it was given
 * @param store the settings that open it, as those of a {@code state_backend}
 */
public record JournalPlace(String text, Map<String, String> store) {
    private static final Pattern S3 = Pattern.compile("s3://([^/?#\\s]+)(?:/([^?#\\s]*))?");
    private static final Pattern DFS = Pattern.compile("hdfs://[^/?#\\s]+/[^?#\\s]+");
    private static final Pattern OPTIONS = Pattern.compile("[a-z_]+=[^,\\s]+(,[a-z_]+=[^,\\s]+)*");
    /** They would be shown wherever settings are. */
    private static final List<String> SECRETS = List.of("access_key_id", "secret_access_key", "session_token");

    public JournalPlace {
        store = Map.copyOf(store);
    }

    static ValueType<String> type() {
        return new ValueType<>(
                String.class,
                "a path, s3://bucket/prefix or hdfs://namenode:port/path",
                JournalPlace::read,
                text -> text);
    }

    private static Optional<String> read(String text, Path folder) {
        if (S3.matcher(text).matches() || DFS.matcher(text).matches()) {
            return Optional.of(text);
        }
        try {
            return text.isBlank() || text.contains("://")
                    ? Optional.empty()
                    : Optional.of(folder.resolve(text).normalize().toString());
        } catch (InvalidPathException notAPath) {
            return Optional.empty();
        }
    }

    static ValueType<String> options() {
        return new ValueType<>(
                String.class,
                "key=value, separated by commas",
                (text, folder) -> Optional.of(text).filter(OPTIONS.asMatchPredicate()),
                text -> text);
    }

    /** @param where the options were given, for messages */
    static JournalPlace of(String text, Optional<String> options, String where) {
        Map<String, String> store = new TreeMap<>();
        Matcher s3 = S3.matcher(text);
        if (s3.matches()) {
            store.put("type", "s3");
            store.put("bucket", s3.group(1));
            store.put("prefix", s3.group(2) == null ? "" : s3.group(2));
        } else {
            store.put("type", DFS.matcher(text).matches() ? "dfs" : "local");
            store.put("base_path", text);
        }
        for (String option : options.map(list -> List.of(list.split(","))).orElse(List.of())) {
            int equals = option.indexOf('=');
            String key = option.substring(0, equals);
            if (SECRETS.contains(key)) {
                throw ErrorCode.OPTION_INVALID
                        .error("journal_options must not hold '" + key + "'")
                        .where(where)
                        .cause("it is a secret, and settings are shown")
                        .help("let the process find it as AWS tools do: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a"
                                + " profile, or the machine's role")
                        .toException();
            }
            if (store.put(key, option.substring(equals + 1)) != null) {
                throw ErrorCode.OPTION_INVALID
                        .error("journal_options says again what " + key + " is")
                        .where(where)
                        .cause("journal is " + text)
                        .help("leave it out")
                        .toException();
            }
        }
        return new JournalPlace(text, store);
    }

    /** The folder, if it is one of this machine. */
    public Optional<Path> folder() {
        return "local".equals(store.get("type")) ? Optional.of(Path.of(text)) : Optional.empty();
    }
}
