package io.solstice.worker.job;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The GPUs of a worker: the master hands them out by number, and tasks know them by what CUDA calls them. Any thread may
 * call it.
 */
public final class Gpus {
    private final Supplier<List<String>> search;
    /** Searched for once, by whoever comes first; a second search finds the same. */
    private volatile @Nullable List<String> found;

    private Gpus(Supplier<List<String>> search) {
        this.search = search;
    }

    /** @param names of all that the worker offers */
    public static Gpus named(List<String> names) {
        return new Gpus(() -> names);
    }

    /**
     * Of a worker that takes every task, whatever it needs: its tasks take turns on those that there are, or get none.
     *
     * @param search asked when a task first needs one
     */
    public static Gpus shared(Supplier<List<String>> search) {
        return new Gpus(search);
    }

    /** What a task has that the master gave these numbers. */
    TaskContext.TaskGpus of(List<Integer> numbers) {
        List<String> names = numbers.isEmpty() ? List.of() : names();
        if (names.isEmpty()) {
            return new TaskContext.TaskGpus(List.of(), List.of());
        }
        List<Integer> ordinals =
                numbers.stream().map(number -> number % names.size()).distinct().toList();
        return new TaskContext.TaskGpus(
                ordinals, ordinals.stream().map(names::get).toList());
    }

    private List<String> names() {
        List<String> known = found;
        if (known == null) {
            known = List.copyOf(search.get());
            found = known;
        }
        return known;
    }
}
