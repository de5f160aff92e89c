package io.solstice.master.process;

import io.solstice.common.config.JournalPlace;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectStores;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The journal's place, opened twice.
 *
 * @param lease gives up early, for a renewal that comes late is worth nothing
 */
record Stores(ObjectStore journal, ObjectStore lease) implements AutoCloseable {
    static Stores open(JournalPlace place, Duration leaseTimeout) {
        Map<String, String> hurried = new HashMap<>(place.store());
        String seconds = String.valueOf(Math.max(1, leaseTimeout.toSeconds() / 2));
        switch (hurried.getOrDefault("type", "local")) {
            case "s3" -> {
                hurried.putIfAbsent("retry_budget_secs", seconds);
                hurried.putIfAbsent("attempt_timeout_secs", seconds);
            }
            case "dfs" -> hurried.putIfAbsent("retry_budget_secs", seconds);
            default -> {}
        }
        return new Stores(ObjectStores.open(place.store()), ObjectStores.open(hurried));
    }

    @Override
    public void close() {
        lease.close();
        journal.close();
    }
}
