package io.solstice.common.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelismTest {

    @ParameterizedTest
    @CsvSource({"4,4,4,4", "' 4 ',4,4,4", "2-10,2,2,10", "'2 - 10',2,2,10", "1,1,1,1", "32768,32768,32768,32768"})
    void readsTheFormsOfTheCommandLine(String text, int initial, int min, int max) {
        assertThat(Parallelism.parse(text)).isEqualTo(new Parallelism(initial, min, max));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-",
                "many",
                "2-",
                "-2",
                "2--3",
                "1-2-3",
                "1.5",
                "2..3",
                "99999999999",
                "0",
                "0-2",
                "10-2",
                "32769",
                "1-32769"
            })
    void refusesEverythingElse(String text) {
        SolsticeException refused = catchThrowableOfType(SolsticeException.class, () -> Parallelism.parse(text));
        assertThat(refused.code()).isEqualTo(ErrorCode.PARALLELISM_INVALID);
        assertThat(refused.error().help()).contains("2-10");
    }

    @Test
    void theStartLiesBetweenTheEnds() {
        assertThat(new Parallelism(4, 2, 10).isFixed()).isFalse();
        for (int[] wrong : new int[][] {{1, 2, 3}, {4, 2, 3}, {1, 0, 3}, {3, 3, 2}}) {
            assertThat(catchThrowableOfType(
                                    SolsticeException.class, () -> new Parallelism(wrong[0], wrong[1], wrong[2]))
                            .code())
                    .isEqualTo(ErrorCode.PARALLELISM_INVALID);
        }
    }

    @Test
    void showsItselfInAFormThatCanBeReadAgain() {
        assertThat(Parallelism.fixed(4)).hasToString("4");
        assertThat(Parallelism.between(2, 10)).hasToString("2-10");
        assertThat(new Parallelism(4, 2, 10)).hasToString("4 (2-10)");
        assertThat(Parallelism.parse(Parallelism.between(2, 10).toString())).isEqualTo(Parallelism.between(2, 10));
    }
}
