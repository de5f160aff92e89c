package io.solstice.common.rpc;

import io.solstice.common.config.Security.TlsFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/** A certificate authority that lives as long as a test, made of nothing but the JDK. */
public final class TestAuthority {
    private static final byte[] ECDSA_WITH_SHA256 = der(0x30, oid(1, 2, 840, 10045, 4, 3, 2));
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path folder;
    private final X500Principal name;
    private final KeyPair keys;
    private final Path certificate;
    private long serial = 1;

    public TestAuthority(Path folder, String name) throws IOException, GeneralSecurityException {
        this.folder = folder;
        this.name = new X500Principal("CN=" + name);
        this.keys = keyPair();
        byte[] mayIssue = der(
                0x30, oid(2, 5, 29, 19), der(0x01, new byte[] {-1}), der(0x04, der(0x30, der(0x01, new byte[] {-1}))));
        byte[] own = signed(
                this.name,
                keys,
                Instant.now().minus(1, ChronoUnit.DAYS),
                Instant.now().plus(9, ChronoUnit.DAYS),
                mayIssue);
        this.certificate = pem(name + "-ca.pem", "CERTIFICATE", own);
    }

    /** The authority's own certificate. */
    public Path certificate() {
        return certificate;
    }

    /** Files of a process on this machine, who trusts this authority. */
    public TlsFiles issue(String subject) throws IOException, GeneralSecurityException {
        return issue(
                subject, Instant.now().minus(1, ChronoUnit.HOURS), Instant.now().plus(1, ChronoUnit.DAYS));
    }

    /** With a time of its own. */
    public TlsFiles issue(String subject, Instant from, Instant until) throws IOException, GeneralSecurityException {
        KeyPair pair = keyPair();
        byte[] names = der(
                0x30, der(0x82, "localhost".getBytes(StandardCharsets.US_ASCII)), der(0x87, new byte[] {127, 0, 0, 1}));
        byte[] alternatives = der(0x30, oid(2, 5, 29, 17), der(0x04, names));
        byte[] issued = signed(new X500Principal("CN=" + subject), pair, from, until, alternatives);
        return new TlsFiles(
                pem(subject + ".pem", "CERTIFICATE", issued),
                pem(subject + "-key.pem", "PRIVATE KEY", pair.getPrivate().getEncoded()),
                Optional.of(certificate));
    }

    private static KeyPair keyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private byte[] signed(X500Principal subject, KeyPair pair, Instant from, Instant until, byte[] extension)
            throws GeneralSecurityException {
        byte[] content = der(
                0x30,
                der(0xA0, der(0x02, new byte[] {2})),
                der(0x02, BigInteger.valueOf(serial++).toByteArray()),
                ECDSA_WITH_SHA256,
                name.getEncoded(),
                der(0x30, time(from), time(until)),
                subject.getEncoded(),
                pair.getPublic().getEncoded(),
                der(0xA3, der(0x30, extension)));
        byte[] signature = sign(keys.getPrivate(), content);
        byte[] bits = new byte[signature.length + 1];
        System.arraycopy(signature, 0, bits, 1, signature.length);
        return der(0x30, content, ECDSA_WITH_SHA256, der(0x03, bits));
    }

    private static byte[] sign(PrivateKey key, byte[] content) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(content);
        return signature.sign();
    }

    private static byte[] time(Instant moment) {
        return der(0x18, TIME.format(moment).getBytes(StandardCharsets.US_ASCII));
    }

    private Path pem(String file, String kind, byte[] bytes) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return Files.writeString(
                folder.resolve(file), "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
    }

    private static byte[] oid(int... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(parts[0] * 40 + parts[1]);
        for (int i = 2; i < parts.length; i++) {
            for (int shift = 28; shift >= 0; shift -= 7) {
                if (shift == 0 || parts[i] >>> shift != 0) {
                    bytes.write(parts[i] >>> shift & 0x7F | (shift == 0 ? 0 : 0x80));
                }
            }
        }
        return der(0x06, bytes.toByteArray());
    }

    /** One element of the encoding: what it is, how long, and what is in it. */
    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        if (content.size() < 128) {
            element.write(content.size());
        } else {
            byte[] length = BigInteger.valueOf(content.size()).toByteArray();
            int skipped = length[0] == 0 ? 1 : 0;
            element.write(0x80 | length.length - skipped);
            element.write(length, skipped, length.length - skipped);
        }
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }
}
