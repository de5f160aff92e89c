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
 */
final class FilePublication {
    private static final String MERGED = ".merged";
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

    private void keep(List<StagedPart> parts) throws IOException {
        if (!isOurs()) {
            if (!which.isContinued()) {
                Publication.deleteTree(kept);
            }
            Files.createDirectories(kept);
            Publication.mark(kept, which);
            Publication.makeDurable(StagedPart.parent(kept));
        }
        Publication.move(parts, kept);
        Publication.makeDurable(kept);
    }

    private boolean isOurs() {
        return Files.exists(kept.resolve(Hidden.marker(which)));
    }

    private void complete(List<StagedPart> parts) throws IOException {
        boolean earlier = isOurs() || (which.isContinued() && Files.isDirectory(kept));
        if (!earlier && parts.size() == 1) {
            publishAlone(parts.get(0));
        } else if (earlier || !isPublished(parts)) {
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

    /** Several parts were committed with the last commit: whether that has been done. */
    private boolean isPublished(List<StagedPart> parts) throws IOException {
        for (StagedPart part : parts) {
            if (part.isNewestOf(target)) {
                return true;
            }
        }
        return parts.isEmpty();
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
        Files.setLastModifiedTime(merged, FileTime.from(newest, TimeUnit.NANOSECONDS));
        try (FileChannel file = FileChannel.open(merged, StandardOpenOption.WRITE)) {
            file.force(true);
        }
        check.check(false);
        Files.move(merged, target, StandardCopyOption.ATOMIC_MOVE);
        Publication.makeDurable(StagedPart.parent(target));
    }

    private static long epoch(Path part) {
        Matcher name = EPOCH.matcher(part.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(1)) : 1;
    }
}
