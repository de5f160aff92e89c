package io.solstice.connector.lance;

import io.solstice.api.config.Options;
import java.util.List;
import java.util.Map;

/**
 * Where and how a sink writes.
 *
 * @param bufferRows rows gathered, at the least, before Lance gets them
 */
record SinkSettings(TableLocation location, boolean overwrite, int bufferRows) {

    static SinkSettings of(Map<String, Object> config) {
        Options options = Options.of("LanceSink", config);
        TableLocation location = TableLocation.of(options.requiredText("table_path"), "LanceSink.table_path");
        String mode = options.oneOf("mode", "append", List.of("append", "overwrite"));
        int batchSize = options.positive("batch_size", 1000);
        SinkSettings settings =
                new SinkSettings(location, mode.equals("overwrite"), options.positive("buffer_size", batchSize));
        options.finish();
        return settings;
    }
}
