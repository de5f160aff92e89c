package io.solstice.faults.rig;

import io.solstice.api.cluster.ClientOptions;
import io.solstice.api.cluster.MasterConnection;
import io.solstice.api.cluster.SolsticeClient;
import io.solstice.proto.v1.AdminServiceGrpc;
import io.solstice.proto.v1.DescribeJobRequest;
import io.solstice.proto.v1.JobDescription;
import io.solstice.proto.v1.ListWorkersRequest;
import io.solstice.proto.v1.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A master and its workers, in a folder of their own. Whatever happens, closing it ends every process. */
public final class Rig implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String LOOPBACK = "127.0.0.1";

    private final Path folder;
    private final boolean large;
    private final Masters masters;
    private final Map<String, Node> workers = new TreeMap<>();
    private final MasterConnection admin;
    private final Points points;
    private final @Nullable FaultyDisk disk;
    private final @Nullable Roads roads;
    private final @Nullable Namespaces spaces;
    private final @Nullable S3Store store;
    private final Thread atExit = new Thread(this::endAll, "faults-end");

    /** What is put between processes, or between them and the system, to be harmed. */
    public enum Gear {
        ROADS,
        DISK,
        NAMESPACES,
        /** The state of jobs and of masters is in an S3 server. */
        S3
    }

    /**
     * Starts all processes and waits until the master knows the workers.
     *
     * @param large whether they are as users start them, with room for large states; else small, and quick to start
     */
    public Rig(Path home, Path folder, int masterCount, int workerCount, Set<Gear> gear, boolean large)
            throws IOException, InterruptedException {
        this.folder = folder;
        this.large = large;
        Files.createDirectories(folder);
        Runtime.getRuntime().addShutdownHook(atExit);
        this.points = new Points(folder.resolve("points"));
        this.disk = gear.contains(Gear.DISK) ? FaultyDisk.in(folder) : null;
        this.spaces = gear.contains(Gear.NAMESPACES) ? new Namespaces() : null;
        this.store = gear.contains(Gear.S3)
                ? new S3Store(storeFolder(folder), spaces == null ? LOOPBACK : spaces.outside())
                : null;
        this.masters = masters(home, masterCount);
        try {
            masters.start();
            List<Integer> ports = masters.nodes().stream().map(masters::port).toList();
            this.roads = gear.contains(Gear.ROADS) ? new Roads(ports) : null;
            for (int i = 1; i <= workerCount; i++) {
                Node worker = node(home, "worker-" + i, "start-worker");
                workers.put(worker.name(), worker);
                if (roads != null) {
                    roads.add(worker.name());
                }
                startWorker(worker.name());
            }
        } catch (IOException | InterruptedException | RuntimeException failed) {
            endAll();
            throw failed;
        }
        this.admin = MasterConnection.open(ClientOptions.of(masters.addresses()));
        if (!Wait.until(LIMIT, () -> active() == workerCount)) {
            close();
            throw new IllegalStateException("the workers did not register; see the logs in " + folder);
        }
    }

    /** Where a store keeps its buckets, if there is one. */
    public static Path storeFolder(Path folder) {
        return folder.resolve("s3");
    }

    private Masters masters(Path home, int count) throws IOException, InterruptedException {
        List<Node> nodes = new ArrayList<>();
        Map<String, List<String>> flags = new HashMap<>();
        for (int i = 1; i <= count; i++) {
            Node node = node(home, "master-" + i, "start-master");
            nodes.add(node);
            flags.put(node.name(), binding(node.name()));
        }
        return new Masters(journal(count), nodes, flags);
    }

    private int heapMib() {
        return large ? 1536 : 320;
    }

    private int offHeapMib() {
        return large ? 1024 : 192;
    }

    /** What a process may take for its heap and for Arrow. */
    public int memoryMib() {
        return heapMib() + offHeapMib();
    }

    private List<String> journal(int masterCount) {
        if (store != null) {
            return store.journalFlags();
        }
        return masterCount == 1
                ? List.of()
                : List.of("--journal", folder.resolve("journal").toString());
    }

    private Node node(Path home, String name, String command) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(disk == null ? Map.of() : disk.environment());
        environment.put(
                "SOLSTICE_JAVA_OPTS",
                "-Xmx" + heapMib() + "m " + (large ? "" : "-XX:TieredStopAtLevel=1") + " -Djava.io.tmpdir="
                        + folder.resolve(name + ".tmp") + " " + points.option());
        if (store != null) {
            environment.putAll(S3Store.environment());
        }
        if (spaces != null) {
            spaces.add(name);
        }
        return new Node(home, folder, name, command, environment, spaces == null ? List.of() : spaces.command(name));
    }

    /** Of a process in a network of its own. */
    private List<String> binding(String name) {
        return spaces == null ? List.of() : List.of("--bind-host", spaces.address(name), "--insecure", "true");
    }

    private long active() {
        return workerList().stream()
                .filter(worker -> worker.getState() == Worker.State.ACTIVE)
                .count();
    }

    /** Starts a worker that is not running; does not wait for it. */
    public void startWorker(String name) throws IOException {
        List<String> flags = new ArrayList<>(
                roads == null ? List.of("--port", "0", "--master", masters.addresses()) : roads.flags(name));
        flags.addAll(List.of("--worker-id", name, "--cpus", "4", "--memory", "2GiB"));
        flags.addAll(List.of("--off-heap-limit", offHeapMib() + "MiB"));
        flags.addAll(List.of("--gpus", "0", "--heartbeat-interval", "500ms"));
        flags.addAll(binding(name));
        worker(name).start(flags);
    }

    public Masters masters() {
        return masters;
    }

    /** All of them, whatever they are. */
    public List<Node> processes() {
        List<Node> all = new ArrayList<>(workers.values());
        all.addAll(masters.nodes());
        return all;
    }

    public Points points() {
        return points;
    }

    public FaultyDisk disk() {
        return Objects.requireNonNull(disk, "without a disk that fails");
    }

    public Namespaces namespaces() {
        return Objects.requireNonNull(spaces, "without networks of their own");
    }

    public S3Store store() {
        return Objects.requireNonNull(store, "without an S3 store");
    }

    public Roads roads() {
        return Objects.requireNonNull(roads, "without roads that can be cut");
    }

    public Node worker(String name) {
        Node worker = workers.get(name);
        if (worker == null) {
            throw new IllegalArgumentException("no worker " + name);
        }
        return worker;
    }

    public List<Node> workers() {
        return List.copyOf(workers.values());
    }

    public SolsticeClient connect() {
        ClientOptions options = ClientOptions.of(masters.addresses());
        return SolsticeClient.connect(
                new ClientOptions(options.masters(), options.token(), options.tlsCa(), options.callTimeout(), LIMIT));
    }

    /** As the master knows them. */
    public List<Worker> workerList() {
        return admin.call(
                        AdminServiceGrpc::newBlockingStub,
                        calls -> calls.listWorkers(ListWorkersRequest.getDefaultInstance()))
                .getWorkersList();
    }

    public JobDescription describe(String job) {
        DescribeJobRequest request =
                DescribeJobRequest.newBuilder().setJobId(job).build();
        return admin.call(AdminServiceGrpc::newBlockingStub, calls -> calls.describeJob(request));
    }

    /** The workers that run tasks of the job, by name. */
    public List<String> workersOf(String job) {
        return describe(job).getTasksList().stream()
                .filter(task -> !task.getState().equals("ENDED"))
                .map(task -> task.getWorkerId())
                .distinct()
                .sorted()
                .toList();
    }

    /** Whether as many workers as there are processes are registered and free. */
    public boolean awaitAllActive() throws InterruptedException {
        return Wait.until(LIMIT, () -> active() == workers.size());
    }

    /** All lines of all logs that hold one of the words, with the name of the log; the last ones if there are many. */
    public List<String> logLines(int most, String... words) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> logs = Files.list(folder)) {
            for (Path log : logs.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList()) {
                for (String line : Files.readAllLines(log)) {
                    if (Stream.of(words).anyMatch(line::contains)) {
                        found.add(log.getFileName() + ": " + line);
                    }
                }
            }
        }
        return found.subList(Math.max(0, found.size() - most), found.size());
    }

    /** Ends all processes as they ask to be ended. Returns those that did not end well, with their exit status. */
    public Map<String, Integer> stop() throws InterruptedException {
        Map<String, Integer> unwell = new TreeMap<>();
        for (Node node : processes()) {
            int code = node.stop(PATIENCE);
            if (code != 0) {
                unwell.put(node.name(), code);
            }
        }
        return unwell;
    }

    private void endAll() {
        processes().forEach(Node::end);
        if (roads != null) {
            roads.close();
        }
        if (store != null) {
            store.close();
        }
        if (spaces != null) {
            spaces.close();
        }
    }

    @Override
    public void close() {
        admin.close();
        endAll();
        if (!Thread.currentThread().equals(atExit)) {
            Runtime.getRuntime().removeShutdownHook(atExit);
        }
    }

    /** Removes a folder with all that is in it. */
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).collect(Collectors.toList())) {
                Files.deleteIfExists(file);
            }
        }
    }
}
