package dev.latent.runtime.inspect;

import java.lang.management.ManagementFactory;
import java.util.stream.Collectors;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.ObjectName;

/** {@link Tasks#register()}; apart from it, so that a program without management needs none of its classes. */
final class TasksBean implements TasksMXBean {
    private TasksBean() {}

    static void register() {
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .registerMBean(new TasksBean(), new ObjectName("dev.latent:type=Tasks"));
        } catch (InstanceAlreadyExistsException e) {
            return; // as was asked for
        } catch (JMException e) {
            throw new IllegalStateException("the bean dev.latent:type=Tasks could not be registered", e);
        }
    }

    @Override
    public String dump() {
        return Tasks.dump();
    }

    @Override
    public String json() {
        return Tasks.snapshot().stream().map(TaskDump::toJson).collect(Collectors.joining(",", "[", "]"));
    }
}
