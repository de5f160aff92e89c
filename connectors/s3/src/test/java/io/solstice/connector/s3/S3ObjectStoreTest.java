package io.solstice.connector.s3;

import io.solstice.common.store.ObjectStoreContract;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

class S3ObjectStoreTest extends ObjectStoreContract {
    private static final AtomicInteger PLACES = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private static S3Server server;

    @BeforeAll
    static void start() {
        server = new S3Server();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Map<String, String> settings(int port, String prefix) {
        return Map.of(
                "type",
                "s3",
                "bucket",
                S3Server.BUCKET,
                "prefix",
                prefix,
                "endpoint",
                "http://127.0.0.1:" + port,
                "access_key_id",
                S3Server.ID,
                "secret_access_key",
                S3Server.SECRET);
    }

    @Override
    protected Map<String, String> emptyPlace() {
        return settings(server.port(), "place/" + PLACES.incrementAndGet());
    }

    @Override
    protected void damage(String key, byte[] content) {
        try (S3Client client = S3Client.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + server.port()))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(S3Server.ID, S3Server.SECRET)))
                .build()) {
            client.putObject(
                    put -> put.bucket(S3Server.BUCKET).key("place/" + PLACES.get() + "/" + key),
                    RequestBody.fromBytes(content));
        }
    }
}
