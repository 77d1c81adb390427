package dev.latent;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the weaver would make of {@code x -> await(function.apply(x))}. */
final class Body<A, R> extends AsyncFrame<R> implements AsyncFunction<A, R>, AsyncConsumer<A> {
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

    @Override
    @SuppressWarnings("unchecked")
    protected void arguments(@Nullable Object[] arguments) {
        argument = (A) arguments[0];
    }

    @Override
    protected @Nullable Object step(Context cx, @Nullable Object in) throws Throwable {
        if (Woven.point(this) == 1) {
            return Woven.resumed(in);
        }
        Object out = Woven.await(function.apply(argument), this, cx);
        if (out == Woven.SUSPENDED) {
            Woven.suspendAt(this, 1);
        }
        return out;
    }

    @Override
    protected StackTraceElement location(int point) {
        return new StackTraceElement("dev.latent.Body", "body", "Body.java", point);
    }

    @Override
    public R apply(A a) {
        throw calledDirectly();
    }

    @Override
    public void accept(A a) {
        throw calledDirectly();
    }
}
