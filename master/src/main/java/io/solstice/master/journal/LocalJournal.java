package io.solstice.master.journal;

import com.google.protobuf.InvalidProtocolBufferException;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.wire.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A journal in a directory of this machine. Each {@link #append} makes one file, numbered one higher than the last,
 * written and synced beside its place and then linked there; the link fails if the place is taken, so two masters cannot
 * both write the same number. Files never change. Now and then a file sums up all before it, which are then deleted.
 *
 * <p>A file is: {@code SOLJ}, version (4 bytes), then for each entry its length and CRC-32C (4 bytes each) and its bytes.
 */
public final class LocalJournal implements Journal {
    private static final byte[] MAGIC = {'S', 'O', 'L', 'J', 0, 0, 0, 1};
    private static final String SUFFIX = ".entries";
    private static final int FILES_BETWEEN_SUMMARIES = 1_000;

    private final Path directory;
    private final int filesBetweenSummaries;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final JournaledState sum = new JournaledState();
    private long nextNumber = 1;
    private long firstNumber = 1;

    /** Makes the directory if it is not there, and claims it: a second master is refused. */
    public static LocalJournal open(Path directory) {
        return open(directory, FILES_BETWEEN_SUMMARIES);
    }

    static LocalJournal open(Path directory, int filesBetweenSummaries) {
        try {
            Files.createDirectories(directory);
            FileChannel file =
                    FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            @Nullable FileLock lock = tryLock(file);
            if (lock == null) {
                file.close();
                throw ErrorCode.PATH_UNUSABLE
                        .error("another master is using " + directory)
                        .help("stop it (bin/stop-master), or give this one another data_dir")
                        .toException();
            }
            return new LocalJournal(directory, filesBetweenSummaries, file, lock);
        } catch (IOException unusable) {
            throw ErrorCode.PATH_UNUSABLE
                    .error("the journal's directory " + directory + " cannot be used")
                    .cause(unusable.toString())
                    .help("give a data_dir that this user may write to")
                    .toException(unusable);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private LocalJournal(Path directory, int filesBetweenSummaries, FileChannel lockFile, FileLock lock) {
        this.directory = directory;
        this.filesBetweenSummaries = filesBetweenSummaries;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    @Override
    public List<JournalEntry> read() {
        try {
            List<Long> numbers = numbers();
            List<JournalEntry> entries = new ArrayList<>();
            for (int i = 0; i < numbers.size(); i++) {
                if (i > 0 && numbers.get(i) != numbers.get(i - 1) + 1) {
                    throw damaged(file(numbers.get(i - 1) + 1), "the file is missing, but later ones are there");
                }
                entries.addAll(decode(file(numbers.get(i))));
            }
            if (!numbers.isEmpty()) {
                firstNumber = numbers.get(0);
                nextNumber = numbers.get(numbers.size() - 1) + 1;
            }
            List<JournalEntry> live = sinceSummary(entries);
            if (firstNumber > 1 && !(live.get(0) instanceof JournalEntry.Summary)) {
                throw damaged(file(1), "the journal begins with file " + firstNumber + ", which sums up nothing");
            }
            live.forEach(sum::apply);
            return live;
        } catch (IOException unreadable) {
            throw SolsticeException.of(unreadable);
        }
    }

    private static List<JournalEntry> sinceSummary(List<JournalEntry> entries) {
        int start = 0;
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i) instanceof JournalEntry.Summary) {
                start = i;
            }
        }
        return List.copyOf(entries.subList(start, entries.size()));
    }

    private List<Long> numbers() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.matches("\\d{19}\\" + SUFFIX))
                    .map(name -> Long.parseLong(name.substring(0, 19)))
                    .sorted()
                    .toList();
        }
    }

    private Path file(long number) {
        return directory.resolve("%019d".formatted(number) + SUFFIX);
    }

    @Override
    public void append(List<JournalEntry> entries) {
        try {
            publish(entries);
            entries.forEach(sum::apply);
            if (nextNumber - firstNumber > filesBetweenSummaries) {
                sumUp(entries.get(entries.size() - 1).millis());
            }
        } catch (FileAlreadyExistsException taken) {
            throw ErrorCode.JOURNAL_FAILED
                    .error("another master writes the journal in " + directory)
                    .cause(taken.getMessage() + " exists already")
                    .help("run one master for each data_dir")
                    .toException(taken);
        } catch (IOException failure) {
            SolsticeException known = SolsticeException.of(failure);
            throw ErrorCode.JOURNAL_FAILED
                    .error("the journal in " + directory + " could not be written")
                    .cause(
                            known.code() == ErrorCode.INTERNAL
                                    ? failure.toString()
                                    : known.error().what())
                    .help("mend the disk and start the master again")
                    .toException(failure);
        }
    }

    private void publish(List<JournalEntry> entries) throws IOException {
        Path draft = directory.resolve("draft");
        try (FileChannel out = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = encode(entries);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.createLink(file(nextNumber), draft);
        Files.delete(draft);
        syncDirectory();
        nextNumber++;
    }

    /** So that the new name survives a crash of the machine. */
    private void syncDirectory() throws IOException {
        try (FileChannel self = FileChannel.open(directory, StandardOpenOption.READ)) {
            self.force(true);
        }
    }

    private void sumUp(long millis) throws IOException {
        long summary = nextNumber;
        publish(List.of(sum.summary(millis)));
        for (long number = firstNumber; number < summary; number++) {
            Files.deleteIfExists(file(number));
        }
        firstNumber = summary;
    }

    private static ByteBuffer encode(List<JournalEntry> entries) {
        List<byte[]> parts = entries.stream()
                .map(entry -> Wire.bytes(JournalCodec.toProto(entry)))
                .toList();
        ByteBuffer bytes = ByteBuffer.allocate(
                MAGIC.length + parts.stream().mapToInt(part -> 8 + part.length).sum());
        bytes.put(MAGIC);
        for (byte[] part : parts) {
            bytes.putInt(part.length).putInt(checksum(part)).put(part);
        }
        return bytes.flip();
    }

    private static int checksum(byte[] part) {
        CRC32C crc = new CRC32C();
        crc.update(part);
        return (int) crc.getValue();
    }

    private static List<JournalEntry> decode(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        byte[] magic = new byte[MAGIC.length];
        if (bytes.remaining() < magic.length) {
            throw damaged(file, "it has only " + bytes.remaining() + " bytes");
        }
        bytes.get(magic);
        if (!java.util.Arrays.equals(magic, MAGIC)) {
            throw damaged(file, "it does not begin as a file of a journal does");
        }
        List<JournalEntry> entries = new ArrayList<>();
        while (bytes.hasRemaining()) {
            entries.add(decodeNext(file, bytes));
        }
        return entries;
    }

    private static JournalEntry decodeNext(Path file, ByteBuffer bytes) {
        int at = bytes.position();
        if (bytes.remaining() < 8) {
            throw damaged(file, "it ends in the middle of an entry, at byte " + at);
        }
        int length = bytes.getInt();
        int checksum = bytes.getInt();
        if (length < 0 || length > bytes.remaining()) {
            throw damaged(file, "it ends in the middle of an entry, at byte " + at);
        }
        byte[] part = new byte[length];
        bytes.get(part);
        if (checksum(part) != checksum) {
            throw damaged(file, "the checksum of the entry at byte " + at + " does not fit");
        }
        try {
            return JournalCodec.fromProto(io.solstice.proto.v1.JournalEntry.parseFrom(part));
        } catch (InvalidProtocolBufferException broken) {
            throw damaged(file, broken.toString());
        }
    }

    private static SolsticeException damaged(Path file, String cause) {
        return ErrorCode.JOURNAL_DAMAGED
                .error("the master's journal is damaged")
                .where(file.toString())
                .cause(cause)
                .help(
                        "restore the directory from a copy, or start with an empty data_dir; running jobs are then unknown")
                .toException();
    }

    @Override
    public void close() {
        try (FileChannel file = lockFile) {
            lock.release();
        } catch (IOException stillHeld) {
            throw SolsticeException.of(stillHeld);
        }
    }
}
