package dev.latent.compiler.lint.source;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import dev.latent.compiler.Rule;
import dev.latent.compiler.model.ElementOracle;
import dev.latent.compiler.model.Options;
import dev.latent.compiler.model.ThreadBound;
import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import javax.tools.Diagnostic;
import org.jspecify.annotations.Nullable;

/** What the lints know of one compilation, and where they say what they found. */
public final class Analysis {
    /** How the methods begin that want to see their lambda fail. */
    private static final List<String> EXPECT_FAILURE = List.of("assertThrows", "assertThatThrownBy", "catchThrowable");

    private final JavacTask task;
    private final Trees trees;
    private final Declarations declarations;
    private final ElementOracle oracle;
    private final Levels levels;
    private boolean failed;
    private final Options options;
    private final Map<ExecutableElement, Made.Origin> origins = new HashMap<>();
    private final Map<ExecutableElement, Boolean> reusable = new HashMap<>();
    private final Map<Element, Optional<TreePath>> values = new HashMap<>();

    /** The types that lints ask for, by their qualified names, as far as they are there; and what is known to be a subtype of them. */
    private final Map<String, Optional<TypeElement>> types = new HashMap<>();

    private final Map<String, Map<Element, Boolean>> subtypes = new HashMap<>();
    private final Map<TypeElement, Boolean> voidFunctions = new HashMap<>();

    /** Several lints ask for the same call one after the other. */
    private @Nullable Tree lastCall;

    private @Nullable ExecutableElement lastCalled;

    /**
     * For one run of javac.
     */
    public Analysis(JavacTask task, ElementOracle oracle, Options options) {
        this.task = task;
        this.trees = Trees.instance(task);
        this.declarations = new Declarations(trees);
        this.oracle = oracle;
        this.levels = options.get(Levels.OPTION, Levels::of);
        this.options = options;
    }

    public Trees trees() {
        return trees;
    }

    /** {@return where a type, or a member of one, is declared, or null where no tree of it is here, or none any more} */
    public @Nullable TreePath declaration(Element element) {
        return declarations.of(element);
    }

    public Types types() {
        return task.getTypes();
    }

    public Elements elements() {
        return task.getElements();
    }

    public Options options() {
        return options;
    }

    /** {@return what is known to be bound to a thread} */
    public ThreadBound bound() {
        return oracle.bound();
    }

    /** {@return what is known of the futures that methods give} */
    Map<ExecutableElement, Made.Origin> origins() {
        return origins;
    }

    /** {@return what is known of methods whose futures may be awaited any number of times, and of others} */
    public Map<ExecutableElement, Boolean> reusable() {
        return reusable;
    }

    /** {@return what is known of fields that hold one future with one owner: where that is made} */
    public Map<Element, Optional<TreePath>> values() {
        return values;
    }

    /** {@return the name of the source file around {@code path}} */
    public String file(TreePath path) {
        String name = path.getCompilationUnit().getSourceFile().getName();
        return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    }

    // ---- saying it --------------------------------------------------------------------------------------------------

    /**
     * Says that what stands at {@code at} breaks {@code rule}, in the level that the build wants, unless it is suppressed there.
     *
     * @param why one sentence
     * @param fix one sentence: what to do
     */
    public void report(Rule rule, TreePath at, String why, String fix) {
        Diagnostic.Kind kind =
                switch (levels.of(rule)) {
                    case OFF -> null;
                    case NOTE -> Diagnostic.Kind.NOTE;
                    case WARNING -> Diagnostic.Kind.WARNING;
                    case ERROR -> Diagnostic.Kind.ERROR;
                };
        if (kind != null && !isSuppressed("latent:" + rule.id(), at)) {
            trees.printMessage(kind, rule.message(why, fix), at.getLeaf(), at.getCompilationUnit());
            failed |= kind == Diagnostic.Kind.ERROR;
        }
    }

    /** {@return whether an error was reported, after which javac writes no more classes} */
    public boolean failed() {
        return failed;
    }

    private boolean isSuppressed(String id, TreePath at) {
        for (TreePath p = at; p != null; p = p.getParentPath()) {
            Tree leaf = p.getLeaf();
            if (leaf instanceof MethodTree || leaf instanceof ClassTree || leaf instanceof VariableTree) {
                Element declared = trees.getElement(p);
                if (declared != null && declared.getAnnotationMirrors().stream().anyMatch(a -> suppresses(a, id))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** With an error in its values, an annotation of the reflective kind would throw. */
    private boolean suppresses(AnnotationMirror annotation, String id) {
        return is(annotation.getAnnotationType(), "java.lang.SuppressWarnings")
                && annotation.getElementValues().values().stream()
                        .anyMatch(value -> value.getValue() instanceof List<?> ids
                                && ids.stream()
                                        .anyMatch(
                                                each -> each instanceof AnnotationValue v && id.equals(v.getValue())));
    }

    /** {@return " on line 7", or nothing where the tree has no lines, as under {@code -g:none}} */
    public String onLine(TreePath at) {
        CompilationUnitTree unit = at.getCompilationUnit();
        return unit.getLineMap() == null
                ? ""
                : " on line "
                        + unit.getLineMap()
                                .getLineNumber(trees.getSourcePositions().getStartPosition(unit, at.getLeaf()));
    }

    /** {@return the source at {@code path} as a fix can repeat it, or an ellipsis} */
    public String spelled(TreePath path) {
        String spelled = path.getLeaf().toString();
        return spelled.length() > 40 || spelled.contains("\n") ? "…" : spelled;
    }

    /** {@return where what stands at {@code path} begins in its file} */
    public long start(TreePath path) {
        return trees.getSourcePositions().getStartPosition(path.getCompilationUnit(), path.getLeaf());
    }

    /** {@return where what stands at {@code path} ends in its file} */
    public long end(TreePath path) {
        return trees.getSourcePositions().getEndPosition(path.getCompilationUnit(), path.getLeaf());
    }

    /** {@return its line; 0 with {@code -g:none}, when javac keeps none} */
    public long line(TreePath path) {
        LineMap lines = path.getCompilationUnit().getLineMap();
        return lines == null ? 0 : lines.getLineNumber(start(path));
    }

    // ---- recognising it ---------------------------------------------------------------------------------------------

    /** {@return the method called at {@code path}, a call, or null} */
    @Nullable
    public ExecutableElement called(TreePath path) {
        if (path.getLeaf() != lastCall) {
            lastCall = path.getLeaf();
            lastCalled = trees.getElement(path) instanceof ExecutableElement method ? method : null;
        }
        return lastCalled;
    }

    /** {@return whether {@code method} is {@code type.name}; the type by its qualified name} */
    public boolean is(@Nullable ExecutableElement method, String type, String name) {
        return method != null && isOf(method, type) && method.getSimpleName().contentEquals(name);
    }

    /** {@return whether {@code method} is declared in {@code type}, by its qualified name} */
    public boolean isOf(ExecutableElement method, String type) {
        return Objects.requireNonNull(method.getEnclosingElement()).equals(type(type));
    }

    /** {@return whether one of {@code wanted} is called at {@code path}} */
    public boolean calls(TreePath path, Calls wanted) {
        return isOneOf(called(path), wanted);
    }

    /** {@return whether {@code method} is one of {@code wanted}} */
    public boolean isOneOf(@Nullable ExecutableElement method, Calls wanted) {
        return method != null && wanted.has(method.getSimpleName()) && isOfOne(method, wanted.types());
    }

    /** {@return whether {@code method} is declared in one of {@code types}, by their qualified names} */
    public boolean isOfOne(ExecutableElement method, Set<String> types) {
        for (String type : types) {
            if (isOf(method, type)) {
                return true;
            }
        }
        return false;
    }

    /** {@return the name of the method of {@code Async} that is called at {@code path}, or null} */
    @Nullable
    public String ofAsync(TreePath path) {
        ExecutableElement method = called(path);
        return method != null && isOf(method, Core.ASYNC)
                ? method.getSimpleName().toString()
                : null;
    }

    /** {@return {@code await}, {@code spawn} or {@code context} where {@code path} is such a call, else null} */
    @Nullable
    public String word(TreePath path) {
        String name = ofAsync(path);
        return name != null && Calls.WORDS.has(name) ? name : null;
    }

    /** {@return whether this call, in an async body, may suspend it} */
    public boolean suspends(TreePath path) {
        ExecutableElement called = called(path);
        return called != null
                && (calls(path, Calls.AWAIT)
                        || oracle.isAsyncCall(called, Objects.requireNonNull(called.getEnclosingElement()))
                                && asyncBody(path) != null);
    }

    /** {@return whether the method of an async closure is called at {@code path}, as if it were ordinary} */
    public boolean isClosureCall(TreePath path) {
        return path.getLeaf() instanceof MethodInvocationTree call
                && called(path) instanceof ExecutableElement method
                && oracle.isAsyncCall(method, Objects.requireNonNull(method.getEnclosingElement()))
                && call.getMethodSelect() instanceof MemberSelectTree select
                && isAsyncClosure(
                        trees.getTypeMirror(new TreePath(new TreePath(path, select), select.getExpression())));
    }

    /** {@return the lambda that is the async body right around {@code path}, or null where there is none} */
    @Nullable
    public TreePath asyncBody(TreePath path) {
        for (TreePath p = path.getParentPath(); p != null; p = p.getParentPath()) {
            if (p.getLeaf() instanceof LambdaExpressionTree) {
                return isAsyncClosure(p) ? p : null;
            }
            if (p.getLeaf() instanceof MethodTree || p.getLeaf() instanceof ClassTree) {
                return null;
            }
        }
        return null;
    }

    /** {@return whether an async body is around {@code path}, however far out in the same method} */
    public boolean isInsideAsync(TreePath path) {
        for (TreePath p = path.getParentPath();
                p != null && !(p.getLeaf() instanceof MethodTree);
                p = p.getParentPath()) {
            if (p.getLeaf() instanceof LambdaExpressionTree && isAsyncClosure(p)) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether no async body is right around {@code path}, where an error elsewhere does not keep that from being known} */
    public boolean isOutsideAsync(TreePath path) {
        if (path.getLeaf() instanceof MemberReferenceTree) {
            return true;
        }
        TreePath p = path.getParentPath();
        while (p != null && !(p.getLeaf() instanceof MethodTree || p.getLeaf() instanceof ClassTree)) {
            if (p.getLeaf() instanceof LambdaExpressionTree) {
                TypeMirror type = trees.getTypeMirror(p);
                return type != null
                        && type.getKind() != TypeKind.ERROR
                        && type.getKind() != TypeKind.NONE
                        && !isAsyncClosure(p);
            }
            p = p.getParentPath();
        }
        return true;
    }

    /** {@return whether the type of what stands at {@code path} is that of an async closure} */
    public boolean isAsyncClosure(TreePath path) {
        return isAsyncClosure(trees.getTypeMirror(path));
    }

    /** {@return whether this is the type of an async closure} */
    public boolean isAsyncClosure(@Nullable TypeMirror type) {
        return oracle.isAsyncClosure(type);
    }

    /** {@return whether {@code resource}, in the head of a try, is one whose close may wait} */
    public boolean isAsyncCloseable(TreePath resource) {
        Element variable = trees.getElement(resource);
        TypeMirror type = variable == null ? trees.getTypeMirror(resource) : variable.asType();
        return type != null && type.getKind() != TypeKind.ERROR && oracle.isAsyncCloseable(type);
    }

    /** {@return whether {@code type} is {@code supertype}, by its qualified name, or a subtype} */
    public boolean isA(@Nullable TypeMirror type, String supertype) {
        // What is erroneous would be a subtype of everything.
        if (!(type instanceof DeclaredType declared) || type.getKind() == TypeKind.ERROR) {
            return false;
        }
        Map<Element, Boolean> known = subtypes.computeIfAbsent(supertype, s -> new HashMap<>());
        Boolean is = known.get(declared.asElement());
        if (is == null) {
            is = type(supertype) instanceof TypeElement wanted
                    && types().isSubtype(types().erasure(type), types().erasure(wanted.asType()));
            known.put(declared.asElement(), is);
        }
        return is;
    }

    /** {@return whether javac has found that what stands at {@code path} does not fit, or refers to nothing} */
    public boolean isRefused(TreePath path) {
        TypeMirror type = trees.getTypeMirror(path);
        return type != null && type.getKind() == TypeKind.ERROR;
    }

    /** {@return whether {@code type} is one of {@code supertypes}, by their qualified names, or a subtype} */
    public boolean isAnyOf(@Nullable TypeMirror type, Set<String> supertypes) {
        return supertypes.stream().anyMatch(each -> isA(type, each));
    }

    /** {@return whether {@code type} is {@code name} itself} */
    public boolean is(@Nullable TypeMirror type, String name) {
        return type instanceof DeclaredType declared && declared.asElement().equals(type(name));
    }

    private @Nullable TypeElement type(String name) {
        return types.computeIfAbsent(name, n -> Optional.ofNullable(elements().getTypeElement(n.replace('$', '.'))))
                .orElse(null);
    }

    /** {@return whether the lambda or method reference at {@code path} implements a method that gives nothing} */
    public boolean isVoidFunction(TreePath path) {
        return trees.getTypeMirror(path) instanceof DeclaredType type
                && voidFunctions.computeIfAbsent((TypeElement) type.asElement(), this::isVoidFunction);
    }

    private boolean isVoidFunction(TypeElement type) {
        return elements().getAllMembers(type).stream()
                .anyMatch(m -> m instanceof ExecutableElement method
                        && method.getModifiers().contains(Modifier.ABSTRACT)
                        && method.getReturnType().getKind() == TypeKind.VOID);
    }

    /** {@return whether {@code type} is a {@code dev.latent.Future}} */
    public boolean isFuture(@Nullable TypeMirror type) {
        return isA(type, Core.FUTURE);
    }

    /** {@return whether the lambda around {@code path} is one that a test wants to see fail} */
    public boolean isExpectedToFail(TreePath path) {
        for (TreePath p = path; p != null && !(p.getLeaf() instanceof MethodTree); p = p.getParentPath()) {
            if (p.getLeaf() instanceof LambdaExpressionTree) {
                return called(p.getParentPath()) instanceof ExecutableElement taker
                        && EXPECT_FAILURE.stream()
                                .anyMatch(taker.getSimpleName().toString()::startsWith);
            }
        }
        return false;
    }
}
