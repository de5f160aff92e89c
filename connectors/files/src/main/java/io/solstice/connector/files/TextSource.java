package io.solstice.connector.files;

import io.solstice.api.expr.Expression;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.protocol.Split;
import io.solstice.spi.PushdownSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Plans and opens JSON or CSV files; what is peculiar to the format lies in {@link TextFormat}. */
final class TextSource implements PushdownSource {
    private final TextSettings settings;
    private final TextFormat format;
    private final @Nullable Schema given;
    private @Nullable List<Path> files;
    private @Nullable Schema schema;

    TextSource(TextSettings settings, TextFormat format, @Nullable Schema given) {
        this.settings = settings;
        this.format = format;
        this.given = given;
    }

    /** Text has to be decoded before it can be compared, so the engine filters. */
    @Override
    public boolean acceptFilter(Expression condition) {
        return false;
    }

    @Override
    public Schema schema() throws IOException {
        Schema known = schema;
        if (known == null) {
            List<Path> inputs = files();
            Schema whole = given == null ? format.infer(inputs) : given;
            known = project(whole, settings.columns());
            TextTypes.requireReadable(known);
            schema = known;
        }
        return known;
    }

    @Override
    public List<Split> splits() throws IOException {
        List<Split> splits = new ArrayList<>();
        for (Path file : files()) {
            for (FileRange piece : FileRange.pieces(file, Files.size(file), format.divisible())) {
                splits.add(piece.toSplit());
            }
        }
        return splits;
    }

    @Override
    public SourceReader open(Split split, long position, SourceContext context) throws IOException {
        boolean strict = given == null && settings.columns() == null;
        FileRange range = FileRange.of(split);
        if (!Files.isRegularFile(range.file())) {
            throw ErrorCode.SOURCE_NOT_FOUND
                    .error("'" + range.file() + "' has gone since the job was started")
                    .where(split.id())
                    .toException();
        }
        return format.open(range, schema(), strict, position, context);
    }

    private List<Path> files() {
        List<Path> known = files;
        if (known == null) {
            known = InputFiles.find(settings.paths());
            files = known;
        }
        return known;
    }

    /** The chosen columns in the chosen order; an unknown one is an error. */
    private static Schema project(Schema whole, @Nullable List<String> columns) {
        if (columns == null) {
            return whole;
        }
        List<String> known = whole.getFields().stream().map(Field::getName).toList();
        List<Field> chosen = new ArrayList<>();
        for (String column : columns) {
            int at = known.indexOf(column);
            if (at < 0) {
                throw ErrorCode.COLUMN_UNKNOWN
                        .error("the input has no column '" + column + "'")
                        .where("FileSource.columns")
                        .help(NearestName.help(column, known))
                        .toException();
            }
            chosen.add(whole.getFields().get(at));
        }
        return new Schema(chosen, whole.getCustomMetadata());
    }
}
