package io.solstice.api.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientOptionsTest {
    @Test
    void readsAddressesInTheFormsThatPeopleWrite() {
        assertThat(ClientOptions.of("head-node:10001").address()).isEqualTo("head-node:10001");
        assertThat(ClientOptions.of("ray://head-node:10001").address()).isEqualTo("head-node:10001");
        assertThat(ClientOptions.of("10.0.0.1").address()).isEqualTo("10.0.0.1:7070");
        assertThat(ClientOptions.of("[::1]:7070").address()).isEqualTo("[::1]:7070");
        assertThat(ClientOptions.of("one:1, two,one:1").address()).isEqualTo("one:1,two:7070");
        for (String wrong :
                List.of("", "one,", "host:port", "host:0", "host:70707", "a b", "x://host:1", "host:1:2", "::1")) {
            assertThatThrownBy(() -> ClientOptions.of(wrong)).as(wrong).hasMessageContaining("SOL-1602");
        }
    }

    @Test
    void readsTheEnvironment() {
        assertThat(ClientOptions.fromEnvironment(Map.of()).address()).isEqualTo("127.0.0.1:7070");
        ClientOptions options = ClientOptions.fromEnvironment(
                Map.of("SOLSTICE_MASTER", "m:1", "SOLSTICE_TOKEN", "t", "SOLSTICE_TLS_CA", "ca.pem"));
        assertThat(options.address()).isEqualTo("m:1");
        assertThat(options.token()).isEqualTo("t");
        assertThat(String.valueOf(options.tlsCa())).isEqualTo("ca.pem");
    }
}
