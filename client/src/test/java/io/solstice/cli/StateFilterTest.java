package io.solstice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.row.Row;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateFilterTest {
    private static final Row ROW = Row.of(
            "user",
            "o'neil jr",
            "visits",
            12L,
            "ratio",
            0.5,
            "sum",
            new BigDecimal("10.50"),
            "last",
            Instant.parse("2026-01-31T12:00:00Z"),
            "active",
            true,
            "none",
            null);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "visits = 12",
                "visits >= 12 and visits <= 12 and visits < 12.5",
                "visits <> 3 AND visits != 4",
                "user = 'o''neil jr'",
                "user like 'o%jr'",
                "user like '_''neil%'",
                "user > a",
                "ratio < 0.75",
                "sum = 10.5",
                "last > 2026-01-31T11:59:59Z",
                "active = true and \"visits\" > 11",
                "none is null and user is not null",
                "  visits=12  ",
            })
    void holds(String filter) {
        assertThat(StateFilter.of(filter).holds(ROW)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "visits = 13",
                "visits > 11 and visits > 12",
                "user like 'neil%'",
                "user like '.%'",
                "none = 3",
                "none is not null",
                "user is null",
                "last < 2026-01-31T12:00:00Z",
                "active = false",
            })
    void doesNotHold(String filter) {
        assertThat(StateFilter.of(filter).holds(ROW)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "visits", "visits 12", "visits >", "visits = 1 or visits = 2", "= 3", "a = 'b", "a = 1 and"})
    void whatIsNoFilterIsRefusedWithItsPlace(String filter) {
        assertThatThrownBy(() -> StateFilter.of(filter)).isInstanceOfSatisfying(UsageException.class, refused -> {
            assertThat(refused.error().where()).contains("--where");
            assertThat(refused.error().help()).contains("for example");
        });
    }

    @Test
    void wrongColumnsAndTypesAreRefused() {
        assertThatThrownBy(() -> StateFilter.of("visit = 1").requireColumns(List.of(ROW)))
                .isInstanceOfSatisfying(
                        UsageException.class,
                        refused -> assertThat(refused.error().help()).contains("visits"));
        assertThatThrownBy(() -> StateFilter.of("visits = many").holds(ROW))
                .isInstanceOfSatisfying(
                        UsageException.class,
                        refused -> assertThat(refused.error().cause()).contains("Long"));
        assertThatThrownBy(() -> StateFilter.of("last > yesterday").holds(ROW)).isInstanceOf(UsageException.class);
        assertThat(StateFilter.of(null).holds(ROW)).isTrue();
    }
}
