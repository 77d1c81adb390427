package dev.latent.compiler;

import com.sun.source.util.JavacTask;
import com.sun.source.util.Plugin;

/** Starts with every javac that finds it on its processor path, and weaves what that javac generates. */
public final class LatentPlugin implements Plugin {
    /** For the service loader. */
    public LatentPlugin() {}

    @Override
    public String getName() {
        return "Latent";
    }

    @Override
    public boolean autoStart() {
        return true;
    }

    @Override
    public void init(JavacTask task, String... arguments) {
        task.addTaskListener(new Compilation(task));
    }
}
