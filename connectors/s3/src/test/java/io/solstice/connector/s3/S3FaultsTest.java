package io.solstice.connector.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.store.Creation;
import io.solstice.common.store.ObjectRef;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectStores;
import io.solstice.common.store.Outcome;
import io.solstice.connector.s3.FaultyRoad.Fault;
import io.solstice.connector.s3.FaultyRoad.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of requests to a real server when the road to it is bad. */
@SuppressWarnings("NullAway.Init")
class S3FaultsTest {
    private static final AtomicInteger PLACES = new AtomicInteger();
    private static S3Server server;

    private FaultyRoad road;
    private Map<String, String> settings;
    private ObjectStore store;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        server = new S3Server();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() throws IOException {
        road = new FaultyRoad(server.port());
        settings = new HashMap<>(S3ObjectStoreTest.settings(road.port(), "faults/" + PLACES.incrementAndGet()));
        settings.put("attempt_timeout_secs", "4");
        store = ObjectStores.open(settings);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        road.close();
    }

    private static Function<Request, Fault> first(int times, Predicate<Request> which, Fault fault) {
        AtomicInteger left = new AtomicInteger(times);
        return request -> which.test(request) && left.getAndDecrement() > 0 ? fault : Fault.NONE;
    }

    private static ErrorCode code(ThrowingCallable call) {
        return catchThrowableOfType(SolsticeException.class, call).code();
    }

    @Test
    void aRepeatedPutThatMeetsItsOwnFirstTryHasWon() {
        road.plan(first(1, Request::isPut, Fault.APPLY_AND_CUT));
        Creation creation = store.putNew("lease/1", "me".getBytes(UTF_8));
        assertThat(road.count(Fault.APPLY_AND_CUT)).isEqualTo(1);
        assertThat(creation.outcome()).isEqualTo(Outcome.CREATED);
        assertThat(store.putNew("lease/1", "me".getBytes(UTF_8)).outcome()).isEqualTo(Outcome.SAME);
        assertThat(store.putNew("lease/1", "you".getBytes(UTF_8)).outcome()).isEqualTo(Outcome.TAKEN);
    }

    @Test
    void anEmptyOneToo() {
        road.plan(first(1, Request::isPut, Fault.APPLY_AND_CUT));
        assertThat(store.putNew("empty", new byte[0]).outcome()).isEqualTo(Outcome.CREATED);
        assertThat(road.count(Fault.APPLY_AND_CUT)).isEqualTo(1);
    }

    @Test
    void aLostPutThatSomebodyElseOvertookHasLost() {
        try (ObjectStore other =
                ObjectStores.open(S3ObjectStoreTest.settings(server.port(), "faults/" + PLACES.get()))) {
            road.plan(first(1, Request::isPut, Fault.SLOW_DOWN).andThen(fault -> {
                if (fault == Fault.SLOW_DOWN) {
                    other.putNew("lease/1", "you".getBytes(UTF_8));
                }
                return fault;
            }));
            assertThat(store.putNew("lease/1", "me".getBytes(UTF_8)).outcome()).isEqualTo(Outcome.TAKEN);
        }
    }

    @Test
    void aCompletionWhoseAnswerIsLostHasWon() {
        road.plan(first(
                1, request -> request.line().startsWith("POST ") && request.has("uploadId="), Fault.APPLY_AND_CUT));
        Creation creation = store.putNew("large", out -> out.write(new byte[20 << 20]));
        assertThat(road.count(Fault.APPLY_AND_CUT)).isEqualTo(1);
        assertThat(creation.outcome()).isEqualTo(Outcome.CREATED);
        assertThat(store.holds(creation.written())).isTrue();
        assertThat(store.sweep(Duration.ofSeconds(-60))).isZero();
    }

    @Test
    void everyRoadErrorAtOnceChangesNothing() throws Exception {
        Random random = new Random(11);
        Fault[] faults = {
            Fault.SLOW_DOWN, Fault.SLOW_DOWN, Fault.SLOW_DOWN, Fault.APPLY_AND_CUT, Fault.HALF_AN_ANSWER, Fault.CONFLICT
        };
        road.plan(request -> {
            int draw = random.nextInt(100);
            Fault fault = draw < 45 ? faults[draw % faults.length] : Fault.NONE;
            return fault == Fault.CONFLICT && !request.isPut() ? Fault.NONE : fault;
        });
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            for (int round = 0; round < 15; round++) {
                String key = "race/" + round;
                List<Future<Creation>> all = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    byte[] content = ("writer " + i).getBytes(UTF_8);
                    all.add(threads.submit(() -> store.putNew(key, content)));
                }
                List<ObjectRef> winners = new ArrayList<>();
                for (Future<Creation> one : all) {
                    if (one.get().won()) {
                        winners.add(one.get().written());
                    }
                }
                assertThat(winners).as("winners of " + key).hasSize(1);
                assertThat(store.holds(winners.get(0))).isTrue();
            }
            Creation large = store.putNew("large", out -> out.write(new byte[30 << 20]));
            assertThat(large.outcome()).isEqualTo(Outcome.CREATED);
            assertThat(store.holds(large.written())).isTrue();
        } finally {
            threads.shutdownNow();
        }
        assertThat(road.count(Fault.SLOW_DOWN)).isGreaterThan(20);
        assertThat(road.count(Fault.APPLY_AND_CUT)).isPositive();
        assertThat(road.count(Fault.HALF_AN_ANSWER)).isPositive();
    }

    @Test
    void aRequestThatHangsIsAskedAgain() {
        settings.put("attempt_timeout_secs", "1");
        try (ObjectStore impatient = ObjectStores.open(settings)) {
            road.plan(first(1, request -> true, Fault.HANG));
            ObjectRef ref = impatient.putNew("a", new byte[] {1}).written();
            road.plan(first(1, request -> true, Fault.HANG));
            assertThat(impatient.read(ref)).containsExactly(1);
        }
        assertThat(road.count(Fault.HANG)).isEqualTo(2);
    }

    @Test
    void gaveUpAfterTheBudgetAndSaysWhy() {
        settings.put("attempt_timeout_secs", "1");
        settings.put("retry_budget_secs", "1");
        try (ObjectStore hasty = ObjectStores.open(settings)) {
            road.plan(request -> Fault.SLOW_DOWN);
            assertThat(code(() -> hasty.putNew("a", new byte[] {1}))).isEqualTo(ErrorCode.STORE_BUSY);
            assertThat(road.count(Fault.SLOW_DOWN)).isGreaterThan(1);
            road.plan(request -> Fault.HANG);
            assertThat(code(() -> hasty.size("a"))).isEqualTo(ErrorCode.STORE_UNREACHABLE);
            road.plan(request -> Fault.NONE);
            assertThat(hasty.exists("a")).isFalse();
        }
    }

    @Test
    void rotatedCredentialsAreLookedUpAgain() throws IOException {
        Path file = folder.resolve("credentials");
        credentials(file, "expired-id", "expired-secret");
        String before = System.getProperty("aws.sharedCredentialsFile", "");
        System.setProperty("aws.sharedCredentialsFile", file.toString());
        settings.remove("access_key_id");
        settings.remove("secret_access_key");
        settings.put("profile", "solstice");
        try (ObjectStore rotated = ObjectStores.open(settings)) {
            road.plan(request -> request.has("Credential=expired-id") ? Fault.EXPIRED : Fault.NONE);
            assertThat(code(() -> rotated.exists("a"))).isEqualTo(ErrorCode.STORE_REFUSED);
            assertThat(road.count(Fault.EXPIRED)).as("wrong from the start").isEqualTo(1);
            credentials(file, S3Server.ID, S3Server.SECRET);
            assertThat(rotated.putNew("a", new byte[] {1}).won()).isTrue();

            AtomicInteger refused = new AtomicInteger();
            road.plan(request -> {
                if (refused.incrementAndGet() == 3) {
                    road.plan(later -> Fault.NONE);
                }
                return Fault.EXPIRED;
            });
            assertThat(rotated.exists("a")).isTrue();
            assertThat(road.count(Fault.EXPIRED)).isEqualTo(4);
        } finally {
            if (before.isEmpty()) {
                System.clearProperty("aws.sharedCredentialsFile");
            } else {
                System.setProperty("aws.sharedCredentialsFile", before);
            }
        }
    }

    private static void credentials(Path file, String id, String secret) throws IOException {
        Files.writeString(file, "[solstice]\naws_access_key_id = " + id + "\naws_secret_access_key = " + secret + "\n");
    }

    @Test
    void saysWhoIsNotPermittedAtOnce() {
        road.plan(request -> Fault.DENIED);
        SolsticeException denied =
                catchThrowableOfType(SolsticeException.class, () -> store.putNew("a", new byte[] {1}));
        assertThat(denied.code()).isEqualTo(ErrorCode.STORE_REFUSED);
        assertThat(denied.getMessage())
                .contains("AccessDenied", "'a'", S3Server.BUCKET)
                .doesNotContain(S3Server.SECRET);
        assertThat(code(() -> store.exists("a"))).isEqualTo(ErrorCode.STORE_REFUSED);
        assertThat(road.count(Fault.DENIED)).isEqualTo(2);
    }

    @Test
    void saysThatTheBucketOrTheKeysAreWrong() {
        settings.put("bucket", "no-such-bucket");
        try (ObjectStore wrong = ObjectStores.open(settings)) {
            assertThat(code(() -> wrong.putNew("a", new byte[] {1}))).isEqualTo(ErrorCode.PATH_UNUSABLE);
            assertThat(code(() -> wrong.exists("a"))).isEqualTo(ErrorCode.PATH_UNUSABLE);
        }
        settings.put("bucket", S3Server.BUCKET);
        settings.put("secret_access_key", "wrong");
        try (ObjectStore wrong = ObjectStores.open(settings)) {
            assertThat(code(() -> wrong.putNew("a", new byte[] {1}))).isEqualTo(ErrorCode.STORE_REFUSED);
        }
    }

    @Test
    void saysWhichSettingIsWrong() {
        assertThat(refused("bukket", "b")).startsWith("error[SOL-1601]").contains("did you mean 'bucket'?");
        assertThat(refused("endpoint", "ftp://x")).startsWith("error[SOL-1602]").contains("state_backend.endpoint");
        assertThat(refused("path_style", "yes")).startsWith("error[SOL-1602]").contains("'yes'");
        assertThat(refused("prefix", "../x")).startsWith("error[SOL-1602]").contains("'../x'");
        assertThat(refused("secret_access_key", ""))
                .startsWith("error[SOL-1603]")
                .contains("secret_access_key");
        assertThat(refused("attempt_timeout_secs", "0")).startsWith("error[SOL-1602]");
        assertThat(refused("bucket", "")).startsWith("error[SOL-1603]");
    }

    private String refused(String key, String value) {
        Map<String, String> changed = new HashMap<>(settings);
        changed.put(key, value);
        return String.valueOf(catchThrowableOfType(SolsticeException.class, () -> ObjectStores.open(changed))
                .getMessage());
    }
}
