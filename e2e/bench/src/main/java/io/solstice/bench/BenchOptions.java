package io.solstice.bench;

import io.solstice.bench.measure.Contender;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line.
 *
 * @param quick fewer events and two rounds, to see whether something is badly off
 * @param queries which to run; all if empty
 * @param systems which to run; all if empty
 * @param variants which to run; all if empty
 */
record BenchOptions(boolean quick, List<String> queries, List<String> systems, List<String> variants) {
    static final List<String> QUERIES = List.of(
            "q0",
            "q1",
            "q2",
            "q0-exchange",
            "parquet-parquet",
            "lance-parquet",
            "parquet-lance",
            "startup",
            "allocation");

    static BenchOptions parse(String[] arguments) {
        boolean quick = false;
        List<String> queries = new ArrayList<>();
        List<String> systems = List.of();
        List<String> variants = List.of();
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (argument.equals("--quick")) {
                quick = true;
            } else if (argument.equals("--system") && i + 1 < arguments.length) {
                systems = List.of(arguments[++i].split(","));
            } else if (argument.equals("--variant") && i + 1 < arguments.length) {
                variants = List.of(arguments[++i].split(","));
            } else if (QUERIES.contains(argument)) {
                queries.add(argument);
            } else {
                throw new IllegalArgumentException(
                        "there is no query or option '" + argument + "'; queries: " + String.join(", ", QUERIES));
            }
        }
        return new BenchOptions(quick, queries, systems, variants);
    }

    boolean wants(String query) {
        return queries.isEmpty() || queries.contains(query);
    }

    boolean wantsSystem(String system) {
        return systems.isEmpty() || systems.contains(system);
    }

    List<Contender> wanted(List<Contender> contenders) {
        return contenders.stream()
                .filter(contender -> wants(contender.query()))
                .filter(contender -> wantsSystem(contender.system()))
                .filter(contender -> variants.isEmpty() || variants.contains(contender.variant()))
                .toList();
    }

    int rounds() {
        return quick ? 2 : 3;
    }
}
