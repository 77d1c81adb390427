package dev.latent.runtime.inspect;

import dev.latent.AwaitChain;
import dev.latent.task.TaskInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The live tasks of one executor as they were when somebody looked. Each is shown as it was at one moment between two of its
 * polls; different tasks may have been looked at at different moments.
 *
 * @param executor its name
 * @param live how many there were; more than {@code tasks} where some have just been spawned, or the executor is busy
 * @param tasks those it could tell of
 * @param polling what threads in the midst of a poll were doing, by their names
 */
public record TaskDump(String executor, int live, List<TaskInfo> tasks, Map<String, List<StackTraceElement>> polling) {
    /** Copies. */
    public TaskDump {
        tasks = List.copyOf(tasks);
        polling = Collections.unmodifiableMap(new LinkedHashMap<>(polling));
    }

    /** {@return the same as one line of JSON} */
    public String toJson() {
        List<String> threads = new ArrayList<>();
        polling.forEach(
                (thread, frames) -> threads.add("{\"thread\":" + json(thread) + ",\"frames\":" + frames(frames) + "}"));
        return "{\"executor\":" + json(executor) + ",\"live\":" + live + ",\"tasks\":"
                + array(tasks.stream().map(TaskDump::json).toList()) + ",\"polling\":" + array(threads) + "}";
    }

    private static String json(TaskInfo task) {
        return "{\"name\":" + json(task.name()) + ",\"state\":"
                + json(task.state().name()) + ",\"sinceMillis\":" + task.since().toMillis() + ",\"chain\":"
                + (task.chain() == null ? "null" : json(task.chain())) + "}";
    }

    private static String json(AwaitChain chain) {
        return "{\"waitsFor\":" + (chain.waitsFor() == null ? "null" : json(chain.waitsFor())) + ",\"branches\":"
                + array(chain.branches().stream().map(TaskDump::json).toList()) + ",\"frames\":"
                + frames(chain.frames()) + "}";
    }

    private static String frames(List<StackTraceElement> frames) {
        return array(frames.stream().map(f -> json(f.toString())).toList());
    }

    private static String array(List<String> elements) {
        return "[" + String.join(",", elements) + "]";
    }

    private static String json(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    /** For a person to read. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(executor + ": " + live + (live == 1 ? " live task\n" : " live tasks\n"));
        polling.forEach((thread, frames) -> {
            text.append("thread ").append(thread).append(", polling\n");
            frames.forEach(f -> text.append("    at ").append(f).append('\n'));
        });
        tasks.forEach(text::append);
        if (tasks.size() < live) {
            text.append("and ").append(live - tasks.size()).append(" that could not be looked at\n");
        }
        return text.toString();
    }
}
