package io.solstice.common.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Who may talk to a process, and how.
 *
 * @param tls nothing means plain text
 * @param tokensFile the users and their tokens; nothing means that nobody has to show one
 * @param insecure whether an address other than loopback may go without TLS and tokens
 */
public record Security(Optional<TlsFiles> tls, Optional<Path> tokensFile, boolean insecure) {

    /**
     * PEM files.
     *
     * @param certificate with the chain up to the authority
     * @param authority who must have signed the certificates of the other processes
     */
    public record TlsFiles(Path certificate, Path key, Optional<Path> authority) {}
}
