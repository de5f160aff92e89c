package io.solstice.common.store;

import java.util.List;
import java.util.TreeSet;

/** The first keys of a listing, of stores that visit their objects in an order of their own. */
public final class KeyPage {
    private final String prefix;
    private final String after;
    private final int limit;
    private final TreeSet<String> keys = new TreeSet<>();

    /** As {@link ObjectStore#list} has them. */
    public KeyPage(String prefix, String after, int limit) {
        this.prefix = ObjectKeys.checkPrefix(prefix);
        this.after = after;
        this.limit = limit;
    }

    /** The part that all keys of the page are below, or nothing. */
    public String folder() {
        return prefix.substring(0, Math.max(0, prefix.lastIndexOf('/')));
    }

    public void add(String key) {
        if (key.startsWith(prefix) && key.compareTo(after) > 0) {
            keys.add(key);
            if (keys.size() > limit) {
                keys.pollLast();
            }
        }
    }

    /** In their order. */
    public List<String> keys() {
        return List.copyOf(keys);
    }
}
