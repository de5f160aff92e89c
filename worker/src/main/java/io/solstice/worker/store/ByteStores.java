package io.solstice.worker.store;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.StateStore;
import io.solstice.common.store.ByteStoreProvider;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.arrow.memory.BufferAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the kinds of stores that this process can use. */
public final class ByteStores {
    private static final Logger LOG = LoggerFactory.getLogger(ByteStores.class);
    /** Those whose code is a file of its own, which a slim distribution may lack. */
    private static final Map<String, String> FILES = Map.of("rocksdb", "solstice-connector-rocksdb");

    private static final long LEAST_MEMORY = 8 << 20;
    private static final long MOST_MEMORY = 128 << 20;

    private ByteStores() {}

    /** A store of that kind, loaded, or an error that says why there is none. */
    public static ByteStoreProvider named(String name) {
        return named(name, ByteStores.class.getClassLoader());
    }

    /** @param classes where it is looked for */
    static ByteStoreProvider named(String name, ClassLoader classes) {
        for (ByteStoreProvider provider : ServiceLoader.load(ByteStoreProvider.class, classes)) {
            if (provider.name().equals(name)) {
                provider.load();
                return provider;
            }
        }
        String file = FILES.getOrDefault(name, "solstice-connector-" + name);
        throw ErrorCode.CONNECTOR_UNKNOWN
                .error("this distribution cannot keep state in '" + name + "'")
                .where("state.backend")
                .cause("no " + file + "-*.jar is on the class path")
                .help("put that file and what it needs into lib/, or use the full distribution")
                .toException();
    }

    /** The one that is asked for, or the one that Java alone can do if that is not to be had. @param task for the log */
    public static ByteStoreProvider chosen(StateStore store, String task) {
        return chosen(store, task, ByteStores.class.getClassLoader());
    }

    static ByteStoreProvider chosen(StateStore store, String task, ClassLoader classes) {
        try {
            return named(store.word(), classes);
        } catch (SolsticeException missing) {
            if (store == StateStore.DISK) {
                throw missing;
            }
            LOG.warn("{} keeps its state with state.backend: disk instead: {}", task, missing.getMessage());
            return new DiskProvider();
        }
    }

    /** How much a store of a task may take outside the heap, beside what is in Arrow buffers. */
    public static long memoryBytes(BufferAllocator allocator) {
        return Math.max(LEAST_MEMORY, Math.min(MOST_MEMORY, allocator.getRoot().getLimit() / 8));
    }
}
