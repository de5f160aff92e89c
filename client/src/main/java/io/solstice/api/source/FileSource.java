package io.solstice.api.source;

import io.solstice.api.config.Options;
import io.solstice.api.expr.Expression;
import io.solstice.common.error.ErrorCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON lines, CSV or Parquet files. Files, or the row groups of Parquet files, are the splits.
 *
 * <table>
 * <caption>Configuration</caption>
 * <tr><td>{@code file_paths}</td><td>files, directories or globs such as {@code /in/*.json}; at least one</td></tr>
 * <tr><td>{@code format}</td><td>{@code json} (one object a line, default), {@code csv} or {@code parquet}</td></tr>
 * <tr><td>{@code batch_size}</td><td>rows in a batch, default 8192</td></tr>
 * <tr><td>{@code columns}</td><td>columns to read, default all</td></tr>
 * <tr><td>{@code skip_on_error}</td><td>whether a malformed line is left out and written to the dead-letter output,
 * default false; JSON and CSV only</td></tr>
 * <tr><td>{@code delimiter}</td><td>CSV only: the character between fields, default {@code ,}</td></tr>
 * <tr><td>{@code header}</td><td>CSV only: whether the first line names the columns, default true</td></tr>
 * </table>
 *
 * The schema of JSON and CSV is found out from the first rows of the first files unless {@link #schema} gives it.
 */
public final class FileSource implements ConnectorSource {
    private static final List<String> FORMATS = List.of("json", "parquet", "csv");

    private final Map<String, Object> config;
    private final @Nullable Expression filter;
    private final @Nullable Schema schema;

    private FileSource(Map<String, Object> config, @Nullable Expression filter, @Nullable Schema schema) {
        this.config = config;
        this.filter = filter;
        this.schema = schema;
    }

    public static FileSource json(String... paths) {
        return of("json", paths);
    }

    public static FileSource csv(String... paths) {
        return of("csv", paths);
    }

    public static FileSource parquet(String... paths) {
        return of("parquet", paths);
    }

    private static FileSource of(String format, String... paths) {
        return fromConfig(Map.of("file_paths", List.of(paths), "format", format));
    }

    /** With the keys above. An unknown key or an impossible value is an error. */
    public static FileSource fromConfig(Map<String, ?> config) {
        Options options = Options.of("FileSource", config);
        Map<String, Object> read = new LinkedHashMap<>();
        List<String> paths = options.texts("file_paths");
        read.put("file_paths", paths == null ? List.of() : paths);
        String format = options.oneOf("format", "json", FORMATS);
        read.put("format", format);
        read.put("batch_size", options.positive("batch_size", 8192));
        List<String> columns = options.texts("columns");
        if (columns != null) {
            read.put("columns", columns);
        }
        if (!format.equals("parquet")) {
            read.put("skip_on_error", options.flag("skip_on_error", false));
        }
        if (format.equals("csv")) {
            read.put("delimiter", String.valueOf(options.character("delimiter", ',')));
            read.put("header", options.flag("header", true));
        }
        options.finish();
        if (paths == null || paths.isEmpty()) {
            throw ErrorCode.OPTION_MISSING
                    .error("FileSource needs at least one path")
                    .where("FileSource.file_paths")
                    .help("name files, directories or globs, for example file_paths: [/data/in/*.json]")
                    .toException();
        }
        return new FileSource(read, null, null);
    }

    /** Rows in a batch. */
    public FileSource batchSize(int rows) {
        return with("batch_size", rows);
    }

    public FileSource columns(String... names) {
        return with("columns", List.of(names));
    }

    public FileSource skipOnError(boolean skip) {
        return with("skip_on_error", skip);
    }

    public FileSource filter(Expression condition) {
        return new FileSource(config, condition, schema);
    }

    /** The columns of JSON or CSV input, instead of finding them out. Other columns of the files are left out. */
    public FileSource schema(Schema columns) {
        return new FileSource(config, filter, columns);
    }

    private FileSource with(String key, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(config);
        changed.put(key, value);
        FileSource checked = fromConfig(changed);
        return new FileSource(checked.config, filter, schema);
    }

    @Override
    public String type() {
        return "FileSource";
    }

    @Override
    public String connector() {
        return String.valueOf(config.get("format"));
    }

    @Override
    public Map<String, Object> config() {
        return config;
    }

    @Override
    public @Nullable Expression filter() {
        return filter;
    }

    /** The schema that was given, or null. */
    public @Nullable Schema schema() {
        return schema;
    }
}
