package io.solstice.common.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entries of bytes in the order of their keys, in a folder of this machine. Used by one thread. */
public interface ByteStore extends AutoCloseable {
    byte @Nullable [] get(byte[] key);

    /** The values of many keys, in their order; null for one that is not there. */
    default List<byte @Nullable []> getAll(List<byte[]> keys) {
        List<byte @Nullable []> values = new ArrayList<>(keys.size());
        for (byte[] key : keys) {
            values.add(get(key));
        }
        return values;
    }

    /** Puts many entries, in any order, each key once; those with null are deleted. */
    default void writeAll(List<byte[]> keys, List<byte @Nullable []> values) {
        for (int i = 0; i < keys.size(); i++) {
            byte[] value = values.get(i);
            if (value == null) {
                delete(keys.get(i));
            } else {
                put(keys.get(i), value);
            }
        }
    }

    void put(byte[] key, byte[] value);

    void delete(byte[] key);

    /**
     * The entries whose keys begin with a prefix, in the order of the keys. Nothing is written until it is closed.
     *
     * @param from entries before this one are left out; the prefix itself leaves out none
     */
    Scan scan(byte[] prefix, byte[] from);

    /**
     * Leaves all entries as files in a folder that is not there yet, from which a store can be opened again.
     *
     * @return the files; none of two snapshots of one store that never change and have the same name differ
     */
    List<StoredFile> snapshot(Path folder);

    @Override
    void close();

    /** A place among the entries. */
    interface Scan extends AutoCloseable {
        /** Goes to the next entry; false if there is none. */
        boolean next();

        byte[] key();

        byte[] value();

        @Override
        void close();
    }

    /**
     * A file of a snapshot.
     *
     * @param name within the folder
     * @param isFinal whether it never changes
     */
    record StoredFile(String name, Path path, boolean isFinal) {}
}
