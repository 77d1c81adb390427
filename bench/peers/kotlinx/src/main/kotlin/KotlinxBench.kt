// The workloads of tasks on kotlinx.coroutines, the same as the tokio peer's. One run prints one line of JSON.

package dev.latent.peers

import com.sun.management.ThreadMXBean
import java.io.File
import java.lang.management.ManagementFactory
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.system.exitProcess
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.delay
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield

private const val SYSTEM = "kotlinx.coroutines 1.10.2"
private const val USAGE = """usage: KotlinxBench WORK [N]
  of executors   spawn-join|yield|timers|sleepers
  of channels    mpsc|mpsc-8|unbounded|ping-pong|broadcast
  of locks       mutex|mutex-100
  of futures     join|timeout
  --seconds S    length of the measurement (default 2)
  --warmup S     run unmeasured for S seconds first (default 4); timers: once, unless 0
  --flavor F     current (runBlocking) or multi (Dispatchers.Default) (default current)
  --workers W    worker threads of the multi flavor (default 2)"""

private const val SPAWNED = 1_000L
private const val YIELDERS = 100
private const val YIELDS = 100

/** Operations between two looks at the clock: enough that they cost nothing. */
const val BATCH = 1_000

/** The longest that a timer runs, and a step that spreads neighbours over it. */
private const val TIMER_MILLIS = 1_000L
private const val TIMER_STEP = 7_919L

/** Ticks of /proc in a second; the same on every Linux of today. */
private const val TICKS = 100.0

private class Options(val work: String) {
    var tasks = 1_000_000
    var seconds = 2.0
    var warmup = 4.0
    var multi = false
    var workers = 2

    val flavor
        get() = if (multi) "multi" else "current"
    val workerCount
        get() = if (multi) workers else 1

    fun <T> run(block: suspend CoroutineScope.() -> T): T {
        val context: CoroutineContext = if (multi) Dispatchers.Default else EmptyCoroutineContext
        return runBlocking(context, block)
    }
}

fun main(arguments: Array<String>) {
    val options = parse(arguments)
    // Read once, when Dispatchers.Default is first used.
    System.setProperty("kotlinx.coroutines.scheduler.core.pool.size", options.workers.toString())
    System.setProperty("kotlinx.coroutines.scheduler.max.pool.size", options.workers.toString())
    when (options.work) {
        "spawn-join" -> measure(options) { spawnJoin(it) }
        "yield" -> measure(options) { yielding(it) }
        "mpsc" -> measure(options) { mpsc(it, 1) }
        "mpsc-8" -> measure(options) { mpsc(it, 8) }
        "unbounded" -> measure(options) { unbounded(it) }
        "ping-pong" -> measure(options) { pingPong(it) }
        "broadcast" -> measure(options) { broadcast(it) }
        "mutex" -> measure(options) { alone(it) }
        "mutex-100" -> measure(options) { crowd(it) }
        "join" -> measure(options) { join(it) }
        "timeout" -> measure(options) { limit(it) }
        "timers" -> timers(options)
        "sleepers" -> sleepers(options)
        else -> usage()
    }
}

private suspend fun CoroutineScope.spawnJoin(deadline: Long): Long {
    val handles = ArrayList<Deferred<Long>>(SPAWNED.toInt())
    var operations = 0L
    while (System.nanoTime() < deadline) {
        for (i in 0 until SPAWNED) {
            handles.add(async { i })
        }
        var sum = 0L
        for (handle in handles) {
            sum += handle.await()
        }
        check(sum == SPAWNED * (SPAWNED - 1) / 2)
        handles.clear()
        operations += SPAWNED
    }
    return operations
}

private suspend fun CoroutineScope.yielding(deadline: Long): Long {
    val tasks = List(YIELDERS) {
        async {
            var yields = 0L
            while (System.nanoTime() < deadline) {
                repeat(YIELDS) { yield() }
                yields += YIELDS
            }
            yields
        }
    }
    return tasks.awaitAll().sum()
}

private fun measure(options: Options, work: suspend CoroutineScope.(Long) -> Long) {
    fun run(seconds: Double): Pair<Long, Double> {
        val start = System.nanoTime()
        val operations = options.run { work(start + (seconds * 1e9).toLong()) }
        return operations to (System.nanoTime() - start) / 1e9
    }
    run(options.warmup)
    val allocated = allocatedBytes()
    val (operations, elapsed) = run(options.seconds)
    println(
        """{"system":"$SYSTEM","work":"${options.work}","flavor":"${options.flavor}",""" +
            """"workers":${options.workerCount},"seconds":${"%.3f".format(elapsed)},""" +
            """"operations":$operations,"ops_per_second":${(operations / elapsed).toLong()},""" +
            """"bytes_per_operation":${"%.1f".format((allocatedBytes() - allocated) / operations.toDouble())}}"""
    )
}

/** Coroutines that each sleep for up to a second are launched and joined. */
private fun timers(options: Options) {
    fun run() = options.run {
        List(options.tasks) { i -> launch { delay(i * TIMER_STEP % TIMER_MILLIS + 1) } }.joinAll()
    }
    if (options.warmup > 0) {
        run()
    }
    val allocated = allocatedBytes()
    val cpu = cpuSeconds()
    val start = System.nanoTime()
    run()
    val elapsed = (System.nanoTime() - start) / 1e9
    println(
        """{"system":"$SYSTEM","work":"timers","flavor":"${options.flavor}",""" +
            """"workers":${options.workerCount},"tasks":${options.tasks},""" +
            """"elapsed_seconds":${"%.3f".format(elapsed)},"cpu_seconds":${"%.2f".format(cpuSeconds() - cpu)},""" +
            """"bytes_per_operation":${"%.1f".format((allocatedBytes() - allocated) / options.tasks.toDouble())}}"""
    )
}

/** User and system time of all threads of this process. */
private fun cpuSeconds(): Double {
    val fields = File("/proc/self/stat").readText().substringAfterLast(") ").split(" ")
    return (fields[11].toLong() + fields[12].toLong()) / TICKS
}

private fun allocatedBytes() = (ManagementFactory.getThreadMXBean() as ThreadMXBean).totalThreadAllocatedBytes

private fun sleepers(options: Options) {
    val asleep = AtomicInteger()
    val before = rssKb()
    options.run {
        val jobs = ArrayList<Job>(options.tasks)
        repeat(options.tasks) {
            jobs.add(
                launch {
                    asleep.incrementAndGet()
                    delay(3_600_000)
                }
            )
        }
        while (asleep.get() < options.tasks) {
            yield()
        }
        // A task counts itself just before its timer is registered: let the last ones do so.
        delay(500)
        val after = rssKb()
        val perTask = (after - before) * 1024.0 / options.tasks
        println(
            """{"system":"$SYSTEM","work":"sleepers","flavor":"${options.flavor}",""" +
                """"workers":${options.workerCount},"tasks":${options.tasks},"rss_before_kb":$before,""" +
                """"rss_kb":$after,"bytes_per_task":${"%.1f".format(perTask)}}"""
        )
        check(jobs.all { it.isActive })
        exitProcess(0)
    }
}

private fun rssKb(): Long {
    val line = File("/proc/self/status").readLines().first { it.startsWith("VmRSS:") }
    return line.split(Regex("\\s+"))[1].toLong()
}

private fun parse(arguments: Array<String>): Options {
    val options = Options(arguments.firstOrNull() ?: usage())
    val rest = arguments.drop(1).iterator()
    while (rest.hasNext()) {
        val argument = rest.next()
        if (!argument.startsWith("--")) {
            options.tasks = argument.toInt()
            continue
        }
        val value = if (rest.hasNext()) rest.next() else usage()
        when (argument) {
            "--seconds" -> options.seconds = value.toDouble()
            "--warmup" -> options.warmup = value.toDouble()
            "--workers" -> options.workers = value.toInt()
            "--flavor" -> options.multi = value == "multi"
            else -> usage()
        }
    }
    return options
}

private fun usage(): Nothing {
    System.err.println(USAGE)
    exitProcess(2)
}
