package io.solstice.worker.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import io.solstice.testing.MemorySource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PositionsTest {
    private final BufferAllocator memory = new RootAllocator();

    @AfterEach
    void noMemoryIsLeft() {
        assertThat(memory.getAllocatedMemory()).isZero();
        memory.close();
    }

    private record Task(BufferAllocator allocator) implements SourceContext {
        @Override
        public String jobId() {
            return "job";
        }

        @Override
        public String stageId() {
            return "in";
        }

        @Override
        public int taskIndex() {
            return 0;
        }

        @Override
        public void skip(String place, String raw, Throwable why) {
            throw new AssertionError(why);
        }
    }

    private List<Row> read(Source source, Split split, long position) throws Exception {
        List<Row> rows = new ArrayList<>();
        try (SourceReader reader = source.open(split, position, new Task(memory))) {
            for (Batch batch = reader.read(); batch != null; batch = reader.read()) {
                try (Batch open = batch) {
                    rows.addAll(List.copyOf(new RowReader(open).rows()));
                }
            }
        }
        return rows;
    }

    @Test
    void theRestOfASplitIsTheSameFromEveryPosition() throws Exception {
        List<Row> rows = LongStream.range(0, 90).mapToObj(n -> Row.of("n", n)).toList();
        List<Supplier<Source>> sources = List.of(
                () -> new Generator(GeneratorSource.numbers(5, 80).splits(3)),
                () -> new Generator(GeneratorSource.mockEvents(70).splits(2)),
                () -> MemorySource.of(rows).splits(2).seed(4).get());
        for (Supplier<Source> made : sources) {
            try (Source source = made.get()) {
                for (Split split : source.splits()) {
                    List<Row> all = read(source, split, 0);
                    assertThat(all).hasSize((int) split.rows());
                    for (int position = 0; position <= all.size(); position++) {
                        assertThat(read(source, split, position))
                                .as("%s from %d", split.id(), position)
                                .isEqualTo(all.subList(position, all.size()));
                    }
                }
            }
        }
    }
}
