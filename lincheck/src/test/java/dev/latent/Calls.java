package dev.latent;

import org.jspecify.annotations.Nullable;

/** What the weaver would make of {@code () -> await(future)}, for one call. */
public final class Calls<R> extends AsyncFrame<R> implements AsyncCallable<R> {
    private final Future<? extends R> future;

    private Calls(Future<? extends R> future) {
        this.future = future;
    }

    /** {@return a body that awaits {@code future}} */
    public static <R> AsyncCallable<R> of(Future<? extends R> future) {
        Calls<R> calls = new Calls<>(future);
        calls.asPattern();
        return calls;
    }

    @Override
    protected void arguments(@Nullable Object[] arguments) {}

    @Override
    protected @Nullable Object start(Context cx, int depth) throws Throwable {
        Object out = Woven.awaitOther(future, this, this, cx, depth);
        return out == Woven.SUSPENDED ? Woven.suspendAt(this, 1) : out;
    }

    @Override
    public @Nullable Object startCalled(@Nullable AsyncFrame<?> caller, AsyncFrame<?> below, Context cx, int depth)
            throws Throwable {
        return Woven.called(start(cx, depth), this, caller, cx);
    }

    @Override
    protected @Nullable Object step(Context cx, int depth, @Nullable Object in) throws Throwable {
        return Woven.resumed(in);
    }

    @Override
    protected StackTraceElement location(int point) {
        return new StackTraceElement("dev.latent.Calls", "body", "Calls.java", point);
    }

    @Override
    public R call() {
        throw calledDirectly();
    }
}
