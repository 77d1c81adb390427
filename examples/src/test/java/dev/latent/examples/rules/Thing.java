package dev.latent.examples.rules;

import java.util.Set;
import java.util.function.BiPredicate;

/** What a program has only from outside, or what makes two runs of one seed differ; known by the members that are used. */
enum Thing {
    TIME(
            "ask the world's Clock",
            (owner, name) ->
                    owner.equals("java.lang.System") && (name.equals("nanoTime") || name.equals("currentTimeMillis"))
                            || owner.startsWith("java.time.") && name.equals("now")
                            || owner.equals("java.time.Clock")
                            || owner.equals("java.util.Date")),
    CHANCE(
            "ask the world's RandomGenerator, or for secrets its Entropy",
            (owner, name) -> owner.equals("java.util.Random")
                    || owner.equals("java.security.SecureRandom")
                    || owner.equals("java.util.concurrent.ThreadLocalRandom")
                    || owner.equals("java.lang.Math") && name.equals("random")
                    || owner.equals("java.util.UUID") && name.equals("randomUUID")
                    || owner.equals("java.util.random.RandomGenerator")
                            && Set.of("of", "getDefault").contains(name)),
    FILES(
            "ask the world's Files, or its Processes",
            (owner, name) -> owner.equals("java.nio.file.Files")
                    || owner.equals("java.nio.file.Path") && name.equals("toRealPath")
                    || owner.startsWith("java.io.File") && name.equals("<init>")
                    || owner.equals("java.io.RandomAccessFile")
                    || owner.startsWith("java.nio.channels.") && owner.endsWith("FileChannel")
                    || owner.equals("java.lang.ProcessBuilder")
                    || owner.equals("java.lang.Runtime") && name.equals("exec")),
    RESOLVER(
            "ask the world's Resolver",
            (owner, name) -> owner.equals("java.net.InetAddress")
                    && Set.of("getByName", "getAllByName", "getLocalHost", "getHostName", "getCanonicalHostName")
                            .contains(name)),
    SOCKETS(
            "ask the world's Net",
            (owner, name) -> owner.startsWith("java.nio.channels.") && name.equals("open")
                    || owner.startsWith("java.net.") && owner.endsWith("Socket") && name.equals("<init>")),
    LOG(
            "tell the world's FailureHandler, by Owners.report",
            (owner, name) -> owner.startsWith("java.lang.System$Logger")
                    || owner.equals("java.lang.System")
                            && Set.of("getLogger", "out", "err").contains(name)
                    || owner.startsWith("java.util.logging.")),
    NEW_THREADS(
            "ask the world's BlockingPool, or spawn",
            (owner, name) -> owner.equals("java.lang.Thread")
                            && Set.of("<init>", "start", "startVirtualThread", "ofVirtual", "ofPlatform")
                                    .contains(name)
                    || owner.startsWith("java.util.concurrent.Executors")
                    || Set.of(
                                            "java.util.concurrent.ThreadPoolExecutor",
                                            "java.util.concurrent.ForkJoinPool",
                                            "java.util.Timer")
                                    .contains(owner)
                            && Set.of("<init>", "commonPool").contains(name)),
    WAITING(
            "be pending instead, or ask the world's Timers",
            (owner, name) -> owner.equals("java.lang.Thread")
                            && Set.of("sleep", "yield", "onSpinWait", "join").contains(name)
                    || owner.equals("java.util.concurrent.locks.LockSupport") && name.startsWith("park")
                    || owner.equals("java.lang.Object") && name.equals("wait")),
    /** Which one this is, what it does, and its interrupts. */
    THREAD(
            "only executors know threads",
            (owner, name) -> owner.equals("java.lang.Thread")
                            && Set.of(
                                            "currentThread",
                                            "isInterrupted",
                                            "interrupted",
                                            "interrupt",
                                            "threadId",
                                            "getStackTrace")
                                    .contains(name)
                    || owner.equals("java.lang.ThreadLocal")),
    /** Of identity hashes, or of hashes that change with every start of the JVM. */
    ORDER(
            "keep what is walked through in the order of its coming",
            (owner, name) -> Set.of(
                                            "java.util.HashMap",
                                            "java.util.HashSet",
                                            "java.util.IdentityHashMap",
                                            "java.util.WeakHashMap",
                                            "java.util.Hashtable",
                                            "java.util.concurrent.ConcurrentHashMap")
                                    .contains(owner)
                            && Set.of("<init>", "newKeySet", "newHashMap", "newHashSet")
                                    .contains(name)
                    || Set.of("java.util.Set", "java.util.Map").contains(owner)
                            && Set.of("of", "copyOf", "ofEntries").contains(name)
                    || owner.equals("java.util.stream.Collectors")
                            && Set.of("toSet", "toMap", "groupingBy", "toUnmodifiableSet", "toUnmodifiableMap")
                                    .contains(name)
                    || owner.equals("java.lang.System") && name.equals("identityHashCode")
                    || owner.equals("java.lang.Object") && name.equals("hashCode")),
    /** Static, and able to change. */
    STATIC("two worlds would meet in it: make it a part of the world, or of its executor", (owner, name) -> false);

    private final String instead;
    private final BiPredicate<String, String> uses;

    Thing(String instead, BiPredicate<String, String> uses) {
        this.instead = instead;
        this.uses = uses;
    }

    /** {@return whether to use the member {@code name} of {@code owner} is to use this} */
    boolean isIn(String owner, String name) {
        return uses.test(owner, name);
    }

    /** {@return what to do in its place} */
    String instead() {
        return instead;
    }
}
