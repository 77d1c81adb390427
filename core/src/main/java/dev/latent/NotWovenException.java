package dev.latent;

import java.util.List;

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
                    + " is a class of its own, which is not woven: "
                    + switch (Tongue.ofCaller()) {
                        case GROOVY -> Tongue.GROOVY.way;
                        case KOTLIN -> "write a lambda in its place, in a function that is not inline";
                        case JAVA, SCALA -> "write a lambda in its place";
                    });
        }
        int cut = type.indexOf("$$Lambda");
        return because("an async body of " + (cut < 0 ? type : type.substring(0, cut)));
    }

    static NotWovenException because(String what) {
        Tongue tongue = Tongue.ofCaller();
        return new NotWovenException(what + " was not woven: "
                + (System.getProperty(AGENT) == null || tongue == Tongue.GROOVY
                        ? tongue.way
                        : "the agent has refused the class and said why on the error stream, or the class was loaded before the"
                                + " agent was attached (start the JVM with -javaagent instead)"));
    }

    /** The language of the code that asked for what is not woven, and how that is woven. */
    private enum Tongue {
        JAVA("it was compiled without Latent's weaver.\n"
                + "  Maven: add to maven-compiler-plugin's <configuration>\n"
                + "    <annotationProcessorPaths><path><groupId>dev.latent</groupId>"
                + "<artifactId>latent-compiler</artifactId><version>…</version></path></annotationProcessorPaths>\n"
                + "  Gradle: annotationProcessor(\"dev.latent:latent-compiler:…\")\n"
                + "  javac: -processorpath latent-compiler.jar\n"
                + "  java File.java: -javaagent:latent-compiler.jar"),
        KOTLIN(afterCompilation("Kotlin")),
        SCALA(afterCompilation("Scala")),
        GROOVY("Groovy makes a class of each closure and lambda, which is not woven: write async bodies in Java");

        /** What is no code of the caller's own. */
        private static final List<String> BETWEEN =
                List.of("dev.latent.", "java.", "jdk.", "groovy.lang.", "org.codehaus.groovy.", "org.apache.groovy.");

        private final String way;

        Tongue(String way) {
            this.way = way;
        }

        private static String afterCompilation(String compiler) {
            return compiler + "'s compiler does not weave, so its classes are woven afterwards.\n"
                    + "  Maven: add latent-maven-plugin with its goal weave, which runs after the compiler\n"
                    + "  any build: java -jar latent-compiler.jar --class-path … FOLDER-OF-CLASSES\n"
                    + "  at load: java -javaagent:latent-compiler.jar …";
        }

        static Tongue ofCaller() {
            String file = StackWalker.getInstance()
                    .walk(frames -> frames.filter(frame -> BETWEEN.stream().noneMatch(frame.getClassName()::startsWith))
                            .findFirst()
                            .map(StackWalker.StackFrame::getFileName)
                            .orElse(""));
            return switch (file.substring(file.lastIndexOf('.') + 1)) {
                case "kt", "kts" -> KOTLIN;
                case "scala" -> SCALA;
                case "groovy" -> GROOVY;
                default -> JAVA;
            };
        }
    }
}
