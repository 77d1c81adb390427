package dev.latent.compiler.weave;

import dev.latent.compiler.Rule;
import dev.latent.compiler.WeaveException;
import dev.latent.compiler.body.Body;
import dev.latent.compiler.model.TypeOracle;
import dev.latent.compiler.names.CoreMethod;
import dev.latent.compiler.names.WovenCode;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls that only an async body may make, in methods that are none. The lints find them in sources; this is for classes. */
final class Strays {
    private static final List<CoreMethod> WOVEN =
            List.of(WovenCode.AWAIT, WovenCode.SPAWN, WovenCode.SPAWN_LOCAL, WovenCode.GET_CONTEXT);

    private Strays() {}

    static List<WeaveException> in(MethodModel method, ClassModel host, TypeOracle oracle) {
        Tongue tongue = Tongue.of(host);
        List<WeaveException> found = new ArrayList<>();
        int line = 0;
        for (CodeElement e : method.code().orElseThrow()) {
            if (e instanceof LineNumber number) {
                line = number.line();
            }
            String word = word(e);
            if (word != null) {
                String closure = closure(method, host, oracle);
                found.add(new WeaveException(
                        Rule.AWAIT_OUTSIDE_ASYNC,
                        line,
                        word + " works on the async body around it, and "
                                + (closure == null
                                        ? "there is none here"
                                        : "a class that implements " + closure + " is none"),
                        closure == null ? tongue.inMethod() : tongue.inClass()));
            }
        }
        return found;
    }

    private static @Nullable String word(CodeElement e) {
        for (CoreMethod word : WOVEN) {
            if (word.isCalledBy(e) || e instanceof InvokeDynamicInstruction site && isTakenBy(site, word)) {
                return word.name();
            }
        }
        return null;
    }

    private static boolean isTakenBy(InvokeDynamicInstruction site, CoreMethod word) {
        return Lambdas.isMadeBy(site)
                && Lambdas.implementation(site).owner().equals(word.owner())
                && Lambdas.implementation(site).methodName().equals(word.name());
    }

    /** {@return the name of the async closure that {@code method} implements in its class, or null} */
    private static @Nullable String closure(MethodModel method, ClassModel host, TypeOracle oracle) {
        return host.interfaces().stream()
                .map(ClassEntry::asSymbol)
                .filter(closure -> oracle.isAsyncCall(
                        Body.internal(closure),
                        method.methodName().stringValue(),
                        method.methodTypeSymbol().parameterCount()))
                .map(ClassDesc::displayName)
                .findFirst()
                .orElse(null);
    }
}
