package io.solstice.common.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    private static final Pattern ADVICE = Pattern.compile("for example '(.*)'", Pattern.DOTALL);

    @Test
    void acceptsWhatPathsAndLabelsCanHold() {
        for (String name : List.of("a", "9", "my_etl-job.001", "x".repeat(128))) {
            assertThatCode(() -> new JobId(name)).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "..", "../x", "-a", ".hidden", "a/b", "a b", "a\n", "naïve", "日本"})
    void refusesTheRestAndAdvisesANameThatWouldDo(String name) {
        SolsticeException refused = catchThrowableOfType(SolsticeException.class, () -> new StageId(name));
        assertThat(refused.code()).isEqualTo(ErrorCode.NAME_INVALID);
        Matcher advice = ADVICE.matcher(refused.error().help());
        assertThat(advice.find()).as(refused.error().help()).isTrue();
        assertThatCode(() -> new StageId(advice.group(1))).doesNotThrowAnyException();
    }

    @Test
    void refusesNamesThatAreTooLong() {
        assertThat(catchThrowableOfType(SolsticeException.class, () -> new WorkerId("x".repeat(129)))
                        .code())
                .isEqualTo(ErrorCode.NAME_INVALID);
    }

    @Test
    void tasksAreShownByJobStageAndIndexAndSortByStageThenIndex() {
        TaskId second = new TaskId(new JobId("j"), new StageId("map"), 2);
        TaskId tenth = new TaskId(new JobId("j"), new StageId("map"), 10);
        TaskId other = new TaskId(new JobId("j"), new StageId("sink"), 0);
        assertThat(second).hasToString("j/map/2");
        assertThat(List.of(other, tenth, second).stream().sorted()).containsExactly(second, tenth, other);
    }
}
