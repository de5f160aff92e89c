package io.solstice.connector.hdfs;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import io.solstice.common.store.KeyPage;
import io.solstice.common.store.ObjectKeys;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectWriter;
import io.solstice.common.store.Retries;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.security.PrivilegedExceptionAction;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.security.UserGroupInformation;
import org.jspecify.annotations.Nullable;

/**
 * Objects as files below a directory of HDFS, which are written once and never appended to or truncated. Unfinished
 * files are named {@code .new-…}, beside the place they are meant for. The connection is made by the first call.
 */
final class HdfsObjectStore implements ObjectStore {
    private static final String UNFINISHED = ".new-";
    private static final int ATTEMPT_MILLIS = 10_000;

    private final HdfsSettings settings;
    private final Path base;
    private final HdfsCalls calls;
    private final AtomicReference<@Nullable DistributedFileSystem> connection = new AtomicReference<>();
    private volatile boolean closed;

    HdfsObjectStore(HdfsSettings settings) {
        this.settings = settings;
        this.base = new Path(settings.base());
        this.calls = new HdfsCalls(new Retries(
                Clock.SYSTEM, new SecureRandom(), settings.retryBudget().toMillis()));
    }

    DistributedFileSystem files() throws IOException {
        DistributedFileSystem known = connection.get();
        if (known != null) {
            return known;
        }
        DistributedFileSystem made = connect();
        if (connection.compareAndSet(null, made)) {
            return made;
        }
        made.close();
        return files();
    }

    /** Not shared through Hadoop's cache, so that closing it closes nobody else's. */
    private DistributedFileSystem connect() throws IOException {
        Configuration configuration = new Configuration();
        settings.configuration().ifPresent(folder -> {
            configuration.addResource(new Path(folder.resolve("core-site.xml").toUri()));
            configuration.addResource(new Path(folder.resolve("hdfs-site.xml").toUri()));
        });
        configuration.setBoolean("fs.hdfs.impl.disable.cache", true);
        // The store's own retries go on where these end.
        configuration.setInt("ipc.client.connect.max.retries", 2);
        configuration.setInt("ipc.client.connect.max.retries.on.timeouts", 1);
        configuration.setInt("ipc.client.connect.timeout", ATTEMPT_MILLIS);
        configuration.setInt("ipc.client.rpc-timeout.ms", ATTEMPT_MILLIS);
        configuration.setInt("dfs.client.socket-timeout", ATTEMPT_MILLIS);
        // A file is closed once the name node has heard of its last block, mostly in some ms: Hadoop waits 400.
        configuration.setInt("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", 20);
        configuration.setInt("dfs.client.block.write.locateFollowingBlock.retries", 10);
        try {
            UserGroupInformation user = settings.user().isPresent() && !UserGroupInformation.isSecurityEnabled()
                    ? UserGroupInformation.createRemoteUser(settings.user().get())
                    : UserGroupInformation.getCurrentUser();
            FileSystem files = user.doAs((PrivilegedExceptionAction<FileSystem>)
                    () -> FileSystem.newInstance(settings.base(), configuration));
            if (files instanceof DistributedFileSystem hdfs) {
                return hdfs;
            }
            files.close();
            throw new IOException(files.getClass() + " is not HDFS");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while connecting", stop);
        }
    }

    @Override
    public ObjectWriter create(String key) {
        Path target = path(key);
        try {
            // Another name for each try, since a try that failed may still hold its own.
            return calls.run("write '" + key + "'", () -> {
                Path draft = new Path(target.getParent(), UNFINISHED + UUID.randomUUID());
                FSDataOutputStream out = files().createFile(draft)
                        .create()
                        .recursive()
                        .syncBlock()
                        .build();
                return new HdfsObjectWriter(this, calls, key, target, draft, out);
            });
        } catch (FileNotFoundException gone) {
            throw HdfsCalls.error("write '" + key + "'", gone);
        }
    }

    @Override
    public InputStream range(String key, long offset, long length) {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("not a range: " + offset + ", " + length);
        }
        Path file = path(key);
        try {
            return calls.run("read '" + key + "'", () -> {
                FileStatus status = files().getFileStatus(file);
                if (!status.isFile()) {
                    throw new FileNotFoundException(key + " is a directory");
                }
                FSDataInputStream in = files().open(file);
                long start = Math.min(offset, status.getLen());
                in.seek(start);
                return new HdfsRangeInput(key, in, Math.min(length, status.getLen() - start));
            });
        } catch (FileNotFoundException none) {
            throw ErrorCode.OBJECT_MISSING
                    .error("there is no object '" + key + "'")
                    .where(key)
                    .help("it was deleted or never written; see what is there, or use another checkpoint")
                    .toException(none);
        }
    }

    @Override
    public OptionalLong size(String key) {
        Path file = path(key);
        try {
            FileStatus status = calls.run("look for '" + key + "'", () -> files().getFileStatus(file));
            return status.isFile() ? OptionalLong.of(status.getLen()) : OptionalLong.empty();
        } catch (FileNotFoundException none) {
            return OptionalLong.empty();
        }
    }

    @Override
    public void delete(String key) {
        Path file = path(key);
        if (!exists(key)) {
            return;
        }
        try {
            calls.run("delete '" + key + "'", () -> files().delete(file, false));
        } catch (FileNotFoundException none) {
            return;
        }
        removeEmpty(file.getParent());
    }

    /** Not recursive, so a directory in which something is stays; that it is refused is no error. */
    private void removeEmpty(Path start) {
        Path root = new Path(base.toUri().getPath());
        for (Path folder = start; folder.depth() > root.depth(); folder = folder.getParent()) {
            try {
                files().delete(folder, false);
            } catch (IOException notEmpty) {
                return;
            }
        }
    }

    @Override
    public List<String> list(String prefix, String after, int limit) {
        open();
        KeyPage page = new KeyPage(prefix, after, limit);
        String folder = page.folder();
        int skip = base.toUri().getPath().replaceAll("/$", "").length() + 1;
        visit(folder.isEmpty() ? base : new Path(base, folder), file -> {
            if (isObject(file)) {
                page.add(file.getPath().toUri().getPath().substring(skip));
            }
        });
        return page.keys();
    }

    @Override
    public int sweep(Duration age) {
        open();
        long before = Clock.SYSTEM.wallMillis() - age.toMillis();
        int[] swept = {0};
        visit(base, file -> {
            if (!isObject(file) && file.getModificationTime() <= before && files().delete(file.getPath(), false)) {
                swept[0]++;
            }
        });
        return swept[0];
    }

    private static boolean isObject(FileStatus file) {
        return !file.getPath().getName().startsWith(".");
    }

    private interface Visit {
        void file(FileStatus file) throws IOException;
    }

    private void visit(Path start, Visit visit) {
        try {
            calls.run("list " + start, () -> {
                RemoteIterator<? extends FileStatus> all = files().listFiles(start, true);
                while (all.hasNext()) {
                    visit.file(all.next());
                }
                return true;
            });
        } catch (FileNotFoundException nothingThere) {
            return;
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        calls.close();
        DistributedFileSystem files = connection.getAndSet(null);
        if (files != null) {
            try {
                files.close();
            } catch (IOException unreachable) {
                throw SolsticeException.of(unreachable);
            }
        }
    }

    private Path path(String key) {
        open();
        return new Path(base, ObjectKeys.check(key));
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException("the object store has been closed");
        }
    }
}
