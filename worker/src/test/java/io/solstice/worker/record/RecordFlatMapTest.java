package io.solstice.worker.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.operator.FlatMapFunction;
import io.solstice.api.row.RecordSchema;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordFlatMapTest {
    private final BufferAllocator allocator = new RootAllocator();

    private record Number(long n) {}

    private record Word(String word, long of) {}

    @AfterEach
    void nothingStaysAllocated() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    private Batch numbers(long... numbers) {
        List<Row> rows = LongStream.of(numbers).mapToObj(n -> Row.of("n", n)).toList();
        return new RowWriter(RecordSchema.of(Number.class)).write(rows, allocator);
    }

    private RecordResults results(
            FlatMapFunction<Number, Word> function, int mostRows, RecordFailures failures, long... numbers) {
        Batch batch = numbers(numbers);
        return RecordFlatMap.compile(Number.class, Word.class, function, batch.schema())
                .apply(batch, mostRows, allocator, failures);
    }

    private static List<Row> rows(RecordResults results) {
        List<Row> rows = new ArrayList<>();
        while (results.hasNext()) {
            try (Batch batch = results.next()) {
                rows.addAll(new RowReader(batch).rows());
            }
        }
        return rows;
    }

    @Test
    void noneOneOrManyResults() {
        FlatMapFunction<Number, Word> function =
                number -> Collections.nCopies((int) number.n(), new Word("w".repeat((int) number.n()), number.n()));
        for (int mostRows : new int[] {1, 2, 3, 100}) {
            try (RecordResults results = results(function, mostRows, (row, failure) -> {}, 0, 1, 3, 0, 2, 0)) {
                assertThat(rows(results)).extracting(row -> row.get("of")).containsExactly(1L, 3L, 3L, 3L, 2L, 2L);
            }
        }
    }

    @Test
    void endlessResultsAreMadeAsTheyAreTaken() {
        FlatMapFunction<Number, Word> endless =
                number -> LongStream.iterate(0, n -> n + 1).mapToObj(n -> new Word("x", n))::iterator;
        try (RecordResults results = results(endless, 64, (row, failure) -> {}, 1)) {
            for (int i = 0; i < 3; i++) {
                try (Batch batch = results.next()) {
                    assertThat(batch.rowCount()).isEqualTo(64);
                    assertThat(new RowReader(batch).row(0).get("of")).isEqualTo(64L * i);
                }
            }
        }
    }

    @Test
    void rowsThatFailAreReported() {
        FlatMapFunction<Number, Word> function = number -> {
            if (number.n() == 2) {
                throw new java.io.IOException("two");
            }
            return number.n() == 3 ? Collections.singleton(null) : List.of(new Word("w", number.n()));
        };
        List<String> failures = new ArrayList<>();
        try (RecordResults results =
                results(function, 10, (row, failure) -> failures.add(row + " " + failure.getMessage()), 1, 2, 3, 4)) {
            assertThat(rows(results)).extracting(row -> row.get("of")).containsExactly(1L, 4L);
        }
        assertThat(failures).hasSize(2);
        assertThat(failures.get(0)).isEqualTo("1 two");
        assertThat(failures.get(1)).startsWith("2 error[SOL-1301]");
        try (RecordResults results = results(
                function,
                10,
                (row, failure) -> {
                    throw new IllegalStateException("row " + row);
                },
                1,
                2)) {
            assertThatThrownBy(results::next).hasMessage("row 1");
        }
    }
}
