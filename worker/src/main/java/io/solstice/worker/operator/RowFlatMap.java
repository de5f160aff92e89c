package io.solstice.worker.operator;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.FlatMapOperator;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Outbox;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.exchange.batch.Batch;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** {@link FlatMapOperator.Rows}: made as downstream takes them, so that one row may become any number. */
final class RowFlatMap implements BatchOperator {
    private final FlatMapOperator.Rows definition;
    private final RowFailures failures;
    private final RowWriter writer;
    private @Nullable OperatorContext context;

    RowFlatMap(FlatMapOperator.Rows definition) {
        this.definition = definition;
        this.failures = new RowFailures("flatmap_fn", definition.skipOnError());
        this.writer = new RowWriter(definition.output());
    }

    @Override
    public @Nullable Schema outputSchema(Schema input) {
        return definition.output();
    }

    @Override
    public void open(OperatorContext opened) {
        context = opened;
    }

    @Override
    public void process(Batch batch, Outbox out) {
        OperatorContext task = Opened.check(context);
        out.emitAll(new Children(batch, task));
    }

    /** The batches of all children of one input batch. */
    private final class Children implements Iterator<Batch>, AutoCloseable {
        private final Batch batch;
        private final RowBatches batches;

        Children(Batch batch, OperatorContext task) {
            this.batch = batch;
            this.batches = new RowBatches(new ChildRows(batch, task), writer, task.allocator());
        }

        @Override
        public boolean hasNext() {
            return batches.hasNext();
        }

        @Override
        public Batch next() {
            return batches.next();
        }

        @Override
        public void close() {
            batch.close();
        }
    }

    /** The children of all rows of one input batch, each parent's function called when its turn comes. */
    private final class ChildRows implements Iterator<Row> {
        private final Batch batch;
        private final OperatorContext task;
        private final RowReader reader;
        private Iterator<Row> children = Collections.emptyIterator();
        private @Nullable Row upcoming;
        private int parent;

        ChildRows(Batch batch, OperatorContext task) {
            this.batch = batch;
            this.task = task;
            this.reader = new RowReader(batch);
        }

        @Override
        public boolean hasNext() {
            while (upcoming == null) {
                try {
                    if (children.hasNext()) {
                        upcoming = children.next();
                    } else if (parent < batch.rowCount()) {
                        parent++;
                        children = definition
                                .function()
                                .apply(reader.row(parent - 1))
                                .iterator();
                    } else {
                        return false;
                    }
                } catch (Exception | StackOverflowError | LinkageError thrown) {
                    children = Collections.emptyIterator();
                    failures.failed(task, batch, parent - 1, thrown);
                }
            }
            return true;
        }

        @Override
        public Row next() {
            Row row = hasNext() ? upcoming : null;
            if (row == null) {
                throw new NoSuchElementException();
            }
            upcoming = null;
            return row;
        }
    }
}
