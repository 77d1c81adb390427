package dev.latent.compiler;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** Answers from what javac knows. Local classes have no name to look up by, so those of this compilation are remembered. */
final class ElementOracle implements TypeOracle {
    private static final String CLOSEABLE = "dev.latent.AsyncCloseable";
    private static final String CLOSURE = "dev.latent.AsyncClosure";

    private final JavacTask task;
    private final Map<String, TypeElement> declared = new HashMap<>();
    private final Map<String, Boolean> closures = new HashMap<>();
    private final Map<String, Boolean> closeables = new HashMap<>();
    private final Set<CompilationUnitTree> async = new HashSet<>();

    ElementOracle(JavacTask task) {
        this.task = task;
    }

    /** Remembers the classes of a compilation unit, and whether it holds async bodies. */
    void analyzed(TaskEvent event) {
        CompilationUnitTree unit = event.getCompilationUnit();
        TypeElement type = event.getTypeElement();
        if (unit == null || type == null) {
            return;
        }
        Trees trees = Trees.instance(task);
        TreePath path = trees.getPath(type);
        if (path == null) {
            return;
        }
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
                if (trees.getElement(getCurrentPath()) instanceof TypeElement element) {
                    declared.put(task.getElements().getBinaryName(element).toString().replace('.', '/'), element);
                }
                return super.visitClass(tree, nothing);
            }

            @Override
            public @Nullable Void visitLambdaExpression(LambdaExpressionTree tree, @Nullable Void nothing) {
                if (trees.getTypeMirror(getCurrentPath()) instanceof DeclaredType target && isClosure(target.asElement())) {
                    async.add(unit);
                }
                return super.visitLambdaExpression(tree, nothing);
            }
        }.scan(path, null);
    }

    boolean hasAsyncBodies(@Nullable CompilationUnitTree unit) {
        return unit != null && async.contains(unit);
    }

    @Override
    public boolean isAsyncClosure(String type) {
        return closures.computeIfAbsent(type, t -> {
            TypeElement element = find(t);
            return element != null && isClosure(element);
        });
    }

    private static boolean isClosure(javax.lang.model.element.Element element) {
        for (AnnotationMirror annotation : element.getAnnotationMirrors()) {
            if (annotation.getAnnotationType().asElement() instanceof TypeElement e
                    && e.getQualifiedName().contentEquals(CLOSURE)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean isAsyncCloseable(String type) {
        return closeables.computeIfAbsent(type, t -> {
            TypeElement element = find(t);
            TypeElement closeable = task.getElements().getTypeElement(CLOSEABLE);
            if (element == null || closeable == null) {
                return false;
            }
            TypeMirror erased = task.getTypes().erasure(element.asType());
            return task.getTypes().isSubtype(erased, closeable.asType());
        });
    }

    /** A binary name does not tell nesting from a dollar sign: tries the possible ones, the likeliest first. */
    private @Nullable TypeElement find(String internal) {
        TypeElement found = declared.get(internal);
        String name = internal.replace('/', '.');
        if (found == null) {
            found = task.getElements().getTypeElement(name);
        }
        for (int cut = name.indexOf('$'); found == null && cut > 0; cut = name.indexOf('$', cut + 1)) {
            found = task.getElements().getTypeElement(name.substring(0, cut) + name.substring(cut).replace('$', '.'));
        }
        return found;
    }
}
