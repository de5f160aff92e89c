package io.solstice.faults.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoadTest {
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int MOMENT_MILLIS = 50;

    private final ServerSocket server;
    private final Road road;

    RoadTest() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getByName(LOOPBACK));
        road = new Road("test", LOOPBACK);
    }

    @BeforeEach
    void leadsToTheServer() {
        road.to(LOOPBACK, server.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        road.close();
        server.close();
    }

    private Socket client() throws IOException {
        return new Socket(LOOPBACK, road.port());
    }

    private static int answer(Socket socket) throws IOException {
        socket.setSoTimeout((int) LIMIT.toMillis());
        return socket.getInputStream().read();
    }

    private static void assertQuiet(Socket socket) throws IOException {
        socket.setSoTimeout(MOMENT_MILLIS);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void passesOnBothWaysAndTellsTheEnd() throws Exception {
        try (Socket client = client();
                Socket end = server.accept()) {
            client.getOutputStream().write(7);
            assertThat(answer(end)).isEqualTo(7);
            end.getOutputStream().write(8);
            assertThat(answer(client)).isEqualTo(8);
            assertThat(road.bites()).isZero();
            client.shutdownOutput();
            assertThat(answer(end)).isEqualTo(-1);
        }
    }

    @Test
    void holdsOneWayAndPassesOnLater() throws Exception {
        try (Socket client = client();
                Socket end = server.accept()) {
            road.become(Road.State.HELD_THERE);
            client.getOutputStream().write(7);
            assertThat(Wait.until(LIMIT, () -> road.bites() == 1)).isTrue();
            assertQuiet(end);
            end.getOutputStream().write(8);
            assertThat(answer(client)).isEqualTo(8);
            road.become(Road.State.OPEN);
            assertThat(answer(end)).isEqualTo(7);
        }
    }

    @Test
    void breaksOffAndRefuses() throws Exception {
        try (Socket client = client();
                Socket end = server.accept()) {
            client.getOutputStream().write(7);
            assertThat(answer(end)).isEqualTo(7);
            road.become(Road.State.REFUSED);
            assertThatThrownBy(() -> answer(client)).hasMessageContaining("reset");
            assertThat(road.bites()).isEqualTo(2);
        }
        road.become(Road.State.OPEN);
        try (Socket again = client();
                Socket end = server.accept()) {
            again.getOutputStream().write(9);
            assertThat(answer(end)).isEqualTo(9);
        }
    }
}
