package dev.latent;

/** The class with this async body was compiled without Latent's weaver, or the body is no lambda. */
public final class NotWovenException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** The system property by which the agent says that it weaves what is loaded from now on. */
    private static final String AGENT = "dev.latent.agent";

    private NotWovenException(String message) {
        super(message);
    }

    static NotWovenException of(Object closure) {
        String type = closure.getClass().getName();
        if (!closure.getClass().isHidden()) {
            return new NotWovenException("an async body is a lambda, and " + type
                    + " is a class of its own, which is not woven: write a lambda in its place");
        }
        int cut = type.indexOf("$$Lambda");
        return because("an async body of " + (cut < 0 ? type : type.substring(0, cut)));
    }

    static NotWovenException because(String what) {
        return new NotWovenException(what + " was not woven: "
                + (System.getProperty(AGENT) == null
                        ? "it was compiled without Latent's weaver.\n"
                                + "  Maven: add to maven-compiler-plugin's <configuration>\n"
                                + "    <annotationProcessorPaths><path><groupId>dev.latent</groupId>"
                                + "<artifactId>latent-compiler</artifactId><version>…</version></path></annotationProcessorPaths>\n"
                                + "  Gradle: annotationProcessor(\"dev.latent:latent-compiler:…\")\n"
                                + "  javac: -processorpath latent-compiler.jar"
                        : "the agent has refused the class and said why on the error stream, or the class was loaded before the"
                                + " agent was attached (start the JVM with -javaagent instead)"));
    }
}
