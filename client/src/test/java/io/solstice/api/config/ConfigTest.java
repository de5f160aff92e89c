package io.solstice.api.config;

import static io.solstice.api.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.Parallelism;
import io.solstice.common.graph.Resources;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConfigTest {
    private static final Parallelism FALLBACK = Parallelism.between(2, 8);

    private static Parallelism parallelism(Object value) {
        return Config.EMPTY.with("transform_parallelism", value).parallelism("transform_parallelism", FALLBACK);
    }

    @Test
    void aKeyWithoutValueIsAbsent() {
        Map<String, @Nullable Object> yaml = new HashMap<>();
        yaml.put("input", null);
        yaml.put("output", "x");
        Config config = Config.of(yaml);
        assertThat(config.has("input")).isFalse();
        assertThat(config.text("input", "d")).isEqualTo("d");
        assertThat(config.asMap()).containsOnlyKeys("output");
    }

    @Test
    void keepsTheOrderOfItsKeysAndCannotBeChanged() {
        Map<String, Object> given = new LinkedHashMap<>();
        for (String key : List.of("z", "a", "m", "b")) {
            given.put(key, 1);
        }
        Config config = Config.of(given);
        given.clear();
        assertThat(config.asMap().keySet()).containsExactly("z", "a", "m", "b");
        assertThatThrownBy(() -> config.asMap().remove("a")).isInstanceOf(UnsupportedOperationException.class);
        assertThat(config.with("a", 2).get("a")).isEqualTo(2);
        assertThat(config.get("a")).isEqualTo(1);
    }

    @Test
    void aMissingSettingSaysHowToGiveIt() {
        SolsticeError error = refused(ErrorCode.OPTION_MISSING, () -> Config.EMPTY.required("input_path"));
        assertThat(error.where()).isEqualTo("config.input_path");
        assertThat(error.help()).contains("--input-path <value>");
    }

    @Test
    void parallelismMayBeANumberARangeOrAPair() {
        assertThat(Config.EMPTY.parallelism("transform_parallelism", FALLBACK)).isEqualTo(FALLBACK);
        assertThat(parallelism(4)).isEqualTo(Parallelism.fixed(4));
        assertThat(parallelism("4")).isEqualTo(Parallelism.fixed(4));
        assertThat(parallelism("2-10")).isEqualTo(Parallelism.between(2, 10));
        assertThat(parallelism(List.of(2, 10))).isEqualTo(Parallelism.between(2, 10));
    }

    @Test
    void parallelismMayHaveItsLimitsBesideItOrInAMap() {
        Parallelism documented = new Parallelism(4, 2, 10);
        Config beside = Config.of(Map.of("parallelism", 4, "min_parallelism", 2, "max_parallelism", 10));
        assertThat(beside.parallelism("parallelism", FALLBACK)).isEqualTo(documented);
        Config prefixed =
                Config.of(Map.of("sink_parallelism", 4, "sink_min_parallelism", "2", "sink_max_parallelism", 10));
        assertThat(prefixed.parallelism("sink_parallelism", FALLBACK)).isEqualTo(documented);
        assertThat(parallelism(Map.of("parallelism", 4, "min_parallelism", 2, "max_parallelism", 10)))
                .isEqualTo(documented);
        assertThat(parallelism(Map.of("parallelism", 4, "max_parallelism", 10))).isEqualTo(new Parallelism(4, 4, 10));
        assertThat(parallelism(Map.of("max_parallelism", 3))).isEqualTo(new Parallelism(2, 2, 3));
    }

    @Test
    void impossibleParallelismNamesItsKey() {
        for (Object wrong : List.of(
                0,
                "x",
                "10-2",
                List.of(1, 2, 3),
                List.of(-1, 2),
                List.of(),
                Map.of("parallelism", 11, "max_parallelism", 10))) {
            SolsticeError error = refused(ErrorCode.PARALLELISM_INVALID, () -> parallelism(wrong));
            assertThat(error.where()).isEqualTo("config.transform_parallelism");
        }
        SolsticeError unknown = refused(
                ErrorCode.OPTION_UNKNOWN, () -> parallelism(Map.of("max_paralelism", 10, "min_parallelism", 1)));
        assertThat(unknown.help()).startsWith("did you mean 'max_parallelism'?");
    }

    @Test
    void resourcesHaveTheirDocumentedKeys() {
        Config config = Config.of(
                Map.of("worker_resources", Map.of("num_cpus", 2, "num_gpus", 1, "memory", 8L * 1024 * 1024 * 1024)));
        assertThat(config.resources("worker_resources", Resources.DEFAULT)).isEqualTo(new Resources(2, 1, 8L << 30));
        assertThat(Config.EMPTY.resources("worker_resources", Resources.DEFAULT))
                .isEqualTo(Resources.DEFAULT);
        assertThat(Config.of(Map.of("r", Map.of("num_gpus", "0.5"))).resources("r", Resources.DEFAULT))
                .isEqualTo(Resources.DEFAULT.withGpus(0.5));
    }

    @Test
    void impossibleResourcesAreRefused() {
        refused(ErrorCode.OPTION_INVALID, () -> resources("lots"));
        refused(ErrorCode.OPTION_INVALID, () -> resources(Map.of("memory", "8GB")));
        refused(ErrorCode.OPTION_INVALID, () -> resources(Map.of("memory", -1)));
        refused(ErrorCode.RESOURCES_INVALID, () -> resources(Map.of("num_cpus", -2)));
        refused(ErrorCode.RESOURCES_INVALID, () -> resources(Map.of("num_cpus", "NaN")));
        SolsticeError unknown = refused(ErrorCode.OPTION_UNKNOWN, () -> resources(Map.of("num_cpu", 1)));
        assertThat(unknown.help()).startsWith("did you mean 'num_cpus'?");
    }

    private static Resources resources(Object value) {
        return Config.EMPTY.with("r", value).resources("r", Resources.DEFAULT);
    }

    @Test
    void remembersWhatWasAskedFor() {
        Config config = Config.of(Map.of("a", 1, "b", 2));
        config.positive("a", 1);
        config.flag("c", true);
        assertThat(config.askedKeys()).containsExactlyInAnyOrder("a", "c");
        assertThat(config.givenKeys()).containsExactlyInAnyOrder("a", "b");
    }
}
