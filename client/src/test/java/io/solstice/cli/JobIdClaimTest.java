package io.solstice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobIdClaimTest {
    @TempDir
    Path folder;

    private static RunSettings settings(String... words) {
        return RunSettings.merge(
                new RunSettings.Flags(words.length == 0 ? null : words[0], null, null, null, null, null, Map.of()),
                JobFile.EMPTY);
    }

    private static long second(JobIdClaim claim) {
        String id = claim.settings().context().jobId();
        assertThat(id).matches("job_[0-9]+");
        return Long.parseLong(id.substring(4));
    }

    @Test
    void runsOfOneSecondThatWereGivenNoIdGetDifferentOnes() throws Exception {
        RunSettings same = settings();
        try (JobIdClaim first = JobIdClaim.of(same, folder);
                JobIdClaim second = JobIdClaim.of(same, folder);
                JobIdClaim third = JobIdClaim.of(same, folder)) {
            assertThat(first.settings()).isEqualTo(same);
            assertThat(second(second)).isEqualTo(second(first) + 1);
            assertThat(second(third)).isEqualTo(second(first) + 2);
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void anIdThatWasGivenIsTakenAsItIs() {
        RunSettings named = settings("orders");
        try (JobIdClaim first = JobIdClaim.of(named, folder);
                JobIdClaim second = JobIdClaim.of(named, folder)) {
            assertThat(first.settings()).isEqualTo(named);
            assertThat(second.settings()).isEqualTo(named);
        }
    }

    @Test
    void withoutAFolderNothingIsClaimed() {
        RunSettings same = settings();
        try (JobIdClaim claim = JobIdClaim.of(same, folder.resolve("none"))) {
            assertThat(claim.settings()).isEqualTo(same);
        }
    }
}
