package io.solstice.api.config;

import static io.solstice.api.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionsTest {

    private static Options options(String key, Object value) {
        return Options.of("FileSink", Map.of(key, value));
    }

    @Test
    void anUnknownOptionNamesTheNearest() {
        Options options = options("bufer_size", 5);
        options.positive("buffer_size", 1000);
        options.text("format", "json");
        SolsticeError error = refused(ErrorCode.OPTION_UNKNOWN, options::finish);
        assertThat(error.what()).isEqualTo("FileSink has no option 'bufer_size'");
        assertThat(error.where()).isEqualTo("FileSink.bufer_size");
        assertThat(error.help()).isEqualTo("did you mean 'buffer_size'? (known: buffer_size, format)");
    }

    @Test
    void absentOptionsHaveTheirDefaults() {
        Options options = Options.of("X", Map.of());
        assertThat(options.text("a", "d")).isEqualTo("d");
        assertThat(options.optionalText("a")).isNull();
        assertThat(options.wholeNumber("a", 7, 0, 9)).isEqualTo(7);
        assertThat(options.number("a", 1.5)).isEqualTo(1.5);
        assertThat(options.flag("a", true)).isTrue();
        assertThat(options.texts("a")).isNull();
        assertThat(options.oneOf("a", "x", List.of("x", "y"))).isEqualTo("x");
        assertThat(options.character("a", ',')).isEqualTo(',');
        options.finish();
    }

    @Test
    void numbersMayBeWrittenAsTexts() {
        assertThat(options("n", " 1_000 ").wholeNumber("n", 0, 0, 5000)).isEqualTo(1000);
        assertThat(options("n", 5L).positive("n", 1)).isEqualTo(5);
        assertThat(options("n", "2.5").number("n", 0)).isEqualTo(2.5);
        assertThat(options("n", 3).number("n", 0)).isEqualTo(3.0);
    }

    @Test
    void refusesWhatIsNoNumberOrOutOfRange() {
        for (Object value : List.of("many", "1.5", 2.0, "", "99999999999999999999", 0, -1, 11)) {
            SolsticeError error =
                    refused(ErrorCode.OPTION_INVALID, () -> options("n", value).wholeNumber("n", 1, 1, 10));
            assertThat(error.where()).isEqualTo("FileSink.n");
            assertThat(error.what()).contains("'" + value + "'");
            assertThat(error.cause()).isEqualTo("expected a whole number from 1 to 10");
        }
        refused(ErrorCode.OPTION_INVALID, () -> options("n", 3_000_000_000L).positive("n", 1));
        refused(ErrorCode.OPTION_INVALID, () -> options("n", "x").number("n", 1));
    }

    @Test
    void flagsKnowTheWordsOfYamlAndNothingElse() {
        for (Object yes : List.of(true, "true", "YES", "on")) {
            assertThat(options("f", yes).flag("f", false)).isTrue();
        }
        for (Object no : List.of(false, "False", "no", "off")) {
            assertThat(options("f", no).flag("f", true)).isFalse();
        }
        refused(ErrorCode.OPTION_INVALID, () -> options("f", "maybe").flag("f", true));
        refused(ErrorCode.OPTION_INVALID, () -> options("f", 1).flag("f", true));
    }

    @Test
    void listsMayBeListsOrTextsWithCommas() {
        assertThat(options("l", List.of("a", 1)).texts("l")).containsExactly("a", "1");
        assertThat(options("l", "a, b ,c").texts("l")).containsExactly("a", "b", "c");
        assertThat(options("l", "a").texts("l")).containsExactly("a");
    }

    @Test
    void refusesAChoiceThatThereIsNot() {
        SolsticeError error = refused(
                ErrorCode.OPTION_INVALID,
                () -> options("format", "jsno").oneOf("format", "json", List.of("json", "csv")));
        assertThat(error.help()).startsWith("did you mean 'json'?");
    }

    @Test
    void requiredTextsMustBeThere() {
        refused(ErrorCode.OPTION_MISSING, () -> Options.of("X", Map.of()).requiredText("path"));
        refused(ErrorCode.OPTION_MISSING, () -> options("path", "  ").requiredText("path"));
        refused(ErrorCode.OPTION_INVALID, () -> options("path", List.of("a")).requiredText("path"));
        assertThat(options("path", 7).requiredText("path")).isEqualTo("7");
    }

    @Test
    void aCharacterIsOne() {
        assertThat(options("d", "\t").character("d", ',')).isEqualTo('\t');
        refused(ErrorCode.OPTION_INVALID, () -> options("d", ";;").character("d", ','));
        refused(ErrorCode.OPTION_INVALID, () -> options("d", "").character("d", ','));
    }
}
