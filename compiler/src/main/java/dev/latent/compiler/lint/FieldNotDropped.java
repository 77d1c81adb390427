package dev.latent.compiler.lint;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.Name;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.WildcardType;
import org.jspecify.annotations.Nullable;

/**
 * {@link Rule#FIELD_NOT_DROPPED}: nothing that a drop reaches within the class mentions the field, or what holds the same. A field counts whose type is {@code Future} itself, or which the class polls; others may be links to futures that belong to
 * somebody else.
 */
final class FieldNotDropped implements Lint {
    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.CLASS, Tree.Kind.ENUM, Tree.Kind.RECORD);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        Element type = source.trees().getElement(path);
        if (type == null || !source.isFuture(type.asType())) {
            return;
        }
        Mentions mentions = new Mentions(path, source);
        if (!mentions.begins || mentions.passesThis) {
            return;
        }
        for (Tree member : ((ClassTree) path.getLeaf()).getMembers()) {
            TreePath at = new TreePath(path, member);
            if (member instanceof VariableTree variable
                    && source.trees().getElement(at) instanceof Element field
                    && !field.getModifiers().contains(Modifier.STATIC)
                    && (holdsFuture(field.asType(), source) || mentions.polled.contains(field))
                    && !mentions.mentioned.contains(field)
                    && !mentions.names.contains(field.getSimpleName())) {
                source.report(
                        Rule.FIELD_NOT_DROPPED,
                        at,
                        "a drop of this future never reaches the one in " + variable.getName()
                                + ", which would go on holding what it holds",
                        "drop " + variable.getName() + " in drop(), and in pollDrop(cx) where its cleanup may wait");
            }
        }
    }

    /** {@return whether it is a {@code Future}, an array or a collection of them} */
    private static boolean holdsFuture(@Nullable TypeMirror type, Analysis source) {
        return switch (type) {
            case ArrayType array -> holdsFuture(array.getComponentType(), source);
            case WildcardType wild -> holdsFuture(wild.getExtendsBound(), source);
            case DeclaredType declared ->
                source.is(type, Core.FUTURE)
                        || source.isA(type, "java.util.Collection")
                                && declared.getTypeArguments().stream().anyMatch(t -> holdsFuture(t, source));
            case null, default -> false;
        };
    }

    /** What the drop of a class mentions, itself, in methods that it calls, or by way of a variable that holds it. */
    private static final class Mentions extends TreePathScanner<@Nullable Void, @Nullable Void> {
        final Set<Element> mentioned = new HashSet<>();
        /** Of what is called and has no source here: a record's accessor has the name of its field. */
        final Set<Name> names = new HashSet<>();

        /** On which the class calls {@code poll}. */
        final Set<Element> polled = new HashSet<>();

        boolean begins;

        /** Somebody else is asked to drop what is in here. */
        boolean passesThis;

        private final Deque<TreePath> toScan = new ArrayDeque<>();

        /** The methods of the class and of those in it, and what is assigned to a variable. */
        private final Map<Element, List<TreePath>> bodies = new HashMap<>();

        /** Which variables are assigned what this one holds. */
        private final Map<Element, List<Element>> aliases = new HashMap<>();

        private final Analysis source;

        Mentions(TreePath type, Analysis source) {
            this.source = source;
            survey(type);
            for (Tree member : ((ClassTree) type.getLeaf()).getMembers()) {
                if (member instanceof MethodTree method
                        && Calls.DROPS.has(method.getName())
                        && !method.getModifiers().getFlags().contains(Modifier.STATIC)) {
                    begins = true;
                    mention(source.trees().getElement(new TreePath(type, member)));
                }
            }
            while (!toScan.isEmpty()) {
                scan(toScan.remove(), null);
            }
        }

        /** Sees what is polled, and what a method does and a variable holds. */
        private void survey(TreePath type) {
            new TreePathScanner<@Nullable Void, @Nullable Void>() {
                @Override
                public @Nullable Void visitMemberSelect(MemberSelectTree tree, @Nullable Void nothing) {
                    if (Calls.POLL.has(tree.getIdentifier())
                            && source.trees().getElement(new TreePath(getCurrentPath(), tree.getExpression()))
                                    instanceof Element field
                            && source.isFuture(field.asType())) {
                        polled.add(field);
                    }
                    return super.visitMemberSelect(tree, nothing);
                }

                @Override
                public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
                    add(source.trees().getElement(getCurrentPath()), getCurrentPath());
                    return super.visitMethod(tree, nothing);
                }

                @Override
                public @Nullable Void visitAssignment(AssignmentTree tree, @Nullable Void nothing) {
                    holds(element(tree.getVariable()), tree.getExpression());
                    return super.visitAssignment(tree, nothing);
                }

                @Override
                public @Nullable Void visitVariable(VariableTree tree, @Nullable Void nothing) {
                    if (tree.getInitializer() != null) {
                        holds(source.trees().getElement(getCurrentPath()), tree.getInitializer());
                    }
                    return super.visitVariable(tree, nothing);
                }

                private void holds(@Nullable Element variable, Tree value) {
                    add(variable, new TreePath(getCurrentPath(), value));
                    if ((value instanceof IdentifierTree || value instanceof MemberSelectTree)
                            && variable != null
                            && element(value) instanceof Element other) {
                        aliases.computeIfAbsent(other, o -> new ArrayList<>()).add(variable);
                    }
                }

                private @Nullable Element element(Tree tree) {
                    return source.trees().getElement(new TreePath(getCurrentPath(), tree));
                }

                private void add(@Nullable Element element, TreePath body) {
                    if (element != null) {
                        bodies.computeIfAbsent(element, e -> new ArrayList<>()).add(body);
                    }
                }
            }.scan(type, null);
        }

        private void mention(@Nullable Element element) {
            if (element != null && mentioned.add(element)) {
                toScan.addAll(bodies.getOrDefault(element, List.of()));
                aliases.getOrDefault(element, List.of()).forEach(this::mention);
                if (element.getKind() == ElementKind.METHOD && !bodies.containsKey(element)) {
                    names.add(element.getSimpleName());
                }
            }
        }

        @Override
        public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
            TreePath around = getCurrentPath().getParentPath();
            passesThis |= tree.getName().contentEquals("this")
                    && around.getLeaf() instanceof MethodInvocationTree
                    && !isOfJdk(source.called(around));
            mention(source.trees().getElement(getCurrentPath()));
            return null;
        }

        /** A collection takes {@code this} too, and drops nothing. */
        private static boolean isOfJdk(@Nullable ExecutableElement method) {
            return method != null
                    && method.getEnclosingElement() instanceof TypeElement owner
                    && owner.getQualifiedName().toString().startsWith("java.");
        }

        @Override
        public @Nullable Void visitMemberSelect(MemberSelectTree tree, @Nullable Void nothing) {
            mention(source.trees().getElement(getCurrentPath()));
            return super.visitMemberSelect(tree, nothing);
        }

        @Override
        public @Nullable Void visitMemberReference(MemberReferenceTree tree, @Nullable Void nothing) {
            mention(source.trees().getElement(getCurrentPath()));
            return super.visitMemberReference(tree, nothing);
        }
    }
}
