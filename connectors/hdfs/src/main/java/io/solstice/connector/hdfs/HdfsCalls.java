package io.solstice.connector.hdfs;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.store.Retries;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.hdfs.protocol.DSQuotaExceededException;
import org.apache.hadoop.hdfs.protocol.NSQuotaExceededException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.security.token.SecretManager.InvalidToken;

/** Every call to HDFS goes through here: repeated where that may help, and given a code where it does not. */
final class HdfsCalls {
    private final Retries retries;

    HdfsCalls(Retries retries) {
        this.retries = retries;
    }

    interface Attempt<T> {
        T run() throws IOException;
    }

    /** For what may be asked twice. {@link FileNotFoundException} is an answer, and left to the caller. */
    <T> T run(String doing, Attempt<T> attempt) throws FileNotFoundException {
        try {
            return retries.run(
                    () -> {
                        try {
                            return attempt.run();
                        } catch (IOException trouble) {
                            throw new UncheckedIOException(plain(trouble));
                        }
                    },
                    trouble -> trouble instanceof UncheckedIOException io && mayPass(beneath(io)));
        } catch (UncheckedIOException trouble) {
            if (beneath(trouble) instanceof FileNotFoundException none) {
                throw none;
            }
            throw error(doing, beneath(trouble));
        }
    }

    private static IOException beneath(UncheckedIOException wrapped) {
        return Objects.requireNonNull(wrapped.getCause());
    }

    /** The exception that the name node threw, rather than its envelope. */
    static IOException plain(IOException trouble) {
        return trouble instanceof RemoteException remote ? remote.unwrapRemoteException() : trouble;
    }

    /** Safe mode, a standby name node, lost connections: everything but a clear no. */
    private static boolean mayPass(IOException trouble) {
        return !(trouble instanceof FileNotFoundException
                || trouble instanceof FileAlreadyExistsException
                || trouble instanceof ParentNotDirectoryException
                || trouble instanceof AccessControlException
                || trouble instanceof InvalidToken
                || trouble instanceof NSQuotaExceededException
                || trouble instanceof DSQuotaExceededException);
    }

    static SolsticeException error(String doing, IOException trouble) {
        ErrorCode code;
        String help;
        if (trouble instanceof AccessControlException || trouble instanceof InvalidToken) {
            code = ErrorCode.STORE_REFUSED;
            help = "give a user that may write to the directory (state_backend.user), or change the directory's rights";
        } else if (trouble instanceof ParentNotDirectoryException || trouble instanceof FileAlreadyExistsException) {
            code = ErrorCode.PATH_UNUSABLE;
            help = "something else is in the way; give a base_path of its own";
        } else if (trouble instanceof NSQuotaExceededException || trouble instanceof DSQuotaExceededException) {
            code = ErrorCode.DISK_FULL;
            help = "delete checkpoints, or raise the directory's quota";
        } else {
            code = ErrorCode.STORE_UNREACHABLE;
            help = "see whether HDFS is up, out of safe mode and reachable from here; it was asked again for"
                    + " retry_budget_secs";
        }
        return code.error("could not " + doing + " in HDFS")
                .where("state_backend of type 'dfs'")
                .cause(firstLine(trouble))
                .help(help)
                .toException(trouble);
    }

    private static String firstLine(IOException trouble) {
        return trouble.toString().lines().findFirst().orElse("");
    }

    void close() {
        retries.close();
    }
}
