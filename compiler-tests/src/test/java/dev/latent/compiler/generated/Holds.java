package dev.latent.compiler.generated;

import dev.latent.compiler.generated.Shapes.Token;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Looks for tokens in all that a suspended future holds, as a garbage collector would. */
final class Holds {
    private static final ClassValue<List<Field>> FIELDS = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            List<Field> fields = new ArrayList<>();
            for (Class<?> c = type; c != null && ours(c); c = c.getSuperclass()) {
                for (Field f : c.getDeclaredFields()) {
                    if (!f.getType().isPrimitive() && !Modifier.isStatic(f.getModifiers())) {
                        f.setAccessible(true);
                        fields.add(f);
                    }
                }
            }
            return fields;
        }
    };

    private Holds() {}

    private static boolean ours(Class<?> c) {
        return c.getName().startsWith("dev.latent.") || c.getName().startsWith("generated.");
    }

    /** {@return the one of {@code tokens} that {@code root} reaches, or 0} */
    static int reached(Object root, Set<Integer> tokens) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> todo = new ArrayDeque<>(List.of(root));
        while (!todo.isEmpty()) {
            Object o = todo.pop();
            if (!seen.add(o) || o instanceof World) {
                continue;
            }
            if (o instanceof Token token && tokens.contains(token.number)) {
                return token.number;
            }
            if (o instanceof Object[] array) {
                for (Object each : array) {
                    push(todo, each);
                }
            }
            for (Field f : FIELDS.get(o.getClass())) {
                try {
                    push(todo, f.get(o));
                } catch (IllegalAccessException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return 0;
    }

    private static void push(Deque<Object> todo, Object o) {
        if (o instanceof Object[] || o != null && ours(o.getClass())) {
            todo.push(o);
        }
    }
}
