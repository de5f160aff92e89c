package io.solstice.worker.job;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.JoinOperator;
import io.solstice.api.operator.LateRows;
import io.solstice.common.graph.Chain;
import io.solstice.common.graph.Edge;
import io.solstice.common.graph.Partitioning;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.channel.Channel;
import io.solstice.exchange.channel.ChannelId;
import io.solstice.exchange.channel.Exchange;
import io.solstice.exchange.channel.Inbox;
import io.solstice.exchange.channel.LocalChannel;
import io.solstice.exchange.partition.Partitioner;
import io.solstice.spi.TwoInputs;
import io.solstice.worker.task.Condenser;
import io.solstice.worker.task.KeySample;
import io.solstice.worker.task.Roads;
import io.solstice.worker.task.Waker;
import io.solstice.worker.window.PreAggregation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Lays this worker's ends of all channels of a run: for each edge between chains, one channel from each sending to each
 * receiving task. Between two tasks of this worker it is a queue; else the exchange has the other end.
 */
final class RoadMap {
    /** Bytes on the way into one task, divided among its channels. */
    private static final long INBOX_BYTES = 32L << 20;

    private static final long LEAST_CHANNEL_BYTES = 1L << 20;

    private final Deployment deployment;
    private final Exchange exchange;
    private final Function<TaskId, Ends> ends;
    private final Set<StageId> rightFirst;
    private final Map<TaskId, List<Channel>> into = new HashMap<>();
    /** For each channel of {@link #into} the place of its edge among those of the task's stage. */
    private final Map<TaskId, List<Integer>> inputs = new HashMap<>();

    /** By task and by the stage of its chain that the edges leave. */
    private final Map<TaskId, Map<StageId, List<Roads.Edge>>> outOf = new HashMap<>();

    /** What a task of this worker has for its channels. */
    record Ends(Waker waker, BufferAllocator allocator) {}

    /** @param ends of each task that is placed here */
    RoadMap(Deployment deployment, Exchange exchange, Function<TaskId, Ends> ends) {
        this.deployment = deployment;
        this.exchange = exchange;
        this.ends = ends;
        this.rightFirst = ReadingOrder.rightFirst(deployment.plan().graph(), deployment.job()::stage);
        for (Chain chain : deployment.plan().chains()) {
            deployment.plan().outputs(chain).forEach(edge -> lay(chain, edge));
        }
    }

    TaskRoads of(TaskId task) {
        Map<StageId, Roads> out = new HashMap<>();
        outOf.getOrDefault(task, Map.of()).forEach((stage, edges) -> out.put(stage, new Roads(edges)));
        return new TaskRoads(new Inbox(into.getOrDefault(task, List.of()), sides(task), Clock.SYSTEM), out);
    }

    /** Only a join tells its upstreams apart. */
    private Inbox.@Nullable Sides sides(TaskId task) {
        if (!(deployment.job().stage(task.stage()).definition() instanceof JoinOperator)) {
            return null;
        }
        int first = rightFirst.contains(task.stage()) ? TwoInputs.RIGHT : Inbox.Sides.NO_ORDER;
        return new Inbox.Sides(inputs.getOrDefault(task, List.of()), first);
    }

    private void lay(Chain from, Edge edge) {
        Chain to = deployment.plan().chainOf(edge.to());
        int senders = from.parallelism().initial();
        int receivers = to.parallelism().initial();
        boolean forward = edge.partitioning() == Partitioning.FORWARD;
        long budget = Math.max(LEAST_CHANNEL_BYTES, INBOX_BYTES / (forward ? 1 : senders));
        boolean late = deployment.job().stage(edge.to()).definition() instanceof LateRows;
        int input = deployment.plan().graph().inputs(edge.to()).indexOf(edge);
        for (int s = 0; s < senders; s++) {
            TaskId sender = deployment.task(from, s);
            List<Channel> channels = new ArrayList<>();
            for (int r = forward ? s : 0; r < (forward ? s + 1 : receivers); r++) {
                lay(edge.from(), sender, deployment.task(to, r), input, budget, channels);
            }
            if (deployment.isHere(sender)) {
                BufferAllocator allocator = ends.apply(sender).allocator();
                outOf.computeIfAbsent(sender, id -> new HashMap<>())
                        .computeIfAbsent(edge.from(), stage -> new ArrayList<>())
                        .add(new Roads.Edge(
                                partitioner(edge, s, channels, allocator),
                                channels,
                                condenser(edge, senders, to, allocator),
                                receivers > 1 && edge.partitioning() == Partitioning.HASH
                                        ? new KeySample(edge.to(), edge.keyColumns())
                                        : null,
                                late));
            }
        }
    }

    /**
     * @param leaving the stage of the sender's chain whose rows it is for
     * @param outgoing gets the channel if the sender is here
     */
    private void lay(StageId leaving, TaskId sender, TaskId receiver, int input, long budget, List<Channel> outgoing) {
        boolean sends = deployment.isHere(sender);
        boolean receives = deployment.isHere(receiver);
        if (sends && receives) {
            Waker senderWaker = ends.apply(sender).waker();
            Waker receiverWaker = ends.apply(receiver).waker();
            Channel channel = new LocalChannel(budget, senderWaker::wake, receiverWaker::wake);
            outgoing.add(channel);
            incoming(receiver, input, channel);
        } else if (sends) {
            outgoing.add(exchange.send(
                    id(leaving, sender, receiver),
                    deployment.secret(),
                    deployment.placement().endpointOf(receiver),
                    ends.apply(sender).waker()::wake));
        } else if (receives) {
            Ends here = ends.apply(receiver);
            Channel channel = exchange.receive(
                    id(leaving, sender, receiver), deployment.secret(), budget, here.allocator(), here.waker()::wake);
            incoming(receiver, input, channel);
        }
    }

    private void incoming(TaskId receiver, int input, Channel channel) {
        inputs.computeIfAbsent(receiver, id -> new ArrayList<>()).add(input);
        into.computeIfAbsent(receiver, id -> new ArrayList<>()).add(channel);
    }

    private ChannelId id(StageId leaving, TaskId sender, TaskId receiver) {
        return new ChannelId(
                deployment.run(),
                deployment.renewal().attempt(),
                sender.stage(),
                leaving,
                receiver.stage(),
                sender.index(),
                receiver.index());
    }

    /** Null where it could save nothing, or must not. */
    private @Nullable Condenser condenser(Edge edge, int senders, Chain to, BufferAllocator allocator) {
        int receivers = to.parallelism().initial();
        boolean apart = senders > 1 || receivers > 1 || !deployment.isHere(deployment.task(to, 0));
        if (!apart
                || edge.partitioning() == Partitioning.FORWARD
                || edge.partitioning() == Partitioning.BROADCAST
                || !(deployment.job().stage(edge.to()).definition() instanceof AggregateOperator aggregate)
                || !PreAggregation.suits(aggregate)
                || givesLateRows(edge.to())) {
            return null;
        }
        return new PreAggregation(
                aggregate,
                allocator,
                Clock.SYSTEM,
                () -> deployment.beginning().checkpoints(edge.to(), receivers, allocator));
    }

    /** Whether a stage takes the rows that come too late there, so that they must come as they are. */
    private boolean givesLateRows(StageId stage) {
        return deployment.plan().graph().outputs(stage).stream()
                .anyMatch(edge -> deployment.job().stage(edge.to()).definition() instanceof LateRows);
    }

    private Partitioner partitioner(Edge edge, int sender, List<Channel> channels, BufferAllocator allocator) {
        return switch (edge.partitioning()) {
            case FORWARD -> Partitioner.forward(0);
            case BROADCAST -> Partitioner.broadcast(channels.size());
            case REBALANCE -> Partitioner.rebalance(channels, sender);
            case HASH ->
                Partitioner.hash(edge.keyColumns(), deployment.plan().graph().keyGroups(), channels.size(), allocator);
        };
    }
}
