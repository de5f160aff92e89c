package io.solstice.faults.rig;

import io.solstice.common.loop.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A network of its own for each process, on one bridge, by Linux network namespaces: what is sent can be lost on the way
 * without anybody being told, in one direction or in both. Needs the right to make them.
 */
public final class Namespaces implements AutoCloseable {
    /** A station that nobody has: what is sent to it is lost. */
    private static final String NOBODY = "02:00:00:00:00:01";

    private static final String LOST = "TCP segments that had to be sent again";

    private final String prefix;
    private final String net;
    /** The number of each process, by name. */
    private final Map<String, Integer> members = new LinkedHashMap<>();

    Namespaces() throws IOException, InterruptedException {
        long pid = ProcessHandle.current().pid();
        this.prefix = "sf" + pid % 100_000 + Long.toString(Clock.SYSTEM.monotonicNanos() % 1296, 36);
        this.net = "10.213." + pid % 250 + ".";
        ip("link add " + bridge() + " type bridge");
        ip("addr add " + net + "1/24 dev " + bridge());
        ip("link set " + bridge() + " up");
    }

    private String bridge() {
        return prefix + "b";
    }

    /** Whether this process may make them. */
    public static boolean isPossible() throws InterruptedException {
        try (Namespaces probe = new Namespaces()) {
            probe.add("probe");
            return true;
        } catch (IOException notPermitted) {
            return false;
        }
    }

    void add(String name) throws IOException, InterruptedException {
        members.put(name, members.size() + 1);
        String space = space(name);
        ip("netns add " + space);
        ip("link add " + link(name) + " type veth peer name eth0 netns " + space);
        ip("link set " + link(name) + " master " + bridge());
        ip("link set " + link(name) + " up");
        ip("-n " + space + " addr add " + address(name) + "/24 dev eth0");
        ip("-n " + space + " link set eth0 up");
        ip("-n " + space + " link set lo up");
    }

    private int number(String name) {
        Integer number = members.get(name);
        if (number == null) {
            throw new IllegalArgumentException("no process " + name);
        }
        return number;
    }

    private String space(String name) {
        return prefix + "n" + number(name);
    }

    private String link(String name) {
        return prefix + "v" + number(name);
    }

    String address(String name) {
        return net + (number(name) + 1);
    }

    /** Of this machine, outside of all of them. */
    String outside() {
        return net + "1";
    }

    /** Goes before the words of its command. */
    List<String> command(String name) {
        return List.of("ip", "netns", "exec", space(name));
    }

    /** Nothing gets to a process, and nothing from it. */
    public void isolate(String name) throws IOException, InterruptedException {
        ip("link set " + link(name) + " down");
    }

    /** Nothing that one sends gets to the other; what the other sends comes. */
    public void lose(String from, String to) throws IOException, InterruptedException {
        ip("-n " + space(from) + " neigh replace " + address(to) + " lladdr " + NOBODY + " nud permanent dev eth0");
    }

    /** Undoes whatever was done. */
    public void heal() throws IOException, InterruptedException {
        for (String name : members.keySet()) {
            ip("link set " + link(name) + " up");
            ip("-n " + space(name) + " neigh flush nud permanent dev eth0");
        }
    }

    /** How many segments a process had to send again so far: what it sent, or the answer to it, was lost. */
    public long sentAgain(Node node) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc", Long.toString(node.pid()), "net", "snmp"));
        List<String> tcp =
                lines.stream().filter(line -> line.startsWith("Tcp:")).toList();
        int column = List.of(tcp.get(0).split(" ")).indexOf("RetransSegs");
        if (column < 0) {
            throw new IOException("the kernel does not count " + LOST);
        }
        return Long.parseLong(tcp.get(1).split(" ")[column]);
    }

    private static void ip(String words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words.split(" ")));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.format(Locale.ROOT, "ip %s: %s", words, said.strip()));
        }
    }

    @Override
    public void close() {
        List<String> leavings = new ArrayList<>(members.keySet().stream()
                .map(name -> "netns del " + space(name))
                .toList());
        leavings.add("link del " + bridge());
        for (String words : leavings) {
            try {
                ip(words);
            } catch (IOException gone) {
                // It was never made.
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
