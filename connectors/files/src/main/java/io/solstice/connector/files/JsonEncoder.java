package io.solstice.connector.files;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.SerializedString;
import io.solstice.exchange.batch.Batch;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Writes one object a line. Each batch may have other columns than the one before. */
final class JsonEncoder implements TextEncoder {
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .rootValueSeparator(new SerializedString(""))
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    private @Nullable JsonGenerator json;
    private @Nullable Schema checked;

    @Override
    public void begin(OutputStream target) throws IOException {
        json = JSON.createGenerator(target, JsonEncoding.UTF8);
    }

    @Override
    public void write(Batch batch) throws IOException {
        JsonGenerator generator = json;
        if (generator == null) {
            throw new IllegalStateException("begin comes first");
        }
        if (!batch.schema().equals(checked)) {
            TextTypes.requireWritable(batch.schema());
            checked = batch.schema();
        }
        JsonValues row = JsonValues.ofFields(batch.columns());
        for (int i = 0; i < batch.rowCount(); i++) {
            row.write(generator, i);
            generator.writeRaw('\n');
        }
    }

    @Override
    public void end() throws IOException {
        if (json != null) {
            json.close();
        }
    }
}
