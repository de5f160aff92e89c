package io.solstice.api;

import io.solstice.common.protocol.FrequentKey;
import java.util.Map;

/**
 * A key that has more of a stage's rows than one of its tasks should have, by a sample of them.
 *
 * @param key its values as a text
 * @param share its part of all rows that go to the stage, from 0 to 1
 */
public record HotKey(String key, double share) {
    /** As the engine tells it. */
    public static HotKey of(FrequentKey told) {
        return new HotKey(told.key(), told.share());
    }

    /** The documented field names. */
    public Map<String, Object> toMap() {
        return Map.of("key", key, "share", share);
    }
}
