package io.solstice.connector.s3;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import io.solstice.common.store.ObjectKeys;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectWriter;
import io.solstice.common.store.Retries;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects of a bucket, made with {@code If-None-Match: *}. Every request is bounded in size (8 MiB) and time and can be
 * repeated, so nothing hangs and a broken connection costs one piece. What is not finished is a multipart upload.
 */
final class S3ObjectStore implements ObjectStore {
    static final int PIECE_BYTES = 8 << 20;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes [0-9]+-[0-9]+/([0-9]+)");
    private static final int CONNECTIONS = 64;
    private static final int LARGEST_PAGE = 1000;

    private final S3Settings settings;
    private final S3Client client;
    private final S3Calls calls;
    private volatile boolean closed;

    private S3ObjectStore(S3Settings settings, S3Client client, S3Calls calls) {
        this.settings = settings;
        this.client = client;
        this.calls = calls;
    }

    static S3ObjectStore open(S3Settings settings) {
        ReloadedCredentials credentials = new ReloadedCredentials(settings);
        S3ClientBuilder builder = S3Client.builder()
                .credentialsProvider(credentials)
                .forcePathStyle(settings.pathStyle())
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(CONNECTIONS)
                        .connectionTimeout(settings.attemptTimeout())
                        .connectionAcquisitionTimeout(settings.attemptTimeout())
                        .socketTimeout(settings.attemptTimeout()))
                .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry())
                        .apiCallAttemptTimeout(settings.attemptTimeout()));
        settings.region().map(Region::of).ifPresent(builder::region);
        settings.endpoint().ifPresent(builder::endpointOverride);
        Retries retries = new Retries(
                Clock.SYSTEM, new SecureRandom(), settings.retryBudget().toMillis());
        return new S3ObjectStore(settings, client(builder), new S3Calls(settings.bucket(), retries, credentials));
    }

    private static S3Client client(S3ClientBuilder builder) {
        try {
            return builder.build();
        } catch (SdkException unusable) {
            throw ErrorCode.OPTION_MISSING
                    .error("the S3 client does not know which region to use")
                    .where("state_backend.region")
                    .cause(String.valueOf(unusable.getMessage()))
                    .help("give a region, or set AWS_REGION")
                    .toException(unusable);
        }
    }

    @Override
    public ObjectWriter create(String key) {
        return new S3ObjectWriter(this, settings.bucket(), client, calls, key, path(key));
    }

    @Override
    public InputStream range(String key, long offset, long length) {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("not a range: " + offset + ", " + length);
        }
        path(key);
        if (length == 0) {
            if (!exists(key)) {
                throw missing(key);
            }
            return InputStream.nullInputStream();
        }
        return new S3RangeInput(this, key, offset, length);
    }

    /** One piece of an object, and what belongs to the whole. */
    record Piece(byte[] bytes, long totalSize, Map<String, String> metadata) {}

    /** At most {@link #PIECE_BYTES}; none from behind the object's end. */
    Piece piece(String key, long offset, long length) {
        String path = path(key);
        String range = "bytes=" + offset + "-" + (offset + Math.min(length, PIECE_BYTES) - 1);
        return calls.run("read '" + key + "'", () -> {
            try {
                ResponseBytes<GetObjectResponse> answer = client.getObject(
                        get -> get.bucket(settings.bucket()).key(path).range(range), ResponseTransformer.toBytes());
                return whole(answer, offset, Math.min(length, PIECE_BYTES));
            } catch (S3Exception refused) {
                if (S3Calls.status(refused) == 416) {
                    return new Piece(new byte[0], 0, Map.of());
                }
                if (isMissing(refused)) {
                    throw missing(key);
                }
                throw refused;
            }
        });
    }

    /**
     * An answer that was cut off within its headers looks whole to the HTTP client, but has no body: only one with all
     * the bytes that it should have is believed.
     */
    private static Piece whole(ResponseBytes<GetObjectResponse> answer, long offset, long length) {
        byte[] bytes = answer.asByteArrayUnsafe();
        String range = String.valueOf(answer.response().contentRange());
        Matcher total = CONTENT_RANGE.matcher(range);
        if (!total.matches()) {
            throw new S3Calls.AskAgain("the answer to a ranged read has the content range " + range);
        }
        long size = Long.parseLong(total.group(1));
        if (bytes.length != Math.min(length, size - offset)) {
            throw new S3Calls.AskAgain("the answer has " + bytes.length + " bytes of " + range);
        }
        return new Piece(bytes, size, answer.response().metadata());
    }

    static boolean isMissing(S3Exception refused) {
        return refused.statusCode() == 404
                && (refused.awsErrorDetails() == null
                        || !"NoSuchBucket".equals(refused.awsErrorDetails().errorCode()));
    }

    private static SolsticeException missing(String key) {
        return ErrorCode.OBJECT_MISSING
                .error("there is no object '" + key + "'")
                .where(key)
                .help("it was deleted or never written; see what is there, or use another checkpoint")
                .toException();
    }

    /** Asks for a byte rather than for the head, since only a body says why something was refused. */
    @Override
    public OptionalLong size(String key) {
        try {
            return OptionalLong.of(piece(key, 0, 1).totalSize());
        } catch (SolsticeException failed) {
            if (failed.code() == ErrorCode.OBJECT_MISSING) {
                return OptionalLong.empty();
            }
            throw failed;
        }
    }

    @Override
    public void delete(String key) {
        String path = path(key);
        calls.run(
                "delete '" + key + "'",
                () -> client.deleteObject(
                        delete -> delete.bucket(settings.bucket()).key(path)));
    }

    @Override
    public List<String> list(String prefix, String after, int limit) {
        open();
        String start = settings.prefix() + ObjectKeys.checkPrefix(prefix);
        List<String> keys = new ArrayList<>();
        String last = after;
        while (keys.size() < limit) {
            int page = Math.min(LARGEST_PAGE, limit - keys.size());
            String from = last;
            ListObjectsV2Response answer = calls.run(
                    "list '" + prefix + "'",
                    () -> client.listObjectsV2(list -> list.bucket(settings.bucket())
                            .prefix(start)
                            .maxKeys(page)
                            .startAfter(from.isEmpty() ? null : settings.prefix() + from)));
            for (S3Object object : answer.contents()) {
                last = object.key().substring(settings.prefix().length());
                keys.add(last);
            }
            if (!Boolean.TRUE.equals(answer.isTruncated()) || answer.contents().isEmpty()) {
                break;
            }
        }
        return List.copyOf(keys);
    }

    @Override
    public int sweep(Duration age) {
        open();
        Instant before = Instant.ofEpochMilli(Clock.SYSTEM.wallMillis()).minus(age);
        int swept = 0;
        String keyMarker = null;
        String uploadMarker = null;
        while (true) {
            String fromKey = keyMarker;
            String fromUpload = uploadMarker;
            ListMultipartUploadsResponse answer = calls.run(
                    "list uploads",
                    () -> client.listMultipartUploads(list -> list.bucket(settings.bucket())
                            .prefix(settings.prefix().isEmpty() ? null : settings.prefix())
                            .keyMarker(fromKey)
                            .uploadIdMarker(fromUpload)));
            for (MultipartUpload upload : answer.uploads()) {
                if (upload.initiated() == null || !upload.initiated().isAfter(before)) {
                    swept += abort(upload.key(), upload.uploadId()) ? 1 : 0;
                }
            }
            keyMarker = answer.nextKeyMarker();
            uploadMarker = answer.nextUploadIdMarker();
            if (!Boolean.TRUE.equals(answer.isTruncated()) || keyMarker == null) {
                return swept;
            }
        }
    }

    /** Whether there was such an upload. */
    boolean abort(String path, String uploadId) {
        return calls.run("give up the upload of '" + path + "'", () -> {
            try {
                client.abortMultipartUpload(
                        abort -> abort.bucket(settings.bucket()).key(path).uploadId(uploadId));
                return true;
            } catch (S3Exception refused) {
                if (isMissing(refused)) {
                    return false;
                }
                throw refused;
            }
        });
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            calls.close();
            client.close();
        }
    }

    private String path(String key) {
        open();
        return settings.prefix() + ObjectKeys.check(key);
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException("the object store has been closed");
        }
    }
}
