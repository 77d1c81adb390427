package dev.latent.compiler.agent;

import dev.latent.compiler.names.Core;
import java.lang.instrument.Instrumentation;

/** {@code -javaagent:latent-compiler.jar}: weaves each class as it is loaded. */
public final class Agent {
    private Agent() {}

    /** From the command line. */
    public static void premain(String arguments, Instrumentation jvm) {
        // For NotWovenException, which then knows that the build is not to blame.
        System.setProperty(Core.AGENT_PROPERTY, "true");
        jvm.addTransformer(new LoadTimeWeaver());
    }

    /** Into a running JVM, for the classes that it loads from then on. */
    public static void agentmain(String arguments, Instrumentation jvm) {
        premain(arguments, jvm);
    }
}
