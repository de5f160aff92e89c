package io.solstice.worker.userstate;

import io.solstice.exchange.batch.Batch;
import io.solstice.spi.Incremental.Fresh;
import io.solstice.spi.Incremental.Leaving;
import io.solstice.spi.Incremental.Piece;
import io.solstice.spi.Incremental.Share;
import io.solstice.spi.Incremental.Stored;
import io.solstice.worker.piece.PieceNames;
import io.solstice.worker.store.StoreFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which parts each cut has, such as {@link Runs}, and which of them are stored. Most parts never change, so a cut writes
 * those that are new since its base and names the others. Used by the task's thread.
 */
public final class StatePieces {
    private final KeyedStates states;
    private final PieceNames names = new PieceNames();

    /** Null for one that has none. */
    private List<@Nullable Object> loaded = new ArrayList<>();

    /** Those of stores that have come, until all have. */
    private @Nullable LoadedFiles files;

    public StatePieces(KeyedStates states) {
        this.states = states;
    }

    /** All of the state, of no cut. */
    public List<Batch> whole() {
        states.settle();
        return states.table().parts(name -> false, states.allocator()).stream()
                .map(part -> Objects.requireNonNull(part.table()))
                .toList();
    }

    /** As {@link io.solstice.spi.Incremental#pieces} has it. */
    public List<Piece> at(long epoch, long baseEpoch) {
        states.settle();
        Map<Object, Integer> stored = names.stored(baseEpoch);
        List<Piece> pieces = new ArrayList<>();
        List<@Nullable Object> parts = new ArrayList<>();
        for (KeyTable.Part part : states.table().parts(stored::containsKey, states.allocator())) {
            Batch table = part.table();
            pieces.add(table == null ? new Stored(Objects.requireNonNull(stored.get(part.name()))) : new Fresh(table));
            parts.add(part.name());
        }
        names.cut(epoch, parts);
        return pieces;
    }

    /** As {@link io.solstice.spi.Incremental#leave} has it. */
    public void leave(long epoch, Leaving leaving) {
        names.of(epoch).forEach((name, index) -> {
            Batch table = states.table().inMemory(name);
            if (table != null) {
                leaving.leave(index, table);
            }
        });
    }

    /** Takes back a piece, or the rows of one that are of this task. */
    public void load(Batch table) {
        StoreFiles of = StoreFiles.of(table);
        loaded.add(of == null ? states.load(table) : files().take(of, table));
    }

    private LoadedFiles files() {
        LoadedFiles known = files;
        if (known == null) {
            known = new LoadedFiles(states.passingFolder(), states.allocator());
            files = known;
        }
        return known;
    }

    /** What was loaded is what a cut had, as a whole. */
    public void restored(long epoch) throws Exception {
        boolean same = true;
        try (LoadedFiles come = files) {
            files = null;
            if (come != null && !come.moveTo(states.table())) {
                same = false;
                come.forEach((task, table) -> states.load(table));
            }
        }
        names.cut(epoch, same ? loaded : List.of());
        loaded = new ArrayList<>();
    }

    /** What was loaded is of several tasks; of files only what is this one's is taken. */
    public void divided(Share share) throws Exception {
        loaded = new ArrayList<>();
        try (LoadedFiles come = files) {
            files = null;
            if (come != null) {
                come.forEach((task, table) -> {
                    try (Batch own = share.own(task, table)) {
                        if (own.rowCount() > 0) {
                            states.load(own);
                        }
                    }
                });
            }
        }
    }

    /** Lets go of what has come and was not needed any more. */
    public void close() {
        LoadedFiles come = files;
        files = null;
        if (come != null) {
            come.close();
        }
    }
}
