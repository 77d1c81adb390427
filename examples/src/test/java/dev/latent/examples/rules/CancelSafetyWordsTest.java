package dev.latent.examples.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExportsTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.ModuleTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What a public method that gives a future says of its cancel safety, in the Javadoc and by its marks, is the same: {@code @NotCancelSafe} where it speaks of
 * what is lost, {@code @LeavesHalf} where it speaks of a half, on the method or on a parameter. The words stand in ADR 32. Marks are kept in classes and not
 * for reflection, and the Javadoc is not in classes: so both are read in the sources.
 */
class CancelSafetyWordsTest {
    private static final Pattern SAFETY = Pattern.compile("(?s)<em>Cancel safety.*?(?=<p>|\\n\\s*@\\w|$)");
    private static final Pattern LOST = Pattern.compile(
            "(?<!nothing |no byte |no message |no frame |no connection )(is|are) lost|may have happened|taken or not|goes nowhere|can't tell");
    private static final Pattern HALF = Pattern.compile("(?<!no )\\bhalf (of|done)\\b");
    private static final Pattern LINK = Pattern.compile("\\{@link(?:plain)? (\\w+)?#(\\w+)|see above");
    private static final Set<String> FUTURES = Set.of("Future", "Pinned", "Shared");

    private record Method(String type, MethodTree tree, String doc, String typeDoc) {
        String name() {
            return tree.getName().toString();
        }

        boolean isMarked(String mark) {
            return has(tree.getModifiers(), mark)
                    || tree.getParameters().stream().anyMatch(p -> has(p.getModifiers(), mark));
        }
    }

    /** The public ones that give futures, and all others by type and name, for what they refer to. */
    private static final List<Method> METHODS = new ArrayList<>();

    private static final Map<String, List<Method>> ALL = new HashMap<>();
    private static final Map<String, Set<String>> ABOVE = new HashMap<>();

    @BeforeAll
    static void read() throws IOException {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        for (Path module : modules()) {
            List<Path> files;
            try (Stream<Path> walk = Files.walk(module)) {
                files = walk.filter(f -> f.toString().endsWith(".java"))
                        .sorted()
                        .toList();
            }
            try (StandardJavaFileManager manager = javac.getStandardFileManager(null, null, null)) {
                JavacTask task = (JavacTask) javac.getTask(
                        null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
                DocTrees docs = DocTrees.instance(task);
                List<CompilationUnitTree> units = new ArrayList<>();
                task.parse().forEach(units::add);
                Set<String> exported = new HashSet<>();
                for (CompilationUnitTree unit : units) {
                    ModuleTree declared = unit.getModule();
                    if (declared != null) {
                        declared.getDirectives().stream()
                                .filter(d -> d instanceof ExportsTree e && e.getModuleNames() == null)
                                .forEach(d -> exported.add(
                                        ((ExportsTree) d).getPackageName().toString()));
                    }
                }
                for (CompilationUnitTree unit : units) {
                    boolean open = exported.contains(String.valueOf(unit.getPackageName()));
                    for (Tree type : unit.getTypeDecls()) {
                        if (type instanceof ClassTree declared) {
                            read(declared, new TreePath(new TreePath(unit), declared), open, false, docs);
                        }
                    }
                }
            }
        }
    }

    private static List<Path> modules() throws IOException {
        Path root = Path.of("..");
        try (Stream<Path> poms =
                Files.find(root, 3, (p, a) -> p.endsWith("module-info.java") || p.endsWith("pom.xml"))) {
            return poms.map(p -> p.resolveSibling("src/main/java"))
                    .filter(p -> Files.exists(p.resolve("module-info.java")))
                    .sorted()
                    .toList();
        }
    }

    private static void read(ClassTree type, TreePath path, boolean open, boolean inInterface, DocTrees docs) {
        boolean isInterface = type.getKind() == Tree.Kind.INTERFACE || type.getKind() == Tree.Kind.ANNOTATION_TYPE;
        boolean visible = open && (inInterface || type.getModifiers().getFlags().contains(Modifier.PUBLIC));
        Set<String> above = ABOVE.computeIfAbsent(type.getSimpleName().toString(), t -> new LinkedHashSet<>());
        if (type.getExtendsClause() != null) {
            above.add(simple(type.getExtendsClause()));
        }
        type.getImplementsClause().forEach(t -> above.add(simple(t)));
        String typeDoc = String.valueOf(docs.getDocComment(path));
        for (Tree member : type.getMembers()) {
            TreePath at = new TreePath(path, member);
            if (member instanceof ClassTree inner) {
                read(inner, at, visible, isInterface, docs);
            } else if (member instanceof MethodTree method) {
                String doc = docs.getDocComment(at);
                Method each = new Method(type.getSimpleName().toString(), method, doc == null ? "" : doc, typeDoc);
                ALL.computeIfAbsent(each.type(), t -> new ArrayList<>()).add(each);
                if (visible
                        && (isInterface && !method.getModifiers().getFlags().contains(Modifier.PRIVATE)
                                || method.getModifiers().getFlags().contains(Modifier.PUBLIC))
                        && method.getReturnType() != null
                        && FUTURES.contains(simple(method.getReturnType()))) {
                    METHODS.add(each);
                }
            }
        }
    }

    private static String simple(Tree type) {
        String name = type.toString().replaceAll("<.*", "").replaceAll("@\\S+ ?", "");
        return name.substring(name.lastIndexOf('.') + 1).strip();
    }

    private static boolean has(ModifiersTree modifiers, String mark) {
        return modifiers.getAnnotations().stream()
                .anyMatch(a -> simple(a.getAnnotationType()).equals(mark));
    }

    /** {@return what is said of the method's cancel safety: by itself, by what it overrides or refers to, or by its type; or null} */
    private static String safety(Method method, int far) {
        Matcher own = SAFETY.matcher(method.doc());
        if (own.find()) {
            String text = own.group();
            Matcher link = LINK.matcher(text);
            return far > 0 && text.matches("(?s).*(?:>:?|:) ?(?:</em>)? ?(?:[Aa]s|those|that)\\b.*") && link.find()
                    ? text + " " + referred(method, link, far)
                    : text;
        }
        if (far == 0) {
            return null;
        }
        Matcher link = LINK.matcher(method.doc());
        while (link.find()) {
            String other = referred(method, link, far);
            if (other != null) {
                return other;
            }
        }
        for (Method other : overridden(method)) {
            if (safety(other, far - 1) instanceof String text) {
                return text;
            }
        }
        Matcher ofType = SAFETY.matcher(method.typeDoc());
        return ofType.find() ? ofType.group() : method.typeDoc().contains("cancel safety") ? method.typeDoc() : null;
    }

    private static String referred(Method from, Matcher link, int far) {
        if (link.group(2) == null) {
            return null;
        }
        for (Method other : ALL.getOrDefault(link.group(1) == null ? from.type() : link.group(1), List.of())) {
            if (other != from && other.name().equals(link.group(2)) && safety(other, far - 1) instanceof String text) {
                return text;
            }
        }
        return null;
    }

    private static String called(Method method) {
        return method.type() + "." + method.name() + types(method);
    }

    @Test
    void eachSaysIt() {
        assertTrue(METHODS.size() > 200, METHODS.size() + " were found");
        Set<String> silent = new TreeSet<>();
        for (Method method : METHODS) {
            if (safety(method, 3) == null) {
                silent.add(called(method));
            }
        }
        assertEquals(Set.of(), silent, () -> String.join("\n", silent));
    }

    @Test
    void marksAndWordsAgree() {
        List<String> wrong = new ArrayList<>();
        for (Method method : METHODS) {
            String text = safety(method, 3);
            if (text != null) {
                agree(method, "NotCancelSafe", LOST, text, wrong);
                agree(method, "LeavesHalf", HALF, text, wrong);
            }
        }
        assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
        assertTrue(METHODS.stream().anyMatch(m -> m.isMarked("LeavesHalf")));
    }

    private static void agree(Method method, String mark, Pattern words, String text, List<String> wrong) {
        boolean says = words.matcher(text.replaceAll("\\s+", " ")).find();
        if (says != isMarked(method, mark)) {
            wrong.add(called(method) + (says ? " lacks @" : " has no words for @") + mark + ": " + text);
        }
    }

    private static boolean isMarked(Method method, String mark) {
        return method.isMarked(mark) || overridden(method).stream().anyMatch(other -> other.isMarked(mark));
    }

    /** {@return those of the types above, by their simple names, with the same name and types of parameters} */
    private static List<Method> overridden(Method method) {
        List<Method> found = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>(ABOVE.get(method.type()));
        for (List<String> next = List.copyOf(seen); !next.isEmpty(); ) {
            List<String> more = new ArrayList<>();
            for (String type : next) {
                for (Method other : ALL.getOrDefault(type, List.of())) {
                    if (other.name().equals(method.name()) && types(other).equals(types(method))) {
                        found.add(other);
                    }
                }
                ABOVE.getOrDefault(type, Set.of()).stream().filter(seen::add).forEach(more::add);
            }
            next = more;
        }
        return found;
    }

    private static List<String> types(Method method) {
        return method.tree().getParameters().stream()
                .map(p -> simple(p.getType()))
                .toList();
    }
}
