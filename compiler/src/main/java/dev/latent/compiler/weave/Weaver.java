package dev.latent.compiler.weave;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;

import dev.latent.compiler.Rule;
import dev.latent.compiler.WeaveException;
import dev.latent.compiler.body.Body;
import dev.latent.compiler.cleanup.Cleanups;
import dev.latent.compiler.cleanup.Resources;
import dev.latent.compiler.model.TypeOracle;
import dev.latent.compiler.names.Core;
import dev.latent.compiler.names.WovenCode;
import java.io.UncheckedIOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodBuilder;
import java.lang.classfile.MethodElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.attribute.RuntimeInvisibleAnnotationsAttribute;
import java.lang.classfile.instruction.LineNumber;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Weaves one class: each async body becomes a state machine. The passes over a body, in order:
 *
 * <ol>
 *   <li>{@link Closures}: which lambdas of the class are async bodies;
 *   <li>{@link LowerCalls}: all that suspends takes the form of {@code Async.await(Future)};
 *   <li>{@link Resources}: try-with-resources, the close of an {@code AsyncCloseable} becomes an await;
 *   <li>{@link Cleanups}: where a drop passes a catch, and where it goes on after a cleanup;
 *   <li>{@link Allocations}: no uninitialised object lies on the stack across an await;
 *   <li>{@link Splitter}: the body is cut at its awaits, {@link FrameClass} holds what lives across them.
 * </ol>
 *
 * <p>Then {@link Handovers}: methods whose futures are handed to a runner get a twin that does so.
 */
public final class Weaver {
    /** What the JVM allows a method, without the four that a first run is given. */
    private static final int MAX_PARAMETER_SLOTS = 255 - 4;

    /** How long the methods of a class may be; tried in this order. */
    private enum Width {
        /** No jump is over more than 32 kB. */
        SHORT_JUMPS,
        FAR_JUMPS,
        /** One of them does not fit in 64 kB: it is woven to say where. */
        TOO_LONG
    }

    private final ClassModel host;
    private final ClassDesc self;
    private final boolean inInterface;
    private final Closures closures;
    private final TypeOracle oracle;
    private final boolean atLoad;
    private final Width width;
    private final Map<String, byte[]> out = new LinkedHashMap<>();
    private final Map<ClassDesc, FrameReport> frames = new LinkedHashMap<>();

    private Weaver(ClassModel host, TypeOracle oracle, boolean atLoad, Width width) {
        this.atLoad = atLoad;
        this.width = width;
        this.host = host;
        this.self = host.thisClass().asSymbol();
        this.inInterface = host.flags().has(AccessFlag.INTERFACE);
        this.closures = new Closures(host, oracle);
        this.oracle = oracle;
    }

    /**
     * Weaves.
     *
     * @param classFile as javac wrote it
     * @return the class files to write, by internal name: the class itself and one for each frame; empty when there is nothing
     *     to weave
     */
    public static Map<String, byte[]> weave(byte[] classFile, TypeOracle oracle) {
        return weave(classFile, oracle, frame -> {});
    }

    /** {@return as {@link #weave(byte[], TypeOracle)}; each frame is told to {@code frames}} */
    public static Map<String, byte[]> weave(byte[] classFile, TypeOracle oracle, Consumer<FrameReport> frames) {
        return weave(classFile, oracle, false, frames);
    }

    /**
     * Weaves a class whose frame classes will not be defined before it is initialized: reflection over its methods, which may come
     * earlier, finds none in their descriptors.
     *
     * @return as {@link #weave(byte[], TypeOracle)}
     */
    public static Map<String, byte[]> weaveAtLoad(byte[] classFile, TypeOracle oracle) {
        return weave(classFile, oracle, true, frame -> {});
    }

    private static Map<String, byte[]> weave(
            byte[] classFile, TypeOracle oracle, boolean atLoad, Consumer<FrameReport> frames) {
        // Our own stack maps replace javac's in bodies; elsewhere javac's are kept as they are.
        ClassFile format =
                ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS, ClassFile.ShortJumpsOption.FAIL_ON_SHORT_JUMPS);
        try {
            return new Weaver(format.parse(classFile), oracle, atLoad, Width.SHORT_JUMPS).weave(format, frames);
        } catch (IllegalArgumentException e) {
            // The other way is longer, and reaches everywhere.
        }
        try {
            return new Weaver(format.parse(classFile), oracle, atLoad, Width.FAR_JUMPS).weave(format, frames);
        } catch (IllegalArgumentException e) {
            return new Weaver(format.parse(classFile), oracle, atLoad, Width.TOO_LONG).weave(format, frames);
        }
    }

    /** {@return what stands in no async body of a class, woven or not, and has to} */
    public static List<WeaveException> strays(byte[] classFile, TypeOracle oracle) {
        Weaver weaver = new Weaver(ClassFile.of().parse(classFile), oracle, false, Width.SHORT_JUMPS);
        weaver.collect();
        return weaver.host.methods().stream()
                .filter(m -> m.code().isPresent() && weaver.closures.of(m) == null)
                .flatMap(m -> Strays.in(m, weaver.host, oracle).stream())
                .toList();
    }

    /** {@return the methods that make async closures} */
    private Set<String> collect() {
        Set<String> makers = new HashSet<>();
        for (MethodModel method : host.methods()) {
            // What javac adds for serializable lambdas makes each once more, and stands in no line.
            if (method.code().isPresent()
                    && !method.methodName().equalsString("$deserializeLambda$")
                    && closures.collect(method.code().get().elementList())) {
                makers.add(Lambdas.key(method));
            }
        }
        return makers;
    }

    private Map<String, byte[]> weave(ClassFile format, Consumer<FrameReport> told) {
        try {
            weave(format);
            frames.values().forEach(told);
            return out;
        } catch (RuntimeException | StackOverflowError e) {
            if (told(e)) {
                throw e;
            }
            throw fault("", 0, e);
        }
    }

    /** {@return whether {@code e} says what it has to, or that the class is to be woven in another way} */
    private boolean told(Throwable e) {
        return e instanceof WeaveException
                || e instanceof UncheckedIOException
                || e instanceof IllegalArgumentException && width != Width.TOO_LONG;
    }

    private WeaveException fault(String where, int line, Throwable e) {
        return WeaveException.fault(host.thisClass().asInternalName().replace('/', '.'), where, sourceFile(), line, e);
    }

    private void weave(ClassFile format) {
        Set<String> makers = collect();
        Map<MethodModel, String> bound = bound();
        Handovers handovers = new Handovers(host, oracle);
        if (closures.isEmpty() && bound.isEmpty() && handovers.isEmpty()) {
            return;
        }
        ClassTransform weave = (to, e) -> {
            if (!(e instanceof MethodModel method)) {
                to.with(e);
            } else if (closures.of(method) instanceof Closures.Closure closure) {
                weaveBody(to, method, closure);
            } else if (closures.isLeft(method)) {
                return;
            } else if (!makers.contains(Lambdas.key(method)) && !bound.containsKey(method)) {
                to.with(e);
            } else {
                MethodTransform lambdas =
                        makers.contains(Lambdas.key(method)) ? makesClosures() : MethodTransform.ACCEPT_ALL;
                to.transformMethod(
                        method, bound.containsKey(method) ? lambdas.andThen(record(bound.get(method))) : lambdas);
            }
        };
        byte[] woven = format.transformClass(host, weave);
        out.put(
                host.thisClass().asInternalName(),
                handovers.isEmpty() ? woven : format.transformClass(format.parse(woven), handovers));
    }

    private String sourceFile() {
        return host.findAttribute(Attributes.sourceFile())
                .map(s -> s.sourceFile().stringValue())
                .orElse("Unknown Source");
    }

    /** A method that is no body itself but makes closures. */
    private MethodTransform makesClosures() {
        return (into, element) -> {
            if (element instanceof CodeModel code) {
                into.withCode(b -> {
                    LowerCalls.closures(code.elementList(), closures, b.constantPool())
                            .forEach(b::with);
                    code.findAttribute(Attributes.stackMapTable()).ifPresent(b::with);
                });
            } else {
                into.with(element);
            }
        };
    }

    /** {@return the methods whose futures are bound to a thread and that do not say so yet} */
    private Map<MethodModel, String> bound() {
        Map<MethodModel, String> bound = new HashMap<>();
        Map<String, String> found = oracle.foundNotSend(host.thisClass().asInternalName());
        for (MethodModel method : host.methods()) {
            String why = found.get(Lambdas.key(method));
            if (why != null
                    && annotations(method).stream()
                            .noneMatch(a -> a.className().equalsString(Core.descriptor(Core.NOT_SEND)))) {
                bound.put(method, why);
            }
        }
        return bound;
    }

    private static List<Annotation> annotations(MethodModel method) {
        return method.findAttribute(Attributes.runtimeInvisibleAnnotations())
                .map(RuntimeInvisibleAnnotationsAttribute::annotations)
                .orElse(List.of());
    }

    /** Tells those who compile against a method that its futures are bound to a thread. */
    private static MethodTransform record(String bound) {
        Annotation recorded = Annotation.of(ClassDesc.of(Core.NOT_SEND), AnnotationElement.ofString("value", bound));
        return MethodTransform.ofStateful(() -> new MethodTransform() {
            private final List<Annotation> all = new ArrayList<>(List.of(recorded));

            @Override
            public void accept(MethodBuilder into, MethodElement element) {
                if (element instanceof RuntimeInvisibleAnnotationsAttribute others) {
                    all.addAll(others.annotations());
                } else {
                    into.with(element);
                }
            }

            @Override
            public void atEnd(MethodBuilder into) {
                into.with(RuntimeInvisibleAnnotationsAttribute.of(all));
            }
        });
    }

    private void weaveBody(ClassBuilder to, MethodModel method, Closures.Closure closure) {
        try {
            write(to, method, closure);
        } catch (RuntimeException | StackOverflowError e) {
            if (told(e)) {
                throw e;
            }
            IntSummaryStatistics lines = lines(method);
            String where = lines.getCount() == 0 ? "" : ", lines " + lines.getMin() + " to " + lines.getMax();
            throw fault(
                    ", in the async body of its method " + closure.sourceName + " ("
                            + method.methodName().stringValue() + where + ")",
                    firstLine(method),
                    e);
        }
    }

    private static IntSummaryStatistics lines(MethodModel method) {
        return method.code()
                .orElseThrow()
                .elementStream()
                .flatMapToInt(e -> e instanceof LineNumber line ? IntStream.of(line.line()) : IntStream.empty())
                .summaryStatistics();
    }

    private static int firstLine(MethodModel method) {
        IntSummaryStatistics lines = lines(method);
        return lines.getCount() == 0 ? 0 : lines.getMin();
    }

    private void write(ClassBuilder to, MethodModel method, Closures.Closure closure) {
        ClassDesc frame = atLoad ? WovenCode.FRAME : closure.frame;
        String name =
                closure.body + (atLoad ? "-" + host.thisClass().asInternalName().replaceAll("[/$]", "-") : "");
        List<ClassDesc> parameters = new ArrayList<>(method.methodTypeSymbol().parameterList());
        parameters.addAll(List.of(frame, WovenCode.FRAME, WovenCode.CONTEXT, CD_int));
        MethodTypeDesc start = MethodTypeDesc.of(CD_Object, parameters);
        MethodTypeDesc step = MethodTypeDesc.of(CD_Object, frame, WovenCode.CONTEXT, CD_int, CD_Object);
        write(to, method, name, start, b -> {
            Body body = lowered(method, b);
            Splitter split = new Splitter(body, closure.frame, oracle, atLoad, width != Width.SHORT_JUMPS, true);
            requireRoom(body.parameterSlots(), split.points().firstLine());
            split.emit(b);
            closure.suspends = !split.points().all().isEmpty();
            closure.bound = FrameBound.of(host, body, split.points(), closure, oracle);
            byte[] written = new FrameClass(host, body, split.points(), closure, name, start, step).write();
            out.put(Body.internal(closure.frame), written);
            frames.put(closure.frame, new FrameReport(body, closure.sourceName, sourceFile(), written));
            if (closure.suspends) {
                // A method is added to the class when it is complete, so this one stands before the one around it.
                // Labels belong to the method that they are made for, so the passes run once more.
                write(to, method, name, step, second -> new Splitter(
                                lowered(method, second),
                                closure.frame,
                                oracle,
                                atLoad,
                                width != Width.SHORT_JUMPS,
                                false)
                        .emit(second));
            }
        });
    }

    private static void requireRoom(int parameterSlots, int line) {
        if (parameterSlots > MAX_PARAMETER_SLOTS) {
            throw new WeaveException(
                    Rule.BODY_TOO_LARGE,
                    line,
                    "what an async body captures may fill " + MAX_PARAMETER_SLOTS
                            + " slots (a long or double two), not " + parameterSlots,
                    "capture an object that holds it");
        }
    }

    /** The frame class calls the body: not private any more, and in an interface that leaves public. */
    private void write(
            ClassBuilder to, MethodModel method, String name, MethodTypeDesc type, Consumer<CodeBuilder> code) {
        int flags = method.flags().flagsMask() & ~ClassFile.ACC_PRIVATE | (inInterface ? ClassFile.ACC_PUBLIC : 0);
        to.withMethod(
                name,
                type,
                flags,
                into -> into.withCode(
                        width == Width.TOO_LONG ? b -> b.transforming(new Limit(firstLine(method)), code) : code));
    }

    /** {@return a body after all passes but the last} */
    private Body lowered(MethodModel method, CodeBuilder b) {
        Body body = new Body(method, self, inInterface, b.constantPool(), b::newLabel);
        body.replace(LowerCalls.closures(body.elements, closures, b.constantPool()));
        LowerCalls.inBody(body, oracle);
        Resources resources = new Resources(body, oracle);
        resources.awaitCloses();
        resources.openCaptures();
        Cleanups.mark(body, resources);
        Allocations.delay(body);
        return body;
    }
}
