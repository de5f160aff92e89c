package io.solstice.api.sink;

import io.solstice.api.config.Options;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a Lance table: the tasks write fragments, and one new table version makes them all visible when the job has
 * finished. The table is made if it does not exist.
 *
 * <table>
 * <caption>Configuration</caption>
 * <tr><td>{@code table_path}</td><td>directory of the table, required</td></tr>
 * <tr><td>{@code mode}</td><td>{@code append} (default) or {@code overwrite}</td></tr>
 * <tr><td>{@code buffer_size} or {@code batch_size}</td><td>rows gathered before they are given to Lance, default
 * 1000</td></tr>
 * </table>
 */
public final class LanceSink implements ConnectorSink {
    private final Map<String, Object> config;

    private LanceSink(Map<String, Object> config) {
        this.config = config;
    }

    public static LanceSink of(String tablePath) {
        return fromConfig(Map.of("table_path", tablePath));
    }

    /** With the keys above. An unknown key or an impossible value is an error. */
    public static LanceSink fromConfig(Map<String, ?> config) {
        Options options = Options.of("LanceSink", config);
        Map<String, Object> read = new LinkedHashMap<>();
        read.put("table_path", options.requiredText("table_path"));
        read.put("mode", options.oneOf("mode", "append", List.of("append", "overwrite")));
        int batchSize = options.positive("batch_size", 1000);
        read.put("buffer_size", options.positive("buffer_size", batchSize));
        options.finish();
        return new LanceSink(read);
    }

    /** {@code append} or {@code overwrite}. */
    public LanceSink mode(String mode) {
        return with("mode", mode);
    }

    /** Rows gathered before they are given to Lance. */
    public LanceSink bufferSize(int rows) {
        return with("buffer_size", rows);
    }

    private LanceSink with(String key, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(config);
        changed.put(key, value);
        return fromConfig(changed);
    }

    @Override
    public String type() {
        return "LanceSink";
    }

    @Override
    public String connector() {
        return "lance";
    }

    @Override
    public Map<String, Object> config() {
        return config;
    }
}
