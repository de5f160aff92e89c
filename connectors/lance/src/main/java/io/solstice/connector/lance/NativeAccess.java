package io.solstice.connector.lance;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.memory.ArrowBuf;
import org.lance.JniLoader;

/** Checks, before anything else is touched, that this JVM can run Lance's native library. */
final class NativeAccess {
    private static final String FLAG = "--add-opens=java.base/java.nio=ALL-UNNAMED";
    private static final AtomicBoolean TIDY = new AtomicBoolean();

    private NativeAccess() {}

    static void require() {
        // Without it, Arrow fails deep inside an import and leaves native memory behind.
        if (!Object.class.getModule().isOpen("java.nio", ArrowBuf.class.getModule())) {
            throw ErrorCode.NATIVE_LIBRARY
                    .error("Lance needs access to java.nio, which this JVM does not give")
                    .cause("the JVM was started without " + FLAG)
                    .help("start it with " + FLAG)
                    .toException();
        }
        try {
            JniLoader.ensureLoaded();
            org.apache.arrow.c.jni.JniLoader.get().ensureLoaded();
            if (TIDY.compareAndSet(false, true)) {
                UnpackedLibraries.delete();
            }
        } catch (LinkageError | RuntimeException unloadable) {
            throw failed(unloadable);
        }
    }

    static SolsticeException failed(Throwable unloadable) {
        Throwable root = unloadable;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return ErrorCode.NATIVE_LIBRARY
                .error("Lance's native library cannot be loaded")
                .cause(LanceFailure.message(root))
                .help("it exists for Linux and macOS on x86-64 and aarch64; the JVM must be started with " + FLAG
                        + ", and java.io.tmpdir must be writable and allow execution")
                .toException(unloadable);
    }
}
