package io.solstice.connector.files;

import io.solstice.common.error.SolsticeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the type of a field after some of its values. Whole numbers widen to fractions, nothing else does.
 */
final class TypeGuess {
    /** What a value can be. {@code ODD_NUMBER} are the texts that stand for NaN and the infinities. */
    enum Kind {
        NOTHING("nothing"),
        FLAG("true or false"),
        WHOLE("whole numbers"),
        FRACTION("numbers"),
        ODD_NUMBER("texts"),
        TEXT("texts"),
        OBJECT("objects"),
        ARRAY("arrays");

        private final String plural;

        Kind(String plural) {
            this.plural = plural;
        }

        boolean isNumber() {
            return this == WHOLE || this == FRACTION;
        }
    }

    private final String path;
    private final Map<String, TypeGuess> fields = new LinkedHashMap<>();
    private Kind kind = Kind.NOTHING;
    private @Nullable TypeGuess items;

    TypeGuess(String path) {
        this.path = path;
    }

    /** Takes one more value into account; a contradiction to earlier ones is an error. */
    void see(Kind found) {
        if (kind == found || found == Kind.NOTHING) {
            return;
        }
        if (kind == Kind.NOTHING) {
            kind = found;
        } else if ((kind.isNumber() || kind == Kind.ODD_NUMBER) && (found.isNumber() || found == Kind.ODD_NUMBER)) {
            kind = Kind.FRACTION;
        } else if ((kind == Kind.TEXT || kind == Kind.ODD_NUMBER) && (found == Kind.TEXT || found == Kind.ODD_NUMBER)) {
            kind = Kind.TEXT;
        } else {
            throw conflict(found);
        }
    }

    /** As {@link #see}, but what contradicts makes the field a text, which can hold every plain value. */
    void seeText(Kind found) {
        boolean fits = kind == found || kind == Kind.NOTHING || found == Kind.NOTHING;
        boolean numbers = kind.isNumber() && (found.isNumber() || found == Kind.ODD_NUMBER);
        if (fits || numbers || (kind == Kind.ODD_NUMBER && found.isNumber())) {
            see(found);
        } else {
            kind = Kind.TEXT;
        }
    }

    TypeGuess field(String name) {
        return fields.computeIfAbsent(name, key -> new TypeGuess(path.isEmpty() ? key : path + "." + key));
    }

    TypeGuess items() {
        TypeGuess known = items;
        if (known == null) {
            known = new TypeGuess(path + "[]");
            items = known;
        }
        return known;
    }

    boolean hasNoFields() {
        return fields.isEmpty();
    }

    /** The fields of an object, as columns. */
    List<Field> fields() {
        List<Field> columns = new ArrayList<>();
        fields.forEach((name, guess) -> columns.add(guess.toField(name)));
        return columns;
    }

    /** A field of which nothing but null was seen is a text. */
    private Field toField(String name) {
        ArrowType type = switch (kind) {
            case NOTHING, ODD_NUMBER, TEXT -> new ArrowType.Utf8();
            case FLAG -> new ArrowType.Bool();
            case WHOLE -> new ArrowType.Int(64, true);
            case FRACTION -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
            case OBJECT -> new ArrowType.Struct();
            case ARRAY -> new ArrowType.List();
        };
        List<Field> children = switch (kind) {
            case OBJECT -> fields();
            case ARRAY -> List.of(items().toField("item"));
            default -> List.of();
        };
        return new Field(name, FieldType.nullable(type), children);
    }

    private SolsticeException conflict(Kind found) {
        return Malformed.conflict(path, kind.plural, found.plural);
    }
}
