package io.solstice.worker.operator;

import io.solstice.api.operator.Outbox;
import io.solstice.api.operator.WindowOperator;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import io.solstice.worker.BareTask;
import io.solstice.worker.ManualClock;
import io.solstice.worker.userwindow.UserWindows;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/** One task with windows of a user's, and a clock that stands still until it is set. */
final class WindowRun implements Outbox, BareTask, AutoCloseable {
    final List<Row> given = new ArrayList<>();
    final List<String> aside = new ArrayList<>();
    final List<Row> late = new ArrayList<>();

    private final ManualClock clock = new ManualClock(0);
    private final BufferAllocator memory;
    private final Schema schema;
    private final boolean takesLate;
    private KeyedOperatorAdapter operator;

    WindowRun(WindowOperator definition, Schema schema, boolean takesLate, BufferAllocator memory) throws Exception {
        this.memory = memory;
        this.schema = schema;
        this.takesLate = takesLate;
        this.operator = opened(definition);
    }

    private KeyedOperatorAdapter opened(WindowOperator definition) throws Exception {
        KeyedOperatorAdapter fresh = new KeyedOperatorAdapter(new UserWindows(definition, clock), clock);
        fresh.open(this);
        return fresh;
    }

    void rows(Row... rows) {
        operator.process(new RowWriter(schema).write(List.of(rows), memory), this);
    }

    void mark(long micros) {
        operator.onWatermark(new Watermark(micros), this);
    }

    void clock(long millis) {
        clock.advance(millis - clock.wallMillis());
        if (operator.dueMillis() <= 0) {
            operator.onClock(this);
        }
    }

    void finish() {
        operator.finish(this);
    }

    /** Takes the state out and puts it into a new object. */
    void restore(WindowOperator definition) throws Exception {
        Row state = operator.checkpoint();
        List<Batch> tables = operator.tables();
        operator.close();
        operator = opened(definition);
        try {
            operator.restore(state);
            tables.forEach(operator::load);
        } finally {
            tables.forEach(Batch::close);
        }
    }

    /** How many batches the state is written as; none if nothing is kept. */
    long keptKeys() {
        List<Batch> tables = operator.tables();
        long rows = tables.stream().mapToLong(Batch::rowCount).sum();
        tables.forEach(Batch::close);
        return rows;
    }

    /** What came since the last call, in no order. */
    List<String> takeGiven() {
        List<String> texts = given.stream().map(Row::toString).sorted().toList();
        given.clear();
        return texts;
    }

    @Override
    public void emit(Batch batch) {
        try (batch) {
            given.addAll(List.copyOf(new RowReader(batch).rows()));
        }
    }

    @Override
    public void emitAll(Iterator<Batch> batches) {
        batches.forEachRemaining(this::emit);
    }

    @Override
    public void close() throws Exception {
        operator.close();
    }

    @Override
    public String stageId() {
        return "windows";
    }

    @Override
    public List<String> keyColumns() {
        return List.of("k");
    }

    @Override
    public BufferAllocator allocator() {
        return memory;
    }

    @Override
    public boolean givesLateRows() {
        return takesLate;
    }

    @Override
    public void late(Batch rows) {
        try (rows) {
            late.addAll(List.copyOf(new RowReader(rows).rows()));
        }
    }

    @Override
    public void skip(Batch rows, int row, Throwable why) {
        aside.add(new RowReader(rows).row(row) + " " + why.getMessage());
    }
}
