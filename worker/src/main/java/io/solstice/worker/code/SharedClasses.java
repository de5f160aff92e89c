package io.solstice.worker.code;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Of the engine's classes, those that a job must share with it even if its jar brings them too: what passes between the
 * two, and what can be loaded only once in a process because it holds a native library.
 */
final class SharedClasses extends ClassLoader {
    private static final List<String> SHARED = List.of(
            "java.",
            "javax.",
            "jdk.",
            "sun.",
            "com.sun.",
            "io.solstice.",
            "org.apache.arrow.",
            "org.slf4j.",
            "org.jspecify.",
            // native libraries
            "org.lance.",
            "org.duckdb.",
            "org.rocksdb.",
            "ai.onnxruntime.",
            "io.netty.");
    /** Copied by users and changed, so the job's own come first. */
    private static final String EXAMPLES = "io.solstice.examples.";

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader engine;

    SharedClasses(ClassLoader engine) {
        super("shared", null);
        this.engine = engine;
    }

    private static boolean isShared(String className) {
        return !className.startsWith(EXAMPLES) && SHARED.stream().anyMatch(className::startsWith);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!isShared(name)) {
            throw new ClassNotFoundException(name);
        }
        return engine.loadClass(name);
    }

    @Override
    public @Nullable URL getResource(String name) {
        return isShared(name.replace('/', '.')) ? engine.getResource(name) : null;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        return isShared(name.replace('/', '.')) ? engine.getResources(name) : Collections.emptyEnumeration();
    }
}
