package io.solstice.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.operator.TaskState;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.partition.KeyHash;
import io.solstice.exchange.partition.Partitioner;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyShareTest {
    private static final int GROUPS = 128;

    private final BufferAllocator memory = new RootAllocator();

    @AfterEach
    void noMemoryIsLeft() {
        assertThat(memory.getAllocatedMemory()).isZero();
        memory.close();
    }

    private static Schema key(ArrowType type) {
        return new Schema(List.of(Field.nullable("key", type)));
    }

    /** For each row the task that the exchange sends it to. */
    private int[] routed(List<String> keys, List<Row> rows, @Nullable Schema schema, int tasks) {
        List<Row> numbered = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            numbered.add(rows.get(i).with("place", (long) i));
        }
        Schema whole = schema;
        if (schema != null) {
            List<Field> fields = new ArrayList<>(schema.getFields());
            fields.add(Field.nullable("place", new ArrowType.Int(64, true)));
            whole = new Schema(fields);
        }
        int[] routed = new int[rows.size()];
        Batch batch = new RowWriter(whole).write(numbered, memory);
        Partitioner.hash(keys, GROUPS, tasks, memory).divide(batch, (task, part) -> {
            try (part) {
                new RowReader(part).rows().forEach(row -> routed[(int) row.getLong("place")] = task);
            }
        });
        return routed;
    }

    /** The values of the rows as an operator reads them. */
    private List<Row> read(List<Row> rows, @Nullable Schema schema) {
        try (Batch batch = new RowWriter(schema).write(rows, memory)) {
            return List.copyOf(new RowReader(batch).rows());
        }
    }

    private void assertOwnedWhereRouted(List<String> keys, List<Row> rows, @Nullable Schema schema, boolean known) {
        List<Row> read = read(rows, schema);
        for (int tasks = 1; tasks <= 8; tasks++) {
            int[] routed = routed(keys, rows, schema, tasks);
            for (int task = 0; task < tasks; task++) {
                KeyedInput input = new KeyedInput(keys, known ? schema : null, GROUPS);
                try (KeyShare share = new KeyShare("stage", task, tasks, input, memory)) {
                    for (int i = 0; i < read.size(); i++) {
                        Row row = read.get(i);
                        @Nullable Object[] key = keys.stream().map(row::get).toArray();
                        assertThat(share.owns(key))
                                .as("%s in task %s of %s", row, task, tasks)
                                .isEqualTo(routed[i] == task);
                    }
                }
            }
        }
    }

    private static List<Row> rows(IntFunction<@Nullable Object> value) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            rows.add(Row.of("key", i == 7 ? null : value.apply(i)));
        }
        return rows;
    }

    @Test
    void aKeyIsOwnedByTheTaskThatTheExchangeSendsItsRowsTo() {
        Random random = new Random(1);
        for (boolean known : new boolean[] {true, false}) {
            for (int bits : new int[] {8, 16, 32, 64}) {
                assertOwnedWhereRouted(
                        List.of("key"), rows(i -> (long) i * 2 - 50), key(new ArrowType.Int(bits, true)), known);
            }
            assertOwnedWhereRouted(List.of("key"), rows(i -> i), key(new ArrowType.Int(32, false)), known);
            assertOwnedWhereRouted(
                    List.of("key"), rows(i -> "text " + "x".repeat(i) + i), key(ArrowType.Utf8.INSTANCE), known);
            assertOwnedWhereRouted(List.of("key"), rows(i -> "k" + i), key(ArrowType.Utf8View.INSTANCE), known);
            assertOwnedWhereRouted(
                    List.of("key"), rows(i -> new byte[] {(byte) i, 2, 3}), key(ArrowType.Binary.INSTANCE), known);
            assertOwnedWhereRouted(
                    List.of("key"),
                    rows(i -> i == 3 ? -0.0 : i == 4 ? Double.NaN : random.nextDouble()),
                    key(new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
                    known);
            assertOwnedWhereRouted(
                    List.of("key"),
                    rows(i -> i * 0.1f),
                    key(new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)),
                    known);
            assertOwnedWhereRouted(List.of("key"), rows(i -> i % 2 == 0), key(ArrowType.Bool.INSTANCE), known);
        }
        assertOwnedWhereRouted(List.of("key"), rows(i -> "found " + i), null, false);
    }

    @Test
    void whatIsKeptInSeveralWaysNeedsTheTypeOfTheColumn() {
        Instant start = Instant.parse("2026-11-22T00:00:00Z");
        for (TimeUnit unit : TimeUnit.values()) {
            assertOwnedWhereRouted(
                    List.of("key"), rows(i -> start.plusSeconds(i)), key(new ArrowType.Timestamp(unit, "UTC")), true);
            assertOwnedWhereRouted(
                    List.of("key"), rows(i -> Duration.ofSeconds(i)), key(new ArrowType.Duration(unit)), true);
        }
        for (DateUnit unit : DateUnit.values()) {
            assertOwnedWhereRouted(
                    List.of("key"), rows(i -> LocalDate.ofEpochDay(i)), key(new ArrowType.Date(unit)), true);
        }
        for (int scale = 2; scale < 5; scale++) {
            assertOwnedWhereRouted(
                    List.of("key"),
                    rows(i -> BigDecimal.valueOf(i, 2)),
                    key(new ArrowType.Decimal(20, scale, 128)),
                    true);
        }
        for (Object value : List.of(start, LocalTime.NOON, LocalDate.EPOCH, Duration.ZERO, BigDecimal.ONE)) {
            KeyedInput unknown = new KeyedInput(List.of("key"), null, GROUPS);
            try (KeyShare share = new KeyShare("stage", 0, 2, unknown, memory)) {
                assertThatThrownBy(() -> share.owns(value))
                        .hasMessageContaining("SOL-2207")
                        .hasMessageContaining("column 'key'")
                        .hasMessageContaining("declare the output schema");
            }
        }
    }

    @Test
    void aKeyOfSeveralColumnsGoesByAllOfThem() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            rows.add(Row.of("other", 1.5, "b", i % 5 == 0 ? null : "t" + i % 9, "a", (long) i % 11));
        }
        assertOwnedWhereRouted(List.of("a", "b"), rows, null, false);
    }

    @Test
    void eachKeyAndEachFormerTaskHasExactlyOneOwner() {
        for (int before = 1; before <= 8; before++) {
            for (int now = 1; now <= 8; now++) {
                int[] owners = new int[200];
                int[] heirs = new int[before];
                for (int task = 0; task < now; task++) {
                    KeyedInput input = new KeyedInput(List.of("key"), key(new ArrowType.Int(64, true)), GROUPS);
                    try (KeyShare share = new KeyShare("stage", task, now, input, memory)) {
                        for (int key = 0; key < owners.length; key++) {
                            owners[key] += share.owns((long) key) ? 1 : 0;
                        }
                        for (int index = 0; index < before; index++) {
                            heirs[index] += share.inherits(state(index, before)) ? 1 : 0;
                        }
                    }
                }
                assertThat(owners).containsOnly(1);
                assertThat(heirs).containsOnly(1);
            }
        }
    }

    @Test
    void thePartOfAFormerTasksKeysIsThatOfItsKeyGroups() {
        Schema numbers = key(new ArrowType.Int(64, true));
        for (int groups : new int[] {7, 8, GROUPS}) {
            KeyedInput input = new KeyedInput(List.of("key"), numbers, groups);
            for (int before = 1; before <= 9; before++) {
                for (int now = 1; now <= 9; now++) {
                    double[] parts = new double[before];
                    for (int task = 0; task < now; task++) {
                        try (KeyShare share = new KeyShare("stage", task, now, input, memory)) {
                            for (int former = 0; former < before; former++) {
                                double part = share.partOf(former, before);
                                assertThat(part).isEqualTo(counted(former, before, task, now, groups));
                                parts[former] += part;
                            }
                        }
                    }
                    for (int former = 0; former < before; former++) {
                        assertThat(parts[former]).isBetween(before > groups ? 0.0 : 0.999, 1.001);
                    }
                }
            }
        }
        try (KeyShare share = new KeyShare("stage", 0, 2, null, memory)) {
            assertThat(share.partOf(1, 2)).isEqualTo(1);
        }
    }

    private static double counted(int former, int before, int task, int now, int groups) {
        int all = 0;
        int own = 0;
        for (int group = 0; group < groups; group++) {
            if (KeyHash.task(group, groups, before) == former) {
                all++;
                own += KeyHash.task(group, groups, now) == task ? 1 : 0;
            }
        }
        return own == 0 ? 0 : (double) own / all;
    }

    private static TaskState state(int index, int parallelism) {
        return new TaskState(index, parallelism, Row.EMPTY, Row.EMPTY);
    }

    @Test
    void aKeyThatATaskCannotHaveHadIsNoneOfItsState() throws Exception {
        KeyedInput input = new KeyedInput(List.of("key"), key(new ArrowType.Int(64, true)), GROUPS);
        int owner = routed(List.of("key"), List.of(Row.of("key", 42L)), input.schema(), 3)[0];
        try (KeyShare share = new KeyShare("stage", 0, 2, input, memory)) {
            share.divide(state(owner, 3), (before, own) -> own.owns(42L));
            assertThatThrownBy(() -> share.divide(state((owner + 1) % 3, 3), (before, own) -> own.owns(42L)))
                    .hasMessageContaining("SOL-2207")
                    .hasMessageContaining("rows of the key [42] never came to task " + (owner + 1) % 3 + " of 3");
        }
    }

    @Test
    void whatIsNoKeyOfTheStageIsRefused() {
        KeyedInput input = new KeyedInput(List.of("a", "b"), null, GROUPS);
        try (KeyShare share = new KeyShare("stage", 0, 2, input, memory)) {
            assertThatThrownBy(() -> share.owns("x"))
                    .hasMessageContaining("SOL-2207")
                    .hasMessageContaining("found [x], expected a value for each column of the key: [a, b]");
        }
        try (KeyShare share = new KeyShare("stage", 0, 2, null, memory)) {
            assertThatThrownBy(() -> share.owns("x"))
                    .hasMessageContaining("not divided by key")
                    .hasMessageContaining("inherits(...)");
        }
    }
}
