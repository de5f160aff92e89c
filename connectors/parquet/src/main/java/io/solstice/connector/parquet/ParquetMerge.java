package io.solstice.connector.parquet;

import io.solstice.common.error.ErrorCode;
import java.nio.file.Path;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBConnection;

/** Makes one file of several that the same sink wrote, row by row in their order. */
final class ParquetMerge {
    private ParquetMerge() {}

    static void merge(List<Path> parts, Path into, String compression) {
        try (DuckDatabase database = DuckDatabase.open(1);
                DuckDBConnection connection = database.connect();
                Statement statement = connection.createStatement()) {
            Schema schema = FileShape.of(database, parts.get(0).toString()).restored();
            String rows = parts.stream()
                    .map(part -> "SELECT * FROM " + DuckDatabase.scan(part.toString()))
                    .collect(Collectors.joining(" UNION ALL "));
            statement.execute(CopyThread.copy(rows, into, compression, CopyThread.MOST_ROWS_A_GROUP, schema));
        } catch (Exception failure) {
            throw DuckDatabase.error(failure, ErrorCode.IO_FAILED, into.toString());
        }
    }
}
