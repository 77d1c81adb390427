package dev.latent.compiler.weave;

import dev.latent.compiler.body.Body;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.DirectMethodHandleDesc;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where compilers put the bodies of lambdas, and what they name them. Scala's puts a second method before a body with primitive
 * parameters, which unboxes them and calls it; the lambda is made of that one.
 */
final class Lambdas {
    private static final String METAFACTORY = "java/lang/invoke/LambdaMetafactory";

    // With the method of the source that a body stands in.
    private static final Pattern JAVAC = Pattern.compile("lambda\\$(.+)\\$\\d+");
    private static final Pattern KOTLINC = Pattern.compile("(.+?)\\$lambda\\$(?:.+\\$)?\\d+");
    private static final Pattern SCALAC = Pattern.compile("(.+?)\\$\\$anonfun\\$(?:.+\\$)?\\d+");
    private static final List<Pattern> TELLING = List.of(JAVAC, KOTLINC, SCALAC);

    // Without it.
    private static final Pattern ECLIPSE = Pattern.compile("lambda\\$\\d+");
    private static final Pattern SCALAC_NESTED = Pattern.compile("\\$anonfun\\$(?:adapted\\$)?\\d+");

    private static final Pattern ADAPTED = Pattern.compile(".*\\$anonfun\\$adapted\\$\\d+");

    private final ClassModel host;
    private final String self;

    /** What stands before a body, by its name and descriptor, and the body's. */
    private final Map<String, String> adapted = new HashMap<>();

    private final Set<String> adapters = new HashSet<>();

    Lambdas(ClassModel host) {
        this.host = host;
        this.self = host.thisClass().asInternalName();
    }

    /** {@return whether {@code site} makes a lambda, or takes a method for one} */
    static boolean isMadeBy(InvokeDynamicInstruction site) {
        return Body.internal(site.bootstrapMethod().owner()).equals(METAFACTORY);
    }

    static DirectMethodHandleDesc implementation(InvokeDynamicInstruction site) {
        return (DirectMethodHandleDesc) site.bootstrapArgs().get(1);
    }

    /** {@return whether a method is the body of a lambda, and nothing that the source calls by a name} */
    static boolean isBody(String method) {
        return isJavacs(method) || hasNoMaker(method) || TELLING.stream().anyMatch(form -> matches(form, method));
    }

    static boolean isJavacs(String method) {
        return matches(JAVAC, method);
    }

    private static boolean hasNoMaker(String method) {
        return matches(ECLIPSE, method) || matches(SCALAC_NESTED, method);
    }

    private static boolean matches(Pattern form, String method) {
        return form.matcher(method).matches();
    }

    /** {@return the method with the code of the lambda, by its name and descriptor} */
    String body(DirectMethodHandleDesc lambda) {
        String given = lambda.methodName() + lambda.lookupDescriptor();
        return matches(ADAPTED, lambda.methodName())
                        && Body.internal(lambda.owner()).equals(self)
                ? adapted.computeIfAbsent(given, this::behind)
                : given;
    }

    private String behind(String adapter) {
        for (MethodModel method : host.methods()) {
            if (key(method).equals(adapter)) {
                for (CodeElement e : method.code().orElseThrow()) {
                    if (e instanceof InvokeInstruction call
                            && call.owner().asInternalName().equals(self)) {
                        adapters.add(adapter);
                        return call.name().stringValue() + call.type().stringValue();
                    }
                }
            }
        }
        return adapter;
    }

    /** {@return whether {@code method} only calls a body, which has become another} */
    boolean isAdapter(MethodModel method) {
        return adapters.contains(key(method));
    }

    static String key(MethodModel method) {
        return method.methodName().stringValue() + method.methodType().stringValue();
    }

    /** {@return the method of the source in which a lambda stands} */
    String sourceName(String method) {
        for (Pattern form : TELLING) {
            Matcher name = form.matcher(method);
            if (name.matches()) {
                return sourceName(name.group(1));
            }
        }
        return switch (method) {
            case "<init>", "_init_", "$init$" -> "new";
            case "<clinit>", "_clinit_" -> "static";
            default -> hasNoMaker(method) ? sourceName(makerOf(method)) : method;
        };
    }

    /** {@return the method that makes the lambda which {@code method} implements} */
    private String makerOf(String method) {
        for (MethodModel maker : host.methods()) {
            for (CodeElement e : maker.code().map(CodeModel::elementList).orElse(List.of())) {
                if (e instanceof InvokeDynamicInstruction site
                        && isMadeBy(site)
                        && implementation(site).methodName().equals(method)) {
                    return maker.methodName().stringValue();
                }
            }
        }
        return "lambda";
    }
}
