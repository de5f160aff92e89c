package io.solstice.connector.s3;

import java.net.URI;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/** A real S3 server in this process, which keeps everything in memory. */
final class S3Server implements AutoCloseable {
    static final String ID = "current-id";
    static final String SECRET = "current-secret";
    static final String BUCKET = "my-bucket";

    private final BlobStore blobs = new TransientNio2BlobStore();
    private final S3Proxy server;

    S3Server() {
        try {
            blobs.createContainer(BUCKET);
            server = S3Proxy.builder()
                    .blobStore(blobs)
                    .endpoint(URI.create("http://127.0.0.1:0"))
                    .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ID, SECRET)
                    .ignoreUnknownHeaders(true)
                    .build();
            server.start();
        } catch (Exception unusable) {
            throw new IllegalStateException(unusable);
        }
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
            blobs.close();
        } catch (Exception unusable) {
            throw new IllegalStateException(unusable);
        }
    }
}
