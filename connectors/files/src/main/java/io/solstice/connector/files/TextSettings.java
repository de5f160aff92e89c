package io.solstice.connector.files;

import io.solstice.api.config.Options;
import io.solstice.common.error.ErrorCode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration of a JSON or CSV source says.
 *
 * @param columns the columns to read, or null for all
 */
record TextSettings(
        List<String> paths,
        int batchRows,
        @Nullable List<String> columns,
        boolean skipOnError,
        char delimiter,
        boolean header) {

    static TextSettings of(Map<String, ?> config) {
        Options options = Options.of("FileSource", config);
        List<String> paths = options.texts("file_paths");
        return new TextSettings(
                paths == null ? List.of() : paths,
                options.positive("batch_size", 8192),
                options.texts("columns"),
                options.flag("skip_on_error", false),
                delimiter(options, "FileSource"),
                options.flag("header", true));
    }

    /** One character, or {@code \t} written out. */
    static char delimiter(Options options, String owner) {
        String text = options.text("delimiter", ",");
        if (text.equals("\\t")) {
            return '\t';
        }
        if (text.length() != 1 || "\"\r\n".contains(text) || text.charAt(0) > 0x7e) {
            throw ErrorCode.OPTION_INVALID
                    .error("'" + text + "' cannot divide the fields of CSV")
                    .where(owner + ".delimiter")
                    .cause("expected one ASCII character that is neither a quote nor a line end")
                    .help("for example ',' or ';' or '\\t'")
                    .toException();
        }
        return text.charAt(0);
    }
}
