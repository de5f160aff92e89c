package io.solstice.api.sink;

import io.solstice.api.config.Options;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes JSON lines, CSV or Parquet. With one task {@code output_path} is a file; with several it is a directory with
 * one file a task. Nothing appears under {@code output_path} before the job has finished.
 *
 * <table>
 * <caption>Configuration</caption>
 * <tr><td>{@code output_path}</td><td>file or directory, required; parent directories are made</td></tr>
 * <tr><td>{@code format}</td><td>{@code json} (one object a line, default), {@code csv} or {@code parquet}</td></tr>
 * <tr><td>{@code buffer_size} or {@code batch_size}</td><td>rows gathered before they are written, default 1000;
 * Parquet gathers whole row groups regardless</td></tr>
 * <tr><td>{@code mode}</td><td>what happens to an existing {@code output_path} of the same kind: {@code overwrite}
 * (default) or {@code fail}</td></tr>
 * <tr><td>{@code delimiter}</td><td>CSV only: the character between fields, default {@code ,}</td></tr>
 * <tr><td>{@code compression}</td><td>Parquet only: {@code snappy} (default), {@code zstd}, {@code gzip},
 * {@code uncompressed}</td></tr>
 * </table>
 */
public final class FileSink implements ConnectorSink {
    private static final List<String> FORMATS = List.of("json", "parquet", "csv");

    private final Map<String, Object> config;

    private FileSink(Map<String, Object> config) {
        this.config = config;
    }

    public static FileSink json(String outputPath) {
        return fromConfig(Map.of("output_path", outputPath, "format", "json"));
    }

    public static FileSink csv(String outputPath) {
        return fromConfig(Map.of("output_path", outputPath, "format", "csv"));
    }

    public static FileSink parquet(String outputPath) {
        return fromConfig(Map.of("output_path", outputPath, "format", "parquet"));
    }

    /** With the keys above. An unknown key or an impossible value is an error. */
    public static FileSink fromConfig(Map<String, ?> config) {
        Options options = Options.of("FileSink", config);
        Map<String, Object> read = new LinkedHashMap<>();
        read.put("output_path", options.requiredText("output_path"));
        String format = options.oneOf("format", "json", FORMATS);
        read.put("format", format);
        int batchSize = options.positive("batch_size", 1000);
        read.put("buffer_size", options.positive("buffer_size", batchSize));
        read.put("mode", options.oneOf("mode", "overwrite", List.of("overwrite", "fail")));
        if (format.equals("csv")) {
            read.put("delimiter", String.valueOf(options.character("delimiter", ',')));
        }
        if (format.equals("parquet")) {
            read.put(
                    "compression",
                    options.oneOf("compression", "snappy", List.of("snappy", "zstd", "gzip", "uncompressed")));
        }
        options.finish();
        return new FileSink(read);
    }

    /** Rows gathered before they are written. */
    public FileSink bufferSize(int rows) {
        return with("buffer_size", rows);
    }

    /** {@code overwrite} or {@code fail}. */
    public FileSink mode(String mode) {
        return with("mode", mode);
    }

    /** For Parquet: {@code snappy}, {@code zstd}, {@code gzip} or {@code uncompressed}. */
    public FileSink compression(String codec) {
        return with("compression", codec);
    }

    private FileSink with(String key, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(config);
        changed.put(key, value);
        return fromConfig(changed);
    }

    @Override
    public String type() {
        return "FileSink";
    }

    @Override
    public String connector() {
        return String.valueOf(config.get("format"));
    }

    @Override
    public Map<String, Object> config() {
        return config;
    }
}
