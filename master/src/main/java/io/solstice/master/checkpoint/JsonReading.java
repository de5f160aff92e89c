package io.solstice.master.checkpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.store.ObjectRef;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** An object of JSON that is read back; whatever is not there or has another form is damage. */
final class JsonReading {
    private final String key;
    private final JsonObject json;

    private JsonReading(String key, JsonObject json) {
        this.key = key;
        this.json = json;
    }

    /** @param key of the object, for messages */
    static <T> T parse(String key, byte[] bytes, Function<JsonReading, T> as) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return orDamaged(
                key,
                () -> as.apply(new JsonReading(key, JsonParser.parseString(text).getAsJsonObject())));
    }

    private static <T> T orDamaged(String key, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (SolsticeException coded) {
            throw coded.code() == ErrorCode.OBJECT_DAMAGED
                    ? coded
                    : damaged(key, coded.error().what(), coded);
        } catch (RuntimeException malformed) {
            throw damaged(key, malformed.toString(), malformed);
        }
    }

    private static SolsticeException damaged(String key, String cause, RuntimeException reason) {
        return ErrorCode.OBJECT_DAMAGED
                .error("object '" + key + "' is not what was written")
                .where(key)
                .cause(cause)
                .help("restore from another checkpoint, and check the disk or store that holds this one")
                .toException(reason);
    }

    private <T> T member(String name, Function<JsonElement, T> as) {
        return orDamaged(key, () -> {
            JsonElement value = json.get(name);
            if (value == null) {
                throw new IllegalArgumentException("it has no '" + name + "'");
            }
            return as.apply(value);
        });
    }

    String text(String name) {
        return member(name, JsonElement::getAsString);
    }

    long whole(String name) {
        return member(name, JsonElement::getAsLong);
    }

    /** @param otherwise what it means that nothing is said */
    long whole(String name, long otherwise) {
        return json.has(name) ? whole(name) : otherwise;
    }

    int small(String name) {
        return member(name, JsonElement::getAsInt);
    }

    /** @param otherwise what those who do not say it mean, who wrote before it was there to be said */
    int small(String name, int otherwise) {
        return json.has(name) ? small(name) : otherwise;
    }

    boolean truth(String name) {
        return member(name, JsonElement::getAsBoolean);
    }

    ObjectRef ref(String named, String sized, String hashed) {
        return orDamaged(key, () -> new ObjectRef(text(named), whole(sized), text(hashed)));
    }

    /** The objects of an array. */
    <T> List<T> list(String name, Function<JsonReading, T> as) {
        JsonArray array = member(name, JsonElement::getAsJsonArray);
        List<T> list = new ArrayList<>();
        for (JsonElement element : array) {
            list.add(orDamaged(key, () -> as.apply(new JsonReading(key, element.getAsJsonObject()))));
        }
        return list;
    }
}
