package io.solstice.worker.task;

import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Several ways on behind an operator, in the same task: each gets all batches, which share their columns, and every
 * signal. The task makes nothing more while one of them has no room. Used by the task's thread.
 */
public final class Fork implements TaskOutput {
    private final List<OperatorChain> branches;
    private int finishing;

    /** Operators one behind the other, and what stands behind them. */
    public record Branch(List<ChainLink> links, TaskOutput output) {}

    public Fork(List<Branch> branches) {
        this.branches = branches.stream()
                .map(branch -> new OperatorChain(branch.links(), branch.output()))
                .toList();
    }

    void open() throws Exception {
        for (OperatorChain branch : branches) {
            branch.open();
        }
    }

    @Override
    public void take(Batch batch) throws Exception {
        try (batch) {
            for (int i = 0; i < branches.size(); i++) {
                branches.get(i).take(0, batch.share());
            }
        }
    }

    @Override
    public void watermark(Watermark watermark) throws Exception {
        for (OperatorChain branch : branches) {
            branch.watermark(watermark);
        }
    }

    @Override
    public void idle() {
        branches.forEach(OperatorChain::idle);
    }

    boolean hasPending() {
        for (int i = 0; i < branches.size(); i++) {
            if (branches.get(i).hasPending()) {
                return true;
            }
        }
        return false;
    }

    boolean drainOne() throws Exception {
        for (int i = 0; i < branches.size(); i++) {
            if (branches.get(i).drainOne()) {
                return true;
            }
        }
        return false;
    }

    long operatorsDueNanos() {
        long due = Long.MAX_VALUE;
        for (int i = 0; i < branches.size(); i++) {
            due = Math.min(due, branches.get(i).dueNanos());
        }
        return due;
    }

    boolean onOperatorsClock() throws Exception {
        for (int i = 0; i < branches.size(); i++) {
            if (branches.get(i).onClock()) {
                return true;
            }
        }
        return false;
    }

    void copyStates(Barrier cut, Consumer<OperatorState> into) throws Exception {
        for (OperatorChain branch : branches) {
            branch.copyStates(cut, into);
        }
    }

    boolean finishOne() throws Exception {
        while (finishing < branches.size()) {
            if (branches.get(finishing).finishOne()) {
                return true;
            }
            finishing++;
        }
        return false;
    }

    void leave() {
        branches.forEach(OperatorChain::leave);
    }

    /** Closes the operators of all branches, the last failure winning. */
    void closeOperators() throws Exception {
        closeAll(OperatorChain::close);
    }

    @Override
    public List<Committable> barrier(Barrier barrier) throws Exception {
        List<Committable> sealed = new ArrayList<>();
        for (OperatorChain branch : branches) {
            sealed.addAll(branch.output().barrier(barrier));
        }
        return sealed;
    }

    /** Asks all of them, so that each sends on what waits. */
    @Override
    public boolean hasRoom() {
        boolean room = true;
        for (int i = 0; i < branches.size(); i++) {
            room &= branches.get(i).output().hasRoom();
        }
        return room;
    }

    @Override
    public long dueNanos() {
        long due = Long.MAX_VALUE;
        for (int i = 0; i < branches.size(); i++) {
            due = Math.min(due, branches.get(i).output().dueNanos());
        }
        return due;
    }

    @Override
    public void onClock() throws Exception {
        for (OperatorChain branch : branches) {
            if (branch.output().dueNanos() <= 0) {
                branch.output().onClock();
            }
        }
    }

    @Override
    public void end() throws Exception {
        for (OperatorChain branch : branches) {
            branch.output().end();
        }
    }

    @Override
    public boolean isFlushed() {
        boolean flushed = true;
        for (int i = 0; i < branches.size(); i++) {
            flushed &= branches.get(i).output().isFlushed();
        }
        return flushed;
    }

    @Override
    public List<Committable> sealed() {
        return branches.stream()
                .flatMap(branch -> branch.output().sealed().stream())
                .toList();
    }

    @Override
    public void close() throws Exception {
        closeAll(branch -> branch.output().close());
    }

    private interface Closing {
        void close(OperatorChain branch) throws Exception;
    }

    private void closeAll(Closing closing) throws Exception {
        Exception failure = null;
        for (OperatorChain branch : branches) {
            try {
                closing.close(branch);
            } catch (Exception thrown) {
                failure = thrown;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
