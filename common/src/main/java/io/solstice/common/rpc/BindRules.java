package io.solstice.common.rpc;

import io.solstice.common.config.Component;
import io.solstice.common.config.Listen;
import io.solstice.common.config.Security;
import io.solstice.common.error.ErrorCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Whether an address may be listened on: one that others can reach only with TLS and callers who say who they are. */
public final class BindRules {
    private BindRules() {}

    /** The address to listen on, or a refusal with the lines that are missing. */
    public static InetSocketAddress check(Component component, Listen listen, Security security) {
        InetAddress address = address(listen);
        List<String> missing = missing(security);
        if (!address.isLoopbackAddress() && !security.insecure() && !missing.isEmpty()) {
            throw ErrorCode.BIND_INSECURE
                    .error("a " + component.label() + " that others can reach needs TLS and tokens")
                    .where("bind_host: " + listen.bindHost())
                    .cause("the address is not loopback, and " + (missing.size() == 2 ? "neither" : "one of the two")
                            + " is " + (missing.size() == 2 ? "there" : "missing"))
                    .help("add to conf/" + component.label() + ".yaml:\n" + String.join("\n", missing)
                            + "\nor, on a closed network only:\ninsecure: true")
                    .toException();
        }
        return new InetSocketAddress(address, listen.port());
    }

    private static List<String> missing(Security security) {
        List<String> lines = new ArrayList<>();
        if (security.tls().isEmpty()) {
            lines.add("tls_certificate: <PEM file with certificate and key>");
        }
        if (security.tokensFile().isEmpty() && !checksCertificates(security)) {
            lines.add("tokens_file: <file with name:token lines>");
        }
        return lines;
    }

    static boolean checksCertificates(Security security) {
        return security.tls().flatMap(Security.TlsFiles::authority).isPresent();
    }

    private static InetAddress address(Listen listen) {
        try {
            return InetAddress.getByName(listen.bindHost());
        } catch (UnknownHostException unknown) {
            throw ErrorCode.BIND_FAILED
                    .error("'" + listen.bindHost() + "' is no address to listen on")
                    .where("bind_host")
                    .cause("the name is not known here")
                    .help("give an address of this machine, 127.0.0.1 for this machine alone, 0.0.0.0 for all of them")
                    .toException(unknown);
        }
    }

    /** One line for the start: who may call, and who may listen in. */
    static String banner(InetSocketAddress address, Security security, int users) {
        List<String> parts = new ArrayList<>();
        parts.add(security.tls().isPresent() ? "TLS" : "no TLS");
        if (users > 0) {
            parts.add("tokens of " + users + (users == 1 ? " user" : " users"));
        }
        if (checksCertificates(security)) {
            parts.add("certificates of the cluster's processes");
        }
        if (users == 0 && !checksCertificates(security)) {
            parts.add("no tokens: everybody who reaches it may call");
        }
        boolean open =
                !address.getAddress().isLoopbackAddress() && !missing(security).isEmpty();
        return "security: " + String.join(", ", parts)
                + (address.getAddress().isLoopbackAddress() ? " (this machine only)" : "")
                + (open ? " (INSECURE, as configured)" : "");
    }
}
