// Waiting for other work. Coroutines know no futures within one of them, so `join` starts a coroutine for each.

package dev.latent.peers

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield

private const val JOINED = 10_000
private const val LIMIT_MILLIS = 5_000L

/** One operation is one of the joined coroutines. */
suspend fun CoroutineScope.join(deadline: Long): Long {
    var operations = 0L
    while (System.nanoTime() < deadline) {
        operations += List(JOINED) { async { yield() } }.awaitAll().size
    }
    return operations
}

suspend fun limit(deadline: Long): Long {
    var operations = 0L
    while (System.nanoTime() < deadline) {
        repeat(BATCH) { withTimeout(LIMIT_MILLIS) { yield() } }
        operations += BATCH
    }
    return operations
}
