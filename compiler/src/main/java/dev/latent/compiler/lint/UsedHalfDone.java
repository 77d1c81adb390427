package dev.latent.compiler.lint;

import com.sun.source.tree.BindingPatternTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.DeconstructionPatternTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.InstanceOfTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.PatternCaseLabelTree;
import com.sun.source.tree.PatternTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.flow.Flow;
import dev.latent.compiler.lint.flow.VariableUses;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Functions;
import dev.latent.compiler.lint.source.Once;
import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.UnionType;
import org.jspecify.annotations.Nullable;

/**
 * {@link Rule#USED_HALF_DONE}: a future that loses a select or a time limit leaves something half done, a stream with half a line for
 * instance, and the body goes on with it where it has lost: behind a select whose outcome nobody asks for, in the case of another branch, in the
 * {@code catch} of a {@code TimeoutException}.
 */
final class UsedHalfDone implements CallsInBodies {
    private static final List<String> WINNERS = List.of(
            Core.simple(Core.FIRST), Core.simple(Core.SECOND), Core.simple(Core.THIRD), Core.simple(Core.FOURTH));
    private static final String TOO_LATE = Core.TOO_LATE.substring(Core.TOO_LATE.indexOf('$') + 1);
    private static final String TIMEOUT = "java.util.concurrent.TimeoutException";

    private final Once once = new Once();

    /** An async body is walked when it has been seen to drop what comes too late. */
    @Override
    public void check(TreePath path, Analysis source) {
        if (!source.calls(path, Calls.MAY_LOSE) || source.asyncBody(path) == null) {
            return;
        }
        Halves halves = new Halves(source);
        if (((MethodInvocationTree) path.getLeaf())
                .getArguments().stream()
                        .allMatch(a -> halves.of(new TreePath(path, a)).isEmpty())) {
            return;
        }
        TreePath lambda = source.asyncBody(path);
        if (lambda != null && once.first(lambda)) {
            TreePath body = new TreePath(lambda, ((LambdaExpressionTree) lambda.getLeaf()).getBody());
            new Lost(source, body, halves, once).walk(body);
        }
    }

    /** What is half done, and the call that has dropped who did it. */
    private record By(Halves.Half half, TreePath dropper) {}

    private static final class Lost extends Flow<Element, By> {
        private final Halves halves;
        private final Once reported;

        /** What a time limit may have left so; it is known only where its exception arrives. */
        private final Map<Element, By> byTimeout = new HashMap<>();

        /** All that was half done anywhere. */
        private final Set<Element> targets = new HashSet<>();

        /** For the call that is being walked. */
        private List<By> thrown = List.of();

        Lost(Analysis source, TreePath body, Halves halves, Once reported) {
            super(source, body);
            this.halves = halves;
            this.reported = reported;
        }

        @Override
        protected boolean enters(TreePath lambda) {
            return source.isAsyncClosure(lambda);
        }

        private void lost(List<By> all) {
            for (By by : all) {
                targets.add(by.half().target());
                know(by.half().target(), by);
            }
        }

        private List<By> branches(TreePath select, int winner) {
            List<By> found = new ArrayList<>();
            List<? extends ExpressionTree> branches = ((MethodInvocationTree) select.getLeaf()).getArguments();
            for (int i = 0; i < branches.size(); i++) {
                TreePath branch = new TreePath(select, branches.get(i));
                if (i != winner
                        && !(branch.getLeaf() instanceof MethodInvocationTree && source.calls(branch, Calls.HANDLED))) {
                    halves.of(branch).forEach(half -> found.add(new By(half, select)));
                }
            }
            return found;
        }

        private List<By> limited(TreePath timeout) {
            List<By> found = new ArrayList<>();
            for (ExpressionTree argument : ((MethodInvocationTree) timeout.getLeaf()).getArguments()) {
                halves.of(new TreePath(timeout, argument)).forEach(half -> found.add(new By(half, timeout)));
            }
            return found;
        }

        /** {@return the call that {@code value} awaits, directly or by a variable that has its outcome, where it is one of {@code wanted}; or null} */
        private @Nullable TreePath awaited(TreePath value, Calls wanted) {
            return switch (value.getLeaf()) {
                case ParenthesizedTree p -> awaited(new TreePath(value, p.getExpression()), wanted);
                case MethodInvocationTree await
                when source.calls(value, Calls.AWAIT) -> {
                    TreePath future = new TreePath(value, await.getArguments().getFirst());
                    yield future.getLeaf() instanceof MethodInvocationTree && source.calls(future, wanted)
                            ? future
                            : null;
                }
                case IdentifierTree _
                when source.trees().getElement(value) instanceof Element outcome
                        && VariableUses.initializer(outcome, Functions.member(value), source) instanceof TreePath await
                        && await.getLeaf() instanceof MethodInvocationTree -> awaited(await, wanted);
                default -> null;
            };
        }

        // ---- where it has lost -------------------------------------------------------------------------------------

        @Override
        public @Nullable Void visitExpressionStatement(ExpressionStatementTree tree, @Nullable Void nothing) {
            TreePath value = new TreePath(place(), tree.getExpression());
            super.visitExpressionStatement(tree, nothing);
            if (awaited(value, Calls.SELECT) instanceof TreePath select) {
                lost(branches(select, -1));
            } else if (awaited(value, Calls.WITH_TIMEOUT) instanceof TreePath limit) {
                lost(limited(limit));
            }
            return null;
        }

        @Override
        public @Nullable Void visitCase(CaseTree tree, @Nullable Void nothing) {
            TreePath around = place().getParentPath();
            ExpressionTree selector =
                    switch (around.getLeaf()) {
                        case SwitchTree s -> s.getExpression();
                        case SwitchExpressionTree s -> s.getExpression();
                        default -> throw new AssertionError(around.getLeaf());
                    };
            TreePath value = new TreePath(around, selector);
            TreePath select = awaited(value, Calls.SELECT);
            TreePath limit = awaited(value, Calls.WITH_TIMEOUT);
            for (Tree label : select == null && limit == null ? List.<Tree>of() : tree.getLabels()) {
                if (!(label instanceof PatternCaseLabelTree pattern)) {
                    continue;
                }
                String type = type(pattern.getPattern());
                if (select != null && WINNERS.contains(type)) {
                    lost(branches(select, WINNERS.indexOf(type)));
                } else if (limit != null && type.equals(TOO_LATE)) {
                    lost(limited(limit));
                }
            }
            return super.visitCase(tree, nothing);
        }

        private static String type(PatternTree pattern) {
            String type =
                    switch (pattern) {
                        case DeconstructionPatternTree d -> d.getDeconstructor().toString();
                        case BindingPatternTree b ->
                            String.valueOf(b.getVariable().getType());
                        default -> "";
                    };
            int generic = type.indexOf('<');
            String raw = generic < 0 ? type : type.substring(0, generic);
            return raw.substring(raw.lastIndexOf('.') + 1);
        }

        @Override
        protected void isTrue(TreePath condition) {
            if (condition.getLeaf() instanceof InstanceOfTree test
                    && awaited(new TreePath(condition, test.getExpression()), Calls.WITH_TIMEOUT)
                            instanceof TreePath limit
                    && (test.getPattern() == null
                            ? String.valueOf(test.getType()).endsWith(TOO_LATE)
                            : type(test.getPattern()).equals(TOO_LATE))) {
                lost(limited(limit));
            }
        }

        @Override
        public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
            TreePath limit = awaited(place(), Calls.TIMEOUT);
            List<By> before = thrown;
            thrown = limit == null ? List.of() : limited(limit);
            List<By> mine = thrown;
            Map<Element, By> known = new HashMap<>();
            mine.forEach(by -> known.put(by.half().target(), known(by.half().target())));
            super.visitMethodInvocation(tree, nothing);
            known.forEach((target, by) -> {
                if (by == null) {
                    forget(target);
                } else {
                    know(target, by);
                }
            });
            thrown = before;
            return null;
        }

        @Override
        public @Nullable Void visitCatch(CatchTree tree, @Nullable Void nothing) {
            TreePath tryTree = place().getParentPath();
            TreePath parameter = new TreePath(place(), tree.getParameter());
            TypeMirror type = source.trees()
                    .getTypeMirror(new TreePath(parameter, tree.getParameter().getType()));
            byTimeout.forEach((target, by) -> {
                if (isTimeout(type)) {
                    if (Functions.isWithin(by.dropper(), ((TryTree) tryTree.getLeaf()).getBlock())) {
                        know(target, by);
                    }
                } else if (!isAny(type)
                        && known(target) instanceof By now
                        && source.calls(now.dropper(), Calls.TIMEOUT)) {
                    forget(target);
                }
            });
            return super.visitCatch(tree, nothing);
        }

        private boolean isTimeout(@Nullable TypeMirror caught) {
            return caught instanceof UnionType union
                    ? union.getAlternatives().stream().anyMatch(this::isTimeout)
                    : source.is(caught, TIMEOUT);
        }

        private boolean isAny(@Nullable TypeMirror caught) {
            return source.is(caught, "java.lang.Exception") || source.is(caught, "java.lang.Throwable");
        }

        // ---- where it is used --------------------------------------------------------------------------------------

        @Override
        protected void called(TreePath path) {
            if (source.calls(path, Calls.AWAIT)) {
                thrown.forEach(by -> byTimeout.put(by.half().target(), by));
                lost(thrown);
                return;
            }
            asked(path);
            for (Halves.Half half : halves.ofCall(path)) {
                By before = known(half.target());
                if (before == null) {
                    continue;
                }
                if (before.half().goesOn()
                        && !Collections.disjoint(before.half().arguments(), half.arguments())) {
                    forget(half.target());
                } else {
                    if (reported.first(path)) {
                        report(path, half, before);
                    }
                    forget(half.target());
                }
            }
        }

        /** Who asks a buffer how much of it was taken knows that it may be half: {@code bytes.hasRemaining()}. */
        private void asked(TreePath path) {
            if (((MethodInvocationTree) path.getLeaf()).getMethodSelect() instanceof MemberSelectTree select
                    && source.trees().getElement(new TreePath(new TreePath(path, select), select.getExpression()))
                            instanceof Element asked) {
                for (Element target : targets) {
                    if (known(target) instanceof By by
                            && by.half().goesOn()
                            && by.half().arguments().contains(asked)) {
                        forget(target);
                    }
                }
            }
        }

        private void report(TreePath path, Halves.Half half, By before) {
            String name = half.target().getSimpleName().toString();
            source.report(
                    Rule.USED_HALF_DONE,
                    path,
                    "the " + source.ofAsync(before.dropper()) + source.onLine(before.dropper()) + " may have dropped `"
                            + before.half().method() + "` half-way, and this goes on with `" + name
                            + "` behind the half that is done",
                    "pin it, try (var begun = pin(…)), and finish it with await(begun) where it was too late; or close `"
                            + name + "`");
        }
    }
}
