package io.solstice.common.config;

import io.solstice.common.config.SettingsReader.Given;
import io.solstice.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every setting of one component with its value and where that comes from. Texts never hold secrets. */
public final class Settings {
    /** @param text the value as it can be written in a file; empty if it has none, {@code ***} if it is a secret */
    public record Setting(String name, String description, String text, Origin origin) {}

    private record Value(Key<?> key, Optional<Object> value, Origin origin) {}

    private final Component component;
    private final List<Value> values;

    private Settings(Component component, List<Value> values) {
        this.component = component;
        this.values = List.copyOf(values);
    }

    static Settings none(Component component) {
        return new Settings(component, List.of());
    }

    /** These and one more, from its text if somebody gave one. */
    Settings with(Key<?> key, @Nullable Given given, Surroundings here) {
        List<Value> more = new ArrayList<>(values);
        if (given == null) {
            more.add(new Value(key, key.fallback().value(this, here).map(known -> known), Origin.FALLBACK));
        } else {
            more.add(new Value(key, Optional.of(read(key, given)), given.origin()));
        }
        return new Settings(component, more);
    }

    private static Object read(Key<?> key, Given given) {
        Optional<?> value = key.type().reader().read(given.text().strip(), given.folder());
        if (value.isEmpty()) {
            throw ErrorCode.OPTION_INVALID
                    .error(key.name() + " cannot be '" + (key.secret() ? Key.HIDDEN : given.text()) + "'")
                    .where(given.origin().place())
                    .cause("expected " + key.type().accepts())
                    .help("mend it there, or take it out for the default: "
                            + key.fallback().shown())
                    .toException();
        }
        return value.get();
    }

    public Component component() {
        return component;
    }

    /** In the order of the documents. */
    public List<Setting> all() {
        return values.stream()
                .map(value -> new Setting(
                        value.key.name(),
                        value.key.description(),
                        value.value.map(value.key::show).orElse(""),
                        value.origin))
                .toList();
    }

    <T> T value(Key<T> key) {
        return find(key).orElseThrow(() -> new NoSuchElementException(key.name()));
    }

    <T> Optional<T> find(Key<T> key) {
        return entry(key).value.map(key.type().javaType()::cast);
    }

    Origin origin(Key<?> key) {
        return entry(key).origin;
    }

    private Value entry(Key<?> key) {
        return values.stream()
                .filter(value -> value.key.name().equals(key.name()))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(key.name()));
    }

    /** One line for the log: what differs from the defaults. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(component.label()).append(" settings:");
        for (Setting setting : all()) {
            if (setting.origin.kind() != Origin.Kind.DEFAULT) {
                text.append(' ').append(setting.name).append('=').append(setting.text);
            }
        }
        return text.toString();
    }
}
