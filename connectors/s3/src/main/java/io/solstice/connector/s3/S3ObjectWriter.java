package io.solstice.connector.s3;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.store.ObjectRef;
import io.solstice.common.store.ObjectWriter;
import io.solstice.common.store.Outcome;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Keeps at most one piece in memory: a small object is one conditional put, a larger one a multipart upload that is
 * completed conditionally. The object carries the writer's own token, so that a put which took effect but whose answer
 * was lost is recognised when its repetition is told that the object is there.
 */
final class S3ObjectWriter extends ObjectWriter {
    private static final Logger LOG = LoggerFactory.getLogger(S3ObjectWriter.class);
    private static final String TOKEN = "solstice-writer";
    private static final int FIRST_BUFFER_BYTES = 16 << 10;
    private static final int MOST_PARTS = 10_000;

    private final S3ObjectStore store;
    private final String bucket;
    private final S3Client client;
    private final S3Calls calls;
    private final String key;
    private final String path;
    private final String token = UUID.randomUUID().toString();
    private final List<CompletedPart> parts = new ArrayList<>();
    private @Nullable String uploadId;
    private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
    private int buffered;

    S3ObjectWriter(S3ObjectStore store, String bucket, S3Client client, S3Calls calls, String key, String path) {
        super(key);
        this.store = store;
        this.bucket = bucket;
        this.client = client;
        this.calls = calls;
        this.key = key;
        this.path = path;
    }

    private String doing() {
        return "write '" + key + "'";
    }

    @Override
    protected void append(byte[] bytes, int offset, int length) {
        for (int done = 0; done < length; ) {
            if (buffered == S3ObjectStore.PIECE_BYTES) {
                uploadPart();
            }
            int count = Math.min(length - done, S3ObjectStore.PIECE_BYTES - buffered);
            if (buffered + count > buffer.length) {
                long doubled = Math.max(buffered + count, 2L * buffer.length);
                buffer = Arrays.copyOf(buffer, (int) Math.min(S3ObjectStore.PIECE_BYTES, doubled));
            }
            System.arraycopy(bytes, offset + done, buffer, buffered, count);
            buffered += count;
            done += count;
        }
    }

    private RequestBody body() {
        byte[] bytes = buffer;
        int length = buffered;
        return RequestBody.fromContentProvider(
                () -> new ByteArrayInputStream(bytes, 0, length), length, "application/octet-stream");
    }

    private void uploadPart() {
        String upload = uploadId == null ? begin() : uploadId;
        int number = parts.size() + 1;
        if (number > MOST_PARTS) {
            throw ErrorCode.STORE_UNFIT
                    .error("object '" + key + "' is larger than one object may be")
                    .cause("it has more than " + MOST_PARTS + " parts of " + S3ObjectStore.PIECE_BYTES + " bytes")
                    .help("raise the parallelism, so that each task has less state")
                    .toException();
        }
        String tag = calls.run(
                doing(),
                () -> client.uploadPart(
                                part -> part.bucket(bucket)
                                        .key(path)
                                        .uploadId(upload)
                                        .partNumber(number),
                                body())
                        .eTag());
        parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
        buffered = 0;
    }

    /** An answer may be cut off within its headers, which the HTTP client does not notice. */
    private static String whole(@Nullable String tag) {
        if (tag == null || tag.startsWith("\"") && (tag.length() == 1 || !tag.endsWith("\""))) {
            throw new S3Calls.AskAgain("the answer has the entity tag " + tag);
        }
        return tag;
    }

    private String begin() {
        String upload = calls.run(
                doing(),
                () -> client.createMultipartUpload(
                                create -> create.bucket(bucket).key(path).metadata(Map.of(TOKEN, token)))
                        .uploadId());
        uploadId = upload;
        return upload;
    }

    @Override
    protected Outcome publish(ObjectRef written) {
        try {
            boolean won = uploadId == null ? put() : complete();
            if (won) {
                return Outcome.CREATED;
            }
        } catch (SolsticeException failed) {
            abort();
            throw failed;
        }
        abort();
        return store.holds(written) ? Outcome.SAME : Outcome.TAKEN;
    }

    private boolean put() {
        return calls.run(doing(), () -> {
            try {
                client.putObject(
                        put -> put.bucket(bucket).key(path).ifNoneMatch("*").metadata(Map.of(TOKEN, token)), body());
                return true;
            } catch (S3Exception refused) {
                if (S3Calls.status(refused) == 412) {
                    return isOurs("the object was there, and is not any more");
                }
                throw refused;
            }
        });
    }

    private boolean complete() {
        uploadPart();
        return calls.run(doing(), () -> {
            try {
                client.completeMultipartUpload(complete -> complete.bucket(bucket)
                        .key(path)
                        .uploadId(uploadId)
                        .ifNoneMatch("*")
                        .multipartUpload(all -> all.parts(parts)));
                return true;
            } catch (S3Exception refused) {
                int status = S3Calls.status(refused);
                if (status == 412 || status == 409 || status == 404) {
                    return isOurs("the upload could not be completed: " + refused.getMessage());
                }
                throw refused;
            }
        });
    }

    /** Whether the object that is there is the one of this writer; read with a body, which proves the headers whole. */
    private boolean isOurs(String ifNone) {
        try {
            S3ObjectStore.Piece there = store.piece(key, 0, 1);
            if (there.totalSize() != size()) {
                return false;
            }
            return token.equals(size() == 0 ? tokenOfEmpty() : there.metadata().get(TOKEN));
        } catch (SolsticeException failed) {
            if (failed.code() == ErrorCode.OBJECT_MISSING) {
                throw new S3Calls.AskAgain(ifNone);
            }
            throw failed;
        }
    }

    /** A read of nothing is refused, and has no metadata. */
    private @Nullable String tokenOfEmpty() {
        return client.headObject(head -> head.bucket(bucket).key(path))
                .metadata()
                .get(TOKEN);
    }

    @Override
    protected void abort() {
        String upload = uploadId;
        if (upload == null) {
            return;
        }
        try {
            store.abort(path, upload);
        } catch (SolsticeException left) {
            LOG.debug("left for the sweep", left);
        }
    }
}
