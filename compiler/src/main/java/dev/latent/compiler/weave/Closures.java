package dev.latent.compiler.weave;

import dev.latent.compiler.Rule;
import dev.latent.compiler.WeaveException;
import dev.latent.compiler.body.Body;
import dev.latent.compiler.model.TypeOracle;
import dev.latent.compiler.names.Core;
import dev.latent.compiler.names.WovenCode;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.LambdaMetafactory;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The first pass: finds the async closures of a class, and names the frame class of each. */
final class Closures {
    /** An interface method that a frame class stands in for. */
    record Stub(String name, MethodTypeDesc descriptor) {}

    /** One async body: the lambda's method, and its frame class. */
    static final class Closure {
        final ClassDesc frame;
        final String sourceName;

        /** The name of the body, in javac's form. */
        final String body;

        final int captured;

        /** What binds its frame to a thread, set when it is woven. */
        @Nullable
        String bound;

        final Set<ClassDesc> interfaces = new LinkedHashSet<>();
        final Set<Stub> stubs = new LinkedHashSet<>();

        /** Whether the body has an await; known once it is woven. */
        boolean suspends;

        Closure(ClassDesc frame, String sourceName, String body, int captured) {
            this.frame = frame;
            this.sourceName = sourceName;
            this.body = body;
            this.captured = captured;
        }
    }

    /** What a future has itself. */
    private static final Set<String> TAKEN =
            Set.of(WovenCode.DROP.signature(), WovenCode.POLL.signature(), WovenCode.POLL_DROP.signature());

    private final ClassModel host;
    private final String self;
    private final TypeOracle oracle;
    private final Lambdas lambdas;
    private final Map<String, Closure> byMethod = new LinkedHashMap<>();

    Closures(ClassModel host, TypeOracle oracle) {
        this.host = host;
        this.self = host.thisClass().asInternalName();
        this.oracle = oracle;
        this.lambdas = new Lambdas(host);
    }

    /** {@return whether {@code method} only called a body, and is not needed any more} */
    boolean isLeft(MethodModel method) {
        return lambdas.isAdapter(method);
    }

    boolean isEmpty() {
        return byMethod.isEmpty();
    }

    Collection<Closure> all() {
        return byMethod.values();
    }

    @Nullable
    Closure of(MethodModel method) {
        return byMethod.get(Lambdas.key(method));
    }

    /** {@return whether {@code elements} make an async closure; remembers each} */
    boolean collect(List<CodeElement> elements) {
        boolean found = false;
        int line = 0;
        for (CodeElement e : elements) {
            if (e instanceof LineNumber number) {
                line = number.line();
            } else if (e instanceof InvokeDynamicInstruction site && isClosure(site)) {
                add(site, line);
                found = true;
            }
        }
        return found;
    }

    private boolean isClosure(InvokeDynamicInstruction site) {
        ClassDesc type = site.typeSymbol().returnType();
        return Lambdas.isMadeBy(site) && type.isClassOrInterface() && oracle.isAsyncClosure(Body.internal(type));
    }

    private void add(InvokeDynamicInstruction site, int line) {
        DirectMethodHandleDesc lambda = Lambdas.implementation(site);
        String name = lambda.methodName();
        if (!Body.internal(lambda.owner()).equals(self) || !Lambdas.isBody(name)) {
            throw refusal(lambda, line);
        }
        Closure closure = byMethod.computeIfAbsent(lambdas.body(lambda), k -> {
            String source = lambdas.sourceName(name);
            int number = byMethod.size();
            return new Closure(
                    ClassDesc.ofInternalName(self + Core.FRAME_INFIX + source.replace('$', '_') + "$" + number),
                    source,
                    Lambdas.isJavacs(name) ? name : "lambda$" + source + "$" + number,
                    site.typeSymbol().parameterCount());
        });
        String method = site.name().stringValue();
        if (TAKEN.contains(method + ((MethodTypeDesc) site.bootstrapArgs().get(0)).descriptorString())) {
            throw new WeaveException(
                    Rule.CLOSURE_METHOD_TAKEN,
                    line,
                    "the frame that is woven for this lambda is a Future and has a method " + method + " of its own",
                    "give the method of the @AsyncClosure interface another name");
        }
        List<ConstantDesc> arguments = site.bootstrapArgs();
        closure.interfaces.add(site.typeSymbol().returnType());
        closure.stubs.add(new Stub(method, (MethodTypeDesc) arguments.get(0)));
        // What altMetafactory gets besides, where the lambda's type is an intersection or its method has bridges.
        for (ConstantDesc more : arguments.subList(3, arguments.size())) {
            switch (more) {
                case MethodTypeDesc bridge -> closure.stubs.add(new Stub(method, bridge));
                case ClassDesc marker -> closure.interfaces.add(marker);
                case Integer flags
                when site.bootstrapMethod().methodName().equals("altMetafactory")
                        && more == arguments.get(3)
                        && (flags & LambdaMetafactory.FLAG_SERIALIZABLE) != 0 ->
                    throw new WeaveException(
                            Rule.NOT_WOVEN,
                            line,
                            "this async body is serializable, but what it is woven to is a future, which has no serialized form",
                            "serialize what it captures, as a record for instance, and make the body from that where it is read");
                default -> {}
            }
        }
    }

    private WeaveException refusal(DirectMethodHandleDesc method, int line) {
        Tongue tongue = Tongue.of(host);
        String owner = method.owner().displayName();
        String fix = tongue.inPlaceOf(owner, method.methodName());
        return !Body.internal(method.owner()).equals(self) && (tongue == Tongue.SCALA || tongue == Tongue.GROOVY)
                ? new WeaveException(Rule.NOT_WOVEN, line, "the body of this lambda is in another class, " + owner, fix)
                : new WeaveException(
                        Rule.ASYNC_METHOD_REFERENCE, line, "a method reference has no body that could be woven", fix);
    }

    /** {@return the closure that {@code e} makes, or null} */
    @Nullable
    Closure madeBy(CodeElement e) {
        if (!(e instanceof InvokeDynamicInstruction site) || !isClosure(site)) {
            return null;
        }
        DirectMethodHandleDesc lambda = Lambdas.implementation(site);
        return byMethod.get(lambdas.body(lambda));
    }
}
