package io.solstice.connector.files;

import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;

/** What is peculiar to a text format. */
interface TextFormat {
    /** Finds the columns out from the first rows of the first files. */
    Schema infer(List<Path> files) throws IOException;

    /** Whether a reader can begin at any line, because no line end lies within a value. */
    boolean divisible();

    /**
     * Opens a part of a file.
     *
     * @param schema the columns to decode
     * @param strict whether a column that is in the file and not in the schema is an error, because it was to be found
     *     out
     * @param position rows to pass over first
     */
    SourceReader open(FileRange range, Schema schema, boolean strict, long position, SourceContext context)
            throws IOException;
}
