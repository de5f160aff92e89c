package io.solstice.bench.exchange;

import io.solstice.common.protocol.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The receiving process as the sending one sees it. */
final class Receiver implements AutoCloseable {
    private final Process process;
    private final PrintWriter commands;
    private final BufferedReader answers;
    private final Endpoint[] endpoints = new Endpoint[4];

    /** @param amount what came: rows or bytes */
    record Answer(long amount, long cpuNanos) {}

    Receiver() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ReceiverProcess.class.getName()));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        commands = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        answers = process.inputReader(StandardCharsets.UTF_8);
        String[] up = line("up").split(" ");
        for (int i = 0; i < endpoints.length; i++) {
            endpoints[i] = new Endpoint("127.0.0.1", Integer.parseInt(up[1 + i]));
        }
    }

    Endpoint exchange() {
        return endpoints[0];
    }

    Endpoint flight() {
        return endpoints[1];
    }

    Endpoint grpc() {
        return endpoints[2];
    }

    Endpoint tcp() {
        return endpoints[3];
    }

    Answer open(long stream, int channels) throws IOException {
        commands.println("open " + stream + " " + channels);
        return answer("ready");
    }

    Answer awaitEnd() throws IOException {
        return answer("done");
    }

    private Answer answer(String word) throws IOException {
        String[] words = line(word).split(" ");
        return new Answer(Long.parseLong(words[1]), Long.parseLong(words[2]));
    }

    /** The JVM may print lines of its own before the first. */
    private String line(String word) throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(word + " ")) {
                return line;
            }
        }
        throw new IllegalStateException("the receiving process ended instead of saying '" + word + "'");
    }

    @Override
    public void close() {
        commands.close();
        process.destroy();
    }
}
