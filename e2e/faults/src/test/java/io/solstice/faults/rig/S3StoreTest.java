package io.solstice.faults.rig;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.store.Creation;
import io.solstice.common.store.ObjectRef;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectStores;
import io.solstice.common.store.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real S3 server in a process of its own, harmed in every way. */
@SuppressWarnings("NullAway.Init")
class S3StoreTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private S3Store server;
    private ObjectStore store;

    @BeforeEach
    void open() throws Exception {
        server = new S3Store(folder.resolve("s3"), "127.0.0.1");
        Map<String, String> settings = new HashMap<>(server.backend().toConfig());
        settings.put("access_key_id", S3Store.ID);
        settings.put("secret_access_key", S3Store.SECRET);
        settings.put("attempt_timeout_secs", "2");
        store = ObjectStores.open(settings);
    }

    @AfterEach
    void close() {
        store.close();
        server.close();
    }

    private Creation put(String key) {
        return store.putNew(key, key.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void keepsWhatItHasWhenItIsKilled() throws Exception {
        ObjectRef kept = put("a/b").written();
        assertThat(folder.resolve("s3")
                        .resolve(S3Store.BUCKET)
                        .resolve(S3Store.CHECKPOINTS)
                        .resolve("a/b"))
                .hasContent("a/b");
        assertThat(server.kill()).isTrue();
        CompletableFuture<Creation> meanwhile = CompletableFuture.supplyAsync(() -> put("c"));
        server.start();
        assertThat(meanwhile.get().won()).isTrue();
        assertThat(store.holds(kept)).isTrue();
        assertThat(Files.exists(folder.resolve("s3.log"))).isTrue();
    }

    @Test
    void whateverIsDoneToRequestsTheyAreMadeAgain() throws Exception {
        for (StoreRoad.State state : StoreRoad.State.values()) {
            server.road().become(state);
            String key = "k/" + state;
            CompletableFuture<Creation> creation = CompletableFuture.supplyAsync(() -> put(key));
            boolean bites = Wait.until(
                    state == StoreRoad.State.OPEN ? Duration.ZERO : LIMIT,
                    () -> server.road().bites() > 0);
            assertThat(bites).as("%s bites", state).isEqualTo(state != StoreRoad.State.OPEN);
            server.road().become(StoreRoad.State.OPEN);
            assertThat(creation.get().outcome()).as("%s", state).isEqualTo(Outcome.CREATED);
            assertThat(put(key).outcome()).isEqualTo(Outcome.SAME);
        }
    }
}
