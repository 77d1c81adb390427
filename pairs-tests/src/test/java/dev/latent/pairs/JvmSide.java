package dev.latent.pairs;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A class with a method {@code pairN} for each heading, run in this JVM. */
final class JvmSide implements Side {
    static final String CLASS_PATH = System.getProperty("java.class.path");

    private final Class<?> type;
    private final List<String> headings;

    @SuppressWarnings("resource") // classes of the programs are loaded as they run
    JvmSide(Path classes, String name, List<String> headings) throws MalformedURLException, ClassNotFoundException {
        this.type =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, JvmSide.class.getClassLoader()).loadClass(name);
        this.headings = headings;
    }

    @Override
    public String run(String heading) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            type.getMethod("pair" + headings.indexOf(heading))
                    .invoke(type.getConstructor().newInstance());
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception failure ? failure : e;
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
