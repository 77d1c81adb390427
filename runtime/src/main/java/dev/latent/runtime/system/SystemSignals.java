package dev.latent.runtime.system;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Next;
import dev.latent.Source;
import dev.latent.channel.Channel;
import dev.latent.channel.Receiver;
import dev.latent.io.Signal;
import dev.latent.io.Signals;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The signals of the process.
 *
 * <p>A signal has one handler in a JVM. Ours is there as long as somebody listens, and what was there before comes back with the last who leaves. The JVM calls it
 * on a thread of its own, one for each signal that comes; it only sends, to channels that never wait.
 *
 * <p>{@code sun.misc.Signal} is asked by reflection, since javac warns of each use of it and knows no way to be told that it is meant; its module is required.
 */
public enum SystemSignals implements Signals {
    INSTANCE;

    /** Signals that are kept for one who listens and does not ask. */
    private static final int KEPT = 16;

    /** Under the monitor of this, but for what the handlers read. */
    private final Map<Signal, Handled> handled = new EnumMap<>(Signal.class);

    @Override
    public Source<Signal> listen(Set<Signal> wanted) {
        Listening listening = new Listening(EnumSet.copyOf(wanted));
        synchronized (this) {
            try {
                for (Signal signal : listening.wanted) {
                    Handled its = handled.get(signal);
                    if (its == null) {
                        its = new Handled(signal);
                        handled.put(signal, its);
                    }
                    its.listening.add(listening);
                }
            } catch (Throwable t) {
                leave(listening);
                throw t;
            }
        }
        return listening;
    }

    private synchronized void leave(Listening listening) {
        for (Signal signal : listening.wanted) {
            Handled its = handled.get(signal);
            if (its != null && its.listening.remove(listening) && its.listening.isEmpty()) {
                handled.remove(signal);
                its.restore();
            }
        }
    }

    /** The handler of a signal. */
    private static final class Handled {
        private final Signal signal;
        final List<Listening> listening = new CopyOnWriteArrayList<>();
        private final @Nullable Object before;

        Handled(Signal signal) {
            this.signal = signal;
            this.before = Jvm.handle(signal, () -> listening.forEach(each -> each.signals.trySend(signal)));
        }

        void restore() {
            Jvm.handleBy(signal, before);
        }
    }

    private static final class Listening implements Source<Signal> {
        final Set<Signal> wanted;
        final Channel<Signal> signals = Channel.dropLatest(KEPT);
        private final Receiver<Signal> receiver = signals.receiver();

        Listening(Set<Signal> wanted) {
            this.wanted = wanted;
        }

        @Override
        public Future<Next<Signal>> next() {
            return receiver.next();
        }

        @Override
        public Object nextNow(Context cx) {
            return receiver.nextNow(cx);
        }

        @Override
        public void close() {
            INSTANCE.leave(this);
            receiver.close();
        }

        @Override
        public String toString() {
            return "signals " + wanted;
        }
    }

    /** {@code sun.misc.Signal}. */
    private static final class Jvm {
        private Jvm() {}

        static @Nullable Object handle(Signal signal, Runnable action) {
            try {
                Class<?> handler = Class.forName("sun.misc.SignalHandler");
                Object ours = Proxy.newProxyInstance(
                        handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                            return switch (method.getName()) {
                                case "handle" -> {
                                    action.run();
                                    yield null;
                                }
                                case "equals" -> proxy == arguments[0];
                                case "hashCode" -> signal.ordinal();
                                default -> "Latent's handler of " + signal;
                            };
                        });
                return handleBy(signal, ours);
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(
                        "this JVM can't listen for signals: its module jdk.unsupported is missing", e);
            }
        }

        /** {@return the handler until now} */
        static @Nullable Object handleBy(Signal signal, @Nullable Object handler) {
            try {
                Class<?> type = Class.forName("sun.misc.Signal");
                Method handle = type.getMethod("handle", type, Class.forName("sun.misc.SignalHandler"));
                Object its = type.getConstructor(String.class).newInstance(signal.name());
                return handle.invoke(null, its, handler);
            } catch (InvocationTargetException e) {
                throw new IllegalStateException(
                        "this JVM does not let a program listen for " + signal
                                + ": it was started with -Xrs, which leaves signals to the system, or the system has no such signal",
                        e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(
                        "this JVM can't listen for signals: its module jdk.unsupported is missing", e);
            }
        }
    }
}
