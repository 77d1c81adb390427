package dev.latent.compiler.lint.flow;

import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import javax.lang.model.element.Element;
import org.jspecify.annotations.Nullable;

/**
 * The reads, writes and awaits of some variables of a body, in the order in which control comes to them, and the classic backward dataflow over
 * them. It is built from the first to the last: what is added follows what was added before, until somebody says otherwise.
 */
final class LiveGraph {
    /** One of them, or a place where ways meet. */
    record Node(
            @Nullable Element read,
            @Nullable Element write,
            @Nullable TreePath await,
            Set<Node> next,
            Set<Element> live) {
        static Node of(@Nullable Element read, @Nullable Element write, @Nullable TreePath await) {
            return new Node(read, write, await, new HashSet<>(), new HashSet<>());
        }

        void leadsTo(Node to) {
            next.add(to);
        }

        @Override
        public boolean equals(@Nullable Object o) {
            return this == o;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /**
     * What surrounds a place.
     *
     * @param tree what a jump may name: a loop, a switch or a labelled statement
     * @param thrown where an exception goes
     * @param cleanup what every way out passes, the exception's too
     */
    record Around(
            @Nullable Around outer,
            @Nullable Tree tree,
            @Nullable Node breaks,
            @Nullable Node continues,
            List<Node> thrown,
            @Nullable Runnable cleanup) {}

    private final Set<Element> variables;
    private final List<Node> nodes = new ArrayList<>();

    /** Where the body ends. */
    final Node end = join();

    private Node at = join();
    private @Nullable Around around;

    LiveGraph(Set<Element> variables) {
        this.variables = variables;
    }

    boolean has(@Nullable Element variable) {
        return variable != null && variables.contains(variable);
    }

    // ---- what is added ---------------------------------------------------------------------------------------------

    private Node node(@Nullable Element read, @Nullable Element write, @Nullable TreePath await) {
        Node node = Node.of(read, write, await);
        nodes.add(node);
        return node;
    }

    /** {@return a place where ways meet, to which none leads yet} */
    Node join() {
        return node(null, null, null);
    }

    /** {@return the place that what comes next follows} */
    Node here() {
        return at;
    }

    /** What comes next follows {@code place}. */
    void from(Node place) {
        at = place;
    }

    /** Control comes from here to {@code place}, too. */
    void leadsTo(Node place) {
        at.leadsTo(place);
    }

    /** Control comes to {@code next}, and may leave it by an exception. */
    Node go(Node next) {
        at.next.add(next);
        for (Around a = around; a != null; a = a.outer) {
            next.next.addAll(a.thrown);
            if (a.cleanup != null) {
                break;
            }
        }
        at = next;
        return next;
    }

    void read(@Nullable Element variable) {
        if (has(variable)) {
            go(node(variable, null, null));
        }
    }

    void write(@Nullable Element variable) {
        if (has(variable)) {
            go(node(null, variable, null));
        }
    }

    void await(TreePath path) {
        go(node(null, null, path));
    }

    /** Control does not come to what comes next. */
    void unreachable() {
        at = join();
    }

    /** Control leaves for {@code to}, past the cleanups inside {@code until}. */
    void leave(@Nullable Around until, Node to) {
        Around here = around;
        for (Around a = here; a != null && a != until; a = a.outer) {
            if (a.cleanup != null) {
                around = a.outer;
                a.cleanup.run();
            }
        }
        at.next.add(to);
        around = here;
        unreachable();
    }

    /** {@return the innermost around here that is {@code wanted}, or null} */
    @Nullable
    Around find(Predicate<Around> wanted) {
        Around a = around;
        while (a != null && !wanted.test(a)) {
            a = a.outer;
        }
        return a;
    }

    /** Adds {@code body}, which stands in {@code tree}. */
    void inside(Tree tree, Node breaks, @Nullable Node continues, Runnable body) {
        Around outer = around;
        around = new Around(outer, tree, breaks, continues, List.of(), null);
        body.run();
        around = outer;
    }

    /** Adds {@code body} with what catches its exceptions, and with what runs behind it in any case. */
    void guarded(Runnable body, List<Runnable> catches, @Nullable Runnable cleanup) {
        Around outer = around;
        Node thrown = join();
        Node out = join();
        if (cleanup != null) {
            around = new Around(outer, null, null, null, List.of(thrown), cleanup);
        }
        Around cleaned = around;
        List<Node> handlers = catches.stream().map(c -> join()).toList();
        around = new Around(cleaned, null, null, null, handlers, null);
        go(join());
        body.run();
        around = cleaned;
        at.next.add(out);
        for (int k = 0; k < handlers.size(); k++) {
            at = handlers.get(k);
            catches.get(k).run();
            at.next.add(out);
        }
        around = outer;
        if (cleanup != null) {
            at = thrown;
            cleanup.run();
            go(join());
            at = out;
            cleanup.run();
        } else {
            at = out;
        }
    }

    // ---- what comes of it ------------------------------------------------------------------------------------------

    /** {@return which variables live across which await, in the order of the source} */
    List<LiveAcross.Across> solve() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Node node : nodes.reversed()) {
                Set<Element> live = after(node);
                live.remove(node.write);
                if (node.read != null) {
                    live.add(node.read);
                }
                changed |= node.live.addAll(live);
            }
        }
        List<LiveAcross.Across> found = new ArrayList<>();
        for (Node node : nodes) {
            if (node.await != null) {
                after(node).forEach(v -> found.add(new LiveAcross.Across(v, node.await)));
            }
        }
        return found;
    }

    private static Set<Element> after(Node node) {
        Set<Element> live = new HashSet<>();
        node.next.forEach(n -> live.addAll(n.live));
        return live;
    }
}
