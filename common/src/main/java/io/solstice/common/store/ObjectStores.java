package io.solstice.common.store;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** Opens object stores by the settings of {@code state_backend}. */
public final class ObjectStores {
    /** The stores of this release whose drivers are files of their own, which a slim distribution may lack. */
    private static final Map<String, String> DRIVERS =
            Map.of("s3", "solstice-connector-s3", "dfs", "solstice-connector-hdfs");

    private ObjectStores() {}

    /** Opens the store that {@code type} names ({@code local} if it is not given). Nothing is read or written yet. */
    public static ObjectStore open(Map<String, String> stateBackend) {
        return open(stateBackend, ObjectStores.class.getClassLoader());
    }

    /** @param classes where the drivers are looked for */
    public static ObjectStore open(Map<String, String> stateBackend, ClassLoader classes) {
        StoreSettings settings = new StoreSettings(stateBackend);
        ObjectStoreProvider provider = provider(settings.text("type", "local"), classes);
        for (String key : new TreeSet<>(stateBackend.keySet())) {
            if (!key.equals("type") && !provider.keys().contains(key)) {
                Set<String> known = new LinkedHashSet<>(Set.of("type"));
                known.addAll(new TreeSet<>(provider.keys()));
                throw ErrorCode.OPTION_UNKNOWN
                        .error("state_backend of type '" + provider.type() + "' has no key '" + key + "'")
                        .where("state_backend." + key)
                        .help(NearestName.help(key, known))
                        .toException();
            }
        }
        return provider.open(settings);
    }

    private static ObjectStoreProvider provider(String type, ClassLoader classes) {
        Map<String, ObjectStoreProvider> found = new TreeMap<>();
        for (ObjectStoreProvider provider : ServiceLoader.load(ObjectStoreProvider.class, classes)) {
            found.put(provider.type(), provider);
        }
        ObjectStoreProvider provider = found.get(type);
        if (provider != null) {
            return provider;
        }
        String driver = DRIVERS.get(type);
        if (driver != null) {
            throw ErrorCode.CONNECTOR_UNKNOWN
                    .error("this distribution cannot use a state backend of type '" + type + "'")
                    .where("state_backend.type")
                    .cause("no " + driver + "-*.jar is on the class path")
                    .help("put that file and what it needs into lib/, or use the full distribution")
                    .toException();
        }
        Set<String> known = new TreeSet<>(found.keySet());
        known.addAll(DRIVERS.keySet());
        throw ErrorCode.OPTION_INVALID
                .error("no state backend of type '" + type + "'")
                .where("state_backend.type")
                .help(NearestName.help(type, known))
                .toException();
    }

    /**
     * Tries what a checkpoint will need, on an object that is then deleted, so that missing rights and stores that do
     * not keep to the contract are found before a job runs.
     */
    public static void check(ObjectStore store) {
        String key = "check/" + UUID.randomUUID();
        Creation first = store.putNew(key, new byte[] {1});
        try {
            Creation second = store.putNew(key, new byte[] {2});
            if (!first.won() || second.stored()) {
                throw ErrorCode.STORE_UNFIT
                        .error("the state backend overwrites objects that must be written once")
                        .cause("of two writers of one key, both were told that theirs is there")
                        .help("use a store with conditional writes (If-None-Match), or a newer release of this one")
                        .toException();
            }
            store.read(first.written());
        } finally {
            store.delete(key);
        }
        if (store.exists(key)) {
            throw ErrorCode.STORE_UNFIT
                    .error("the state backend still has an object that was deleted")
                    .where(key)
                    .help("use a store in which a deleted object is gone at once")
                    .toException();
        }
    }
}
