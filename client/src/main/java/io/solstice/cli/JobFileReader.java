package io.solstice.cli;

import io.solstice.api.StateBackend.DfsStateBackend;
import io.solstice.api.StateBackend.S3StateBackend;
import io.solstice.api.config.Options;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.StateStore;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Reads job files, and stream-processor documents, which are known by their keys and bring their own workflow: plain YAML
 * 1.2 without tags, at most a megabyte, in which every key must be known.
 */
final class JobFileReader {
    private static final long LARGEST_BYTES = 1 << 20;
    private static final long MOST_MEMORY_MIB = 1 << 20;
    private static final String MEMORY = "memory_mib";
    private static final Map<String, List<String>> KNOWN = Map.of(
            "job", List.of("id", "checkpoint_interval_secs", "checkpoint_interval_records"),
            "state", List.of("backend", MEMORY),
            "state_backend",
                    Stream.of(
                                    List.of("type", "base_path", "bucket", "prefix"),
                                    S3StateBackend.MORE,
                                    DfsStateBackend.MORE)
                            .flatMap(List::stream)
                            .distinct()
                            .toList());
    private static final List<String> BLOCKS = List.of("job", "state", "state_backend", "config");
    /** Any of them at the top makes a file a stream-processor document. */
    private static final List<String> OF_A_STREAM = List.of("app_name", "processing", "windowing", "pipelines");

    private final Path path;
    private final LoadSettings settings;

    private JobFileReader(Path path) {
        this.path = path;
        this.settings = LoadSettings.builder()
                .setLabel(path.toString())
                .setAllowDuplicateKeys(false)
                .setMaxAliasesForCollections(20)
                .build();
    }

    static JobFile read(Path path) {
        return new JobFileReader(path).read();
    }

    private JobFile read() {
        String text = text();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) {
                return JobFile.EMPTY;
            }
            boolean stream = isStream(root.get());
            checkKeys(root.get(), stream);
            Object value = new StandardConstructor(settings).constructSingleDocument(root);
            Map<String, Object> blocks = texts(value);
            return stream ? streamFile(blocks) : jobFile(null, blocks, texts(blocks.get("config")));
        } catch (MarkedYamlEngineException malformed) {
            String problem = Stream.of(malformed.getContext(), malformed.getProblem())
                    .filter(Objects::nonNull)
                    .collect(Collectors.joining(", "));
            throw malformed(problem, malformed.getProblemMark().or(malformed::getContextMark), malformed);
        } catch (YamlEngineException malformed) {
            throw malformed(String.valueOf(malformed.getMessage()), Optional.empty(), malformed);
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
                    .toException(unreadable);
        }
    }

    private boolean isStream(Node root) {
        return root instanceof MappingNode mapping
                && mapping.getValue().stream()
                        .anyMatch(block ->
                                block.getKeyNode() instanceof ScalarNode key && OF_A_STREAM.contains(key.getValue()));
    }

    /** All but the blocks of every job file is for the workflow, which knows the keys. */
    private static JobFile streamFile(Map<String, Object> blocks) {
        Map<String, Object> document = new LinkedHashMap<>(blocks);
        document.remove("job");
        document.remove("state_backend");
        Map<String, Object> known = new LinkedHashMap<>(blocks);
        if (!blocks.containsKey("state_backend")) {
            Object path = texts(blocks.get("state")).getOrDefault("path", "./state");
            Path folder = Path.of(path.toString()).toAbsolutePath().normalize();
            known.put("state_backend", Map.of("type", "local", "base_path", folder.toString()));
        }
        return jobFile(JobArguments.STREAM_PROCESSOR, known, document);
    }

    private static JobFile jobFile(@Nullable String workflow, Map<String, Object> blocks, Map<String, Object> config) {
        Options job = Options.of("job", texts(blocks.get("job")));
        Map<String, Object> state = texts(blocks.get("state"));
        return new JobFile(
                workflow,
                job.optionalText("id"),
                job.has("checkpoint_interval_secs") ? job.number("checkpoint_interval_secs", 0) : null,
                job.has("checkpoint_interval_records")
                        ? job.wholeNumber("checkpoint_interval_records", 0, 0, Long.MAX_VALUE)
                        : null,
                // In a stream-processor document it is for the workflow, with the rest of its block.
                workflow == null && state.containsKey("backend")
                        ? StateStore.of(String.valueOf(state.get("backend")), "state.backend")
                        : null,
                workflow == null ? stateMemory(state) : null,
                texts(blocks.get("state_backend")),
                config);
    }

    /** In bytes; null for nothing or 0, which leaves it to the workflow. */
    private static @Nullable Long stateMemory(Map<String, Object> state) {
        long mib = Options.of("state", state).wholeNumber(MEMORY, 0, 0, MOST_MEMORY_MIB);
        return mib == 0 ? null : mib << 20;
    }

    private void checkKeys(Node root, boolean stream) {
        for (NodeTuple block : entries(root, "the file")) {
            String name = key(block, "the file", stream ? null : BLOCKS);
            if (isNull(block.getValueNode()) || stream && (name.equals("state") || !KNOWN.containsKey(name))) {
                continue;
            }
            List<NodeTuple> keys = entries(block.getValueNode(), "'" + name + "'");
            List<String> known = KNOWN.get(name);
            for (NodeTuple entry : keys) {
                key(entry, "'" + name + "'", known);
            }
        }
    }

    /** The entry's key, which must be one of the known ones unless anything goes. */
    private String key(NodeTuple entry, String owner, @Nullable List<String> known) {
        Node node = entry.getKeyNode();
        if (!(node instanceof ScalarNode scalar)) {
            throw malformed("a key of " + owner + " is not a plain text", node.getStartMark(), null);
        }
        String name = scalar.getValue();
        if (known != null && !known.contains(name)) {
            throw ErrorCode.OPTION_UNKNOWN
                    .error(owner + " has no key '" + name + "'")
                    .where(place(node.getStartMark()))
                    .help(NearestName.help(name, known))
                    .toException();
        }
        return name;
    }

    private List<NodeTuple> entries(Node node, String owner) {
        if (node instanceof MappingNode mapping) {
            return mapping.getValue();
        }
        throw malformed(owner + " must hold 'key: value' lines", node.getStartMark(), null);
    }

    private static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar
                && (scalar.getValue().isEmpty() || scalar.getValue().equals("null"));
    }

    /** A YAML mapping with its null values left out: a key without a value is a key not given. */
    private static Map<String, Object> texts(@Nullable Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> entries) {
            entries.forEach((key, entry) -> {
                if (entry != null) {
                    map.put(String.valueOf(key), entry);
                }
            });
        }
        return map;
    }

    private SolsticeException malformed(String problem, Optional<Mark> mark, @Nullable Throwable beneath) {
        return ErrorCode.CONFIG_MALFORMED
                .error("the configuration file cannot be read as YAML")
                .where(place(mark))
                .cause(problem)
                .help("blocks, such as job:, state_backend: and config:, have 'key: value' lines indented below")
                .toException(beneath);
    }

    private String place(Optional<Mark> mark) {
        return path
                + mark.map(at -> ":" + (at.getLine() + 1) + ":" + (at.getColumn() + 1))
                        .orElse("");
    }
}
