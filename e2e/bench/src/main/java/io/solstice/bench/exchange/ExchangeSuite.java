package io.solstice.bench.exchange;

import com.sun.management.OperatingSystemMXBean;
import io.grpc.netty.NettyChannelBuilder;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.flight.FlightExchange;
import io.solstice.exchange.flight.FlightTransport;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Batches of several sizes from this process to another, in every way, in rounds so that noise hits all alike. */
public final class ExchangeSuite {
    /** How much there is of distinct batches; they are sent over and over. */
    private static final long POOL_BYTES = 32 << 20;

    private static final int WAYS_OF_HASH = 8;

    /** Runs that are not measured: of the first size, when nothing is compiled yet, and of later ones. */
    private static final int FIRST_WARM_UPS = 4;

    private static final int LATER_WARM_UPS = 1;
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final int rounds;
    private final long bytes;
    private final Predicate<String> wantedSystem;
    private final PrintStream out;
    private long streams;

    /** The sizes of batches, by the names that they have in figures. */
    private static final Map<String, Integer> SIZES = sizes();

    /** @param cpuSeconds of both processes, for each 10^9 bytes */
    private record Figures(double gigabytesPerSecond, double cpuSeconds, double otherCores) {}

    /**
     * @param bytes how much each run sends
     * @param wantedSystem chooses among solstice, solstice-hash8, flight, grpc and tcp
     */
    public ExchangeSuite(int rounds, long bytes, Predicate<String> wantedSystem, PrintStream out) {
        this.rounds = rounds;
        this.bytes = bytes;
        this.wantedSystem = wantedSystem;
        this.out = out;
    }

    private static Map<String, Integer> sizes() {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        sizes.put("64k", 64 << 10);
        sizes.put("256k", 256 << 10);
        sizes.put("1m", 1 << 20);
        sizes.put("4m", 4 << 20);
        return sizes;
    }

    /** @param wantedSize chooses among 64k, 256k, 1m and 4m */
    public void run(Predicate<String> wantedSize) throws Exception {
        Map<String, List<Figures>> all = new LinkedHashMap<>();
        try (Receiver receiver = new Receiver();
                BufferAllocator memory = new RootAllocator();
                FlightExchange exchange = new FlightExchange(
                        memory,
                        to -> FlightTransport.tune(NettyChannelBuilder.forAddress(to.host(), to.port()))
                                .usePlaintext()
                                .build())) {
            List<Way> ways = ways(receiver, exchange, memory);
            for (String size : SIZES.keySet()) {
                if (wantedSize.test(size)) {
                    run(size, ways, receiver, memory, all);
                }
            }
        }
        print(all);
    }

    private List<Way> ways(Receiver receiver, FlightExchange exchange, BufferAllocator memory) {
        return List.<Way>of(
                        new FlightWay(receiver.flight(), memory),
                        new ExchangeWay("solstice", 1, exchange, receiver.exchange(), memory),
                        new ExchangeWay(
                                "solstice-hash" + WAYS_OF_HASH, WAYS_OF_HASH, exchange, receiver.exchange(), memory),
                        new GrpcWay(receiver.grpc()),
                        new TcpWay(receiver.tcp()))
                .stream()
                .filter(way -> wantedSystem.test(way.name()))
                .toList();
    }

    private void run(
            String size, List<Way> ways, Receiver receiver, BufferAllocator memory, Map<String, List<Figures>> all)
            throws Exception {
        List<Batch> batches = Rows.batches(memory, SIZES.getOrDefault(size, 0), POOL_BYTES);
        try {
            int warmUps = streams == 0 ? FIRST_WARM_UPS : LATER_WARM_UPS;
            for (int round = 1 - warmUps; round <= rounds; round++) {
                for (Way way : ways) {
                    Figures figures = measure(way, batches, receiver);
                    if (round > 0) {
                        all.computeIfAbsent(size + " " + way.name(), first -> new ArrayList<>())
                                .add(figures);
                        printLine(size, way, figures);
                    }
                }
            }
        } finally {
            batches.forEach(Batch::close);
        }
    }

    private Figures measure(Way way, List<Batch> batches, Receiver receiver) throws Exception {
        long stream = ++streams;
        int count = Math.toIntExact(bytes / batches.get(0).byteSize());
        long sent = 0;
        for (int i = 0; i < count; i++) {
            sent += batches.get(i % batches.size()).byteSize();
        }
        Receiver.Answer ready = receiver.open(stream, way.channels());
        long ticks = busyTicks();
        long ownCpu = PROCESS.getProcessCpuTime();
        long begun = System.nanoTime();
        way.send(stream, batches, count);
        Receiver.Answer done = receiver.awaitEnd();
        double nanos = System.nanoTime() - begun;
        double cpu = PROCESS.getProcessCpuTime() - ownCpu + done.cpuNanos() - ready.cpuNanos();
        double others = Math.max(0, ((busyTicks() - ticks) * 1e7 - cpu) / nanos);
        check(way, batches, count, done.amount(), sent);
        return new Figures(sent / nanos, cpu / sent, others);
    }

    private static void check(Way way, List<Batch> batches, int count, long amount, long sent) {
        long rows = (long) count * batches.get(0).rowCount();
        if (amount != rows && amount != sent) {
            throw new IllegalStateException(way.name() + ": of " + rows + " rows or " + sent + " bytes came " + amount);
        }
    }

    /** Hundredths of a second that the machine's cores were busy. */
    private static long busyTicks() throws IOException {
        String[] fields =
                Files.readAllLines(Path.of("/proc/stat")).get(0).trim().split("\\s+");
        long busy = 0;
        for (int i = 1; i <= 8; i++) {
            busy += i == 4 || i == 5 ? 0 : Long.parseLong(fields[i]);
        }
        return busy;
    }

    private void printLine(String size, Way way, Figures figures) {
        out.printf(
                Locale.ROOT,
                "{\"system\":\"%s\",\"query\":\"exchange-net\",\"variant\":\"%s\",\"gb_per_s\":%.3f,"
                        + "\"cpu_s_per_gb\":%.3f,\"other_cores\":%.2f}%n",
                way.name(),
                size,
                figures.gigabytesPerSecond(),
                figures.cpuSeconds(),
                figures.otherCores());
    }

    private void print(Map<String, List<Figures>> all) {
        out.println("between two processes, medians: GB/s, processor seconds a GB, x flight in speed and in work");
        all.forEach((name, runs) -> {
            List<Figures> bare = all.getOrDefault(name.split(" ")[0] + " flight", List.of());
            double speed = median(runs, Figures::gigabytesPerSecond);
            double cpu = median(runs, Figures::cpuSeconds);
            out.printf(
                    Locale.ROOT,
                    "%-22s %6.2f %6.2f %8s %6s%n",
                    name,
                    speed,
                    cpu,
                    bare.isEmpty() ? "" : pairedRatio(runs, bare, Figures::gigabytesPerSecond),
                    bare.isEmpty() ? "" : pairedRatio(runs, bare, Figures::cpuSeconds));
        });
    }

    /** The median of the rounds' ratios. */
    private static String pairedRatio(List<Figures> runs, List<Figures> others, ToDoubleFunction<Figures> figure) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(runs.size(), others.size()); i++) {
            ratios.add(figure.applyAsDouble(runs.get(i)) / figure.applyAsDouble(others.get(i)));
        }
        ratios.sort(Comparator.naturalOrder());
        return String.format(Locale.ROOT, "%.2f", ratios.get(ratios.size() / 2));
    }

    private static double median(List<Figures> runs, ToDoubleFunction<Figures> figure) {
        List<Double> sorted = runs.stream().map(figure::applyAsDouble).sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
