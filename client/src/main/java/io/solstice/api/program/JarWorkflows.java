package io.solstice.api.program;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;

/** Finds the workflow in a user's jar. */
final class JarWorkflows {
    private static final String CLASS = ".class";

    private JarWorkflows() {}

    /**
     * @param className the class to take, or empty to take the only one that there is
     * @param libraries further jars and folders of classes that the workflow needs
     */
    static LoadedWorkflow load(Path jar, String className, List<Path> libraries) {
        List<String> classes = classesIn(jar);
        List<Path> code = new ArrayList<>(List.of(jar));
        code.addAll(libraries);
        URLClassLoader loader = open(code);
        boolean used = false;
        try {
            List<Class<?>> workflows = workflows(loader, classes, jar);
            LoadedWorkflow chosen = LoadedWorkflow.of(
                    choose(workflows, className, jar),
                    loader,
                    () -> code.stream().map(ProgramJar::of).toList());
            used = true;
            return chosen;
        } finally {
            if (!used) {
                close(loader);
            }
        }
    }

    private static Class<?> choose(List<Class<?>> workflows, String className, Path jar) {
        List<String> names =
                workflows.stream().<String>map(Class::getName).sorted().toList();
        if (!className.isEmpty()) {
            return workflows.stream()
                    .filter(type -> type.getName().equals(className)
                            || type.getSimpleName().equals(className))
                    .findFirst()
                    .orElseThrow(() -> missing(jar, "no workflow " + className, NearestName.help(className, names)));
        }
        if (workflows.isEmpty()) {
            throw missing(jar, "no workflow", "a workflow is a class that implements io.solstice.api.Workflow");
        }
        if (workflows.size() > 1) {
            throw ErrorCode.WORKFLOW_AMBIGUOUS
                    .error(workflows.size() + " workflows are in " + jar.getFileName())
                    .where(jar.toString())
                    .cause("found " + String.join(", ", names))
                    .help("choose one: --workflow '" + jar + "#" + names.get(0) + "'")
                    .toException();
        }
        return workflows.get(0);
    }

    private static SolsticeException missing(Path jar, String what, String help) {
        return ErrorCode.WORKFLOW_MISSING
                .error(what + " in " + jar.getFileName())
                .where(jar.toString())
                .help(help)
                .toException();
    }

    private static List<Class<?>> workflows(ClassLoader loader, List<String> classes, Path jar) {
        List<Class<?>> found = new ArrayList<>();
        for (String name : classes) {
            try {
                Class<?> type = Class.forName(name, false, loader);
                if (type.getClassLoader() == loader && LoadedWorkflow.isWorkflow(type)) {
                    found.add(type);
                }
            } catch (UnsupportedClassVersionError tooNew) {
                throw ClassErrors.tooNew(tooNew, jar + ", class " + name);
            } catch (ClassNotFoundException | LinkageError unusable) {
                // a class whose optional dependencies are absent is none of ours
            }
        }
        return found;
    }

    private static List<String> classesIn(Path jar) {
        if (!Files.isRegularFile(jar)) {
            throw unreadable(jar, "no such file", null);
        }
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            return file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(CLASS) && !name.startsWith("META-INF/"))
                    .filter(name -> !name.endsWith("module-info.class") && !name.endsWith("package-info.class"))
                    .map(name ->
                            name.substring(0, name.length() - CLASS.length()).replace('/', '.'))
                    .toList();
        } catch (IOException | SecurityException damaged) {
            throw unreadable(jar, String.valueOf(damaged.getMessage()), damaged);
        }
    }

    private static SolsticeException unreadable(
            Path jar, String cause, @org.jspecify.annotations.Nullable Throwable beneath) {
        return ErrorCode.ARTIFACT_UNREADABLE
                .error("cannot read the jar " + jar)
                .where("--workflow " + jar)
                .cause(cause)
                .help("give the path of a jar file that holds the workflow")
                .toException(beneath);
    }

    private static URLClassLoader open(List<Path> code) {
        URL[] urls = new URL[code.size()];
        for (int i = 0; i < urls.length; i++) {
            try {
                urls[i] = code.get(i).toUri().toURL();
            } catch (IOException notAUrl) {
                throw unreadable(code.get(i), String.valueOf(notAUrl.getMessage()), notAUrl);
            }
        }
        return new URLClassLoader(urls, JarWorkflows.class.getClassLoader());
    }

    private static void close(URLClassLoader loader) {
        try {
            loader.close();
        } catch (IOException ignored) {
            throw SolsticeException.of(ignored);
        }
    }
}
