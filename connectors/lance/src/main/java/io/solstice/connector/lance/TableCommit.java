package io.solstice.connector.lance;

import io.solstice.api.sink.SinkCommit;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.fault.CrashPoint;
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
import org.lance.operation.Operation;
import org.lance.operation.Overwrite;
import org.lance.operation.Update;
import org.lance.schema.LanceField;

/**
 * Publishes the sealed files of all tasks as one table version, at most once.
 *
 * <p>A repeated commit is found by the {@link CommitKey} in the versions since the writing began. Two processes may also
 * commit the same at one moment: a worker that stood still between its look at the table and its commit, and the one
 * that took its place. Lance would let both add their rows, for it rebases an append onto whatever is newer. So rows are
 * added by an update that claims to remove the fragment {@link CommitKey#token}, which no table has: of two updates that
 * remove the same fragment, Lance refuses the second. Every decision is made on the version that is committed upon.
 */
final class TableCommit {
    /** Of a table that must not exist; with any other one, Lance replaces a table that appeared meanwhile. */
    private static final long NO_VERSION = -1;

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
        try (RootAllocator memory = new RootAllocator()) {
            if (location.state() != TableLocation.State.TABLE && isCreated(memory, key)) {
                return;
            }
            try (LanceTable table = LanceTable.open(location, null, memory)) {
                add(table, which, key);
            } catch (Exception failed) {
                refuseUnlessPublished(memory, key, failed);
            }
        }
    }

    /** Makes the table, unless another one does so first. */
    private boolean isCreated(BufferAllocator memory, CommitKey key) throws IOException {
        if (appends) {
            throw ErrorCode.COMMIT_FAILED
                    .error("the Lance table " + location.path() + " is gone")
                    .where(location.option())
                    .cause("rows were to be appended to its version " + baseVersion)
                    .toException();
        }
        try {
            create(memory, key);
            return true;
        } catch (Exception failed) {
            if (location.state() == TableLocation.State.TABLE) {
                return false;
            }
            throw refused(failed);
        }
    }

    /** It may have succeeded all the same: only the table knows. */
    private void refuseUnlessPublished(BufferAllocator memory, CommitKey key, Exception failed) throws IOException {
        if (location.state() != TableLocation.State.TABLE) {
            throw refused(failed);
        }
        try (LanceTable newest = LanceTable.open(location, null, memory)) {
            if (!isAnySince(newest, baseVersion, key::made)) {
                throw refused(failed);
            }
        }
    }

    private void add(LanceTable table, SinkCommit which, CommitKey key) {
        if (!isAnySince(table, baseVersion, key::made)) {
            commitOn(table, settings.overwrite() && !isBegun(table, which, key), key);
        }
    }

    /** Adds the rows to that version of the table, or replaces it; fails if that has been done meanwhile. */
    void commitOn(LanceTable table, boolean overwrites, CommitKey key) {
        CommitBuilder commit = new CommitBuilder(table.dataset());
        if (overwrites) {
            execute(commit.storageFormat(formatName()), table.version(), overwrite(), key);
            return;
        }
        for (Schema written : unnumbered) {
            requireSameColumns(table, written);
        }
        Operation append = Update.builder()
                .newFragments(fragments)
                .removedFragmentIds(List.of(key.token()))
                .build();
        execute(commit, appends ? baseVersion : table.version(), append, key);
    }

    /**
     * Whether the job has begun to write, so that an overwriting one adds to what is its own by now. The parts of a job's
     * first epoch know the version before. Others look through all versions, of which the newest is nearly always the
     * one; where versions have been cleaned up on the way, nothing of this job was among the newer ones.
     */
    private boolean isBegun(LanceTable table, SinkCommit which, CommitKey key) {
        return which.isContinued() || isAnySince(table, first ? baseVersion : oldest(table) - 1, key::isOfSubmission);
    }

    private static long oldest(LanceTable table) {
        return table.dataset().listVersions().stream()
                .mapToLong(Version::getId)
                .min()
                .orElse(1);
    }

    /** Deletes the files, unless a table version refers to them after all. */
    void discard() throws IOException {
        Set<String> own = DataFiles.names(fragments);
        try (RootAllocator memory = new RootAllocator()) {
            if (location.state() != TableLocation.State.TABLE || !isNamed(memory, own)) {
                DataFiles.delete(location, fragments);
            }
        }
    }

    private boolean isNamed(BufferAllocator memory, Set<String> files) throws IOException {
        try (LanceTable table = LanceTable.open(location, null, memory)) {
            return isAnySince(table, baseVersion, version -> DataFiles.refersToAny(version, files));
        }
    }

    /** Fails if there is a table. */
    void create(BufferAllocator memory, CommitKey key) {
        CommitBuilder commit = new CommitBuilder(location.uri(), memory).storageFormat(formatName());
        execute(commit, NO_VERSION, overwrite(), key);
    }

    /** The file format in the spelling of the commit: {@code v2_1}. */
    private String formatName() {
        return "v" + fileFormat.replace('.', '_');
    }

    private Operation overwrite() {
        return Overwrite.builder().fragments(fragments).schema(schema).build();
    }

    private static void execute(CommitBuilder commit, long readVersion, Operation operation, CommitKey key) {
        try (Transaction transaction = new Transaction.Builder()
                .readVersion(readVersion)
                .operation(operation)
                .transactionProperties(key.properties())
                .build()) {
            CrashPoint.LANCE_BEFORE_COMMIT.reach();
            commit.execute(transaction).close();
            CrashPoint.LANCE_COMMITTED.reach();
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

    /** Whether one of the versions after that one is such, the newest looked at first. All of them must be there. */
    private boolean isAnySince(LanceTable table, long base, Predicate<Dataset> wanted) {
        try {
            List<Long> versions = new ArrayList<>();
            table.dataset().listVersions().forEach(version -> versions.add(version.getId()));
            versions.sort(Comparator.reverseOrder());
            long before = versions.get(0) + 1;
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
