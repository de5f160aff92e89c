package io.solstice.worker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.common.error.SolsticeException;
import io.solstice.common.store.ByteStore;
import io.solstice.common.store.ByteStore.StoredFile;
import io.solstice.common.store.ByteStoreProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every kind of store is held to. */
class ByteStoreTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final long MEMORY = 8 << 20;

    @TempDir
    Path folder;

    private static byte[] bytes(Random random, int most) {
        byte[] bytes = new byte[1 + random.nextInt(most)];
        random.nextBytes(bytes);
        // Few of them, so that prefixes are met.
        for (int i = 0; i < bytes.length && most < 10; i++) {
            bytes[i] = (byte) (bytes[i] % 3);
        }
        return bytes;
    }

    private static TreeMap<String, String> content(ByteStore store, byte[] prefix, byte[] from) {
        TreeMap<String, String> content = new TreeMap<>();
        byte @Nullable [] last = null;
        try (ByteStore.Scan scan = store.scan(prefix, from)) {
            while (scan.next()) {
                assertThat(last == null || Arrays.compareUnsigned(last, scan.key()) < 0)
                        .isTrue();
                last = scan.key();
                content.put(HEX.formatHex(scan.key()), HEX.formatHex(scan.value()));
            }
            assertThat(scan.next()).as("after the end").isFalse();
        }
        return content;
    }

    @ParameterizedTest
    @ValueSource(strings = {"rocksdb", "disk"})
    void aStoreIsASortedMapAndSoAreItsSnapshots(String kind) throws Exception {
        ByteStoreProvider provider = ByteStores.named(kind);
        Random random = new Random(7);
        TreeMap<String, String> plain = new TreeMap<>();
        Map<Integer, Map<String, String>> then = new HashMap<>();
        Map<String, byte[]> neverChanging = new HashMap<>();
        try (ByteStore store = provider.open(folder.resolve("store"), MEMORY)) {
            for (int step = 0; step < 6_000; step++) {
                byte[] key = bytes(random, 8);
                byte[] value = bytes(random, 300);
                if (random.nextInt(3) == 0) {
                    store.delete(key);
                    plain.remove(HEX.formatHex(key));
                } else {
                    store.put(key, value);
                    plain.put(HEX.formatHex(key), HEX.formatHex(value));
                }
                byte[] asked = bytes(random, 8);
                byte[] found = store.get(asked);
                assertThat(found == null ? null : HEX.formatHex(found)).isEqualTo(plain.get(HEX.formatHex(asked)));
                if (step % 500 == 0) {
                    byte[] prefix = bytes(random, 3);
                    TreeMap<String, String> expected = new TreeMap<>(plain);
                    expected.keySet().removeIf(name -> !name.startsWith(HEX.formatHex(prefix)));
                    assertThat(content(store, prefix, prefix)).isEqualTo(expected);
                    String middle = expected.isEmpty() ? HEX.formatHex(prefix) : expected.lastKey();
                    assertThat(content(store, prefix, HEX.parseHex(middle))).isEqualTo(expected.tailMap(middle));
                    for (StoredFile file : store.snapshot(folder.resolve("cut-" + step))) {
                        byte[] now = Files.readAllBytes(file.path());
                        byte[] before = file.isFinal() ? neverChanging.put(file.name(), now) : null;
                        assertThat(before == null || Arrays.equals(before, now))
                                .as(file.name())
                                .isTrue();
                    }
                    then.put(step, Map.copyOf(plain));
                }
            }
        }
        assertThat(neverChanging.isEmpty()).isEqualTo(kind.equals("disk"));
        for (Map.Entry<Integer, Map<String, String>> cut : then.entrySet()) {
            TreeMap<String, String> all = new TreeMap<>();
            try (ByteStore again = provider.open(folder.resolve("cut-" + cut.getKey()), MEMORY)) {
                for (byte first : new byte[] {-2, -1, 0, 1, 2}) {
                    all.putAll(content(again, new byte[] {first}, new byte[] {first}));
                }
            }
            assertThat(all).isEqualTo(cut.getValue());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rocksdb", "disk"})
    void whatIsWrittenOverAndOverTakesLittleRoom(String kind) throws Exception {
        Random random = new Random(1);
        try (ByteStore store = ByteStores.named(kind).open(folder.resolve("store"), MEMORY)) {
            for (int i = 0; i < 60_000; i++) {
                byte[] value = new byte[1_000];
                random.nextBytes(value);
                store.put(new byte[] {0, (byte) (i % 100)}, value);
            }
            long size = 0;
            for (StoredFile file : store.snapshot(folder.resolve("cut"))) {
                size += Files.size(file.path());
            }
            assertThat(size).as("of 60 MB that were written").isLessThan(16 << 20);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rocksdb", "disk"})
    void aFolderThatIsNoneIsRefusedWithItsName(String kind) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "text");
        assertThatThrownBy(() -> ByteStores.named(kind).open(file.resolve("store"), MEMORY))
                .isInstanceOf(SolsticeException.class)
                .hasMessageContaining("SOL-3103")
                .hasMessageContaining(file.toString());
        assertThat(List.of(Files.readString(file))).containsExactly("text");
    }
}
