package io.solstice.connector.files;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Decides whether a target may be written or replaced. Only output of the same kind is ever replaced. */
final class TargetCheck {
    private static final byte[] PARQUET_MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

    private final Path target;
    private final String extension;
    private final boolean overwrite;

    TargetCheck(Path target, String extension, boolean overwrite) {
        this.target = target;
        this.extension = extension;
        this.overwrite = overwrite;
    }

    /** @param directory whether the target is to be a directory of parts */
    void check(boolean directory) throws IOException {
        for (Path name : target) {
            if (name.toString().startsWith(".") && name.toString().contains(StagedPart.STAGING_MARK)) {
                throw conflict("it lies in a staging directory of another job", "choose another output_path");
            }
        }
        if (target.getFileName() == null) {
            throw conflict("it is the root of the file system", "choose another output_path");
        }
        if (!Files.exists(target)) {
            checkParent();
            return;
        }
        if (!overwrite) {
            throw conflict("it exists, and mode is 'fail'", "remove it, or set mode: overwrite");
        }
        if (directory) {
            checkDirectory();
        } else {
            checkFile();
        }
        checkParent();
    }

    private void checkParent() {
        Path parent = StagedPart.parent(target);
        while (!Files.exists(parent)) {
            parent = StagedPart.parent(parent);
        }
        if (!Files.isDirectory(parent) || !Files.isWritable(parent)) {
            throw ErrorCode.PATH_UNUSABLE
                    .error("cannot write to '" + target + "'")
                    .where("FileSink.output_path")
                    .cause("'" + parent + "' is " + (Files.isDirectory(parent) ? "not writable" : "not a directory"))
                    .toException();
        }
    }

    /** The target is a directory that an earlier submission of the job began. */
    void checkParts() throws IOException {
        checkDirectory();
    }

    private void checkDirectory() throws IOException {
        if (!Files.isDirectory(target)) {
            throw conflict(
                    "it is a file, and several tasks write a directory of files",
                    "remove it, choose another output_path, or use one sink task (parallelism 1)");
        }
        Pattern part = Pattern.compile("part-\\d{5,}(-\\d{6,}-[0-9a-f]{8})?\\." + extension);
        try (Stream<Path> children = Files.list(target)) {
            for (Path child : children.toList()) {
                String name = child.getFileName().toString();
                if (!part.matcher(name).matches() && !name.startsWith(StagedPart.STAGING_MARK)) {
                    throw conflict(
                            "it holds '" + name + "', which is no " + extension + " part of a sink",
                            "a directory is replaced only if all in it was written by such a sink; choose another"
                                    + " output_path, or empty it");
                }
            }
        }
    }

    private void checkFile() throws IOException {
        if (!Files.isRegularFile(target)) {
            throw conflict(
                    "it is a directory, and one task writes one file",
                    "name a file in it, for example " + target.resolve("output." + extension));
        }
        if (Files.size(target) > 0 && isParquet() != extension.equals("parquet")) {
            throw conflict(
                    "it is a file of another format than " + extension,
                    "choose another output_path, or remove the file");
        }
    }

    private boolean isParquet() throws IOException {
        try (InputStream file = Files.newInputStream(target)) {
            return Arrays.equals(file.readNBytes(PARQUET_MAGIC.length), PARQUET_MAGIC);
        }
    }

    private SolsticeException conflict(String cause, String help) {
        return ErrorCode.TARGET_CONFLICT
                .error("'" + target + "' cannot be written")
                .where("FileSink.output_path")
                .cause(cause)
                .help(help)
                .toException();
    }
}
