package io.solstice.connector.lance;

import io.solstice.api.expr.Expression;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.PushdownSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.lance.Fragment;
import org.lance.FragmentMetadata;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;

/**
 * Reads one version of a table, fragment by fragment. The version is fixed when the object first looks at the table,
 * and every split carries it, so that tasks on other machines and after a restart read the same rows.
 *
 * <p>Used by one thread. Owns the table opened for planning with an allocator of its own, and the one opened for
 * reading with the task's.
 */
final class TableSource implements PushdownSource {
    private final SourceSettings settings;
    private final List<Expression> accepted = new ArrayList<>();
    private final List<Expression> offered = new ArrayList<>();
    private @Nullable BufferAllocator planningMemory;
    private @Nullable LanceTable planned;
    private @Nullable LanceTable reading;

    TableSource(SourceSettings settings) {
        this.settings = settings;
    }

    @Override
    public boolean acceptFilter(Expression condition) {
        try {
            LanceTable table = plan();
            offered.add(condition);
            boolean taken = new FilterSql(table.stored()).condition(condition) != null;
            if (taken) {
                accepted.add(condition);
            }
            return taken;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public Schema schema() throws Exception {
        return delivered(plan());
    }

    @Override
    public List<Split> splits() throws Exception {
        LanceTable table = plan();
        delivered(table);
        List<Split> splits = new ArrayList<>();
        for (Fragment fragment : table.dataset().getFragments()) {
            FragmentMetadata metadata = fragment.metadata();
            if (metadata.getNumRows() > 0) {
                SplitPayload payload = new SplitPayload(table.version(), fragment.getId());
                String id = settings.location().path() + "@" + payload.version() + "#" + payload.fragment();
                splits.add(new Split(id, payload.text(), metadata.getNumRows()));
            }
        }
        return splits;
    }

    @Override
    public SourceReader open(Split split, long position, SourceContext context) throws Exception {
        SplitPayload payload = SplitPayload.parse(split.payload());
        LanceTable table = reading(payload.version(), context.allocator());
        Schema delivered = delivered(table);
        FragmentScan scan = new FragmentScan(
                table, payload.fragment(), delivered, combinedFilter(table), settings.batchSize(), position);
        return new TableReader(scan, delivered, settings.batchSize(), context.allocator(), split.id());
    }

    @Override
    public void close() {
        if (planned != null) {
            planned.close();
            planned = null;
        }
        if (planningMemory != null) {
            planningMemory.close();
            planningMemory = null;
        }
        if (reading != null) {
            reading.close();
            reading = null;
        }
    }

    private LanceTable plan() throws IOException {
        if (planned == null) {
            NativeAccess.require();
            settings.location().requireTable();
            planningMemory = new RootAllocator();
            planned = openVersion(planningMemory);
            try {
                checkColumns(planned);
                checkFilter(planned);
            } catch (RuntimeException refused) {
                close();
                throw refused;
            }
        }
        return planned;
    }

    private LanceTable openVersion(BufferAllocator allocator) throws IOException {
        try {
            return LanceTable.open(settings.location(), settings.version(), allocator);
        } catch (SolsticeException failed) {
            SolsticeException explained = settings.version() == null ? failed : noSuchVersion(failed, allocator);
            close();
            throw explained;
        }
    }

    private SolsticeException noSuchVersion(SolsticeException failed, BufferAllocator allocator) throws IOException {
        try (LanceTable newest = LanceTable.open(settings.location(), null, allocator)) {
            List<String> versions = newest.dataset().listVersions().stream()
                    .map(version -> Long.toString(version.getId()))
                    .toList();
            if (versions.contains(String.valueOf(settings.version()))) {
                return failed;
            }
            return ErrorCode.OPTION_INVALID
                    .error("the Lance table " + settings.location().path() + " has no version " + settings.version())
                    .where("LanceTableSource.version")
                    .cause("it has " + versions.size() + " versions, " + versions.get(0) + " to " + newest.version())
                    .help("leave 'version' out to read the newest, or name one that has not been cleaned up")
                    .toException(failed);
        }
    }

    private LanceTable reading(long version, BufferAllocator allocator) throws IOException {
        if (reading == null || reading.version() != version) {
            if (reading != null) {
                reading.close();
                reading = null;
            }
            NativeAccess.require();
            settings.location().requireTable();
            reading = LanceTable.open(settings.location(), version, allocator);
        }
        return reading;
    }

    private void checkColumns(LanceTable table) {
        List<String> columns = settings.columns();
        if (columns == null) {
            return;
        }
        Set<String> seen = new HashSet<>();
        for (String column : columns) {
            try {
                Batch.indexOf(table.stored(), column);
            } catch (SolsticeException unknown) {
                throw unknown.within(
                        "LanceTableSource.columns of " + settings.location().path());
            }
            if (!seen.add(column)) {
                throw ErrorCode.OPTION_INVALID
                        .error("the column '" + column + "' is named twice")
                        .where("LanceTableSource.columns")
                        .help("name each column once")
                        .toException();
            }
        }
    }

    private void checkFilter(LanceTable table) {
        String filter = settings.filter();
        if (filter == null) {
            return;
        }
        ScanOptions options = new ScanOptions.Builder().filter(filter).build();
        try (LanceScanner scanner = table.dataset().newScan(options)) {
            // Lance parses a filter and types it when it is first asked what the scan would give.
            scanner.schema();
        } catch (Exception refused) {
            List<String> names =
                    table.stored().getFields().stream().map(Field::getName).toList();
            throw ErrorCode.OPTION_INVALID
                    .error("Lance does not understand the filter '" + filter + "'")
                    .where("LanceTableSource.filter")
                    .cause(LanceFailure.message(refused))
                    .help("the columns are: " + String.join(", ", names))
                    .toException(refused);
        }
    }

    /** The projected columns as they are delivered, dictionaries decoded. */
    private Schema delivered(LanceTable table) {
        List<Field> fields = new ArrayList<>();
        for (String name : columnNames(table)) {
            fields.add(Dictionaries.decoded(table.stored().findField(name), settings.location()));
        }
        return new Schema(fields, table.stored().getCustomMetadata());
    }

    private List<String> columnNames(LanceTable table) {
        List<String> names =
                table.stored().getFields().stream().map(Field::getName).toList();
        List<String> columns = settings.columns();
        if (columns == null) {
            return names;
        }
        for (String column : columns) {
            if (!names.contains(column)) {
                throw ErrorCode.COLUMN_UNKNOWN
                        .error("no column '" + column + "'")
                        .where(settings.location().path() + " version " + table.version())
                        .help(NearestName.help(column, names))
                        .toException();
            }
        }
        return columns;
    }

    /**
     * Both filters as one. The conditions are written again for the version that is read: the table may have got other
     * columns between planning and this task's own first look at it.
     */
    private @Nullable String combinedFilter(LanceTable table) {
        List<String> parts = new ArrayList<>();
        if (settings.filter() != null) {
            parts.add(settings.filter());
        }
        FilterSql sql = new FilterSql(table.stored());
        for (Expression condition : offered) {
            String part = sql.condition(condition);
            if (part != null) {
                parts.add(part);
            } else if (accepted.contains(condition)) {
                throw ErrorCode.SCHEMA_CHANGED
                        .error("the columns of " + settings.location().path() + " changed while the job started")
                        .where(settings.location().path() + " version " + table.version())
                        .cause("the condition " + condition + " cannot be applied to that version")
                        .help("run the job again")
                        .toException();
            }
        }
        if (parts.size() <= 1) {
            return parts.isEmpty() ? null : parts.get(0);
        }
        // A line each, so that a comment at the end of the user's text hides nothing.
        return "(" + String.join("\n) AND (", parts) + "\n)";
    }
}
