package io.solstice.common.rpc;

import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.solstice.common.config.Security.TlsFiles;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What PEM files hold, looked at when a process starts: a missing, damaged, expired or mismatched one is found now and
 * not by the first caller.
 */
final class TlsMaterial {
    private static final long LARGEST_BYTES = 1 << 20;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    private final Clock clock;

    private TlsMaterial(Clock clock) {
        this.clock = clock;
    }

    /** For a server; whoever shows a certificate is checked against the authority, if there is one. */
    static ServerCredentials server(TlsFiles files, Clock clock) {
        TlsMaterial material = new TlsMaterial(clock);
        byte[] certificate = material.certificates("tls_certificate", files.certificate());
        byte[] key = material.key(files);
        try {
            TlsServerCredentials.Builder builder = TlsServerCredentials.newBuilder()
                    .keyManager(new ByteArrayInputStream(certificate), new ByteArrayInputStream(key));
            if (files.authority().isPresent()) {
                byte[] authority =
                        material.certificates("tls_ca", files.authority().get());
                builder.trustManager(new ByteArrayInputStream(authority)).clientAuth(ClientAuth.OPTIONAL);
            }
            return builder.build();
        } catch (IOException impossible) {
            throw invalid("tls_certificate", files.certificate(), impossible.toString(), "", impossible);
        }
    }

    /**
     * For a client.
     *
     * @param own what it shows of itself
     * @param authority who signed the server's certificate; the JDK's own authorities if there is none
     */
    static ChannelCredentials channel(Optional<TlsFiles> own, Optional<Path> authority, Clock clock) {
        TlsMaterial material = new TlsMaterial(clock);
        TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
        try {
            if (own.isPresent()) {
                byte[] certificate =
                        material.certificates("tls_certificate", own.get().certificate());
                byte[] key = material.key(own.get());
                builder.keyManager(new ByteArrayInputStream(certificate), new ByteArrayInputStream(key));
            }
            if (authority.isPresent()) {
                builder.trustManager(new ByteArrayInputStream(material.certificates("tls_ca", authority.get())));
            }
            return builder.build();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** All certificates of a file, each of which must be valid now. */
    private byte[] certificates(String option, Path file) {
        byte[] bytes = bytes(option, file);
        for (X509Certificate certificate : parsed(option, file, bytes)) {
            Date now = new Date(clock.wallMillis());
            if (now.after(certificate.getNotAfter()) || now.before(certificate.getNotBefore())) {
                boolean expired = now.after(certificate.getNotAfter());
                throw invalid(
                        option,
                        file,
                        "the certificate of " + certificate.getSubjectX500Principal()
                                + (expired
                                        ? " expired at "
                                                + certificate.getNotAfter().toInstant()
                                        : " is not valid before "
                                                + certificate.getNotBefore().toInstant()),
                        expired ? "renew it" : "check the clock of this machine",
                        null);
            }
        }
        return bytes;
    }

    private static List<X509Certificate> parsed(String option, Path file, byte[] bytes) {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (byte[] block : blocks(bytes, "CERTIFICATE")) {
                certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block)));
            }
        } catch (GeneralSecurityException | IllegalArgumentException damaged) {
            throw invalid(option, file, "a certificate in it is damaged: " + damaged.getMessage(), "", damaged);
        }
        if (certificates.isEmpty()) {
            throw invalid(
                    option,
                    file,
                    "it holds no '-----BEGIN CERTIFICATE-----'",
                    "give a PEM file; a DER file is turned into one by: openssl x509 -inform der",
                    null);
        }
        return certificates;
    }

    /** The private key, which must be that of the first certificate. */
    private byte[] key(TlsFiles files) {
        Path file = files.key();
        byte[] bytes = bytes("tls_key", file);
        List<byte[]> blocks = blocks(bytes, "PRIVATE KEY");
        if (blocks.isEmpty()) {
            throw invalid(
                    "tls_key",
                    file,
                    "it holds no unencrypted '-----BEGIN PRIVATE KEY-----' (PKCS #8)",
                    "turn the key into one with: openssl pkcs8 -topk8 -nocrypt -in <key> -out <file>",
                    null);
        }
        PublicKey matching = parsed(
                        "tls_certificate", files.certificate(), bytes("tls_certificate", files.certificate()))
                .get(0)
                .getPublicKey();
        try {
            PrivateKey key = KeyFactory.getInstance(matching.getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(blocks.get(0)));
            if (!belongTogether(key, matching)) {
                throw invalid(
                        "tls_key",
                        file,
                        "it is not the key of the certificate in " + files.certificate(),
                        "give the key that the certificate was made with",
                        null);
            }
            return bytes;
        } catch (GeneralSecurityException | IllegalArgumentException damaged) {
            throw invalid(
                    "tls_key",
                    file,
                    "it is damaged, or not the " + matching.getAlgorithm() + " key of the certificate in "
                            + files.certificate(),
                    "give the key that the certificate was made with",
                    damaged);
        }
    }

    private static boolean belongTogether(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        String algorithm = switch (certified.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> certified.getAlgorithm();
        };
        byte[] probe = {1, 2, 3};
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(probe);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(probe);
        return signature.verify(signed);
    }

    private static List<byte[]> blocks(byte[] pem, String kind) {
        List<byte[]> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        while (block.find()) {
            if (block.group(1).equals(kind)) {
                blocks.add(Base64.getMimeDecoder().decode(block.group(2)));
            }
        }
        return blocks;
    }

    private static byte[] bytes(String option, Path file) {
        try {
            if (Files.size(file) > LARGEST_BYTES) {
                throw invalid(option, file, "it is larger than " + LARGEST_BYTES + " bytes", "", null);
            }
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw invalid(
                    option, file, "it cannot be read: " + unreadable, "mend " + option + " or the file", unreadable);
        }
    }

    private static SolsticeException invalid(
            String option, Path file, String cause, String help, @Nullable Throwable beneath) {
        return ErrorCode.TLS_INVALID
                .error(option + " cannot be used")
                .where(file.toString())
                .cause(cause)
                .help(help)
                .toException(beneath);
    }
}
