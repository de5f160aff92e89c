package io.solstice.connector.lance;

import io.solstice.api.config.Options;
import io.solstice.common.error.ErrorCode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a source is to read.
 *
 * @param columns the columns in the order wanted, or null for all
 * @param filter a condition in Lance's SQL, or null
 * @param version the table version, or null for the newest when the splits are planned
 */
record SourceSettings(
        TableLocation location,
        int batchSize,
        @Nullable List<String> columns,
        @Nullable String filter,
        @Nullable Long version) {

    static SourceSettings of(Map<String, Object> config) {
        Options options = Options.of("LanceTableSource", config);
        SourceSettings settings = new SourceSettings(
                TableLocation.of(options.requiredText("table_path"), "LanceTableSource.table_path"),
                options.positive("batch_size", 1000),
                options.texts("columns"),
                options.optionalText("filter"),
                options.has("version") ? options.wholeNumber("version", 0, 1, Long.MAX_VALUE) : null);
        options.finish();
        if (settings.columns != null && settings.columns.isEmpty()) {
            throw ErrorCode.OPTION_INVALID
                    .error("LanceTableSource is told to read no column")
                    .where("LanceTableSource.columns")
                    .help("name at least one column, or leave 'columns' out to read all")
                    .toException();
        }
        return settings;
    }
}
