package io.solstice.faults.rig;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.rpc.RpcClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The masters of a rig: one of them leads, and if there are more the others stand by, with one journal for all. */
public final class Masters {
    /** Exit status of a master that is not the leader any more. */
    public static final int FENCED = 1;

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final List<String> journal;
    private final List<Node> nodes;
    private final Map<String, List<String>> flags;
    private final Map<String, String> addresses = new HashMap<>();

    /**
     * @param journal the flags that say where it is; empty for one of a master of its own
     * @param flags of each, by name
     */
    Masters(List<String> journal, List<Node> nodes, Map<String, List<String>> flags) {
        this.journal = List.copyOf(journal);
        this.nodes = List.copyOf(nodes);
        this.flags = Map.copyOf(flags);
    }

    void start() throws IOException, InterruptedException {
        for (Node node : nodes) {
            start(node, "0");
            addresses.put(node.name(), node.awaitAddress());
        }
    }

    private void start(Node node, String port) throws IOException {
        // Trouble comes more often here than a job is meant to bear.
        List<String> words = new ArrayList<>(List.of("--port", port, "--restart-attempts", "1000"));
        words.addAll(journal);
        words.addAll(Objects.requireNonNull(flags.get(node.name())));
        node.start(words);
    }

    /** Starts one where it was before; it must not be running. Returns when it is up. */
    public void restart(Node node) throws IOException, InterruptedException {
        start(node, Integer.toString(port(node)));
        node.awaitAddress();
    }

    /** Starts those again that have ended because another one leads. Returns them. */
    public List<Node> revive() throws IOException, InterruptedException {
        List<Node> fenced = nodes.stream().filter(node -> node.hasEnded(FENCED)).toList();
        for (Node node : fenced) {
            restart(node);
        }
        return fenced;
    }

    public List<Node> nodes() {
        return nodes;
    }

    String address(Node node) {
        return Objects.requireNonNull(addresses.get(node.name()));
    }

    private Endpoint endpoint(Node node) {
        String address = address(node);
        int colon = address.lastIndexOf(':');
        return new Endpoint(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    int port(Node node) {
        return endpoint(node).port();
    }

    /** Of all, as workers and clients take them. */
    String addresses() {
        return nodes.stream().map(this::address).collect(Collectors.joining(","));
    }

    /** Waits for the one that leads. */
    public Node leader() throws InterruptedException {
        if (!Wait.until(LIMIT, () -> nodes.stream().anyMatch(this::leads))) {
            throw new IllegalStateException("no master leads");
        }
        Optional<Node> leader = nodes.stream().filter(this::leads).findFirst();
        return leader.isPresent() ? leader.get() : leader();
    }

    /** Waits for another one to lead, whatever that one says of itself. */
    public Node leaderBesides(Node old) throws InterruptedException {
        List<Node> others = nodes.stream().filter(node -> node != old).toList();
        if (!Wait.until(LIMIT, () -> others.stream().anyMatch(this::leads))) {
            throw new IllegalStateException("no other master leads");
        }
        return others.stream().filter(this::leads).findFirst().orElseThrow();
    }

    private boolean leads(Node node) {
        if (!node.isAlive()) {
            return false;
        }
        try (RpcClient client = RpcClient.to("master", endpoint(node)).build()) {
            return HealthGrpc.newBlockingStub(client.channel())
                            .withDeadlineAfter(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                            .check(HealthCheckRequest.getDefaultInstance())
                            .getStatus()
                    == ServingStatus.SERVING;
        } catch (RuntimeException noAnswer) {
            return false;
        }
    }
}
