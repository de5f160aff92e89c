package io.solstice.connector.parquet;

import io.solstice.common.error.ErrorCode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBResultSet;
import org.jspecify.annotations.Nullable;

/**
 * The columns of one file.
 *
 * @param delivered as DuckDB delivers them when nothing is cast
 * @param restored as they were before they were written, as far as the file says it
 */
record FileShape(Schema delivered, Schema restored) {

    static FileShape of(DuckDatabase database, String file) {
        try (DuckDBConnection connection = database.connect();
                Statement statement = connection.createStatement()) {
            Schema delivered = delivered(statement, file);
            return new FileShape(delivered, StoredSchema.restore(delivered, stored(statement, file)));
        } catch (Exception failure) {
            throw DuckDatabase.error(failure, ErrorCode.SOURCE_FORMAT, file);
        }
    }

    /** The columns that have the same type for DuckDB and for the engine, so that comparing them means the same. */
    Schema comparable() {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < delivered.getFields().size(); i++) {
            Field field = delivered.getFields().get(i);
            Field wanted = restored.getFields().get(i);
            boolean sameKind = field.getType().getTypeID() == wanted.getType().getTypeID();
            if (field.getDictionary() == null && sameKind && SqlTypes.sameLayout(field, wanted)) {
                fields.add(field);
            }
        }
        return new Schema(fields);
    }

    private static Schema delivered(Statement statement, String file) throws Exception {
        try (BufferAllocator allocator = new RootAllocator();
                ResultSet rows = statement.executeQuery("SELECT * FROM " + DuckDatabase.scan(file) + " LIMIT 0");
                ArrowReader reader =
                        (ArrowReader) rows.unwrap(DuckDBResultSet.class).arrowExportStream(allocator, 1)) {
            return reader.getVectorSchemaRoot().getSchema();
        }
    }

    private static @Nullable Schema stored(Statement statement, String file) throws SQLException {
        String metadata = DuckDatabase.scanMetadata("parquet_kv_metadata", file);
        try (ResultSet rows = statement.executeQuery("SELECT decode(value) FROM " + metadata + " WHERE decode(key) = "
                + DuckDatabase.quote(StoredSchema.KEY))) {
            return rows.next() ? StoredSchema.decode(rows.getString(1)) : null;
        }
    }

    /** The number of rows in each row group. */
    static List<Long> rowGroups(DuckDatabase database, String file) {
        String metadata = DuckDatabase.scanMetadata("parquet_metadata", file);
        List<Long> rows = new ArrayList<>();
        try (DuckDBConnection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet groups = statement.executeQuery("SELECT any_value(row_group_num_rows) FROM " + metadata
                        + " GROUP BY row_group_id ORDER BY row_group_id")) {
            while (groups.next()) {
                rows.add(groups.getLong(1));
            }
            return rows;
        } catch (SQLException failure) {
            throw DuckDatabase.error(failure, ErrorCode.SOURCE_FORMAT, file);
        }
    }
}
