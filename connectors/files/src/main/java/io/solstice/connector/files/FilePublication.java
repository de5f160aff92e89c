package io.solstice.connector.files;

import io.solstice.api.sink.SinkCommit;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Publishes one file. It must not be seen before it is complete, so what is committed before the last commit is kept in
 * a hidden directory, which also later runs find; the last commit makes one file of all that. A commit that was cut
 * short anywhere goes on when it is repeated: the finished file has the time of its newest part, and so is recognised.
 *
 * <p>A last commit is not always the end: a job that was stopped with a savepoint, or had finished, can go on from its
 * checkpoint. Then the published file becomes the first of what is kept, and stays to be seen until it is replaced.
 */
final class FilePublication {
    private static final String MERGED = ".merged";
    /** What an earlier run published; it comes before all parts. */
    private static final String PUBLISHED = "part-00000-000000-published";

    private static final Pattern EPOCH = Pattern.compile("part-\\d+-(\\d+)-.*");

    private final Path target;
    private final TargetCheck check;
    private final StagedFiles.Merge merge;
    private final SinkCommit which;
    private final Path kept;

    FilePublication(Path target, TargetCheck check, StagedFiles.Merge merge, SinkCommit which) {
        this.target = target;
        this.check = check;
        this.merge = merge;
        this.which = which;
        this.kept = Hidden.of(target).kept(which);
    }

    void publish(List<StagedPart> parts) throws IOException {
        if (which.isLast()) {
            complete(parts);
        } else {
            keep(parts);
        }
        for (StagedPart part : parts) {
            Publication.deleteIfEmpty(StagedPart.parent(part.staged()));
        }
    }

    /** Whether there is something to do without parts: what is kept, or what will be. */
    boolean goesOn() {
        return Files.isDirectory(kept) || which.isRecovery() && which.isContinued() && Files.isRegularFile(target);
    }

    private void keep(List<StagedPart> parts) throws IOException {
        if (!isOurs()) {
            begin(parts);
        }
        if (isAnyStaged(parts) || !isIn(kept.resolve(PUBLISHED), parts)) {
            Publication.move(parts, kept);
        }
        Publication.makeDurable(kept);
    }

    private boolean isOurs() {
        return Files.exists(kept.resolve(Hidden.marker(which)));
    }

    /** There in one step: without what was published it would look as if nothing had been. */
    private void begin(List<StagedPart> parts) throws IOException {
        if (which.isContinued() && Files.isDirectory(kept)) {
            Publication.mark(kept, which);
            return;
        }
        Publication.deleteTree(kept);
        Path fresh = Hidden.of(target).fresh(which);
        Publication.deleteTree(fresh);
        Files.createDirectories(fresh);
        if (isTargetFirst(parts)) {
            copyTarget(fresh.resolve(PUBLISHED));
        }
        Publication.mark(fresh, which);
        Files.move(fresh, kept, StandardCopyOption.ATOMIC_MOVE);
        Publication.makeDurable(StagedPart.parent(kept));
    }

    /** Nothing is kept: whether that is so because earlier runs published all of it. */
    private boolean isTargetFirst(List<StagedPart> parts) throws IOException {
        if (!Files.isRegularFile(target)) {
            return false;
        }
        if (isAnyStaged(parts)) {
            return isAddedToTarget(parts);
        }
        return parts.isEmpty() ? which.isContinued() : isIn(target, parts);
    }

    /** Parts that an earlier submission left staged are its first, for it would have kept others. */
    private boolean isAddedToTarget(List<StagedPart> parts) throws IOException {
        for (StagedPart part : parts) {
            if (part.is(part.staged()) && Hidden.of(target).isStagedBy(which, part)) {
                return which.isContinued() && Files.isRegularFile(target);
            }
        }
        return false;
    }

    private static boolean isAnyStaged(List<StagedPart> parts) throws IOException {
        for (StagedPart part : parts) {
            if (part.is(part.staged())) {
                return true;
            }
        }
        return false;
    }

    /** The copy keeps the time, by which the newest part is recognised in it. */
    private void copyTarget(Path copy) throws IOException {
        Files.copy(target, copy);
        finish(copy, StagedPart.modified(target));
    }

    private static void finish(Path made, long modifiedNanos) throws IOException {
        Files.setLastModifiedTime(made, FileTime.from(modifiedNanos, TimeUnit.NANOSECONDS));
        try (FileChannel file = FileChannel.open(made, StandardOpenOption.WRITE)) {
            file.force(true);
        }
    }

    private void complete(List<StagedPart> parts) throws IOException {
        boolean earlier = isOurs() || (which.isContinued() && (Files.isDirectory(kept) || isAddedToTarget(parts)));
        if (!earlier && parts.size() == 1) {
            publishAlone(parts.get(0));
        } else if (earlier || !(parts.isEmpty() || isIn(target, parts))) {
            keep(parts);
            merge();
        }
        // Away in one step: a part of it would look like all of it.
        if (Files.isDirectory(kept)) {
            Path gone = Hidden.of(target).replaced(which);
            Publication.deleteTree(gone);
            Files.move(kept, gone, StandardCopyOption.ATOMIC_MOVE);
        }
        Publication.deleteTree(Hidden.of(target).replaced(which));
    }

    private void publishAlone(StagedPart part) throws IOException {
        if (part.is(part.staged())) {
            check.check(false);
            Files.move(part.staged(), target, StandardCopyOption.ATOMIC_MOVE);
            Publication.makeDurable(StagedPart.parent(target));
        } else if (!part.is(target) && !part.isNewestOf(target)) {
            throw Publication.lost(part);
        }
    }

    /** Whether that file was made of parts with these among them: a commit of several adds all or none. */
    private static boolean isIn(Path file, List<StagedPart> parts) throws IOException {
        for (StagedPart part : parts) {
            if (part.isNewestOf(file)) {
                return true;
            }
        }
        return false;
    }

    private void merge() throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.list(kept)) {
            all = files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted(Comparator.comparingLong(FilePublication::epoch))
                    .toList();
        }
        Path merged = kept.resolve(MERGED);
        Files.deleteIfExists(merged);
        merge.merge(all, merged);
        long newest = 0;
        for (Path part : all) {
            newest = Math.max(newest, StagedPart.modified(part));
        }
        finish(merged, newest);
        check.check(false);
        Files.move(merged, target, StandardCopyOption.ATOMIC_MOVE);
        Publication.makeDurable(StagedPart.parent(target));
    }

    private static long epoch(Path part) {
        Matcher name = EPOCH.matcher(part.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(1)) : 1;
    }
}
