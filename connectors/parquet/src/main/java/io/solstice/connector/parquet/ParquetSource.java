package io.solstice.connector.parquet;

import io.solstice.api.config.Options;
import io.solstice.api.expr.Expression;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.Split;
import io.solstice.connector.files.InputFiles;
import io.solstice.spi.PushdownSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Reads Parquet files with the columns of the first one; groups of rows are the splits. */
final class ParquetSource implements PushdownSource {
    private final List<String> paths;
    private final int batchRows;
    private final @Nullable List<String> columns;
    private final Map<Path, FileShape> shapes = new HashMap<>();
    private @Nullable List<Path> files;
    private @Nullable DuckDatabase database;
    private @Nullable String filter;

    private ParquetSource(List<String> paths, int batchRows, @Nullable List<String> columns) {
        this.paths = paths;
        this.batchRows = batchRows;
        this.columns = columns;
    }

    static ParquetSource of(Map<String, ?> config) {
        Options options = Options.of("FileSource", config);
        List<String> paths = options.texts("file_paths");
        return new ParquetSource(
                paths == null ? List.of() : paths, options.positive("batch_size", 8192), options.texts("columns"));
    }

    @Override
    public boolean acceptFilter(Expression condition) {
        Optional<String> sql;
        try {
            sql = new FilterSql(shape(files().get(0)).comparable()).render(condition);
        } catch (SolsticeException unreadable) {
            // The same error comes again, in its place, when the schema is asked for.
            return false;
        }
        filter = sql.orElse(null);
        return sql.isPresent();
    }

    @Override
    public Schema schema() {
        Schema whole = shape(files().get(0)).restored();
        List<String> chosen = columns;
        if (chosen == null) {
            return whole;
        }
        List<Field> fields = chosen.stream()
                .map(name -> find(whole, name, "FileSource.columns", ErrorCode.COLUMN_UNKNOWN))
                .toList();
        return new Schema(fields, whole.getCustomMetadata());
    }

    @Override
    public List<Split> splits() {
        List<Split> splits = new ArrayList<>();
        for (Path file : files()) {
            List<Long> rowGroups = FileShape.rowGroups(database(), file.toString());
            if (hasRowNumberColumn(shape(file))) {
                rowGroups =
                        List.of(rowGroups.stream().mapToLong(Long::longValue).sum());
            }
            RowRange.of(file, rowGroups).forEach(range -> splits.add(range.toSplit()));
        }
        return splits;
    }

    @Override
    public SourceReader open(Split split, long position, SourceContext context) throws SQLException {
        RowRange range = RowRange.of(split);
        if (!Files.isRegularFile(range.file())) {
            throw ErrorCode.SOURCE_NOT_FOUND
                    .error("'" + range.file() + "' has gone since the job was started")
                    .where(split.id())
                    .toException();
        }
        Schema wanted = schema();
        String sql = query(range, wanted, position);
        return ParquetReader.open(database().connect(), sql, wanted, batchRows, range.file(), context.allocator());
    }

    private String query(RowRange range, Schema wanted, long position) {
        FileShape shape = shape(range.file());
        if (filter != null) {
            // The condition was accepted for the types of the first file.
            shape.delivered().getFields().forEach(field -> requireSameType(field.getName(), field, range.file()));
        }
        List<String> selected = new ArrayList<>();
        for (Field field : wanted.getFields()) {
            Field delivered =
                    find(shape.delivered(), field.getName(), range.file().toString(), ErrorCode.SOURCE_FORMAT);
            requireSameType(field.getName(), delivered, range.file());
            selected.add(SqlTypes.select(delivered, field));
        }
        List<String> conditions = new ArrayList<>();
        if (!hasRowNumberColumn(shape)) {
            // DuckDB passes over the row groups whose row numbers lie outside.
            conditions.add("file_row_number >= " + range.from() + " AND file_row_number < " + range.to());
        }
        if (filter != null) {
            conditions.add(filter);
        }
        return "SELECT " + String.join(", ", selected) + " FROM "
                + DuckDatabase.scan(range.file().toString())
                + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
                + (position == 0 ? "" : " OFFSET " + position);
    }

    private void requireSameType(String name, Field found, Path file) {
        Path first = files().get(0);
        for (Field expected : shape(first).delivered().getFields()) {
            if (expected.getName().equals(name) && !SqlTypes.sameLayout(found, expected)) {
                throw ErrorCode.SOURCE_FORMAT
                        .error("column '" + name + "' has not the same type in all files")
                        .where(file.toString())
                        .cause("found " + found.getType() + ", but " + expected.getType() + " in '" + first + "'")
                        .help("read the files in jobs of their own, or leave the column out with columns")
                        .toException();
            }
        }
    }

    /** A column of that name hides DuckDB's own, so that such a file is read in one piece. */
    private static boolean hasRowNumberColumn(FileShape shape) {
        return shape.delivered().getFields().stream()
                .anyMatch(field -> field.getName().equalsIgnoreCase("file_row_number"));
    }

    private static Field find(Schema schema, String name, String place, ErrorCode code) {
        List<String> known = schema.getFields().stream().map(Field::getName).toList();
        int at = known.indexOf(name);
        if (at < 0) {
            throw code.error("the input has no column '" + name + "'")
                    .where(place)
                    .help(NearestName.help(name, known))
                    .toException();
        }
        return schema.getFields().get(at);
    }

    private List<Path> files() {
        List<Path> known = files;
        if (known == null) {
            known = InputFiles.find(paths);
            files = known;
        }
        return known;
    }

    private FileShape shape(Path file) {
        return shapes.computeIfAbsent(file, path -> FileShape.of(database(), path.toString()));
    }

    private DuckDatabase database() {
        DuckDatabase known = database;
        if (known == null) {
            known = DuckDatabase.open(1);
            database = known;
        }
        return known;
    }

    @Override
    public void close() throws SQLException {
        DuckDatabase opened = database;
        database = null;
        if (opened != null) {
            opened.close();
        }
    }
}
