package io.solstice.connector.lance;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What rows will be written to, as it was when the writing began.
 *
 * @param baseVersion the newest version then, 0 for no table
 * @param schema the columns of the table that is appended to, or null for a table that is made or replaced
 * @param tableFormat the file format of the table that is appended to, or null
 */
record Target(
        TableLocation location,
        long baseVersion,
        @Nullable Schema schema,
        @Nullable String tableFormat) {

    static Target inspect(SinkSettings settings, BufferAllocator memory) throws IOException {
        TableLocation location = settings.location();
        location.requireWritable();
        if (location.state() == TableLocation.State.FREE) {
            return new Target(location, 0, null, null);
        }
        try (LanceTable table = LanceTable.open(location, null, memory)) {
            return settings.overwrite()
                    ? new Target(location, table.version(), null, null)
                    : new Target(
                            location,
                            table.version(),
                            table.stored(),
                            table.dataset().getLanceFileFormatVersion());
        } catch (SolsticeException damaged) {
            if (damaged.code() != ErrorCode.SOURCE_FORMAT) {
                throw damaged;
            }
            throw ErrorCode.TARGET_CONFLICT
                    .error("cannot write to " + location.path())
                    .where(location.option())
                    .cause("there is a Lance table that cannot be read: "
                            + damaged.error().cause())
                    .help("write to another path, or repair the table")
                    .toException(damaged);
        }
    }

    boolean appends() {
        return schema != null;
    }

    String fileFormat(Schema rows) {
        return tableFormat == null ? TableSchema.fileFormat(rows) : tableFormat;
    }

    /** Refuses rows that the table cannot take. */
    void requireFits(Schema rows) {
        TableSchema.requireStorable(rows, location);
        String difference = schema == null ? null : TableSchema.difference(schema, rows);
        if (difference != null) {
            throw ErrorCode.TARGET_CONFLICT
                    .error("the rows do not fit the Lance table " + location.path())
                    .where(location.option())
                    .cause(difference)
                    .help("change the columns before the sink, write to another table, or use mode: overwrite")
                    .toException();
        }
    }
}
