package io.solstice.worker.code;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The classes of one run of a job. Looked for in this order: what is shared with the engine, the job's own jars, the
 * engine's class path. So a job may bring other versions of libraries than the engine has, and need not bring those that
 * the engine has anyway.
 */
final class JobClasses extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final ClassLoader engine;

    JobClasses(String name, URL[] jars, ClassLoader engine) {
        super(name, jars, new SharedClasses(engine));
        this.engine = engine;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        try {
            return super.findClass(name);
        } catch (ClassNotFoundException notInTheJars) {
            return engine.loadClass(name);
        }
    }

    @Override
    public @Nullable URL findResource(String name) {
        URL own = super.findResource(name);
        return own != null ? own : engine.getResource(name);
    }

    @Override
    public Enumeration<URL> findResources(String name) throws IOException {
        List<URL> all = new ArrayList<>(Collections.list(super.findResources(name)));
        for (URL other : Collections.list(engine.getResources(name))) {
            if (all.stream().noneMatch(known -> known.toExternalForm().equals(other.toExternalForm()))) {
                all.add(other);
            }
        }
        return Collections.enumeration(all);
    }
}
