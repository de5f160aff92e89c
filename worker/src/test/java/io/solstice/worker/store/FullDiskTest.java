package io.solstice.worker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.store.ByteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The disk below a store fills up. Needs the right to mount a small file system; skipped without it. */
@Timeout(60)
class FullDiskTest {
    private static final int ROWS = 100_000;
    private static final int AT_ONCE = 500;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"rocksdb", "disk"})
    void isAnErrorWithTheFolderAndGivesTheSpaceBack(String kind) throws Exception {
        Path disk = Files.createDirectory(folder.resolve("small"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", disk.toString()), "mounting is not permitted");
        try {
            OwnFolder own = OwnFolder.below(disk, "task");
            ByteStore store = ByteStores.named(kind).open(own.path().resolve("entries"), 2 << 20);
            SolsticeException full = catchThrowableOfType(SolsticeException.class, () -> fill(store, own.path()));
            assertThat(full).isNotNull();
            assertThat(full.code()).as(full.getMessage()).isEqualTo(ErrorCode.DISK_FULL);
            assertThat(full.error().where()).contains(own.path().toString());
            assertThat(full.error().help()).contains("make room");
            store.close();
            own.close();
            assertThat(disk).isEmptyDirectory();
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    /** Keys and values at random, and a snapshot now and then, as a task does. */
    private static void fill(ByteStore store, Path own) {
        Random random = new Random(3);
        for (int i = 0; i < ROWS; i += AT_ONCE) {
            List<byte[]> keys = new ArrayList<>();
            List<byte[]> values = new ArrayList<>();
            for (int j = 0; j < AT_ONCE; j++) {
                keys.add(bytes(random, 16));
                values.add(bytes(random, 200));
            }
            store.writeAll(keys, values);
            if (i % (20 * AT_ONCE) == 0) {
                store.snapshot(own.resolve("cut-" + i));
            }
        }
    }

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static boolean run(String... command) throws Exception {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }
}
