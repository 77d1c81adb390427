package dev.latent.web.http;

import dev.latent.web.internal.RequestHead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Header fields in their order, a name as often as it came; names are the same whatever their case. Never changes.
 *
 * <p>Beside {@code java.net.http.HttpHeaders} it keeps the order between different names.
 */
public final class Headers {
    /** No fields. */
    public static final Headers NONE = new Headers(new String[0]);

    /** By turns a name and its value. */
    private final String[] fields;

    private Headers(String[] fields) {
        this.fields = fields;
    }

    /**
     * {@return these fields, the values of each name in their order, such as those of {@code java.net.http.HttpHeaders.map()}}
     *
     * @throws IllegalArgumentException when a name or a value can't be written
     */
    public static Headers of(Map<String, ? extends Iterable<String>> values) {
        List<String> fields = new ArrayList<>();
        values.forEach((name, all) -> {
            for (String value : all) {
                check(name, value);
                fields.add(name);
                fields.add(value);
            }
        });
        return fields.isEmpty() ? NONE : new Headers(fields.toArray(String[]::new));
    }

    /** {@return these fields, as they came from a peer and have been checked, by turns a name and its value} The array must not change any more. */
    public static Headers of(String[] fields) {
        return fields.length == 0 ? NONE : new Headers(fields);
    }

    /** {@return the first value of that name, null where there is none} */
    public @Nullable String get(String name) {
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equalsIgnoreCase(name)) {
                return fields[i + 1];
            }
        }
        return null;
    }

    /** {@return all values of that name} */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equalsIgnoreCase(name)) {
                values.add(fields[i + 1]);
            }
        }
        return values;
    }

    /** {@return whether {@code token} is an element of the comma-separated lists of that name, whatever its case} */
    public boolean lists(String name, String token) {
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equalsIgnoreCase(name)) {
                for (String element : fields[i + 1].split(",", -1)) {
                    if (element.strip().equalsIgnoreCase(token)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** {@return whether there is a field of that name} */
    public boolean contains(String name) {
        return get(name) != null;
    }

    /** Gives each field's name and value to {@code to}, in their order. */
    public void forEach(BiConsumer<? super String, ? super String> to) {
        for (int i = 0; i < fields.length; i += 2) {
            to.accept(fields[i], fields[i + 1]);
        }
    }

    /**
     * {@return these, and one more field}
     *
     * @throws IllegalArgumentException when a name or a value can't be written, such as one with the end of a line in it
     */
    public Headers plus(String name, String value) {
        check(name, value);
        String[] more = Arrays.copyOf(fields, fields.length + 2);
        more[fields.length] = name;
        more[fields.length + 1] = value;
        return new Headers(more);
    }

    /** {@return these, with {@code value} as the only one of that name} */
    public Headers with(String name, String value) {
        return without(name).plus(name, value);
    }

    /** {@return these, without those of that name} */
    public Headers without(String name) {
        if (!contains(name)) {
            return this;
        }
        List<String> left = new ArrayList<>(fields.length);
        for (int i = 0; i < fields.length; i += 2) {
            if (!fields[i].equalsIgnoreCase(name)) {
                left.add(fields[i]);
                left.add(fields[i + 1]);
            }
        }
        return new Headers(left.toArray(String[]::new));
    }

    private static void check(String name, String value) {
        boolean isName = !name.isEmpty();
        for (int i = 0; i < name.length(); i++) {
            isName &= RequestHead.isToken(name.charAt(i));
        }
        if (!isName) {
            throw new IllegalArgumentException("not the name of a header: " + name);
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' && c != '\t' || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException("a value of " + name + " with the character " + (int) c);
            }
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }
}
