package io.solstice.worker.flight;

import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What tasks have opened for clients. A job runs a moment before each of its tasks has opened its end, so a client that
 * comes early waits for it. Any thread may call it.
 */
final class Openings<T> {
    private final long patienceMillis;
    private final ConcurrentHashMap<Address, CompletableFuture<@Nullable T>> all = new ConcurrentHashMap<>();

    record Address(RunId run, StageId stage, int task) {}

    /** @param patienceMillis how long an early client waits at most */
    Openings(long patienceMillis) {
        this.patienceMillis = patienceMillis;
    }

    void open(Address address, T opened) {
        all.compute(address, (same, awaited) -> {
            if (awaited == null || awaited.isDone()) {
                return CompletableFuture.completedFuture(opened);
            }
            awaited.complete(opened);
            return awaited;
        });
    }

    /**
     * What is or was open there, or null if it does not come.
     *
     * @param mayCome whether something may still open there; asked at the beginning only, see {@link #giveUp}
     */
    @Nullable
    T await(Address address, BooleanSupplier mayCome) throws InterruptedException {
        CompletableFuture<@Nullable T> awaited = all.computeIfAbsent(address, early -> new CompletableFuture<>());
        if (!awaited.isDone() && !mayCome.getAsBoolean()) {
            all.remove(address, awaited);
            return awaited.getNow(null);
        }
        try {
            return awaited.get(patienceMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException never) {
            return null;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("only values are waited for", impossible);
        }
    }

    /** Nothing of this run opens any more: whoever waits for it is told so. */
    void giveUp(RunId run) {
        all.forEach((address, awaited) -> {
            if (address.run().equals(run) && awaited.complete(null)) {
                all.remove(address, awaited);
            }
        });
    }

    void forEach(BiConsumer<Address, T> action) {
        all.forEach((address, awaited) -> {
            T opened = awaited.getNow(null);
            if (opened != null) {
                action.accept(address, opened);
            }
        });
    }

    void removeIf(BiPredicate<Address, T> unwanted) {
        all.forEach((address, awaited) -> {
            T opened = awaited.getNow(null);
            if (opened != null && unwanted.test(address, opened)) {
                all.remove(address, awaited);
            }
        });
    }

    /** How many addresses somebody has come to too early. */
    long awaited() {
        return all.values().stream().filter(each -> !each.isDone()).count();
    }

    boolean holdsAnyOf(RunId run) {
        return all.keySet().stream().anyMatch(address -> address.run().equals(run));
    }
}
