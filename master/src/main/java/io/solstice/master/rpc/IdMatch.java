package io.solstice.master.rpc;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import java.util.Collection;
import java.util.List;

/** Finds what a person means by an id or the beginning of one. */
final class IdMatch {
    private static final int SHOWN = 10;

    private IdMatch() {}

    /**
     * The only id that is given, or that begins so.
     *
     * @param kind what it is the id of, in one word
     * @param unknown the code for an id that fits nothing
     */
    static String of(String given, Collection<String> ids, String kind, ErrorCode unknown) {
        if (ids.contains(given)) {
            return given;
        }
        List<String> fitting = given.isEmpty()
                ? List.of()
                : ids.stream()
                        .filter(id -> id.startsWith(given))
                        .distinct()
                        .sorted()
                        .toList();
        if (fitting.size() == 1) {
            return fitting.get(0);
        }
        if (fitting.isEmpty()) {
            List<String> known = ids.stream().distinct().toList();
            throw unknown.error("there is no " + kind + " '" + given + "'")
                    .help(NearestName.of(given, known)
                            .map(name -> "did you mean '" + name + "'?")
                            .orElse("known: " + shown(known)))
                    .toException();
        }
        throw ErrorCode.NAME_AMBIGUOUS
                .error("'" + given + "' is the beginning of " + fitting.size() + " " + kind + "s")
                .cause("they are " + shown(fitting))
                .help("give more of the id")
                .toException();
    }

    private static String shown(List<String> ids) {
        if (ids.isEmpty()) {
            return "none";
        }
        String first = String.join(", ", ids.subList(0, Math.min(SHOWN, ids.size())));
        return ids.size() > SHOWN ? first + " and " + (ids.size() - SHOWN) + " more" : first;
    }
}
