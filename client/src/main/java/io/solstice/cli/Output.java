package io.solstice.cli;

import com.google.protobuf.Message;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import java.io.PrintStream;
import java.util.List;

/** How a command shows its result: a table for people, JSON or YAML with the field names of the .proto for programs. */
enum Output {
    TABLE,
    JSON,
    YAML;

    static final Flag FLAG = new Flag(
            List.of("--output", "-o"), "<table|json|yaml>", "The form of the result. Default: table, for people.");

    static Output of(Arguments given, Terminal terminal) {
        String form = given.text(FLAG.name(), "table");
        return switch (form) {
            case "table" -> TABLE;
            case "json" -> JSON;
            case "yaml" -> YAML;
            default ->
                throw new UsageException(ErrorCode.OPTION_INVALID
                        .error("'" + form + "' is not a form of output")
                        .where(FLAG.name())
                        .help(NearestName.help(form, List.of("table", "json", "yaml"))));
        };
    }

    /** Makes the table only if one is asked for. */
    interface Table {
        List<String> lines();
    }

    /** @param tree as {@link MessageTexts#json(Object)} takes it */
    void show(Object tree, Table table, PrintStream out) {
        switch (this) {
            case TABLE -> table.lines().forEach(out::println);
            case JSON -> out.print(MessageTexts.json(tree));
            case YAML -> out.print(MessageTexts.yaml(tree));
        }
    }

    void show(Message answer, Table table, PrintStream out) {
        switch (this) {
            case TABLE -> table.lines().forEach(out::println);
            case JSON -> out.print(MessageTexts.json(answer));
            case YAML -> out.print(MessageTexts.yaml(answer));
        }
    }
}
