package dev.latent.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Where foreign threads leave messages for one reader. A stack of which the reader takes all at once and turns it round: the
 * order is kept, and looking into an empty one is a plain read.
 */
final class Inbox<M> {
    private static final class Node<M> {
        final M message;

        @Nullable
        Node<M> next;

        Node(M message) {
            this.message = message;
        }
    }

    /** What a {@link #post} found. */
    enum Posted {
        /** The first since the reader looked: the reader may have to be woken. */
        FIRST,
        /** Not the first. */
        MORE,
        /** Nobody reads any more; the message was not taken. */
        CLOSED
    }

    private static final VarHandle TOP;
    private static final Node<?> CLOSED = new Node<>("closed");

    static {
        try {
            TOP = MethodHandles.lookup().findVarHandle(Inbox.class, "top", Node.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Node<M> top;

    /**
     * From any thread.
     *
     * @throws OutOfMemoryError then the message was not taken
     */
    Posted post(M message) {
        Node<M> node = new Node<>(message);
        while (true) {
            Node<M> before = top;
            if (before == CLOSED) {
                return Posted.CLOSED;
            }
            node.next = before;
            if (TOP.compareAndSet(this, before, node)) {
                return before == null ? Posted.FIRST : Posted.MORE;
            }
        }
    }

    boolean isClosed() {
        return top == CLOSED;
    }

    boolean isEmpty() {
        Node<M> now = top;
        return now == null || now == CLOSED;
    }

    /** For the reader: hands over all messages, the oldest first, to {@code reader}, which never throws: the rest would be lost. */
    void take(java.util.function.Consumer<? super M> reader) {
        if (!isEmpty()) {
            hand(TOP.getAndSet(this, null), reader);
        }
    }

    /** For the reader: from now on nothing is accepted. {@return false, and changes nothing, while there are messages} */
    boolean close() {
        return top == CLOSED || TOP.compareAndSet(this, null, CLOSED);
    }

    @SuppressWarnings("unchecked")
    private static <M> void hand(@Nullable Object taken, java.util.function.Consumer<? super M> reader) {
        Node<M> turned = null;
        Node<M> left = (Node<M>) taken;
        while (left != null) {
            Node<M> next = left.next;
            left.next = turned;
            turned = left;
            left = next;
        }
        for (Node<M> n = turned; n != null; n = n.next) {
            reader.accept(n.message);
        }
    }
}
