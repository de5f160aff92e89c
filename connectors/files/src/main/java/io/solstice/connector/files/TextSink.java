package io.solstice.connector.files;

import io.solstice.api.config.Options;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Batch;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Writes JSON lines or CSV into staged files. Rows are gathered in a buffer of bytes, whatever their number. */
final class TextSink implements Sink {
    private static final int WRITE_BUFFER_BYTES = 256 << 10;

    private final StagedFiles files;
    private final boolean csv;
    private final char delimiter;

    private TextSink(StagedFiles files, boolean csv, char delimiter) {
        this.files = files;
        this.csv = csv;
        this.delimiter = delimiter;
    }

    static TextSink of(String format, Map<String, ?> config) {
        Options options = Options.of("FileSink", config);
        boolean overwrite = options.text("mode", "overwrite").equals("overwrite");
        StagedFiles files = StagedFiles.of(options.requiredText("output_path"), format, overwrite);
        return new TextSink(files, format.equals("csv"), TextSettings.delimiter(options, "FileSink"));
    }

    @Override
    public void validate(@Nullable Schema input, int parallelism, boolean bounded) throws IOException {
        if (input != null) {
            TextTypes.requireWritable(input);
            if (csv) {
                CsvEncoder.requireFlat(input);
            }
        }
        files.validate(parallelism, bounded);
    }

    @Override
    public SinkWriter open(SinkContext context) throws IOException {
        return new Writer(files, context, csv ? new CsvEncoder(delimiter, context.inputSchema()) : new JsonEncoder());
    }

    @Override
    public void commit(List<Committable> sealed, SinkCommit which) throws IOException {
        files.commit(sealed, which, this::merge);
    }

    /** One after the other; of the headers of CSV files the first stays. */
    private void merge(List<Path> parts, Path into) throws IOException {
        byte[] header = {};
        try (OutputStream out = Files.newOutputStream(into)) {
            for (Path part : parts) {
                if (header.length > 0) {
                    try (InputStream in = Files.newInputStream(part)) {
                        in.skipNBytes(Math.min(header.length, Files.size(part)));
                        in.transferTo(out);
                    }
                } else {
                    Files.copy(part, out);
                    header = csv ? CsvEncoder.headerOf(part, delimiter) : header;
                }
            }
        }
    }

    @Override
    public void discard(List<Committable> sealed) throws IOException {
        files.discard(sealed);
    }

    /** One part: opened at once, so that also a task without rows leaves a file. */
    private static final class Writer implements SinkWriter {
        private final StagedFiles files;
        private final SinkContext context;
        private final TextEncoder encoder;
        private final Path part;
        private final OutputStream out;
        private boolean sealed;

        Writer(StagedFiles files, SinkContext context, TextEncoder encoder) throws IOException {
            this.files = files;
            this.context = context;
            this.encoder = encoder;
            this.part = files.stage(context);
            this.out = new BufferedOutputStream(Files.newOutputStream(part), WRITE_BUFFER_BYTES);
            encoder.begin(out);
        }

        @Override
        public void write(Batch batch) throws IOException {
            encoder.write(batch);
        }

        @Override
        public String seal() throws IOException {
            encoder.end();
            out.close();
            String payload = files.seal(part, context);
            sealed = true;
            return payload;
        }

        @Override
        public void close() throws IOException {
            if (sealed) {
                return;
            }
            try {
                out.close();
            } finally {
                files.abandon(part);
            }
        }
    }
}
