package io.solstice.faults;

import io.solstice.common.graph.StateStore;
import io.solstice.faults.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The words after {@code bin/faults}. */
final class Options {
    private static final int QUICK_FAULTS = 3;

    private long seed;
    private boolean seeded;
    private int runs = 1;
    private double minutes = 10;
    private int faults = 6;
    private int masters = 1;
    private double rate = 1000;
    private double interval = 1;
    private boolean keep;
    private boolean measure;
    private int ballastMib = 100;
    private boolean s3;
    /** Empty for all that are possible here. */
    private Set<Schedule.Kind> kinds = Set.of();

    /** Besides the main one. */
    private Set<Workload> jobs = EnumSet.complementOf(EnumSet.of(Workload.EVENTS));

    /** Null for what the seed says. */
    private @Nullable StateStore backend;

    private @Nullable Path report;
    private @Nullable Path folder;

    /** A word that cannot be; its message is for the user. */
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String message) {
            super(message);
        }
    }

    static Options of(List<String> words) throws Wrong {
        Options options = new Options();
        Iterator<String> rest = words.iterator();
        while (rest.hasNext()) {
            options.read(rest.next(), rest);
        }
        return options;
    }

    private void read(String word, Iterator<String> rest) throws Wrong {
        try {
            switch (word) {
                case "--quick" -> {
                    faults = QUICK_FAULTS;
                    minutes = 0;
                }
                case "--keep" -> keep = true;
                case "--seed" -> {
                    seed = Long.decode(value(word, rest));
                    seeded = true;
                }
                case "--recovery" -> {
                    faults = positive(word, value(word, rest));
                    minutes = 0;
                    measure = true;
                }
                case "--ballast" -> ballastMib = Integer.parseInt(value(word, rest));
                case "--runs" -> runs = positive(word, value(word, rest));
                case "--minutes" -> minutes = Double.parseDouble(value(word, rest));
                case "--faults" -> faults = Integer.parseInt(value(word, rest));
                case "--masters" -> masters = positive(word, value(word, rest));
                case "--state" -> s3 = isS3(value(word, rest));
                case "--backend" -> backend = backend(value(word, rest));
                case "--rate" -> rate = Double.parseDouble(value(word, rest));
                case "--interval" -> interval = Double.parseDouble(value(word, rest));
                case "--kinds" -> kinds = kinds(value(word, rest));
                case "--jobs" -> jobs = jobs(value(word, rest));
                case "--report" -> report = Path.of(value(word, rest));
                case "--dir" -> folder = Path.of(value(word, rest));
                default -> throw new Wrong("there is no option '" + word + "'");
            }
        } catch (NumberFormatException noNumber) {
            throw new Wrong(word + " needs a number: " + noNumber.getMessage());
        }
    }

    private static String value(String word, Iterator<String> rest) throws Wrong {
        if (!rest.hasNext()) {
            throw new Wrong(word + " needs a value");
        }
        return rest.next();
    }

    private static int positive(String word, String value) throws Wrong {
        int number = Integer.parseInt(value);
        if (number < 1) {
            throw new Wrong(word + " must be at least 1");
        }
        return number;
    }

    private static boolean isS3(String state) throws Wrong {
        if (!List.of("local", "s3").contains(state)) {
            throw new Wrong("--state is local or s3, not '" + state + "'");
        }
        return state.equals("s3");
    }

    private static StateStore backend(String name) throws Wrong {
        return Stream.of(StateStore.values())
                .filter(store -> store.word().equals(name))
                .findFirst()
                .orElseThrow(() -> new Wrong("--backend is "
                        + String.join(
                                ", ",
                                Stream.of(StateStore.values())
                                        .map(StateStore::word)
                                        .toList())
                        + ", not '" + name + "'"));
    }

    private static Set<Schedule.Kind> kinds(String names) throws Wrong {
        Set<Schedule.Kind> kinds = EnumSet.noneOf(Schedule.Kind.class);
        for (String name : names.split(",")) {
            kinds.add(Stream.of(Schedule.Kind.values())
                    .filter(kind -> kind.name().equals(name.toUpperCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> new Wrong("there is no kind of fault '" + name + "'; there are "
                            + List.of(Schedule.Kind.values()).toString().toLowerCase(Locale.ROOT))));
        }
        return kinds;
    }

    /**
     * @param home the distribution
     * @param fresh the seed, unless one is given
     * @param possible kinds of faults
     */
    Settings settings(Path home, long fresh, Set<Schedule.Kind> possible) throws Wrong, IOException {
        if (kinds.contains(Schedule.Kind.STORE) && !s3) {
            throw new Wrong("faults of kind store need --state s3");
        }
        Set<Schedule.Kind> impossible = EnumSet.noneOf(Schedule.Kind.class);
        impossible.addAll(kinds);
        impossible.removeAll(possible);
        if (!impossible.isEmpty()) {
            throw new Wrong(impossible.toString().toLowerCase(Locale.ROOT) + " cannot be done on this machine");
        }
        return new Settings(
                home,
                folder == null ? Files.createTempDirectory("solstice-faults") : folder.toAbsolutePath(),
                seeded ? seed : fresh,
                runs,
                minutes,
                faults,
                kinds.isEmpty() ? withoutStore(possible) : kinds,
                measure ? Set.of(Workload.EVENTS) : withMain(jobs),
                new Shape(masters, 3, s3),
                4,
                rate,
                interval,
                measure,
                measure ? (long) ballastMib << 20 : 0,
                backend,
                keep);
    }

    private static Set<Workload> withMain(Set<Workload> others) {
        Set<Workload> all = EnumSet.of(Workload.EVENTS);
        all.addAll(others);
        return all;
    }

    private static Set<Workload> jobs(String names) throws Wrong {
        List<Workload> others = List.copyOf(EnumSet.complementOf(EnumSet.of(Workload.EVENTS)));
        Set<Workload> jobs = EnumSet.noneOf(Workload.class);
        for (String name : names.equals("none") ? new String[0] : names.split(",")) {
            jobs.add(others.stream()
                    .filter(job -> job.job().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new Wrong("there is no job '" + name + "'; there are none, "
                            + String.join(
                                    ", ", others.stream().map(Workload::job).toList()))));
        }
        return jobs;
    }

    private Set<Schedule.Kind> withoutStore(Set<Schedule.Kind> possible) {
        Set<Schedule.Kind> all = EnumSet.copyOf(possible);
        if (!s3) {
            all.remove(Schedule.Kind.STORE);
        }
        return all;
    }

    /** Where the page is written, unless a place is given. */
    Path report(Path fallback) {
        return report == null ? fallback : report;
    }
}
