package io.solstice.api.source;

import io.solstice.api.config.Options;
import io.solstice.api.expr.Expression;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one version of a Lance table; its fragments are the splits.
 *
 * <table>
 * <caption>Configuration</caption>
 * <tr><td>{@code table_path}</td><td>directory of the table, required</td></tr>
 * <tr><td>{@code batch_size}</td><td>rows in a batch, default 1000</td></tr>
 * <tr><td>{@code columns}</td><td>columns to read, default all</td></tr>
 * <tr><td>{@code filter}</td><td>a condition in Lance's SQL, or an expression</td></tr>
 * <tr><td>{@code version}</td><td>table version to read, default the newest when the job starts</td></tr>
 * </table>
 */
public final class LanceTableSource implements ConnectorSource {
    private final Map<String, Object> config;
    private final @Nullable Expression filter;

    private LanceTableSource(Map<String, Object> config, @Nullable Expression filter) {
        this.config = config;
        this.filter = filter;
    }

    public static LanceTableSource of(String tablePath) {
        return fromConfig(Map.of("table_path", tablePath));
    }

    /** With the keys above. An unknown key or an impossible value is an error. */
    public static LanceTableSource fromConfig(Map<String, ?> config) {
        Options options = Options.of("LanceTableSource", config);
        Map<String, Object> read = new LinkedHashMap<>();
        read.put("table_path", options.requiredText("table_path"));
        read.put("batch_size", options.positive("batch_size", 1000));
        List<String> columns = options.texts("columns");
        if (columns != null) {
            read.put("columns", columns);
        }
        String sql = options.optionalText("filter");
        if (sql != null) {
            read.put("filter", sql);
        }
        if (options.has("version")) {
            read.put("version", options.wholeNumber("version", 0, 1, Long.MAX_VALUE));
        }
        options.finish();
        return new LanceTableSource(read, null);
    }

    /** Rows in a batch. */
    public LanceTableSource batchSize(int rows) {
        return with("batch_size", rows);
    }

    public LanceTableSource columns(String... names) {
        return columns(List.of(names));
    }

    public LanceTableSource columns(List<String> names) {
        return with("columns", List.copyOf(names));
    }

    /** A condition in Lance's SQL, given to Lance as it is. */
    public LanceTableSource filter(String sql) {
        return with("filter", sql);
    }

    public LanceTableSource filter(Expression condition) {
        return new LanceTableSource(config, condition);
    }

    /** The table version to read. */
    public LanceTableSource version(long version) {
        return with("version", version);
    }

    private LanceTableSource with(String key, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(config);
        changed.put(key, value);
        return new LanceTableSource(fromConfig(changed).config, filter);
    }

    @Override
    public String type() {
        return "LanceTableSource";
    }

    @Override
    public String connector() {
        return "lance";
    }

    @Override
    public Map<String, Object> config() {
        return config;
    }

    @Override
    public @Nullable Expression filter() {
        return filter;
    }
}
