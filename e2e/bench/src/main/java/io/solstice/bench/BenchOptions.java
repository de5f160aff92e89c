package io.solstice.bench;

import io.solstice.bench.measure.Contender;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The command line.
 *
 * @param quick fewer events and two rounds, to see whether something is badly off
 * @param queries which queries of the section to run; all if empty
 * @param systems which to run; all if empty
 * @param variants which to run; all if empty
 */
record BenchOptions(Section section, boolean quick, List<String> queries, List<String> systems, List<String> variants) {

    /** The name of the section, then options and queries of that section. */
    static BenchOptions parse(String[] arguments) {
        Section section = Section.valueOf(arguments[0].toUpperCase(Locale.ROOT));
        boolean quick = false;
        List<String> queries = new ArrayList<>();
        List<String> systems = List.of();
        List<String> variants = List.of();
        for (int i = 1; i < arguments.length; i++) {
            String argument = arguments[i];
            if (argument.equals("--quick")) {
                quick = true;
            } else if (argument.equals("--system") && i + 1 < arguments.length) {
                systems = List.of(arguments[++i].split(","));
            } else if (argument.equals("--variant") && i + 1 < arguments.length) {
                variants = List.of(arguments[++i].split(","));
            } else if (section.queries().contains(argument)) {
                queries.add(argument);
            } else {
                throw new IllegalArgumentException("there is no option or query '" + argument + "'; see --help");
            }
        }
        return new BenchOptions(section, quick, queries, systems, variants);
    }

    boolean wants(String query) {
        return queries.isEmpty() || queries.contains(query);
    }

    boolean wantsSystem(String system) {
        return systems.isEmpty() || systems.contains(system);
    }

    boolean wantsVariant(String variant) {
        return variants.isEmpty() || variants.contains(variant);
    }

    List<Contender> wanted(List<Contender> contenders) {
        return contenders.stream()
                .filter(contender -> wants(contender.query()))
                .filter(contender -> wantsSystem(contender.system()))
                .filter(contender -> wantsVariant(contender.variant()))
                .toList();
    }

    int rounds() {
        return quick ? 2 : 3;
    }
}
