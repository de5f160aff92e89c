package io.solstice.connector.s3;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * The configured credentials, or those of the surroundings, which are looked up again when a request was refused: a
 * file that was read once may have been rotated since.
 */
final class ReloadedCredentials implements AwsCredentialsProvider {
    private final S3Settings settings;
    private volatile AwsCredentialsProvider current;

    ReloadedCredentials(S3Settings settings) {
        this.settings = settings;
        this.current = load();
    }

    private AwsCredentialsProvider load() {
        if (settings.keys().isPresent()) {
            return StaticCredentialsProvider.create(settings.keys().get());
        }
        if (settings.profile().isPresent()) {
            return ProfileCredentialsProvider.create(settings.profile().get());
        }
        return DefaultCredentialsProvider.builder().build();
    }

    /** A request still under way keeps what it was signed with. */
    void reload() {
        current = load();
    }

    @Override
    public AwsCredentials resolveCredentials() {
        return current.resolveCredentials();
    }
}
