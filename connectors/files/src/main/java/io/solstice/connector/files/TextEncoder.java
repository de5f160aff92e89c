package io.solstice.connector.files;

import io.solstice.exchange.batch.Batch;
import java.io.IOException;
import java.io.OutputStream;

/** Turns batches into the text of one file. */
interface TextEncoder {
    void begin(OutputStream target) throws IOException;

    void write(Batch batch) throws IOException;

    /** Hands on what is still held back; does not close the target. */
    void end() throws IOException;
}
