package io.solstice.stream.source;

import io.solstice.stream.config.EventField;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names that lead to fields, so that an object is read once and all that nobody looks at is passed over. */
final class FieldTree {
    private final Map<String, FieldTree> children = new HashMap<>();
    /** The places of the fields that end here; there may be two of different kinds. */
    private int[] slots = new int[0];

    /** Of those fields whose first step is the root. */
    static FieldTree of(String root, List<EventField> fields) {
        FieldTree tree = new FieldTree();
        for (int slot = 0; slot < fields.size(); slot++) {
            List<String> steps = fields.get(slot).steps();
            if (steps.get(0).equals(root)) {
                tree.add(steps.subList(1, steps.size()), slot);
            }
        }
        return tree;
    }

    private void add(List<String> steps, int slot) {
        if (steps.isEmpty()) {
            slots = Arrays.copyOf(slots, slots.length + 1);
            slots[slots.length - 1] = slot;
        } else {
            children.computeIfAbsent(steps.get(0), name -> new FieldTree()).add(steps.subList(1, steps.size()), slot);
        }
    }

    @Nullable
    FieldTree child(String name) {
        return children.get(name);
    }

    int[] slots() {
        return slots;
    }

    boolean hasChildren() {
        return !children.isEmpty();
    }
}
