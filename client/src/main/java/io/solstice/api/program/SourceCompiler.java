package io.solstice.api.program;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles a single-file workflow against the class path, in memory. */
final class SourceCompiler {
    private static final int SHOWN_ERRORS = 3;

    private SourceCompiler() {}

    static LoadedWorkflow compile(Path source) {
        Map<String, byte[]> classes = classes(source);
        ClassLoader loader = new MemoryClassLoader(classes, SourceCompiler.class.getClassLoader());
        List<Class<?>> workflows = new ArrayList<>();
        for (String name : classes.keySet()) {
            try {
                Class<?> type = Class.forName(name, false, loader);
                if (LoadedWorkflow.isWorkflow(type)) {
                    workflows.add(type);
                }
            } catch (ClassNotFoundException | LinkageError unusable) {
                throw SolsticeException.of(unusable);
            }
        }
        String jarName = String.valueOf(source.getFileName()).replaceAll("\\.java$", ".jar");
        return LoadedWorkflow.of(choose(workflows, source), null, () -> List.of(ProgramJar.of(jarName, classes)));
    }

    private static Class<?> choose(List<Class<?>> workflows, Path source) {
        if (workflows.isEmpty()) {
            throw ErrorCode.WORKFLOW_MISSING
                    .error("no workflow in " + source)
                    .where(source.toString())
                    .help("let its class implement io.solstice.api.Workflow")
                    .toException();
        }
        // As with java itself, the class that has the file's name is the one that is meant.
        String stem = String.valueOf(source.getFileName()).replaceAll("\\.java$", "");
        return workflows.stream()
                .filter(type -> workflows.size() == 1 || type.getSimpleName().equals(stem))
                .findFirst()
                .orElseThrow(() -> ErrorCode.WORKFLOW_AMBIGUOUS
                        .error(workflows.size() + " workflows are in " + source)
                        .cause("found "
                                + workflows.stream()
                                        .map(Class::getName)
                                        .sorted()
                                        .collect(Collectors.joining(", ")))
                        .help("give the one that is meant the name of the file: " + stem)
                        .toException());
    }

    private static Map<String, byte[]> classes(Path source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw ErrorCode.NOT_SUPPORTED
                    .error("this Java has no compiler, so it cannot run a source file")
                    .where("Java " + Runtime.version() + " in " + System.getProperty("java.home"))
                    .help("run with a JDK instead of a JRE (JAVA_HOME), or give a jar")
                    .toException();
        }
        String text = text(source);
        Map<String, ByteArrayOutputStream> outputs = new TreeMap<>();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (JavaFileManager files = new MemoryFiles(
                compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8), outputs)) {
            boolean compiled = compiler.getTask(
                            new StringWriter(),
                            files,
                            diagnostics,
                            List.of("-parameters", "-g", "-proc:none", "-nowarn"),
                            null,
                            List.of(new SourceText(source, text)))
                    .call();
            if (!compiled) {
                throw failed(source, diagnostics);
            }
        } catch (IOException unreadable) {
            throw SolsticeException.of(unreadable);
        }
        Map<String, byte[]> classes = new TreeMap<>();
        outputs.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
        return classes;
    }

    private static String text(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException unreadable) {
            throw ErrorCode.ARTIFACT_UNREADABLE
                    .error("cannot read " + source)
                    .cause(unreadable.toString())
                    .help("give the path of a .java file in UTF-8")
                    .toException(unreadable);
        }
    }

    private static SolsticeException failed(Path source, DiagnosticCollector<JavaFileObject> diagnostics) {
        List<Diagnostic<? extends JavaFileObject>> errors = diagnostics.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .toList();
        String shown = errors.stream()
                .limit(SHOWN_ERRORS)
                .map(error -> source.getFileName() + ":" + error.getLineNumber() + ": " + error.getMessage(Locale.ROOT))
                .collect(Collectors.joining("\n"));
        int more = errors.size() - SHOWN_ERRORS;
        String first = errors.isEmpty() ? "" : ":" + errors.get(0).getLineNumber();
        return ErrorCode.COMPILATION_FAILED
                .error(source.getFileName() + " does not compile")
                .where(source + first)
                .cause(shown + (more > 0 ? "\n" + more + " more" : ""))
                .toException();
    }

    /** The source as the compiler reads it. Its name is free of the rule that a public class is named like its file. */
    private static final class SourceText extends SimpleJavaFileObject {
        private final String text;

        SourceText(Path source, String text) {
            super(URI.create("memory:///" + source.toAbsolutePath().toUri().getRawPath()), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return true;
        }
    }

    /** Keeps compiled classes in memory. */
    private static final class MemoryFiles extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> outputs;

        MemoryFiles(JavaFileManager files, Map<String, ByteArrayOutputStream> outputs) {
            super(files);
            this.outputs = outputs;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + className.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    outputs.put(className, bytes);
                    return bytes;
                }
            };
        }
    }

    /** Defines classes from memory, asking its parent first. */
    private static final class MemoryClassLoader extends ClassLoader {
        private final Map<String, byte[]> classes;

        MemoryClassLoader(Map<String, byte[]> classes, ClassLoader parent) {
            super(parent);
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
