package io.solstice.bench;

import io.solstice.bench.engine.LimitNexmark;
import io.solstice.bench.engine.SolsticeNexmark;
import io.solstice.bench.measure.Checkpointing;
import io.solstice.bench.measure.Contender;
import io.solstice.bench.measure.Percentiles;
import io.solstice.bench.nexmark.Peer;
import io.solstice.bench.nexmark.Query;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Who does a query with state, without checkpoints and with one each second. A million events are ten seconds of their
 * time, one window. Each system gets as many as last for some seconds, since one takes twenty times as long as another;
 * it must come to what the hand-written loop comes to on the same events.
 */
final class StateContenders {
    private static final double INTERVAL_SECONDS = 1;
    /** What a batch made before keeps of an event is 40 to 90 bytes. */
    private static final int READY_MILLIONS = 10;

    private final long million;
    private final Path folder;
    private final PrintStream out;

    /** @param million how many events are made for each million that a system wants */
    StateContenders(long million, Path folder, PrintStream out) {
        this.million = million;
        this.folder = folder;
        this.out = out;
    }

    List<Contender> of(Query query, SolsticeNexmark solstice, List<Peer> peers, LimitNexmark limit) {
        long many = millions(40);
        long lasting = millions(160);
        List<Contender> contenders =
                new ArrayList<>(limit.contenders(query, many, READY_MILLIONS * NexmarkSuite.MILLION));
        for (int parallelism : NexmarkSuite.PARALLELISMS) {
            for (Peer peer : peers) {
                if (peer.does(query)) {
                    long events = millions(peer.millions(query));
                    contenders.add(peer.contender(query, parallelism, events));
                    contenders.add(peer.checkpointed(
                            query,
                            CheckpointCost.EACH_SECOND,
                            parallelism,
                            events,
                            eachSecond(peer.system(), query.toString())));
                }
            }
            contenders.addAll(solstice.contenders(query, parallelism, many, many));
            contenders.add(solstice.checkpointed(
                    query, CheckpointCost.EACH_SECOND, parallelism, lasting, eachSecond("solstice", query.toString())));
        }
        return contenders;
    }

    private long millions(int number) {
        return number * million;
    }

    Checkpointing eachSecond(String system, String query) {
        return new Checkpointing(
                INTERVAL_SECONDS,
                folder.resolve(system),
                taken -> out.println(Percentiles.of(taken).json(system, query, CheckpointCost.EACH_SECOND)));
    }
}
