package io.solstice.common.config;

import io.solstice.common.config.SettingsReader.Given;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A flat YAML file of {@code key: value} lines, at most 256 KiB, without tags, in which every key must be known. */
final class SettingsFile {
    private static final long LARGEST_BYTES = 256 << 10;
    private static final Set<Tag> SCALAR_TAGS = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL);

    private final Path path;
    private final String owner;
    private final List<String> known;

    private SettingsFile(Path path, String owner, List<String> known) {
        this.path = path;
        this.owner = owner;
        this.known = known;
    }

    /** @param owner whose settings they are, for messages */
    static Map<String, Given> read(Path path, String owner, List<String> known) {
        return new SettingsFile(path, owner, known).read();
    }

    private Map<String, Given> read() {
        String text = text();
        LoadSettings settings = LoadSettings.builder()
                .setLabel(path.toString())
                .setMaxAliasesForCollections(0)
                .build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            return root.isEmpty() ? Map.of() : entries(root.get());
        } catch (MarkedYamlEngineException wrong) {
            String problem = Stream.of(wrong.getContext(), wrong.getProblem())
                    .filter(Objects::nonNull)
                    .collect(Collectors.joining(", "));
            throw malformed(problem, wrong.getProblemMark().or(wrong::getContextMark), wrong);
        } catch (YamlEngineException wrong) {
            throw malformed(String.valueOf(wrong.getMessage()), Optional.empty(), wrong);
        } catch (StackOverflowError tooDeep) {
            throw malformed("it is nested too deeply", Optional.empty(), tooDeep);
        }
    }

    private String text() {
        try {
            if (Files.size(path) > LARGEST_BYTES) {
                throw malformed("it is larger than " + LARGEST_BYTES + " bytes", Optional.empty(), null);
            }
            return Files.readString(path);
        } catch (CharacterCodingException notUtf8) {
            throw malformed("it is not UTF-8 text", Optional.empty(), notUtf8);
        } catch (IOException unreadable) {
            throw ErrorCode.CONFIG_NOT_FOUND
                    .error("cannot read the configuration file " + path)
                    .cause(unreadable.toString())
                    .help("give another one with --config, or none for the defaults")
                    .toException(unreadable);
        }
    }

    private Map<String, Given> entries(Node root) {
        if (!(root instanceof MappingNode mapping) || !root.getTag().equals(Tag.MAP)) {
            throw malformed("the file must hold 'key: value' lines", root.getStartMark(), null);
        }
        Map<String, Given> given = new LinkedHashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            ScalarNode key = scalar(entry.getKeyNode(), "a key");
            String name = key.getValue();
            if (!known.contains(name)) {
                throw ErrorCode.OPTION_UNKNOWN
                        .error("a " + owner + " has no setting '" + name + "'")
                        .where(place(key.getStartMark()))
                        .help(NearestName.help(name, known))
                        .toException();
            }
            ScalarNode value = scalar(entry.getValueNode(), "the value of '" + name + "'");
            String place = path + line(value.getStartMark());
            Given text = new Given(value.getValue(), new Origin(Origin.Kind.FILE, place), folder());
            if (!isNull(value) && given.put(name, text) != null) {
                throw malformed("'" + name + "' is given twice", key.getStartMark(), null);
            }
        }
        return given;
    }

    private ScalarNode scalar(Node node, String what) {
        if (!(node instanceof ScalarNode scalar)) {
            throw malformed(what + " is not a plain text", node.getStartMark(), null);
        }
        if (!SCALAR_TAGS.contains(scalar.getTag())) {
            throw malformed(what + " has a tag, which is not allowed", node.getStartMark(), null);
        }
        return scalar;
    }

    private Path folder() {
        return Objects.requireNonNull(path.toAbsolutePath().getParent());
    }

    /** A key without a value is a key not given. */
    private static boolean isNull(ScalarNode scalar) {
        return scalar.getScalarStyle() == ScalarStyle.PLAIN
                && List.of("", "null", "~").contains(scalar.getValue());
    }

    private SolsticeException malformed(String problem, Optional<Mark> mark, @Nullable Throwable beneath) {
        return ErrorCode.CONFIG_MALFORMED
                .error("the configuration file cannot be read as YAML")
                .where(place(mark))
                .cause(problem)
                .help("write one 'key: value' a line; conf/" + owner + ".yaml of the installation has every key")
                .toException(beneath);
    }

    private String place(Optional<Mark> mark) {
        String column = mark.map(at -> ":" + (at.getColumn() + 1)).orElse("");
        return path + line(mark) + column;
    }

    private static String line(Optional<Mark> mark) {
        return mark.map(at -> ":" + (at.getLine() + 1)).orElse("");
    }
}
