package io.solstice.stream.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Constants by the names that documents have for them: their own, in small letters. */
final class Names {
    private Names() {}

    static <E extends Enum<E>> E oneOf(Section section, String key, E fallback, E[] all) {
        return find(section, key, section.text(key, of(fallback)), all);
    }

    /** The constant of that name, or an error at the key. */
    static <E extends Enum<E>> E find(Section section, String key, String name, E[] all) {
        for (E one : all) {
            if (of(one).equals(name)) {
                return one;
            }
        }
        List<String> names = Arrays.stream(all).map(Names::of).toList();
        throw section.notOneOf(key, name, names);
    }

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
