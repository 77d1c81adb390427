package dev.latent.cli;

import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import dev.latent.cli.tasks.Visit;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code latent tasks}. */
@Command(
        name = "tasks",
        description = "Shows what the tasks of a running program wait for, as jstack shows its threads.",
        footer = {
            "Example: ./latent tasks 4711",
            "The program needs nothing for it. The JVM that is looked into says on its error stream that an agent was loaded, unless it"
                    + " was started with -XX:+EnableDynamicAgentLoading; a task is held up for the microseconds in which it is looked at.",
            "Exit code 0 when the tasks are shown, also when there are none; 1 when the process can't be asked."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class TasksCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "PID",
            description = "The process. Without it, those of Java that can be seen are listed.")
    private @Nullable String process;

    @Option(names = "--json", description = "Print one line of JSON: an array of executors.")
    private boolean json;

    @Override
    public Integer call() throws Failure, IOException {
        System.out.println(process == null ? list() : tasks(process));
        System.out.flush();
        return 0;
    }

    private String tasks(String text) throws Failure, IOException {
        long pid;
        try {
            pid = Long.parseLong(text);
        } catch (NumberFormatException e) {
            pid = 0;
        }
        if (pid <= 0) {
            throw new Failure(
                    "'" + text + "' is no number of a process; latent tasks without one lists those of Java",
                    Main.USAGE);
        }
        Progress progress = new Progress();
        try {
            if (progress.isTerminal()) {
                progress.now("asking process " + pid);
            }
            String answer = Visit.to(pid, json).stripTrailing();
            return answer.isEmpty() ? "no live tasks" : answer;
        } finally {
            progress.end();
        }
    }

    private String list() throws Failure {
        String me = Long.toString(ProcessHandle.current().pid());
        List<VirtualMachineDescriptor> all = VirtualMachine.list().stream()
                .filter(vm -> !vm.id().equals(me))
                .sorted(Comparator.comparing(vm -> Long.parseLong(vm.id())))
                .toList();
        if (json) {
            return all.stream()
                    .map(vm -> "{\"pid\":" + vm.id() + ",\"main\":"
                            + JsonMapper.shared().writeValueAsString(vm.displayName()) + "}")
                    .collect(Collectors.joining(",", "[", "]"));
        }
        if (all.isEmpty()) {
            throw new Failure("no process of Java can be seen from here but this one");
        }
        return all.stream()
                .map(vm -> String.format(
                        Locale.ROOT, "%8s  %s", vm.id(), vm.displayName().split(" ", 2)[0]))
                .collect(Collectors.joining("\n", "which of these? latent tasks PID\n", ""));
    }
}
