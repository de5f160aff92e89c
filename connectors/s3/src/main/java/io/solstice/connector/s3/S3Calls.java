package io.solstice.connector.s3;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.store.Retries;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Every request goes through here: it is repeated where that may help, with credentials looked up anew where they were
 * refused, and what cannot be mended becomes an error with a code. The SDK itself repeats nothing.
 */
final class S3Calls {
    private static final Set<String> CREDENTIALS = Set.of(
            "ExpiredToken",
            "InvalidToken",
            "TokenRefreshRequired",
            "InvalidAccessKeyId",
            "SignatureDoesNotMatch",
            "RequestExpired");

    private final String bucket;
    private final Retries retries;
    private final ReloadedCredentials credentials;
    /** Wrong credentials are worth waiting for others only if there were right ones before. */
    private volatile boolean worked;

    S3Calls(String bucket, Retries retries, ReloadedCredentials credentials) {
        this.bucket = bucket;
        this.retries = retries;
        this.credentials = credentials;
    }

    /** Thrown by an attempt whose answer makes sense only if something changes in a moment. */
    static final class AskAgain extends RuntimeException {
        private static final long serialVersionUID = 1L;

        AskAgain(String why) {
            super(why);
        }
    }

    /** @param doing what is tried, for the message: {@code write 'a/b'} */
    <T> T run(String doing, Supplier<T> attempt) {
        try {
            T result = retries.run(attempt, this::mayPass);
            worked = true;
            return result;
        } catch (SdkException | AskAgain trouble) {
            throw error(doing, trouble);
        }
    }

    private boolean mayPass(RuntimeException trouble) {
        if (trouble instanceof AskAgain) {
            return true;
        }
        if (!(trouble instanceof SdkException) || trouble instanceof AbortedException) {
            return false;
        }
        if (isAboutCredentials(trouble)) {
            credentials.reload();
            return worked;
        }
        int status = status(trouble);
        boolean answered = trouble instanceof S3Exception;
        return !answered || status >= 500 && status != 501 || status == 429 || status == 408 || status == 409;
    }

    /** A refused HEAD has no body to say why. */
    private static boolean isAboutCredentials(RuntimeException trouble) {
        return CREDENTIALS.contains(code(trouble))
                || status(trouble) == 403 && code(trouble).isEmpty()
                || !(trouble instanceof S3Exception)
                        && String.valueOf(trouble.getMessage()).contains("Unable to load credentials");
    }

    static int status(RuntimeException trouble) {
        return trouble instanceof S3Exception answer ? answer.statusCode() : 0;
    }

    private static String code(RuntimeException trouble) {
        @Nullable AwsErrorDetails details = trouble instanceof S3Exception answer ? answer.awsErrorDetails() : null;
        String code = details == null ? null : details.errorCode();
        return code == null ? "" : code;
    }

    private SolsticeException error(String doing, RuntimeException trouble) {
        String what = "could not " + doing + " in bucket '" + bucket + "'";
        int status = status(trouble);
        String cause = (code(trouble) + " " + trouble.getMessage()).strip();
        if (isAboutCredentials(trouble) || status == 401 || status == 403) {
            return ErrorCode.STORE_REFUSED
                    .error(what)
                    .where("state_backend of type 's3'")
                    .cause(cause)
                    .help(
                            "give credentials that are valid and may get, put, delete and list there; they are looked for in"
                                    + " state_backend, the environment, the profile files and the machine's role")
                    .toException(trouble);
        }
        if (code(trouble).equals("NoSuchBucket")) {
            return ErrorCode.PATH_UNUSABLE
                    .error(what)
                    .where("state_backend.bucket")
                    .cause(cause)
                    .help("create the bucket, or correct its name, region or endpoint")
                    .toException(trouble);
        }
        if (status == 301 || code(trouble).equals("AuthorizationHeaderMalformed")) {
            return ErrorCode.OPTION_INVALID
                    .error(what)
                    .where("state_backend.region")
                    .cause(cause)
                    .help("give the region that the bucket is in")
                    .toException(trouble);
        }
        ErrorCode code = status == 503 || status == 429 ? ErrorCode.STORE_BUSY : ErrorCode.STORE_UNREACHABLE;
        return code.error(what)
                .where("state_backend of type 's3'")
                .cause(cause)
                .help("see whether the store is up and reachable from here; it was asked again for retry_budget_secs")
                .toException(trouble);
    }

    void close() {
        retries.close();
    }
}
