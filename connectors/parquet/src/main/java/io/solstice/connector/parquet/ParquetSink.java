package io.solstice.connector.parquet;

import io.solstice.api.config.Options;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.common.protocol.Committable;
import io.solstice.connector.files.StagedFiles;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Writes Parquet files, one a task. */
final class ParquetSink implements Sink {
    private final StagedFiles files;
    private final String compression;

    private ParquetSink(StagedFiles files, String compression) {
        this.files = files;
        this.compression = compression;
    }

    static ParquetSink of(Map<String, ?> config) {
        Options options = Options.of("FileSink", config);
        boolean overwrite = options.text("mode", "overwrite").equals("overwrite");
        StagedFiles files = StagedFiles.of(options.requiredText("output_path"), "parquet", overwrite);
        List<String> codecs = List.of("snappy", "zstd", "gzip", "uncompressed");
        return new ParquetSink(files, options.oneOf("compression", "snappy", codecs));
    }

    @Override
    public void validate(@Nullable Schema input, int parallelism, boolean bounded) throws IOException {
        if (input != null) {
            SqlTypes.wire(input);
        }
        files.validate(parallelism, bounded);
    }

    @Override
    public SinkWriter open(SinkContext context) throws IOException {
        return new ParquetWriter(files, context, compression);
    }

    @Override
    public void commit(List<Committable> sealed, SinkCommit which) throws IOException {
        files.commit(sealed, which, (parts, into) -> ParquetMerge.merge(parts, into, compression));
    }

    @Override
    public void discard(List<Committable> sealed) throws IOException {
        files.discard(sealed);
    }
}
