package io.solstice.api.program;

import io.solstice.api.Workflow;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * Finds the workflow that a person named: a class, a dotted name as in {@code workflows.simple_etl}, a jar, a jar and a
 * class in it ({@code jobs.jar#com.example.Orders}), or a {@code .java} file.
 */
public final class WorkflowLoader {
    private static final String EXAMPLES = "io.solstice.examples.";

    private WorkflowLoader() {}

    public static LoadedWorkflow load(String given) {
        if (given.endsWith(".java")) {
            return SourceCompiler.compile(Path.of(given));
        }
        int hash = given.indexOf('#');
        String file = hash < 0 ? given : given.substring(0, hash);
        if (file.endsWith(".jar")) {
            return JarWorkflows.load(Path.of(file), hash < 0 ? "" : given.substring(hash + 1), List.of());
        }
        return onClassPath(given);
    }

    /**
     * The workflow of a jar.
     *
     * @param className the class to take, or empty to take the only one that there is
     * @param libraries further jars and folders of classes that the workflow needs
     */
    public static LoadedWorkflow loadJar(Path jar, String className, List<Path> libraries) {
        return JarWorkflows.load(jar, className, libraries);
    }

    private static LoadedWorkflow onClassPath(String given) {
        for (String name : classNames(given)) {
            try {
                Class<?> type = Class.forName(name, false, WorkflowLoader.class.getClassLoader());
                if (!LoadedWorkflow.isWorkflow(type)) {
                    throw ErrorCode.WORKFLOW_MISSING
                            .error(name + " does not implement Workflow")
                            .where("--workflow " + given)
                            .help("name a class that implements io.solstice.api.Workflow; " + knownHelp(given))
                            .toException();
                }
                return LoadedWorkflow.of(type);
            } catch (ClassNotFoundException notThisOne) {
                // the next name may be the one
            } catch (UnsupportedClassVersionError tooNew) {
                throw ClassErrors.tooNew(tooNew, "--workflow " + given);
            } catch (NoClassDefFoundError wrongCase) {
                // a file system that ignores case found another class under this name
            } catch (LinkageError damaged) {
                throw ClassErrors.of(damaged, "--workflow " + given);
            }
        }
        throw missing(given);
    }

    private static SolsticeException missing(String given) {
        return ErrorCode.WORKFLOW_MISSING
                .error("no workflow '" + given + "' on the class path")
                .where("--workflow " + given)
                .help(knownHelp(given) + "\na workflow of your own: solstice run MyWorkflow.java, or --workflow my.jar")
                .toException();
    }

    private static String knownHelp(String given) {
        List<String> known = known();
        String last = snake(given.substring(given.lastIndexOf('.') + 1));
        List<String> shortNames = known.stream()
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .toList();
        return NearestName.of(last, shortNames)
                .map(name -> "did you mean '" + known.get(shortNames.indexOf(name)) + "'? (known: "
                        + String.join(", ", known) + ")")
                .orElse("known: " + String.join(", ", known));
    }

    /** The workflows that jars on the class path declare as services, by the names that people type. */
    private static List<String> known() {
        List<String> names = new ArrayList<>();
        try {
            ServiceLoader.load(Workflow.class).stream()
                    .map(provider -> alias(provider.type().getName()))
                    .sorted()
                    .forEach(names::add);
        } catch (ServiceConfigurationError unreadable) {
            names.add(String.valueOf(unreadable.getMessage()));
        }
        return names;
    }

    private static String alias(String className) {
        if (!className.startsWith(EXAMPLES)) {
            return className;
        }
        String rest = className.substring(EXAMPLES.length());
        int dot = rest.lastIndexOf('.');
        return rest.substring(0, dot + 1) + snake(rest.substring(dot + 1));
    }

    /** The class names that a given name may stand for, most literal first. */
    static Set<String> classNames(String given) {
        Set<String> names = new LinkedHashSet<>();
        String rest = given;
        addBoth(names, "", given);
        while (rest.startsWith("solstice.")) {
            rest = rest.substring("solstice.".length());
            addBoth(names, "", rest);
        }
        String fromExamples = rest.startsWith("examples.") ? rest.substring("examples.".length()) : rest;
        addBoth(names, EXAMPLES, fromExamples);
        addBoth(names, EXAMPLES + "workflows.", fromExamples);
        return names;
    }

    private static void addBoth(Set<String> names, String prefix, String name) {
        int dot = name.lastIndexOf('.');
        names.add(prefix + name);
        names.add(prefix + name.substring(0, dot + 1) + camel(name.substring(dot + 1)));
    }

    /** {@code simple_etl} to {@code SimpleEtl}. */
    private static String camel(String name) {
        StringBuilder text = new StringBuilder();
        for (String part : name.split("[_-]", -1)) {
            if (!part.isEmpty()) {
                text.append(part.substring(0, 1).toUpperCase(Locale.ROOT)).append(part.substring(1));
            }
        }
        return text.toString();
    }

    /** {@code SimpleEtl} to {@code simple_etl}. */
    private static String snake(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }
}
