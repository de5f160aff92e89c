package io.solstice.master.artifact;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.store.Creation;
import io.solstice.common.store.ObjectRef;
import io.solstice.common.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Jars beside the journal, as {@code artifacts/<sha256>}, for whichever master comes next. Blocks; used by one thread. */
public final class SharedArtifacts {
    private static final String FOLDER = "artifacts/";
    private static final int LISTED = 10_000;

    private final ObjectStore store;
    /** Those that are certainly there: only the leading master deletes. */
    private final Set<String> known = new HashSet<>();

    public SharedArtifacts(ObjectStore store) {
        this.store = store;
    }

    boolean has(String sha256) {
        return known.contains(sha256) || store.exists(FOLDER + sha256);
    }

    /** Brings it there, unless it is. */
    void keep(String sha256, Path file) {
        if (has(sha256)) {
            known.add(sha256);
            return;
        }
        Creation made = store.putNew(FOLDER + sha256, out -> Files.copy(file, out));
        if (!made.stored()) {
            // what is there under this name is not what it should be
            store.delete(FOLDER + sha256);
            store.putNew(FOLDER + sha256, out -> Files.copy(file, out));
        }
        known.add(sha256);
    }

    /** Copies it, verified, over a file. One that is damaged is deleted, so that it can be uploaded again. */
    void fetch(String sha256, Path into) throws IOException {
        ObjectRef jar =
                new ObjectRef(FOLDER + sha256, store.size(FOLDER + sha256).orElse(0), sha256);
        try (InputStream in = store.open(jar)) {
            Files.copy(in, into, StandardCopyOption.REPLACE_EXISTING);
        } catch (SolsticeException failed) {
            if (failed.code() == ErrorCode.OBJECT_DAMAGED) {
                known.remove(sha256);
                store.delete(jar.key());
            }
            throw failed;
        }
    }

    long bytes() {
        return keys().stream().mapToLong(key -> store.size(key).orElse(0)).sum();
    }

    private List<String> keys() {
        return store.list(FOLDER, "", LISTED);
    }

    /** Deletes what is too much: first what this master has not seen, then what was not used for longest. */
    void makeRoom(long limitBytes, List<String> byUse, Predicate<String> stays) {
        List<String> digests = new ArrayList<>();
        keys().forEach(key -> digests.add(key.substring(FOLDER.length())));
        digests.removeIf(byUse::contains);
        digests.addAll(byUse);
        long bytes = bytes();
        for (String digest : digests) {
            if (bytes > limitBytes && !stays.test(digest)) {
                bytes -= store.size(FOLDER + digest).orElse(0);
                known.remove(digest);
                store.delete(FOLDER + digest);
            }
        }
    }
}
