package io.solstice.exchange.batch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ViewVarCharVector;

/** Columns of text views. */
public final class TextViews {
    private TextViews() {}

    /**
     * Short texts, which lie in the view itself, and long ones, which it points at.
     *
     * @param nulls the share of nulls
     */
    public static List<String> random(Random random, int rows, double nulls) {
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            texts.add(random.nextDouble() < nulls ? null : row + "é".repeat(random.nextInt(27)));
        }
        return texts;
    }

    public static ViewVarCharVector of(BufferAllocator allocator, List<String> texts) {
        ViewVarCharVector vector = new ViewVarCharVector("text", allocator);
        vector.allocateNew(texts.size());
        for (int row = 0; row < texts.size(); row++) {
            String text = texts.get(row);
            if (text == null) {
                vector.setNull(row);
            } else {
                vector.setSafe(row, text.getBytes(StandardCharsets.UTF_8));
            }
        }
        vector.setValueCount(texts.size());
        return vector;
    }
}
