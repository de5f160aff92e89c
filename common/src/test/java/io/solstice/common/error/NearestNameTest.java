package io.solstice.common.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
    private static final List<String> KNOWN = List.of("batch_size", "columns", "filter", "table_path");

    @ParameterizedTest
    @CsvSource({
        "batchsize, batch_size",
        "Batch_Size, batch_size",
        "colums, columns",
        "fitler, filter",
        "filters, filter",
        "tabel_paht, table_path"
    })
    void findsSlipsOfThePen(String given, String meant) {
        assertThat(NearestName.of(given, KNOWN)).contains(meant);
    }

    @Test
    void doesNotGuessWildly() {
        assertThat(NearestName.of("compression", KNOWN)).isEmpty();
        assertThat(NearestName.of("x", KNOWN)).isEmpty();
        assertThat(NearestName.of("", KNOWN)).isEmpty();
    }

    @Test
    void prefersTheNearestAndThenTheFirstByName() {
        assertThat(NearestName.of("maps", List.of("mapsx", "map", "laps"))).contains("laps");
        assertThat(NearestName.of("maps", List.of("mapsx", "maps"))).contains("maps");
    }

    @Test
    void countsATranspositionAsOne() {
        assertThat(NearestName.distance("ab", "ba")).isEqualTo(1);
        assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(NearestName.distance("", "abc")).isEqualTo(3);
    }

    @Test
    void helpNamesTheNearestAndAllOthers() {
        assertThat(NearestName.help("fitler", KNOWN))
                .isEqualTo("did you mean 'filter'? (known: batch_size, columns, filter, table_path)");
        assertThat(NearestName.help("zzz", KNOWN)).isEqualTo("known: batch_size, columns, filter, table_path");
        assertThat(NearestName.help("zzz", List.of())).isEqualTo("there are none");
    }
}
