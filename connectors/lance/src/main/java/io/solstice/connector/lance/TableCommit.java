package io.solstice.connector.lance;

import io.solstice.api.sink.SinkCommit;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.Committable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.lance.CommitBuilder;
import org.lance.Dataset;
import org.lance.FragmentMetadata;
import org.lance.Transaction;
import org.lance.Version;
import org.lance.operation.Append;
import org.lance.operation.Operation;
import org.lance.operation.Overwrite;
import org.lance.schema.LanceField;

/**
 * Publishes the sealed files of all tasks as one table version, at most once.
 *
 * <p>Lance rebases an append onto newer versions, refuses one whose table was overwritten since, and lets an overwrite
 * win over anything. It knows nothing of a repeated commit: that is found by the {@link CommitKey} in the versions since
 * the writing began.
 */
final class TableCommit {
    /**
     * Lance makes a table by an overwrite, which also wins over a table that appeared a moment before. Creators in one
     * JVM therefore take turns, by path; a second one then finds the table and appends.
     */
    private static final TurnTaking TURNS = new TurnTaking();

    private final SinkSettings settings;
    private final TableLocation location;
    private final Schema schema;
    private final String fileFormat;
    private final boolean appends;
    private final boolean first;
    private final List<Schema> unnumbered;
    private final long baseVersion;
    private final List<FragmentMetadata> fragments;

    private TableCommit(SinkSettings settings, List<SealedFragments> sealed) {
        SealedFragments first = sealed.get(0);
        this.settings = settings;
        this.location = settings.location();
        this.schema = first.schema();
        this.fileFormat = first.fileFormat();
        this.appends = sealed.stream().allMatch(SealedFragments::appends);
        this.first = sealed.stream().anyMatch(SealedFragments::first);
        this.unnumbered = sealed.stream()
                .filter(part -> !part.appends())
                .map(SealedFragments::schema)
                .toList();
        this.baseVersion =
                sealed.stream().mapToLong(SealedFragments::baseVersion).min().orElse(0);
        this.fragments =
                sealed.stream().flatMap(part -> part.fragments().stream()).toList();
    }

    static TableCommit of(SinkSettings settings, List<Committable> committables) throws IOException {
        List<SealedFragments> sealed = new ArrayList<>();
        for (Committable committable : committables) {
            sealed.add(SealedFragments.parse(committable.payload()));
        }
        return new TableCommit(settings, sealed).checked(sealed);
    }

    private TableCommit checked(List<SealedFragments> sealed) {
        for (SealedFragments part : sealed) {
            String difference = TableSchema.difference(schema, part.schema());
            if (difference != null || !part.fileFormat().equals(fileFormat)) {
                throw ErrorCode.SCHEMA_CHANGED
                        .error("the tasks wrote different columns to " + location.path())
                        .where(location.option())
                        .cause(difference != null ? difference : "the table appeared while the tasks were writing")
                        .help("give all rows the same columns before the sink, and run the job again")
                        .toException();
            }
        }
        return this;
    }

    void publish(SinkCommit which) throws IOException {
        CommitKey key = CommitKey.of(which);
        try (RootAllocator memory = new RootAllocator();
                TurnTaking.Turn turn = TURNS.take(location.path())) {
            if (isPublished(memory, key)) {
                return;
            }
            try {
                publishOnce(memory, key, settings.overwrite() && !isBegun(memory, which, key));
            } catch (Exception failed) {
                // It may have succeeded all the same: only the table knows.
                if (!isPublished(memory, key)) {
                    throw refused(failed);
                }
            }
        }
    }

    /**
     * Whether the job has begun to write, so that an overwriting one adds to what is its own by now. The parts of a job's
     * first epoch know the version before. Others look through all versions, of which the newest is nearly always the
     * one; where versions have been cleaned up on the way, nothing of this job was among the newer ones.
     */
    private boolean isBegun(BufferAllocator memory, SinkCommit which, CommitKey key) throws IOException {
        if (which.isContinued()) {
            return location.state() == TableLocation.State.TABLE;
        }
        return isAnySince(memory, first ? baseVersion : oldest(memory) - 1, key::isOfSubmission);
    }

    private long oldest(BufferAllocator memory) throws IOException {
        if (location.state() != TableLocation.State.TABLE) {
            return 1;
        }
        try (LanceTable table = LanceTable.open(location, null, memory)) {
            return table.dataset().listVersions().stream()
                    .mapToLong(Version::getId)
                    .min()
                    .orElse(1);
        }
    }

    /** Deletes the files, unless a table version refers to them after all. */
    void discard() throws IOException {
        Set<String> own = DataFiles.names(fragments);
        try (RootAllocator memory = new RootAllocator()) {
            if (!isAnySince(memory, baseVersion, version -> DataFiles.refersToAny(version, own))) {
                DataFiles.delete(location, fragments);
            }
        }
    }

    private void publishOnce(BufferAllocator memory, CommitKey key, boolean overwrites) throws IOException {
        if (location.state() != TableLocation.State.TABLE) {
            if (appends) {
                throw ErrorCode.COMMIT_FAILED
                        .error("the Lance table " + location.path() + " is gone")
                        .where(location.option())
                        .cause("rows were to be appended to its version " + baseVersion)
                        .toException();
            }
            create(memory, key);
            return;
        }
        try (LanceTable table = LanceTable.open(location, null, memory)) {
            CommitBuilder commit = new CommitBuilder(table.dataset());
            if (overwrites) {
                execute(commit.storageFormat(formatName()), table.version(), overwrite(), key);
                return;
            }
            for (Schema written : unnumbered) {
                requireSameColumns(table, written);
            }
            Operation append = Append.builder().fragments(fragments).build();
            execute(commit, appends ? baseVersion : table.version(), append, key);
        }
    }

    private void create(BufferAllocator memory, CommitKey key) {
        CommitBuilder commit = new CommitBuilder(location.uri(), memory).storageFormat(formatName());
        long version = execute(commit, 0, overwrite(), key);
        if (version > 1 && !settings.overwrite()) {
            throw ErrorCode.COMMIT_FAILED
                    .error("another program made the Lance table " + location.path() + " at the same moment")
                    .where(location.option())
                    .cause("version " + version + " replaced its version " + (version - 1) + " instead of adding to it")
                    .help("restore version " + (version - 1) + " and run the job again")
                    .toException();
        }
    }

    /** The file format in the spelling of the commit: {@code v2_1}. */
    private String formatName() {
        return "v" + fileFormat.replace('.', '_');
    }

    private Operation overwrite() {
        return Overwrite.builder().fragments(fragments).schema(schema).build();
    }

    private long execute(CommitBuilder commit, long readVersion, Operation operation, CommitKey key) {
        try (Transaction transaction = new Transaction.Builder()
                        .readVersion(readVersion)
                        .operation(operation)
                        .transactionProperties(key.properties())
                        .build();
                Dataset published = commit.execute(transaction)) {
            return published.version();
        }
    }

    /**
     * Files written for a table that did not exist number their columns from 0; a table that appeared since must too.
     */
    private void requireSameColumns(LanceTable table, Schema written) {
        String difference = TableSchema.difference(table.stored(), written);
        List<Integer> numbers = new ArrayList<>();
        if (difference == null) {
            table.dataset().getLanceSchema().fields().forEach(field -> collectNumbers(field, numbers));
            boolean inOrder =
                    numbers.equals(IntStream.range(0, numbers.size()).boxed().toList());
            boolean sameOrder = IntStream.range(0, written.getFields().size())
                    .allMatch(i -> written.getFields()
                            .get(i)
                            .getName()
                            .equals(table.stored().getFields().get(i).getName()));
            difference = inOrder && sameOrder ? null : "its columns are numbered in another order";
        }
        if (difference != null) {
            throw location.conflict("the table appeared while the job ran, with other columns: " + difference);
        }
    }

    private static void collectNumbers(LanceField field, List<Integer> numbers) {
        numbers.add(field.getId());
        field.getChildren().forEach(child -> collectNumbers(child, numbers));
    }

    private boolean isPublished(BufferAllocator memory, CommitKey key) throws IOException {
        return isAnySince(memory, baseVersion, key::made);
    }

    /** Whether one of the versions after that one is such, the newest looked at first. All of them must be there. */
    private boolean isAnySince(BufferAllocator memory, long base, Predicate<Dataset> wanted) throws IOException {
        if (location.state() != TableLocation.State.TABLE) {
            return false;
        }
        try (LanceTable table = LanceTable.open(location, null, memory)) {
            List<Long> versions = new ArrayList<>();
            table.dataset().listVersions().forEach(version -> versions.add(version.getId()));
            versions.sort(Comparator.reverseOrder());
            long before = table.version() + 1;
            for (long version : versions) {
                if (version <= base) {
                    break;
                }
                if (version != before - 1) {
                    throw unprovable(before - 1);
                }
                try (Dataset past = table.dataset().checkoutVersion(version)) {
                    if (wanted.test(past)) {
                        return true;
                    }
                }
                before = version;
            }
            if (before > base + 1) {
                throw unprovable(before - 1);
            }
            return false;
        } catch (Exception failed) {
            throw LanceFailure.of(
                    ErrorCode.COMMIT_FAILED,
                    "cannot tell whether the rows have already been published to " + location.path(),
                    location.option(),
                    failed);
        }
    }

    private SolsticeException unprovable(long gone) {
        return ErrorCode.COMMIT_FAILED
                .error("cannot tell whether the rows have already been published to " + location.path())
                .where(location.option())
                .cause("version " + gone + " was cleaned up while the job ran")
                .help("look in the table for the rows, and run the job again if they are not there")
                .toException();
    }

    private SolsticeException refused(Exception failed) {
        SolsticeException coded = LanceFailure.of(
                ErrorCode.COMMIT_FAILED,
                "the rows cannot be published to the Lance table " + location.path(),
                location.option(),
                failed);
        boolean helped =
                coded.code() != ErrorCode.COMMIT_FAILED || !coded.error().help().isEmpty();
        return helped
                ? coded
                : coded.error()
                        .help("nothing was published; if the table was overwritten meanwhile, run the job again")
                        .toException(failed);
    }
}
