package dev.latent.compiler.lint.source;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import java.util.HashMap;
import java.util.Map;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/** Where types and their members are declared. javac looks through the whole file for each; this, once for each type. */
final class Declarations {
    private record Type(TreePath path, Map<Element, TreePath> members) {}

    private final Trees trees;
    private final Map<TypeElement, Type> types = new HashMap<>();

    Declarations(Trees trees) {
        this.trees = trees;
    }

    /** {@return where {@code element} is declared, or null where no tree of it is here, or none any more} */
    @Nullable
    TreePath of(Element element) {
        if (element instanceof TypeElement type) {
            Type known = type(type);
            return known == null ? null : known.path();
        }
        if (!(element.getEnclosingElement() instanceof TypeElement owner)) {
            return trees.getPath(element);
        }
        Type known = type(owner);
        return known == null ? null : known.members().get(element);
    }

    private @Nullable Type type(TypeElement element) {
        Type known = types.get(element);
        if (known == null
                || !isThere(known.path())
                || trees.getTree(element) != known.path().getLeaf()) {
            known = find(element);
            if (known != null) {
                types.put(element, known);
            }
        }
        return known;
    }

    private @Nullable Type find(TypeElement element) {
        TreePath path = trees.getPath(element);
        if (path == null || !(path.getLeaf() instanceof ClassTree type)) {
            return null;
        }
        Map<Element, TreePath> members = new HashMap<>();
        for (Tree each : type.getMembers()) {
            TreePath at = new TreePath(path, each);
            if (trees.getElement(at) instanceof Element member) {
                members.put(member, at);
            }
        }
        return new Type(path, members);
    }

    /** javac takes a type out of its file when it has written it, and what its tree is then is no source any more. */
    private static boolean isThere(TreePath path) {
        TreePath top = path;
        while (top.getParentPath().getParentPath() != null) {
            top = top.getParentPath();
        }
        return path.getCompilationUnit().getTypeDecls().contains(top.getLeaf());
    }
}
