package dev.latent.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import picocli.CommandLine;

/** The commands that stand in modules of their own. */
final class Jobs {
    /** What each does; the script {@code latent} knows their modules. */
    private static final Map<String, String> KNOWN = new LinkedHashMap<>();

    static {
        KNOWN.put("compress", "Compresses a file on all cores: threads, not async.");
        KNOWN.put("merge", "Asks five databases at once and merges what they answer.");
        KNOWN.put("physics", "Physics at 60 frames a second on a thread of its own, with viewers.");
    }

    private Jobs() {}

    /** Adds those that are there, and tells of the others where help is asked for. */
    static void addTo(CommandLine line) {
        for (Job job : ServiceLoader.load(Job.class)) {
            line.addSubcommand(job);
        }
        StringBuilder others = new StringBuilder();
        KNOWN.forEach((name, what) -> {
            if (!line.getSubcommands().containsKey(name)) {
                others.append("  %-9s %s%n".formatted(name, what));
            }
        });
        if (!others.isEmpty()) {
            line.getCommandSpec()
                    .usageMessage()
                    .footer("", "Built when first used:", others.toString().stripTrailing());
        }
    }

    static Set<String> names() {
        return KNOWN.keySet();
    }
}
