package io.solstice.worker.task;

import io.solstice.api.row.ValueReader;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.FrequentKey;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.aggregate.FrequentTexts;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Finds the most frequent key of the rows that go along an edge, by a sample of one row in a thousand, so that it costs
 * next to nothing. Used by the sending task's thread; what was found may be read by any.
 */
public final class KeySample {
    /** Rows from one of the sample to the next, on average. */
    static final int STEP = 1024;
    /** Less than this says nothing, and more is a new sample, so that what is told is of lately. */
    static final int LEAST = 128;

    static final int MOST = 4096;
    private static final int TEXT = 64;

    private final StageId to;
    private final List<String> columns;
    private final SplittableRandom random = new SplittableRandom(1);
    private FrequentTexts texts = new FrequentTexts();
    private long skip;
    private volatile @Nullable FrequentKey found;

    /** @param columns of the key */
    public KeySample(StageId to, List<String> columns) {
        this.to = to;
        this.columns = List.copyOf(columns);
    }

    /** The most frequent key, or null if not enough rows have been seen; may be called by any thread. */
    @Nullable
    FrequentKey found() {
        return found;
    }

    /** Looks at the batch, which stays the caller's. */
    void look(Batch batch) {
        int rows = batch.rowCount();
        if (skip >= rows) {
            skip -= rows;
            return;
        }
        ValueReader[] keys = new ValueReader[columns.size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = ValueReader.of(batch.column(columns.get(i)));
        }
        long row = skip;
        while (row < rows) {
            texts.add(text(keys, (int) row));
            row += 1 + random.nextInt(2 * STEP);
        }
        skip = row - rows;
        long sampled = texts.size();
        if (sampled >= LEAST) {
            FrequentTexts.Frequent most = texts.most(sampled / 10);
            found = new FrequentKey(to, most.text(), most.count(), sampled);
        }
        if (sampled >= MOST) {
            texts = new FrequentTexts();
        }
    }

    private static String text(ValueReader[] keys, int row) {
        if (keys.length == 1) {
            return cut(String.valueOf(keys[0].read(row)));
        }
        StringBuilder text = new StringBuilder();
        for (ValueReader key : keys) {
            text.append(text.isEmpty() ? "" : ", ").append(key.read(row));
        }
        return cut(text.toString());
    }

    private static String cut(String text) {
        return text.length() <= TEXT ? text : text.substring(0, TEXT) + "…";
    }
}
