package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.StateBackend.DfsStateBackend;
import io.solstice.api.StateBackend.S3StateBackend;
import io.solstice.common.store.ObjectStoreProvider;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What users may write into {@code state_backend} is what the stores of the full distribution read. */
class StateBackendKeysTest {
    @Test
    void theClientKnowsTheKeysOfEveryStore() {
        Map<String, Set<String>> keys = new TreeMap<>();
        for (ObjectStoreProvider provider : ServiceLoader.load(ObjectStoreProvider.class)) {
            keys.put(provider.type(), new TreeSet<>(provider.keys()));
        }
        assertThat(keys).containsOnlyKeys("dfs", "local", "s3").containsEntry("local", Set.of("base_path"));
        assertThat(keys.get("s3")).isEqualTo(with(S3StateBackend.MORE, "bucket", "prefix"));
        assertThat(keys.get("dfs")).isEqualTo(with(DfsStateBackend.MORE, "base_path"));
    }

    private static Set<String> with(List<String> more, String... own) {
        Set<String> all = new TreeSet<>(more);
        all.addAll(List.of(own));
        return all;
    }
}
