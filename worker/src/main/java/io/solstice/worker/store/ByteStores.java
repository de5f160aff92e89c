package io.solstice.worker.store;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.StateStore;
import io.solstice.common.store.ByteStoreProvider;
import java.util.Map;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the kinds of stores that this process can use. */
public final class ByteStores {
    private static final Logger LOG = LoggerFactory.getLogger(ByteStores.class);
    /** Those whose code is a file of its own, which a slim distribution may lack. */
    private static final Map<String, String> FILES = Map.of("rocksdb", "solstice-connector-rocksdb");

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
    public static Choice chosen(StateStore store, String task) {
        return chosen(store, task, ByteStores.class.getClassLoader());
    }

    /**
     * A kind of store.
     *
     * @param reason why it is not the one that was asked for; empty if it is
     */
    public record Choice(ByteStoreProvider provider, String reason) {}

    static Choice chosen(StateStore store, String task, ClassLoader classes) {
        try {
            return new Choice(named(store.word(), classes), "");
        } catch (SolsticeException missing) {
            if (store == StateStore.DISK) {
                throw missing;
            }
            LOG.warn("{} keeps its state with state.backend: disk instead: {}", task, missing.getMessage());
            return new Choice(new DiskProvider(), reason(missing.error()));
        }
    }

    /** In one line. */
    private static String reason(SolsticeError error) {
        return error.what() + " (" + error.code().code() + "): " + error.cause() + "; " + error.help();
    }
}
