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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Element;
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
 * {@link Rule#FIELD_NOT_DROPPED}: nothing that a drop reaches within the class mentions the field, or another variable that is assigned the
 * same. A field counts whose type is {@code Future} itself, or which the class polls; others may be links to futures that belong to
 * somebody else.
 */
final class FieldNotDropped implements Lint {
    private static final Set<String> DROPS = Set.of("drop", "dropOwned", "pollDrop", "pollDropOwned");

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
        Reach reach = new Reach(path, source);
        if (!reach.begins || reach.passesThis) {
            return;
        }
        for (Tree member : ((ClassTree) path.getLeaf()).getMembers()) {
            TreePath at = new TreePath(path, member);
            if (member instanceof VariableTree variable
                    && source.trees().getElement(at) instanceof Element field
                    && !field.getModifiers().contains(Modifier.STATIC)
                    && (holdsFuture(field.asType(), source) || reach.polled.contains(field))
                    && !reach.mentioned.contains(field)
                    && !reach.names.contains(field.getSimpleName())) {
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
                source.is(type, "dev.latent.Future")
                        || source.isA(type, "java.util.Collection")
                                && declared.getTypeArguments().stream().anyMatch(t -> holdsFuture(t, source));
            case null, default -> false;
        };
    }

    /** What the drop of a class mentions, itself or in other methods of the class that it calls. */
    private static final class Reach extends TreePathScanner<@Nullable Void, @Nullable Void> {
        final Set<Element> mentioned = new HashSet<>();
        /** Of what is called and has no source here: a record's accessor has the name of its field. */
        final Set<Name> names = new HashSet<>();

        /** On which the class calls {@code poll}. */
        final Set<Element> polled = new HashSet<>();

        boolean begins;

        /** Somebody else is asked to drop what is in here. */
        boolean passesThis;

        private record Same(Element first, Element second) {}

        private final List<Same> same = new ArrayList<>();
        private final Deque<TreePath> toScan = new ArrayDeque<>();
        private final Map<Element, TreePath> methods = new HashMap<>();
        private final Analysis source;

        Reach(TreePath type, Analysis source) {
            this.source = source;
            for (Tree member : ((ClassTree) type.getLeaf()).getMembers()) {
                if (member instanceof MethodTree
                        && source.trees().getElement(new TreePath(type, member)) instanceof Element method) {
                    methods.put(method, new TreePath(type, member));
                }
            }
            survey(type);
            for (Element method : methods.keySet()) {
                if (DROPS.contains(method.getSimpleName().toString())
                        && !method.getModifiers().contains(Modifier.STATIC)) {
                    begins = true;
                    mention(method);
                }
            }
            while (!toScan.isEmpty()) {
                scan(toScan.remove(), null);
            }
            boolean more;
            do {
                more = false;
                for (Same each : same) {
                    if (mentioned.contains(each.first) || mentioned.contains(each.second)) {
                        more |= mentioned.add(each.first) | mentioned.add(each.second);
                    }
                }
            } while (more);
        }

        /** Sees what is polled, and which variable is assigned what another one holds. */
        private void survey(TreePath type) {
            new TreePathScanner<@Nullable Void, @Nullable Void>() {
                @Override
                public @Nullable Void visitMemberSelect(MemberSelectTree tree, @Nullable Void nothing) {
                    if (tree.getIdentifier().contentEquals("poll")
                            && source.trees().getElement(new TreePath(getCurrentPath(), tree.getExpression()))
                                    instanceof Element field
                            && source.isFuture(field.asType())) {
                        polled.add(field);
                    }
                    return super.visitMemberSelect(tree, nothing);
                }

                @Override
                public @Nullable Void visitAssignment(AssignmentTree tree, @Nullable Void nothing) {
                    same(named(tree.getVariable()), named(tree.getExpression()));
                    return super.visitAssignment(tree, nothing);
                }

                @Override
                public @Nullable Void visitVariable(VariableTree tree, @Nullable Void nothing) {
                    if (tree.getInitializer() != null) {
                        same(source.trees().getElement(getCurrentPath()), named(tree.getInitializer()));
                    }
                    return super.visitVariable(tree, nothing);
                }

                private @Nullable Element named(Tree tree) {
                    return tree instanceof IdentifierTree || tree instanceof MemberSelectTree
                            ? source.trees().getElement(new TreePath(getCurrentPath(), tree))
                            : null;
                }

                private void same(@Nullable Element first, @Nullable Element second) {
                    if (first != null && second != null) {
                        same.add(new Same(first, second));
                    }
                }
            }.scan(type, null);
        }

        private void mention(@Nullable Element element) {
            if (element != null && mentioned.add(element)) {
                TreePath method = methods.get(element);
                if (method != null) {
                    toScan.add(method);
                } else {
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
