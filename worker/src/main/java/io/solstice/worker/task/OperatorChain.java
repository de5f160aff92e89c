package io.solstice.worker.task;

import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import io.solstice.spi.Timekeeper;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Operators one behind the other, called directly, and the branches behind the last one. Used by the task's thread. */
final class OperatorChain {
    private final List<ChainLink> links;
    private final TaskOutput output;
    /** The output, if more operators are behind it. */
    private final @Nullable Fork fork;
    /** A watermark that waits behind rows; the operators before {@link #told} know it. */
    private @Nullable Watermark waiting;

    private int told;
    /** What has gone on behind the last operator. */
    private long time = Watermark.NONE;

    private int opened;
    private int finished;

    OperatorChain(List<ChainLink> links, TaskOutput output) {
        this.links = links;
        this.output = output;
        this.fork = output instanceof Fork branches ? branches : null;
    }

    TaskOutput output() {
        return output;
    }

    void open() throws Exception {
        for (ChainLink link : links) {
            opened++;
            link.open();
        }
        if (fork != null) {
            fork.open();
        }
    }

    /** Takes over the batch. @param input the upstream that it is from, if the first operator tells them apart */
    void take(int input, Batch batch) throws Exception {
        if (links.isEmpty()) {
            into(0, batch);
        } else {
            links.get(0).take(input, batch, next(0));
        }
    }

    /** One of the upstreams has come to its end before the other. */
    void endOfSide(int input) throws Exception {
        if (!links.isEmpty()) {
            links.get(0).endOfSide(input, next(0));
        }
    }

    private void into(int index, Batch batch) throws Exception {
        if (index == links.size()) {
            output.take(batch);
        } else {
            links.get(index).take(batch, next(index));
        }
    }

    private ChainLink.Next next(int index) {
        return batch -> into(index + 1, batch);
    }

    /** Tells the operators one by one; the rows that one gives out go down the chain before the watermark does. */
    void watermark(Watermark watermark) throws Exception {
        waiting = watermark;
        told = 0;
        passWatermark(watermark);
    }

    private void passWatermark(Watermark known) throws Exception {
        Watermark passing = known;
        while (told < links.size()) {
            int index = told++;
            links.get(index).watermark(passing, next(index));
            if (links.get(index).timekeeper() != null) {
                waiting = null;
                return;
            }
            passing = links.get(index).behind(passing);
            waiting = passing;
            if (isDraining()) {
                return;
            }
        }
        waiting = null;
        time = passing.micros();
        output.watermark(passing);
    }

    /** Whether an operator says how far event time has come, in place of the input. */
    boolean keepsTime() {
        return lastTimekeeper() != null;
    }

    private @Nullable Timekeeper lastTimekeeper() {
        for (int i = links.size() - 1; i >= 0; i--) {
            Timekeeper keeper = links.get(i).timekeeper();
            if (keeper != null) {
                return keeper;
            }
        }
        return null;
    }

    /** How far event time has come behind the last operator. */
    long time() {
        return time;
    }

    /** Whether the operator that says it knows nothing of event time now. */
    boolean isIdle() {
        Timekeeper keeper = lastTimekeeper();
        return keeper != null && keeper.isIdle();
    }

    /** The input knows nothing of event time until its next watermark. */
    void idle() {
        if (!keepsTime()) {
            output.idle();
        }
    }

    /** Passes on what an operator says of event time; false if none has news. */
    private boolean passNews() throws Exception {
        for (int i = 0; i < links.size(); i++) {
            Timekeeper keeper = links.get(i).timekeeper();
            Watermark news = keeper == null ? null : keeper.takeNews();
            if (news != null) {
                waiting = news;
                told = i + 1;
                passWatermark(news);
                return true;
            }
        }
        return false;
    }

    private boolean hasNews() {
        for (ChainLink link : links) {
            Timekeeper keeper = link.timekeeper();
            if (keeper != null && keeper.hasNews()) {
                return true;
            }
        }
        return false;
    }

    /** After how long an operator has something to do without rows. */
    long dueNanos() {
        long millis = Long.MAX_VALUE;
        for (ChainLink link : links) {
            millis = Math.min(millis, link.dueMillis());
        }
        long nanos = millis == Long.MAX_VALUE ? millis : TimeUnit.MILLISECONDS.toNanos(Math.max(1, millis));
        return fork == null ? nanos : Math.min(nanos, fork.operatorsDueNanos());
    }

    /** Lets the first operator do what is due by the clock; false if nothing is. */
    boolean onClock() throws Exception {
        for (int i = 0; i < links.size(); i++) {
            if (links.get(i).dueMillis() <= 0) {
                boolean knew = !isIdle();
                links.get(i).onClock(next(i));
                if (knew && isIdle()) {
                    output.idle();
                }
                return true;
            }
        }
        return fork != null && fork.onOperatorsClock();
    }

    boolean hasPending() {
        return waiting != null || isDraining() || hasNews();
    }

    private boolean isDraining() {
        for (ChainLink link : links) {
            if (link.hasPending()) {
                return true;
            }
        }
        return fork != null && fork.hasPending();
    }

    /** Hands on one pending batch, the one furthest down, or a watermark behind it; false if nothing is pending. */
    boolean drainOne() throws Exception {
        if (fork != null && fork.drainOne()) {
            return true;
        }
        for (int i = links.size() - 1; i >= 0; i--) {
            if (links.get(i).hasPending()) {
                links.get(i).drainOne(next(i));
                return true;
            }
        }
        Watermark behind = waiting;
        if (behind != null) {
            passWatermark(behind);
            return true;
        }
        return passNews();
    }

    /** Adds copies of the states of all operators that have one. Nothing is pending. */
    void copyStates(Barrier cut, Consumer<OperatorState> into) throws Exception {
        for (ChainLink link : links) {
            link.copyState(cut, into);
        }
        if (fork != null) {
            fork.copyStates(cut, into);
        }
    }

    /** Finishes the next operator in line; false when all are finished. */
    boolean finishOne() throws Exception {
        if (finished == links.size()) {
            return fork != null && fork.finishOne();
        }
        int index = finished++;
        links.get(index).finish(next(index));
        return true;
    }

    /** Trouble ends the task: the operators leave what those need that begin again. */
    void leave() {
        links.forEach(ChainLink::leave);
        if (fork != null) {
            fork.leave();
        }
    }

    /** Closes every operator that was opened, the last failure winning. */
    void close() throws Exception {
        Exception failure = null;
        for (int i = 0; i < opened; i++) {
            try {
                links.get(i).close();
            } catch (Exception thrown) {
                failure = thrown;
            }
        }
        try {
            if (fork != null) {
                fork.closeOperators();
            }
        } catch (Exception thrown) {
            failure = thrown;
        }
        if (failure != null) {
            throw failure;
        }
    }
}
