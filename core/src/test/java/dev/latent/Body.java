package dev.latent;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the weaver would make of {@code x -> await(function.apply(x))}. */
public final class Body<A, R> extends AsyncFrame<R>
        implements AsyncCallable<R>,
                AsyncFunction<A, R>,
                AsyncConsumer<A>,
                AsyncPredicate<A>,
                AsyncBiFunction<R, A, R> {
    private final Function<A, ? extends Future<? extends R>> function;
    private @Nullable A argument;

    private Body(Function<A, ? extends Future<? extends R>> function) {
        this.function = function;
    }

    static <A, R> Body<A, R> of(Function<A, ? extends Future<? extends R>> function) {
        Body<A, R> body = new Body<>(function);
        body.asPattern();
        return body;
    }

    /** {@return what would be made of {@code () -> await(what.get())}} */
    public static <R> AsyncCallable<R> calling(Supplier<? extends Future<? extends R>> what) {
        return Body.<@Nullable Void, R>of(_ -> what.get());
    }

    @Override
    @SuppressWarnings("unchecked")
    protected void arguments(@Nullable Object[] arguments) {
        argument = arguments.length == 0 ? null : (A) arguments[arguments.length - 1];
    }

    @Override
    protected @Nullable Object start(Context cx, int depth) throws Throwable {
        Object out = await(function.apply(argument), cx, depth);
        return out == Woven.SUSPENDED ? Woven.suspendAt(this, 1) : out;
    }

    @Override
    public @Nullable Object startCalled(@Nullable AsyncFrame<?> caller, AsyncFrame<?> below, Context cx, int depth)
            throws Throwable {
        return Woven.called(start(cx, depth), this, caller, cx);
    }

    private @Nullable Object await(Future<?> future, Context cx, int depth) throws Throwable {
        AsyncFrame<?> callee = Woven.startable(future, this, depth);
        if (callee == null) {
            return Woven.awaitOther(future, this, this, cx, depth);
        }
        Object out;
        try {
            out = callee.startCalled(this, this, cx, depth + 1);
        } catch (Throwable t) {
            throw Woven.failed(t, callee, this);
        }
        return Woven.started(out, callee, this, cx);
    }

    @Override
    protected @Nullable Object step(Context cx, int depth, @Nullable Object in) throws Throwable {
        return Woven.resumed(in);
    }

    @Override
    protected StackTraceElement location(int point) {
        return new StackTraceElement("dev.latent.Body", "body", "Body.java", point);
    }

    @Override
    public R call() {
        throw calledDirectly();
    }

    @Override
    public R apply(A a) {
        throw calledDirectly();
    }

    @Override
    public void accept(A a) {
        throw calledDirectly();
    }

    /** {@code (_, x) -> await(function.apply(x))} */
    @Override
    public R apply(R unused, A a) {
        throw calledDirectly();
    }

    @Override
    public boolean test(A a) {
        throw calledDirectly();
    }
}
