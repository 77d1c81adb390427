package dev.latent.compiler.weave;

import dev.latent.compiler.Rule;
import dev.latent.compiler.WeaveException;
import dev.latent.compiler.names.CoreMethod;
import dev.latent.compiler.names.WovenCode;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.LineNumber;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls that only an async body may make, in methods that are none. The lints find them in sources; this is for classes. */
final class Strays {
    private static final List<CoreMethod> WOVEN =
            List.of(WovenCode.AWAIT, WovenCode.SPAWN, WovenCode.SPAWN_LOCAL, WovenCode.GET_CONTEXT);

    private Strays() {}

    static List<WeaveException> in(MethodModel method) {
        List<WeaveException> found = new ArrayList<>();
        int line = 0;
        for (CodeElement e : method.code().orElseThrow()) {
            if (e instanceof LineNumber number) {
                line = number.line();
            }
            String word = word(e);
            if (word != null) {
                found.add(new WeaveException(
                        Rule.AWAIT_OUTSIDE_ASYNC,
                        line,
                        word + " works on the async body around it, and there is none here",
                        "move it into async(() -> …), or into another lambda of an @AsyncClosure type"));
            }
        }
        return found;
    }

    private static @Nullable String word(CodeElement e) {
        for (CoreMethod word : WOVEN) {
            if (word.isCalledBy(e)) {
                return word.name();
            }
        }
        return null;
    }
}
