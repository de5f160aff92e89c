package io.solstice.common.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every object store must do. Each store's tests extend this. */
public abstract class ObjectStoreContract {
    @SuppressWarnings("NullAway.Init")
    private ObjectStore store;

    private Map<String, String> settings = Map.of();

    /** The settings of a place that nobody has used yet, new at each call. */
    protected abstract Map<String, String> emptyPlace();

    /** Replaces or creates an object behind the store's back, in the place that was made last. */
    protected abstract void damage(String key, byte[] content) throws IOException;

    /** How many keys are listed: more than the store itself lists at a time. */
    protected int manyKeys() {
        return 1037;
    }

    /** How often processes race. */
    protected int races() {
        return 150;
    }

    protected final ObjectStore store() {
        return store;
    }

    @BeforeEach
    void openStore() {
        settings = emptyPlace();
        store = ObjectStores.open(settings);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void givesBackWhatWasWritten() {
        Creation creation = store.putNew("job/7/manifest", "hello".getBytes(UTF_8));
        assertThat(creation.outcome()).isEqualTo(Outcome.CREATED);
        ObjectRef ref = creation.written();
        assertThat(ref)
                .isEqualTo(new ObjectRef(
                        "job/7/manifest", 5, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"));
        assertThat(store.read(ref)).asString(UTF_8).isEqualTo("hello");
        assertThat(store.read("job/7/manifest", 5)).asString(UTF_8).isEqualTo("hello");
        assertThat(store.size("job/7/manifest")).hasValue(5);
        assertThat(store.exists("job/7/manifest")).isTrue();
        assertThat(store.holds(ref)).isTrue();
        assertThat(store.exists("job/7")).isFalse();
        assertThat(store.exists("job/7/manifest2")).isFalse();
    }

    @Test
    void writesOnceOnly() {
        ObjectRef first = store.putNew("a", new byte[] {1}).written();
        assertThat(store.putNew("a", new byte[] {2}).outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(store.putNew("a", new byte[] {2, 3}).outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(store.putNew("a", new byte[] {1}).outcome()).isEqualTo(Outcome.SAME);
        assertThat(store.putNew("a", new byte[] {1}).won()).isFalse();
        assertThat(store.read(first)).containsExactly(1);
        assertThat(store.sweep(Duration.ZERO)).as("left behind").isZero();
    }

    @Test
    void holdsEmptyObjects() {
        ObjectRef ref = store.putNew("empty", new byte[0]).written();
        assertThat(ref.size()).isZero();
        assertThat(store.read(ref)).isEmpty();
        assertThat(store.read("empty", 0)).isEmpty();
        assertThat(store.size("empty")).hasValue(0);
        assertThat(store.holds(ref)).isTrue();
        assertThat(store.putNew("empty", new byte[0]).outcome()).isEqualTo(Outcome.SAME);
    }

    @Test
    void streamsLargeObjects() throws IOException {
        int length = 40 << 20;
        byte[] block = new byte[100_003];
        new Random(5).nextBytes(block);
        Creation creation = store.putNew("large/object", out -> {
            for (int left = length; left > 0; left -= block.length) {
                out.write(block, 0, Math.min(left, block.length));
            }
        });
        assertThat(creation.won()).isTrue();
        ObjectRef ref = creation.written();
        assertThat(ref.size()).isEqualTo(length);
        assertThat(store.size("large/object")).hasValue(length);
        assertThat(store.holds(ref)).isTrue();
        try (InputStream in = store.range("large/object", (33L << 20) + 1, 9)) {
            int at = ((33 << 20) + 1) % block.length;
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(block, at, at + 9));
        }
        Creation other = store.putNew("large/object", out -> out.write(new byte[20 << 20]));
        assertThat(other.outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(store.holds(ref)).isTrue();
        assertThat(store.sweep(Duration.ZERO)).as("left behind").isZero();
    }

    @Test
    void readsRanges() throws IOException {
        store.putNew("digits", "0123456789".getBytes(UTF_8));
        assertThat(range(0, 3)).isEqualTo("012");
        assertThat(range(4, 1)).isEqualTo("4");
        assertThat(range(8, 100)).isEqualTo("89");
        assertThat(range(10, 5)).isEmpty();
        assertThat(range(99, 5)).isEmpty();
        assertThat(range(3, 0)).isEmpty();
        assertThat(range(1, Long.MAX_VALUE)).isEqualTo("123456789");
        assertThatThrownBy(() -> store.range("digits", -1, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThat(code(() -> store.read("digits", 9))).isEqualTo(ErrorCode.OBJECT_DAMAGED);
    }

    private String range(long offset, long length) throws IOException {
        try (InputStream in = store.range("digits", offset, length)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @Test
    void tellsThatAnObjectIsMissing() {
        ObjectRef ref = new ObjectRef("not/there", 3, "0".repeat(64));
        assertThat(code(() -> store.open(ref))).isEqualTo(ErrorCode.OBJECT_MISSING);
        assertThat(code(() -> store.read("not/there", 10))).isEqualTo(ErrorCode.OBJECT_MISSING);
        assertThat(code(() -> store.range("not/there", 0, 0))).isEqualTo(ErrorCode.OBJECT_MISSING);
        assertThat(store.size("not/there")).isEmpty();
        assertThat(store.holds(ref)).isFalse();
        store.delete("not/there");
    }

    @Test
    void deletes() {
        store.putNew("a/b/c", new byte[] {1});
        store.putNew("a/d", new byte[] {2});
        store.delete("a/b/c");
        assertThat(store.exists("a/b/c")).isFalse();
        store.delete("a/b/c");
        assertThat(store.list("", "", 10)).containsExactly("a/d");
        assertThat(store.putNew("a/b/c", new byte[] {3}).won()).isTrue();
        assertThat(store.read("a/b/c", 1)).containsExactly(3);
    }

    @Test
    void showsNothingUntilFinished() throws IOException {
        try (ObjectWriter given = store.create("up")) {
            given.write(new byte[9 << 20]);
            assertThat(store.exists("up")).isFalse();
            assertThat(store.list("", "", 10)).isEmpty();
        }
        assertThat(store.exists("up")).isFalse();
        assertThat(store.sweep(Duration.ZERO)).as("given up means removed").isZero();

        ObjectWriter dead = store.create("dead");
        dead.write(new byte[9 << 20]);
        assertThat(store.sweep(Duration.ofHours(1))).isZero();
        assertThat(store.sweep(Duration.ofSeconds(-60))).isEqualTo(1);
        assertThat(store.sweep(Duration.ofSeconds(-60))).isZero();
        dead.close();
        assertThatThrownBy(() -> dead.write(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(dead::finish).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aProducerThatFailsLeavesNothing() {
        assertThatThrownBy(() -> store.putNew("half", out -> {
                    out.write(new byte[9 << 20]);
                    throw new IOException("the producer's own");
                }))
                .isInstanceOfSatisfying(
                        SolsticeException.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.IO_FAILED))
                .hasMessageContaining("the producer's own");
        assertThat(store.exists("half")).isFalse();
        assertThat(store.sweep(Duration.ofSeconds(-60))).isZero();
    }

    @Test
    void listsInOrderPageByPage() throws Exception {
        TreeSet<String> keys = new TreeSet<>();
        IntStream.range(0, manyKeys()).forEach(i -> keys.add("job/chk-" + i));
        keys.addAll(List.of("job/chk-1/part", "job/chk-1-x", "job/chk.1", "job/chk_1", "jobs", "job-1/a", "K/a", "i"));
        keys.remove("job/chk-1");
        each(keys, key -> store.putNew(key, new byte[] {1}));
        assertThat(store.list("", "", 2000)).containsExactlyElementsOf(keys);
        List<String> paged = new ArrayList<>();
        for (String after = ""; ; ) {
            List<String> page = store.list("job/chk-", after, 100);
            paged.addAll(page);
            if (page.size() < 100) {
                break;
            }
            after = page.get(page.size() - 1);
        }
        assertThat(paged)
                .containsExactlyElementsOf(
                        keys.stream().filter(key -> key.startsWith("job/chk-")).toList());
        assertThat(store.list("job/chk-1/", "", 9)).containsExactly("job/chk-1/part");
        assertThat(store.list("job/chk-99", "job/chk-99", 1))
                .isEqualTo(manyKeys() > 990 ? List.of("job/chk-990") : List.of());
        assertThat(store.list("nothing/here", "", 9)).isEmpty();
    }

    private interface Step {
        void run(String key);
    }

    private static void each(Iterable<String> keys, Step step) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> all = new ArrayList<>();
            keys.forEach(key -> all.add(threads.submit(() -> step.run(key))));
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void hasOneWinnerAmongThreads() throws Exception {
        int racers = 12;
        ExecutorService threads = Executors.newFixedThreadPool(racers);
        try {
            for (int round = 0; round < 20; round++) {
                String key = "race/" + round;
                CyclicBarrier start = new CyclicBarrier(racers);
                List<Future<Creation>> all = new ArrayList<>();
                for (int i = 0; i < racers; i++) {
                    byte[] content = {(byte) i, (byte) round};
                    all.add(threads.submit(() -> {
                        start.await();
                        return store.putNew(key, content);
                    }));
                }
                List<ObjectRef> winners = new ArrayList<>();
                for (Future<Creation> one : all) {
                    Creation creation = one.get();
                    assertThat(creation.outcome()).isNotEqualTo(Outcome.SAME);
                    if (creation.won()) {
                        winners.add(creation.written());
                    }
                }
                assertThat(winners).as("winners of " + key).hasSize(1);
                assertThat(store.holds(winners.get(0))).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(store.sweep(Duration.ofSeconds(-60))).isZero();
    }

    @Test
    void hasOneWinnerAmongProcesses() throws Exception {
        Map<String, Integer> winners = new TreeMap<>();
        Map<String, String> bytes = new HashMap<>();
        for (String line : StoreRacer.race(settings, 3, races())) {
            String[] words = line.split(" ");
            winners.merge(words[0], words[1].equals("CREATED") ? 1 : 0, Integer::sum);
            if (words[1].equals("CREATED")) {
                bytes.put(words[0], words[2]);
            }
        }
        assertThat(winners).hasSize(races());
        winners.forEach((key, count) -> assertThat(count).as(key).isOne());
        bytes.forEach((key, winner) ->
                assertThat(store.read(key, 100)).asString(UTF_8).as(key).isEqualTo(winner));
        assertThat(bytes.values().stream().distinct().count())
                .as("the processes did race")
                .isGreaterThan(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 300_000})
    void findsEveryDamage(int size) throws IOException {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        ObjectRef ref = store.putNew("whole", content).written();
        List<byte[]> wrong = new ArrayList<>();
        for (int at : new TreeSet<>(List.of(0, size / 3, size / 2, size - 1))) {
            for (int bit : List.of(0, 7)) {
                byte[] flipped = content.clone();
                flipped[at] ^= (byte) (1 << bit);
                wrong.add(flipped);
            }
            wrong.add(Arrays.copyOf(content, at));
            byte[] zeroed = content.clone();
            Arrays.fill(zeroed, at, size, (byte) 0);
            wrong.add(zeroed);
        }
        wrong.add(Arrays.copyOf(content, size + 1));
        wrong.add(Arrays.copyOf(content, 2 * size));
        for (byte[] other : wrong) {
            damage("whole", other);
            SolsticeException found = catchThrowableOfType(SolsticeException.class, () -> store.read(ref));
            assertThat(found.code()).isEqualTo(ErrorCode.OBJECT_DAMAGED);
            assertThat(found.error().where()).isEqualTo("whole");
            assertThat(found.error().cause()).contains("expected", "found");
            assertThat(store.holds(ref)).isFalse();
            assertThat(store.putNew("whole", content).outcome()).isEqualTo(Outcome.TAKEN);
        }
        damage("whole", content);
        assertThat(store.read(ref)).isEqualTo(content);
    }

    @Test
    void numbersAreTakenByOneEach() throws Exception {
        NumberedObjects terms = new NumberedObjects(store, number -> "lease/%09d".formatted(number));
        assertThat(terms.newest(0)).isZero();
        for (int i = 1; i <= 21; i++) {
            assertThat(terms.append(i, ("holder " + i).getBytes(UTF_8)).won()).isTrue();
            assertThat(terms.newest(0)).isEqualTo(i);
            assertThat(terms.newest(i)).isEqualTo(i);
            assertThat(terms.newest(Math.max(0, i - 9))).isEqualTo(i);
        }
        assertThat(terms.append(21, "late".getBytes(UTF_8)).stored()).isFalse();
        assertThat(terms.read(21, 20)).asString(UTF_8).isEqualTo("holder 21");
        damage(terms.key(20), new byte[21]);
        assertThat(code(() -> terms.read(20, 20))).as("larger than any").isEqualTo(ErrorCode.OBJECT_DAMAGED);
    }

    @Test
    void passesTheCheckOfAPlace() {
        ObjectStores.check(store);
        assertThat(store.list("", "", 10)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/a", "a/", "a//b", "..", "a/../b", "a/./b", ".a", "a/.b", "a b", "a\\b", "ä", "a\nb", "a?b"
            })
    void refusesKeysThatAreNone(String key) {
        assertThatThrownBy(() -> store.putNew(key, new byte[1])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.size(key)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.delete(key)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.read(key, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keysHaveABound() {
        String longest = ("k".repeat(199) + "/").repeat(3) + "k".repeat(100);
        assertThat(store.putNew(longest, new byte[] {1}).won()).isTrue();
        assertThat(store.read(longest, 1)).containsExactly(1);
        assertThatThrownBy(() -> store.exists(longest + "k")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.exists("k".repeat(201))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isOfNoUseOnceClosed() {
        ObjectRef ref = store.putNew("a", new byte[] {1}).written();
        store.close();
        store.close();
        assertThatThrownBy(() -> store.putNew("b", new byte[1])).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.open(ref)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.list("", "", 1)).isInstanceOf(IllegalStateException.class);
        try (ObjectStore again = ObjectStores.open(settings)) {
            assertThat(again.read(ref)).containsExactly(1);
        }
    }

    protected static ErrorCode code(ThrowingCallable call) {
        return catchThrowableOfType(SolsticeException.class, call).code();
    }
}
