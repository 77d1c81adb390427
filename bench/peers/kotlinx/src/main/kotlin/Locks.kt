// A mutex of coroutines. One operation is one time that it is locked and unlocked.

package dev.latent.peers

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.yield

private const val LOCKERS = 100

/** How often a coroutine locks before it looks at the clock. */
private const val TURNS = 100

private class Count {
    var count = 0L
}

/** One coroutine, which nobody else is in the way of. */
suspend fun alone(deadline: Long): Long {
    val mutex = Mutex()
    val guarded = Count()
    var operations = 0L
    while (System.nanoTime() < deadline) {
        repeat(BATCH) { mutex.withLock { guarded.count++ } }
        operations += BATCH
    }
    check(guarded.count == operations)
    return operations
}

/** Coroutines that yield while they hold it. */
suspend fun CoroutineScope.crowd(deadline: Long): Long {
    val mutex = Mutex()
    val guarded = Count()
    val tasks = List(LOCKERS) {
        async {
            var locked = 0L
            while (System.nanoTime() < deadline) {
                repeat(TURNS) {
                    mutex.withLock {
                        guarded.count++
                        yield()
                    }
                }
                locked += TURNS
            }
            locked
        }
    }
    val operations = tasks.awaitAll().sum()
    check(guarded.count == operations)
    return operations
}
