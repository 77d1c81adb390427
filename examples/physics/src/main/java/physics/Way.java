package physics;

/** How the loop is run, and what is beside it. */
enum Way {
    THREAD("a thread of its own", "busy tasks on an executor of another thread"),
    TASK_ALONE("a task", "nothing else"),
    TASK_AMONG_BUSY("a task", "busy tasks on the same executor"),
    TASK_HANDED_OVER("a task", "tasks that hand their computing over to threads");

    final String loop;
    final String beside;

    Way(String loop, String beside) {
        this.loop = loop;
        this.beside = beside;
    }

    String shown() {
        return loop + ", " + beside;
    }
}
