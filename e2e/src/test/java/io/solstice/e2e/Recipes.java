package io.solstice.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command lines of a document, as a shell would read them, and the answers that it shows. */
final class Recipes {
    private static final Pattern BLOCK = Pattern.compile("```(sh|json)\n(.*?)```", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");
    private static final Pattern VARIABLE = Pattern.compile("\\$([A-Z_]+)");
    private static final Pattern FIELD = Pattern.compile("\"([A-Za-z]+)\":");

    private Recipes() {}

    /**
     * One command line.
     *
     * @param shownFields the names of the fields in the answer that the document shows for it; it shows one for the last
     *     line of a block
     */
    record Recipe(List<String> words, List<String> shownFields) {}

    /** @param variables of the shell */
    static List<Recipe> of(Path document, Map<String, String> variables) throws IOException {
        List<Recipe> recipes = new ArrayList<>();
        Matcher block = BLOCK.matcher(Files.readString(document));
        while (block.find()) {
            if (block.group(1).equals("json")) {
                Recipe last = recipes.remove(recipes.size() - 1);
                recipes.add(new Recipe(last.words, fields(block.group(2))));
                continue;
            }
            for (String line : block.group(2).replaceAll("\\\\\n\\s*", "").split("\n")) {
                recipes.add(new Recipe(words(line, variables), List.of()));
            }
        }
        return recipes;
    }

    private static List<String> words(String line, Map<String, String> variables) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            if (word.group(1) != null) {
                words.add(word.group(1));
            } else {
                String open = word.group(2) != null ? word.group(2) : word.group(3);
                words.add(VARIABLE.matcher(open).replaceAll(name -> variables.getOrDefault(name.group(1), "")));
            }
        }
        return words;
    }

    private static List<String> fields(String json) {
        return FIELD.matcher(json)
                .results()
                .map(field -> field.group(1))
                .distinct()
                .toList();
    }
}
