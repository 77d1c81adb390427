package dev.latent.junit;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Gives a test, and the methods before and after it, a {@link TestRun} for their futures; at the end looks at what they have left. */
final class RunExtension implements InvocationInterceptor, AfterEachCallback, ParameterResolver {
    private static final Namespace SPACE = Namespace.create(RunExtension.class);

    private final @Nullable Settings settings;

    /** By the annotation. */
    @SuppressWarnings("UnusedMethod") // JUnit's
    RunExtension() {
        this.settings = null;
    }

    RunExtension(Settings settings) {
        this.settings = settings;
    }

    private TestRun run(ExtensionContext context) {
        return context.getStore(SPACE)
                .computeIfAbsent(
                        TestRun.class,
                        _ -> new TestRun(
                                context.getRequiredTestMethod().getName(),
                                settings != null
                                        ? settings
                                        : Settings.of(context.getRequiredTestMethod())
                                                .chosen()),
                        TestRun.class);
    }

    // ---- calls -----------------------------------------------------------------------------------------------------

    @Override
    public void interceptBeforeEachMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        within(run(context), invocation);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        within(run(context), invocation);
    }

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        test(invocation, method, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        test(invocation, method, context);
    }

    private void test(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        TestRun run = run(context);
        int before = run.runs();
        within(run, invocation);
        if (run.runs() == before) {
            throw new AssertionError(method.getExecutable().toGenericString()
                    + " gave no future: a test with @AsyncTest or @Awaited returns a dev.latent.Future");
        }
    }

    private static void within(TestRun run, Invocation<@Nullable Void> invocation) throws Throwable {
        try {
            ScopedValue.where(Handover.CURRENT, run).call(() -> {
                invocation.proceed();
                return true;
            });
        } catch (Throwable t) {
            throw run.note().on(t);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        run(context).end(context.getExecutionException().isPresent());
    }

    // ---- parameters ------------------------------------------------------------------------------------------------

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestClock.class
                && context.getTestMethod().isPresent();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        TestClock clock = run(context).clock();
        if (clock == null) {
            throw new ParameterResolutionException("a test with clock = SYSTEM has no TestClock");
        }
        return clock;
    }
}
