package io.solstice.api.program;

import io.solstice.common.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs classes into a jar in memory, so that the same classes give the same bytes on every machine and at every time:
 * entries in the order of their names, with a fixed date, and stored as they are, because compressors differ.
 */
final class ClassPacker {
    private static final long LARGEST_BYTES = 256L << 20;
    /** The oldest that a jar can hold in every time zone. */
    private static final LocalDateTime DATE = LocalDateTime.of(1980, 2, 1, 0, 0);

    private ClassPacker() {}

    /** All files below a folder, by their names in the jar. */
    static SortedMap<String, byte[]> files(Path folder) throws IOException {
        SortedMap<String, byte[]> entries = new TreeMap<>();
        long size = 0;
        List<Path> files;
        try (Stream<Path> found = Files.walk(folder)) {
            files = found.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            size += Files.size(file);
            if (size > LARGEST_BYTES) {
                throw ErrorCode.ARTIFACT_UNREADABLE
                        .error(folder + " is too large to be packed in memory")
                        .cause("it holds more than " + (LARGEST_BYTES >> 20) + " MiB")
                        .help("build a jar of the workflow and give that")
                        .toException();
            }
            entries.put(folder.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
        }
        return entries;
    }

    static SortedMap<String, byte[]> classes(Map<String, byte[]> byName) {
        SortedMap<String, byte[]> entries = new TreeMap<>();
        byName.forEach((name, bytes) -> entries.put(name.replace('.', '/') + ".class", bytes));
        return entries;
    }

    static byte[] pack(SortedMap<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream jar = new ZipOutputStream(bytes)) {
            jar.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<String, byte[]> content : entries.entrySet()) {
                jar.putNextEntry(entry(content.getKey(), content.getValue()));
                jar.write(content.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static ZipEntry entry(String name, byte[] content) {
        ZipEntry entry = new ZipEntry(name);
        CRC32 checksum = new CRC32();
        checksum.update(content);
        entry.setTimeLocal(DATE);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        return entry;
    }
}
