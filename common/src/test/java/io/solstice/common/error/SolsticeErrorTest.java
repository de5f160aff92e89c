package io.solstice.common.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class SolsticeErrorTest {

    @Test
    void showsCodeWhatWhereCauseAndHelp() {
        SolsticeError error = ErrorCode.TYPE_MISMATCH
                .error("'price' is not a number")
                .where("job 'j', stage 'map'")
                .cause("found Utf8, expected Int")
                .help("cast it");
        assertThat(error.display())
                .isEqualTo("error[SOL-1201]: 'price' is not a number\n"
                        + "  --> job 'j', stage 'map'\n"
                        + "   = cause: found Utf8, expected Int\n"
                        + "   = help: cast it");
    }

    @Test
    void leavesOutWhatIsNotKnown() {
        assertThat(ErrorCode.GRAPH_EMPTY.error("the job has no stages").display())
                .isEqualTo("error[SOL-1101]: the job has no stages");
    }

    @Test
    void indentsFurtherLines() {
        assertThat(ErrorCode.INTERNAL.error("x").cause("one\ntwo").display())
                .isEqualTo("error[SOL-9001]: x\n   = cause: one\n            two");
    }

    @Test
    void anOuterPlaceComesFirstAndOnce() {
        SolsticeError error = ErrorCode.INTERNAL.error("x").where("line 3");
        SolsticeError outer = error.within("stage 'a'").within("job 'j'");
        assertThat(outer.where()).isEqualTo("job 'j', stage 'a', line 3");
        assertThat(outer.within("job 'j'")).isEqualTo(outer);
        assertThat(ErrorCode.INTERNAL.error("x").within("job 'j'").where()).isEqualTo("job 'j'");
    }

    @Test
    void anExceptionKeepsErrorStackAndCauseWhenItIsLocated() {
        IOException beneath = new IOException("broken");
        SolsticeException thrown = ErrorCode.IO_FAILED.error("x").toException(beneath);
        SolsticeException located = thrown.within("job 'j'");
        assertThat(located).hasMessage("error[SOL-3103]: x\n  --> job 'j'").hasCause(beneath);
        assertThat(located.getStackTrace()).isEqualTo(thrown.getStackTrace());
        assertThat(located.code()).isEqualTo(ErrorCode.IO_FAILED);
    }

    @Test
    void recognisesWhatLiesBeneath() {
        SolsticeException coded = ErrorCode.NULL_VALUE.error("x").toException();
        assertThat(SolsticeException.of(new RuntimeException(coded))).isSameAs(coded);
        assertThat(SolsticeException.of(new RuntimeException(new IOException("No space left on device")))
                        .code())
                .isEqualTo(ErrorCode.DISK_FULL);
        assertThat(SolsticeException.of(new OutOfMemoryError("Java heap space")).code())
                .isEqualTo(ErrorCode.MEMORY_LIMIT);
        SolsticeException defect = SolsticeException.of(new IllegalStateException("boo"));
        assertThat(defect.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(defect.error().what()).isEqualTo("unexpected IllegalStateException");
        assertThat(defect.error().cause()).isEqualTo("boo");
    }

    @Test
    void everyCodeHasANumberAndAMeaningOfItsOwn() {
        ErrorCode[] codes = ErrorCode.values();
        assertThat(new HashSet<>(Arrays.stream(codes).map(ErrorCode::code).toList()))
                .hasSize(codes.length);
        assertThat(codes).allSatisfy(code -> {
            assertThat(code.code()).matches("SOL-[1-9][0-9]{3}");
            assertThat(code.meaning()).endsWith(".").doesNotContain("\n");
        });
    }
}
