package io.solstice.connector.hdfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.store.Creation;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectStoreContract;
import io.solstice.common.store.ObjectStores;
import io.solstice.common.store.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.SafeModeAction;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a name node and a data node of this process. */
@SuppressWarnings("NullAway.Init")
class HdfsObjectStoreTest extends ObjectStoreContract {
    private static final AtomicInteger PLACES = new AtomicInteger();

    @TempDir
    static java.nio.file.Path folder;

    private static MiniDFSCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        Configuration configuration = new Configuration();
        configuration.setInt("dfs.ls.limit", 30);
        configuration.setInt("dfs.heartbeat.interval", 1);
        configuration.setInt("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", 20);
        cluster = new MiniDFSCluster.Builder(
                        configuration, Files.createDirectories(folder).toFile())
                .numDataNodes(1)
                .build();
        cluster.waitActive();
    }

    @AfterAll
    static void stop() {
        cluster.shutdown(true);
    }

    @Override
    protected Map<String, String> emptyPlace() {
        PLACES.incrementAndGet();
        return Map.of("type", "dfs", "base_path", place());
    }

    private static String place() {
        return "hdfs://127.0.0.1:" + cluster.getNameNodePort() + "/solstice/place-" + PLACES.get();
    }

    @Override
    protected void damage(String key, byte[] content) throws IOException {
        try (FSDataOutputStream out = cluster.getFileSystem().create(new Path(place(), key), true)) {
            out.write(content);
        }
    }

    /** More than fit into one answer of this name node, whose files take their time. */
    @Override
    protected int manyKeys() {
        return 150;
    }

    @Override
    protected int races() {
        return 30;
    }

    /** HDFS, but every answer to a renaming is lost. */
    public static final class Forgetful extends DistributedFileSystem {
        static final AtomicInteger LOST = new AtomicInteger();

        @Override
        public void rename(Path from, Path to, Options.Rename... how) throws IOException {
            super.rename(from, to, how);
            LOST.incrementAndGet();
            throw new IOException("Connection reset by peer");
        }
    }

    @Test
    void knowsItsOwnRenamingAlthoughTheAnswerWasLost() throws IOException {
        Files.writeString(
                folder.resolve("core-site.xml"),
                "<configuration><property><name>fs.hdfs.impl</name><value>" + Forgetful.class.getName()
                        + "</value></property></configuration>");
        Files.writeString(folder.resolve("hdfs-site.xml"), "<configuration/>");
        try (ObjectStore store = ObjectStores.open(with("config_dir", folder.toString()))) {
            int before = Forgetful.LOST.get();
            assertThat(store.putNew("a", new byte[] {1}).outcome()).isEqualTo(Outcome.CREATED);
            assertThat(Forgetful.LOST.get() - before).isEqualTo(1);
            assertThat(store.putNew("a", new byte[] {1}).outcome()).isEqualTo(Outcome.SAME);
            assertThat(store.putNew("a", new byte[] {2}).outcome()).isEqualTo(Outcome.TAKEN);
            assertThat(Forgetful.LOST.get() - before).isEqualTo(1);
            assertThat(store.sweep(Duration.ofSeconds(-60))).isZero();
        }
    }

    @Test
    void waitsUntilTheNameNodeLeavesSafeMode() throws Exception {
        store().putNew("before", new byte[] {1});
        cluster.getFileSystem().setSafeMode(SafeModeAction.ENTER);
        CompletableFuture<Creation> during =
                CompletableFuture.supplyAsync(() -> store().putNew("during", new byte[] {2}));
        try (ObjectStore hasty = ObjectStores.open(with("retry_budget_secs", "1"))) {
            assertThat(hasty.read("before", 1)).containsExactly(1);
            SolsticeException refused =
                    catchThrowableOfType(SolsticeException.class, () -> hasty.putNew("never", new byte[] {3}));
            assertThat(refused.code()).isEqualTo(ErrorCode.STORE_UNREACHABLE);
            assertThat(refused.error().cause()).contains("safe mode");
            assertThat(during).isNotDone();
        } finally {
            cluster.getFileSystem().setSafeMode(SafeModeAction.LEAVE);
        }
        assertThat(during.get(30, TimeUnit.SECONDS).won()).isTrue();
    }

    private static Map<String, String> with(String key, String value) {
        Map<String, String> settings = new HashMap<>(Map.of("type", "dfs", "base_path", place()));
        settings.put(key, value);
        return settings;
    }

    @Test
    void saysWhoIsNotPermitted() throws IOException {
        Path closed = new Path(place());
        cluster.getFileSystem().mkdirs(closed);
        cluster.getFileSystem().setPermission(closed, new FsPermission("700"));
        try (ObjectStore stranger = ObjectStores.open(with("user", "stranger"))) {
            SolsticeException refused =
                    catchThrowableOfType(SolsticeException.class, () -> stranger.putNew("a", new byte[] {1}));
            assertThat(refused.code()).isEqualTo(ErrorCode.STORE_REFUSED);
            assertThat(refused.error().cause()).contains("stranger");
        }
    }

    @Test
    void goesOnAfterTheNameNodeRestarted() throws Exception {
        store().putNew("before", "x".getBytes(UTF_8));
        cluster.restartNameNode(true);
        assertThat(store().read("before", 1)).asString(UTF_8).isEqualTo("x");
        assertThat(store().putNew("after", new byte[] {1}).won()).isTrue();
    }

    @Test
    void saysWhatIsWrongWithTheSettings() {
        for (String wrong :
                new String[] {"/no/scheme", "s3://bucket/x", "hdfs:///no/name/node", "hdfs://host:1", "%"}) {
            SolsticeException refused = catchThrowableOfType(
                    SolsticeException.class,
                    () -> ObjectStores.open(Map.of("type", "dfs", "base_path", wrong))
                            .close());
            assertThat(refused.code()).as(wrong).isEqualTo(ErrorCode.OPTION_INVALID);
        }
        SolsticeException none = catchThrowableOfType(
                SolsticeException.class,
                () -> ObjectStores.open(Map.of("type", "dfs")).close());
        assertThat(none.code()).isEqualTo(ErrorCode.OPTION_MISSING);
    }

    @Test
    void saysThatNobodyAnswers() {
        Map<String, String> nobody =
                Map.of("type", "dfs", "base_path", "hdfs://127.0.0.1:9/solstice", "retry_budget_secs", "1");
        try (ObjectStore store = ObjectStores.open(nobody)) {
            SolsticeException failed = catchThrowableOfType(SolsticeException.class, () -> store.exists("a"));
            assertThat(failed.code()).isEqualTo(ErrorCode.STORE_UNREACHABLE);
            assertThat(failed.error().cause()).contains(":9 ");
        }
    }
}
