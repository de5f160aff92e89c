package io.solstice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    private static Arguments run(String... given) {
        return Arguments.parse(List.of(given), new RunCommand());
    }

    @Test
    void takesOwnOptionsInBothForms() {
        Arguments given = run("--job-id", "a", "--config=b.yaml", "My.java", "--checkpoint-interval", "2.5");
        assertThat(given.text("--job-id")).isEqualTo("a");
        assertThat(given.text("--config")).isEqualTo("b.yaml");
        assertThat(given.number("--checkpoint-interval")).isEqualTo(2.5);
        assertThat(given.operands()).containsExactly("My.java");
        assertThat(given.settings()).isEmpty();
    }

    @Test
    void givesEveryOtherOptionToTheWorkflow() {
        Arguments given = run(
                "--input",
                "/data/in",
                "--transform-parallelism=4",
                "--threshold",
                "-1.5",
                "--range",
                "2-10",
                "--dry-run",
                "--verbose",
                "FALSE",
                "--empty=",
                "--last");
        assertThat(given.settings())
                .containsEntry("input", "/data/in")
                .containsEntry("transform_parallelism", 4L)
                .containsEntry("threshold", -1.5)
                .containsEntry("range", "2-10")
                .containsEntry("dry_run", true)
                .containsEntry("verbose", false)
                .containsEntry("empty", "")
                .containsEntry("last", true)
                .hasSize(8);
        assertThat(given.operands()).isEmpty();
    }

    @Test
    void readsValuesByTheirForm() {
        assertThat(Arguments.value("12")).isEqualTo(12L);
        assertThat(Arguments.value("1e3")).isEqualTo(1000.0);
        assertThat(Arguments.value(".5")).isEqualTo(0.5);
        assertThat(Arguments.value("True")).isEqualTo(true);
        assertThat(Arguments.value("NaN")).isEqualTo("NaN");
        assertThat(Arguments.value("1,2")).isEqualTo("1,2");
        assertThat(Arguments.value("123456789012345678901")).isEqualTo(1.2345678901234568e20);
    }

    @Test
    void refusesAnOwnOptionWithoutItsValue() {
        assertThatThrownBy(() -> run("--job-id"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--job-id <id>");
        assertThatThrownBy(() -> run("--job-id", "--config", "x")).hasMessageContaining("--job-id needs a value");
    }

    @Test
    void refusesAnUnknownOptionOfACommandWithoutSettings() {
        assertThatThrownBy(() -> Arguments.parse(List.of("--hepl"), new ExplainCommand()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("did you mean '--help'");
        assertThatThrownBy(() -> run("-x")).hasMessageContaining("solstice run has no option -x");
    }

    @Test
    void refusesANumberThatIsNone() {
        assertThatThrownBy(() -> run("--checkpoint-records", "1.5").wholeNumber("--checkpoint-records"))
                .hasMessageContaining("'1.5' is not a whole number");
    }
}
