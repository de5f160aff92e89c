package io.solstice.common.store;

import java.util.regex.Pattern;

/**
 * What keys look like, so that all stores can hold them and sort them alike: parts of letters, digits and
 * {@code . _ - = + @ ~}, divided by single slashes; no part begins with a dot, and the whole has at most 700 characters.
 * Parts that begin with a dot are left to the stores for what is not finished.
 */
public final class ObjectKeys {
    private static final int LONGEST_KEY = 700;
    private static final int LONGEST_PART = 200;
    private static final String PART = "[A-Za-z0-9_\\-=+@~][A-Za-z0-9._\\-=+@~]*";
    private static final Pattern KEY = Pattern.compile(PART + "(/" + PART + ")*+");
    private static final Pattern PREFIX = Pattern.compile("((" + PART + "/)*+(" + PART + ")?)");

    private ObjectKeys() {}

    /** The key itself; an {@link IllegalArgumentException} if it is none, for keys are made by programs. */
    public static String check(String key) {
        return check(key, KEY, "a key");
    }

    /** The beginning of a key: empty, or cut off anywhere. */
    public static String checkPrefix(String prefix) {
        return check(prefix, PREFIX, "the beginning of a key");
    }

    private static String check(String text, Pattern form, String what) {
        boolean fits = text.length() <= LONGEST_KEY && form.matcher(text).matches();
        for (String part : text.split("/")) {
            fits &= part.length() <= LONGEST_PART;
        }
        if (!fits) {
            throw new IllegalArgumentException("not " + what + ": '" + text + "'");
        }
        return text;
    }
}
