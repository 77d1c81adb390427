package dev.latent.compiler.lint;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.TryTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.flow.Flow;
import dev.latent.compiler.lint.flow.VariableUses;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Functions;
import dev.latent.compiler.lint.source.Once;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * {@link Rule#THREAD_LOCAL_ACROSS_AWAIT}: a {@code ThreadLocal} that a body sets before an await, and reads or removes behind it; and a
 * {@code ScopedValue} that it reads on both sides of one.
 */
final class ThreadLocalAcrossAwait implements CallsInBodies {
    private static final String THREAD_LOCAL = "java.lang.ThreadLocal";
    private static final String SCOPED_VALUE = "java.lang.ScopedValue";
    private static final Set<String> READS_SCOPED = Set.of("get", "orElse", "orElseThrow", "isBound");

    private final Once once = new Once();

    /** An async body is walked when it has been seen to set, or to read, one of them. */
    @Override
    public void check(TreePath path, Analysis source) {
        if ((isSet(path, source) || readsScoped(path, source))
                && source.asyncBody(path) instanceof TreePath lambda
                && once.first(lambda)) {
            TreePath body = new TreePath(lambda, ((LambdaExpressionTree) lambda.getLeaf()).getBody());
            new Held(source, body, once).walk(body);
        }
    }

    private static boolean isSet(TreePath call, Analysis source) {
        return name(call, THREAD_LOCAL, source) instanceof String name && name.equals("set");
    }

    private static boolean readsScoped(TreePath call, Analysis source) {
        return name(call, SCOPED_VALUE, source) instanceof String name && READS_SCOPED.contains(name);
    }

    /** {@return the name of the method called, where it is one of {@code type} or a subtype, or null} */
    private static @Nullable String name(TreePath call, String type, Analysis source) {
        return source.called(call) instanceof ExecutableElement method
                        && method.getEnclosingElement() instanceof Element owner
                        && owner.asType() instanceof TypeMirror declared
                        && source.isA(declared, type)
                ? method.getSimpleName().toString()
                : null;
    }

    /** A variable that was set, or found bound, by a call; {@code await} is one that has ended that poll since, or null. */
    private record Known(TreePath by, @Nullable TreePath await) {}

    private static final class Held extends Flow<Element, Known> {
        private final Once reported;

        Held(Analysis source, TreePath body, Once reported) {
            super(source, body);
            this.reported = reported;
        }

        @Override
        protected void suspended(TreePath at) {
            change((variable, known) -> known.await() == null ? new Known(known.by(), at) : known);
        }

        @Override
        protected void called(TreePath call) {
            if (!(((MethodInvocationTree) call.getLeaf()).getMethodSelect() instanceof MemberSelectTree select)
                    || !(source.trees().getElement(new TreePath(new TreePath(call, select), select.getExpression()))
                            instanceof Element variable)) {
                return;
            }
            if (name(call, THREAD_LOCAL, source) instanceof String method) {
                Known before = known(variable);
                switch (method) {
                    case "set" -> {
                        if (putsBack(call, variable)) {
                            forget(variable);
                        } else {
                            know(variable, new Known(call, null));
                        }
                    }
                    case "get" -> report(call, variable, before);
                    case "remove" -> {
                        report(call, variable, before);
                        forget(variable);
                    }
                    default -> {}
                }
            } else if (readsScoped(call, source)) {
                Known before = known(variable);
                if (before == null) {
                    know(variable, new Known(call, null));
                } else {
                    report(call, variable, before);
                }
            }
        }

        /** {@return whether the call gives the variable the value that it had before: it stands in a finally, or is given what was read} */
        private boolean putsBack(TreePath call, Element variable) {
            TreePath inner = call;
            for (TreePath p = call.getParentPath();
                    !(p.getLeaf() instanceof LambdaExpressionTree) && !(p.getLeaf() instanceof MethodTree);
                    p = p.getParentPath()) {
                if (p.getLeaf() instanceof TryTree tree && tree.getFinallyBlock() == inner.getLeaf()) {
                    return true;
                }
                inner = p;
            }
            List<? extends ExpressionTree> arguments = ((MethodInvocationTree) call.getLeaf()).getArguments();
            if (arguments.size() != 1
                    || !(source.trees().getElement(new TreePath(call, arguments.getFirst())) instanceof Element saved)
                    || !(VariableUses.initializer(saved, Functions.member(call), source) instanceof TreePath reading)
                    || !(reading.getLeaf() instanceof MethodInvocationTree read)
                    || !(read.getMethodSelect() instanceof MemberSelectTree select)) {
                return false;
            }
            return "get".equals(name(reading, THREAD_LOCAL, source))
                    && variable.equals(source.trees()
                            .getElement(new TreePath(new TreePath(reading, select), select.getExpression())));
        }

        private void report(TreePath call, Element variable, @Nullable Known before) {
            if (before == null || before.await() == null || !reported.first(call)) {
                return;
            }
            String name = variable.getSimpleName().toString();
            boolean scoped = readsScoped(call, source);
            source.report(
                    Rule.THREAD_LOCAL_ACROSS_AWAIT,
                    call,
                    scoped
                            ? "`" + name + "` is what the polling thread has bound, and since it was read"
                                    + source.onLine(before.by()) + " the await" + source.onLine(before.await())
                                    + " has given that thread back"
                            : "`" + name + "` was set" + source.onLine(before.by())
                                    + " for the thread of that poll, which the await" + source.onLine(before.await())
                                    + " has given back: other tasks use it too, and this may be another thread",
                    scoped
                            ? "read it once, into a local variable, and use that behind the await; or make it a TaskLocal"
                            : "keep the value in a local variable, or make it a TaskLocal: await(" + name
                                    + ".where(value, future))");
        }
    }
}
