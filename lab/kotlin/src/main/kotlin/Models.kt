// A suspending function runs when it is called; `async` begins at once, unless it is told to be lazy. Cancellation is an exception where it suspends next.
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.CoroutineStart.DEFAULT
import kotlinx.coroutines.CoroutineStart.LAZY
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking

class Ticks {
    val seen = AtomicInteger()

    @Volatile var endedAt = 0L
}

suspend fun ticking(ticks: Ticks) {
    try {
        repeat(20) {
            delay(10)
            ticks.seen.incrementAndGet()
        }
    } finally {
        ticks.endedAt = System.nanoTime()
    }
}

fun computing(ticks: Ticks) {
    val end = System.nanoTime() + 200_000_000
    while (System.nanoTime() < end) Thread.onSpinWait()
    ticks.endedAt = System.nanoTime()
}

suspend fun until(condition: () -> Boolean) {
    while (!condition()) delay(1)
}

suspend fun tell(form: String, start: CoroutineStart) {
    val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)

    fun begin(work: suspend () -> Unit): Deferred<Unit> = scope.async(start = start) { work() }

    val ran = AtomicBoolean()
    val made = begin { ran.set(true) }
    delay(50)
    val ranBefore = ran.get()
    made.await()

    val dropped = Ticks()
    begin { ticking(dropped) }.start() // and nobody has it
    until { dropped.seen.get() >= 5 }
    val before = dropped.seen.get()
    System.gc()
    delay(300)
    val after = dropped.seen.get() - before

    var stopped = true
    val runs = List(5) {
        val cancelled = Ticks()
        val handle = begin { ticking(cancelled) }.also { it.start() }
        until { cancelled.seen.get() >= 5 }
        val at = System.nanoTime()
        handle.cancel()
        stopped = stopped && cancelled.endedAt != 0L
        handle.join()
        (cancelled.endedAt - at) / 1_000
    }
    val micros = runs.sorted()[2] // the first runs code that has never run

    val busy = Ticks()
    val computing = begin { computing(busy) }.also { it.start() }
    delay(50)
    val asked = System.nanoTime()
    computing.cancel()
    until { busy.endedAt != 0L }
    val on = (busy.endedAt - asked) / 1_000_000

    println(
        """{"form": "$form", "version": "Kotlin ${KotlinVersion.CURRENT}", "ranBeforeAwait": $ranBefore, "ticksAfterDrop": $after, """ +
            """"cancelledBy": "cancel(), an exception where it suspends next", "microsToStop": $micros, "stoppedOnReturn": $stopped, """ +
            """"computesOnMillis": $on, "runner": "a dispatcher of the library", "startsRuntime": true}""",
    )
}

fun main() = runBlocking {
    tell("async", DEFAULT)
    tell("lazy async", LAZY)
}
