package io.solstice.worker.aggregate;

import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.ItemsSketch;

/** Which of many texts comes most often, in the memory of a few hundred (Apache DataSketches). Used by one thread. */
public final class FrequentTexts {
    private static final int COUNTERS = 256;

    private final ItemsSketch<String> sketch = new ItemsSketch<>(COUNTERS);

    /** A text, and how often it has come at least. */
    public record Frequent(String text, long count) {}

    public void add(String text) {
        sketch.update(text);
    }

    /** How many have come. */
    public long size() {
        return sketch.getStreamLength();
    }

    /** The one that has come most often; an empty text that never came if none has come more often than that. */
    public Frequent most(long moreThan) {
        ItemsSketch.Row<String>[] most = sketch.getFrequentItems(moreThan, ErrorType.NO_FALSE_POSITIVES);
        return most.length == 0 ? new Frequent("", 0) : new Frequent(most[0].getItem(), most[0].getLowerBound());
    }
}
