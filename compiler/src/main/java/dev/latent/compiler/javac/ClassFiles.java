package dev.latent.compiler.javac;

import dev.latent.compiler.names.Core;
import dev.latent.compiler.weave.Frames;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.annotation.processing.Filer;
import javax.annotation.processing.FilerException;
import javax.lang.model.element.ModuleElement;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;
import javax.tools.FileObject;
import javax.tools.StandardLocation;
import org.jspecify.annotations.Nullable;

/**
 * The class files of one run of javac, reached by its {@code Filer}.
 *
 * <p>A class that javac has written is a file in ordinary builds, and is written anew as a file: opened by the Filer a second time
 * it would be worth a warning to javac. A file manager that keeps its classes elsewhere is asked for a new one. A frame class is
 * always made by the Filer, which is told the class that it comes from: a build tool that keeps books will delete it with that one.
 *
 * <p>Classes of lambdas that are gone lie about where a build is incremental. A frame class is left over when the class that it
 * comes from no longer names it.
 */
final class ClassFiles {
    private final Filer filer;
    private final Elements elements;

    /** By package, then by the simple name of the class they come from. */
    private final Map<PackageElement, Map<String, List<Path>>> before = new HashMap<>();

    private boolean moduleInName = true;

    /** Whether javac writes its classes as files; known once there is a class. */
    private @Nullable Boolean asFiles;

    ClassFiles(Filer filer, Elements elements) {
        this.filer = filer;
        this.elements = elements;
    }

    /** One class that javac has written. */
    final class Written {
        private final TypeElement outermost;
        private final String folder;
        private final String name;
        private final FileObject content;
        private final @Nullable Path path;

        private Written(TypeElement type) throws IOException {
            outermost = elements.getOutermostTypeElement(type);
            folder = folder(type);
            name = simpleName(type);
            boolean file = areFiles(folder, name);
            // Without -d a class lies beside its source, which the Filer knows of what it creates.
            content = file ? create(name) : get(folder, name);
            path = file ? Path.of(content.toUri()) : null;
        }

        byte[] read() throws IOException {
            if (path != null) {
                return Files.readAllBytes(path);
            }
            try (InputStream in = content.openInputStream()) {
                return in.readAllBytes();
            }
        }

        /** Writes the class itself and its frames, each by its internal name. */
        void write(Map<String, byte[]> classes) throws IOException {
            for (Map.Entry<String, byte[]> each : classes.entrySet()) {
                String simple = each.getKey().substring(each.getKey().lastIndexOf('/') + 1);
                if (path != null && simple.equals(name)) {
                    Files.write(path, each.getValue());
                    continue;
                }
                try (OutputStream out = create(simple).openOutputStream()) {
                    out.write(each.getValue());
                }
            }
        }

        private FileObject create(String simple) throws IOException {
            return filer.createResource(StandardLocation.CLASS_OUTPUT, folder, simple + ".class", outermost);
        }
    }

    /** {@return the class file of {@code type}} */
    Written of(TypeElement type) throws IOException {
        return new Written(type);
    }

    /** Deletes the frames that {@code type} had in an earlier compilation and has no more. */
    void sweep(TypeElement type) throws IOException {
        PackageElement in = elements.getPackageOf(type);
        Map<String, List<Path>> here = before.get(in);
        if (here == null) {
            here = frames(folder(type));
            before.put(in, here);
        }
        if (here.isEmpty()) {
            return;
        }
        for (Path frame : here.getOrDefault(simpleName(type), List.of())) {
            Path from = frame.resolveSibling(simpleName(type) + ".class");
            if (Files.exists(from)
                    && Files.exists(frame)
                    && Frames.isLeftOver(Files.readAllBytes(frame), Files.readAllBytes(from))) {
                Files.delete(frame);
            }
        }
    }

    private Map<String, List<Path>> frames(String folder) throws IOException {
        Map<String, List<Path>> frames = new HashMap<>();
        FileObject any = get(folder, "any");
        Path directory = isFile(any) ? Path.of(any.toUri()).getParent() : null;
        if (directory != null && Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(directory, "*" + Core.FRAME_INFIX + "*.class")) {
                for (Path file : files) {
                    String name = file.getFileName().toString();
                    String from = Frames.host(name.substring(0, name.length() - ".class".length()));
                    if (!from.isEmpty()) {
                        frames.computeIfAbsent(from, k -> new ArrayList<>()).add(file);
                    }
                }
            }
        }
        return frames;
    }

    /** Each question to the Filer makes it compare with all files that it has created. */
    private boolean areFiles(String folder, String name) throws IOException {
        if (asFiles == null) {
            asFiles = isFile(get(folder, name));
        }
        return asFiles;
    }

    private FileObject get(String folder, String name) throws IOException {
        return filer.getResource(StandardLocation.CLASS_OUTPUT, folder, name + ".class");
    }

    private static boolean isFile(FileObject file) {
        return "file".equals(file.toUri().getScheme());
    }

    private String simpleName(TypeElement type) {
        String binary = elements.getBinaryName(type).toString();
        return binary.substring(binary.lastIndexOf('.') + 1);
    }

    /** {@return the package, as the Filer wants it: with the module where several are compiled at once, and not elsewhere} */
    private String folder(TypeElement type) throws IOException {
        String folder = elements.getPackageOf(type).getQualifiedName().toString();
        ModuleElement module = elements.getModuleOf(type);
        if (!moduleInName || module == null || module.isUnnamed()) {
            return folder;
        }
        try {
            String withModule = module.getQualifiedName() + "/" + folder;
            get(withModule, "any");
            return withModule;
        } catch (FilerException oneModule) {
            moduleInName = false;
            return folder;
        }
    }
}
