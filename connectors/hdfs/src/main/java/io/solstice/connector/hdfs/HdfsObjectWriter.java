package io.solstice.connector.hdfs;

import io.solstice.common.store.ObjectRef;
import io.solstice.common.store.ObjectWriter;
import io.solstice.common.store.Outcome;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.EnumSet;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.client.HdfsDataOutputStream;
import org.apache.hadoop.hdfs.client.HdfsDataOutputStream.SyncFlag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a draft beside the object's place, syncs and closes it, and renames it, which the name node refuses if the
 * place is taken. Nobody else moves the draft, so where the answer was lost, a draft that is gone means that the rename
 * took effect.
 */
final class HdfsObjectWriter extends ObjectWriter {
    private static final Logger LOG = LoggerFactory.getLogger(HdfsObjectWriter.class);

    private final HdfsObjectStore store;
    private final HdfsCalls calls;
    private final String doing;
    private final Path target;
    private final Path draft;
    private final FSDataOutputStream out;

    HdfsObjectWriter(
            HdfsObjectStore store, HdfsCalls calls, String key, Path target, Path draft, FSDataOutputStream out) {
        super(key);
        this.store = store;
        this.calls = calls;
        this.doing = "write '" + key + "'";
        this.target = target;
        this.draft = draft;
        this.out = out;
    }

    @Override
    protected void append(byte[] bytes, int offset, int length) {
        try {
            out.write(bytes, offset, length);
        } catch (IOException failed) {
            throw HdfsCalls.error(doing, HdfsCalls.plain(failed));
        }
    }

    @Override
    protected Outcome publish(ObjectRef written) {
        try {
            sync();
            out.close();
        } catch (IOException failed) {
            abort();
            throw HdfsCalls.error(doing, HdfsCalls.plain(failed));
        }
        if (rename(written)) {
            return Outcome.CREATED;
        }
        abort();
        return store.holds(written) ? Outcome.SAME : Outcome.TAKEN;
    }

    private void sync() throws IOException {
        if (out instanceof HdfsDataOutputStream hdfs) {
            hdfs.hsync(EnumSet.of(SyncFlag.UPDATE_LENGTH));
        } else {
            out.hsync();
        }
    }

    private boolean rename(ObjectRef written) {
        boolean[] asked = {false};
        try {
            return calls.run(doing, () -> {
                if (asked[0] && !store.files().exists(draft)) {
                    return true;
                }
                asked[0] = true;
                try {
                    store.files().rename(draft, target, Rename.NONE);
                    return true;
                } catch (IOException refused) {
                    if (HdfsCalls.plain(refused) instanceof FileAlreadyExistsException) {
                        return !store.files().exists(draft);
                    }
                    throw refused;
                }
            });
        } catch (FileNotFoundException swept) {
            throw HdfsCalls.error(doing + ", whose draft of " + written.size() + " bytes is gone", swept);
        }
    }

    @Override
    protected void abort() {
        try {
            out.close();
        } catch (IOException broken) {
            LOG.debug("could not close a draft", broken);
        }
        try {
            store.files().delete(draft, false);
        } catch (IOException left) {
            LOG.debug("left for the sweep", left);
        }
    }
}
