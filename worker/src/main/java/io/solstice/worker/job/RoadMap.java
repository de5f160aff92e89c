package io.solstice.worker.job;

import io.solstice.common.graph.Chain;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.graph.Edge;
import io.solstice.common.graph.Partitioning;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.exchange.channel.Channel;
import io.solstice.exchange.channel.Inbox;
import io.solstice.exchange.channel.LocalChannel;
import io.solstice.exchange.partition.Partitioner;
import io.solstice.worker.task.Roads;
import io.solstice.worker.task.Waker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;

/** Lays all channels of a job: for each edge between chains, one from each sending to each receiving task. */
final class RoadMap {
    /** Bytes on the way into one task, divided among its channels. */
    private static final long INBOX_BYTES = 32L << 20;

    private static final long LEAST_CHANNEL_BYTES = 1L << 20;

    private final ChainPlan plan;
    private final Function<TaskId, Waker> wakers;
    private final Function<TaskId, BufferAllocator> allocators;
    private final Map<TaskId, List<Channel>> into = new HashMap<>();
    private final Map<TaskId, List<Roads.Edge>> outOf = new HashMap<>();

    RoadMap(ChainPlan plan, Function<TaskId, Waker> wakers, Function<TaskId, BufferAllocator> allocators) {
        this.plan = plan;
        this.wakers = wakers;
        this.allocators = allocators;
        for (Chain chain : plan.chains()) {
            plan.outputs(chain).forEach(edge -> lay(chain, edge));
        }
    }

    TaskRoads of(TaskId task) {
        return new TaskRoads(
                new Inbox(into.getOrDefault(task, List.of())), new Roads(outOf.getOrDefault(task, List.of())));
    }

    private void lay(Chain from, Edge edge) {
        Chain to = plan.chainOf(edge.to());
        int senders = from.parallelism().initial();
        int receivers = to.parallelism().initial();
        boolean forward = edge.partitioning() == Partitioning.FORWARD;
        long budget = Math.max(LEAST_CHANNEL_BYTES, INBOX_BYTES / (forward ? 1 : senders));
        for (int s = 0; s < senders; s++) {
            TaskId sender = task(from.head(), s);
            List<Channel> channels = new ArrayList<>();
            for (int r = 0; r < receivers; r++) {
                if (!forward || r == s) {
                    channels.add(channel(sender, task(to.head(), r), budget));
                }
            }
            Partitioner partitioner = partitioner(edge, s, channels, allocators.apply(sender));
            outOf.computeIfAbsent(sender, id -> new ArrayList<>()).add(new Roads.Edge(partitioner, channels));
        }
    }

    private Channel channel(TaskId sender, TaskId receiver, long budget) {
        Waker senderWaker = wakers.apply(sender);
        Waker receiverWaker = wakers.apply(receiver);
        Channel channel = new LocalChannel(budget, senderWaker::wake, receiverWaker::wake);
        into.computeIfAbsent(receiver, id -> new ArrayList<>()).add(channel);
        return channel;
    }

    private Partitioner partitioner(Edge edge, int sender, List<Channel> channels, BufferAllocator allocator) {
        return switch (edge.partitioning()) {
            case FORWARD -> Partitioner.forward(0);
            case BROADCAST -> Partitioner.broadcast(channels.size());
            case REBALANCE -> Partitioner.rebalance(channels, sender);
            case HASH -> Partitioner.hash(edge.keyColumns(), plan.graph().keyGroups(), channels.size(), allocator);
        };
    }

    private TaskId task(StageId head, int index) {
        return new TaskId(plan.graph().job(), head, index);
    }
}
