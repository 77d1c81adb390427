// Channels between coroutines. One operation is one message that was sent and received.

package dev.latent.peers

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch

private const val CAPACITY = 128
private const val LISTENERS = 100

/** Messages of a round of `broadcast`: fewer than are kept. */
private const val NEWS = 100

/** Messages are small numbers, which the JVM keeps boxed; these are of one batch. */
private fun value(i: Int) = (i and 63).toLong()

private fun batchSum(batch: Int) = (0 until batch).sumOf { value(it) }

suspend fun CoroutineScope.mpsc(deadline: Long, senders: Int): Long {
    val channel = Channel<Long>(CAPACITY)
    val tasks = List(senders) {
        async {
            var sent = 0L
            while (System.nanoTime() < deadline) {
                for (i in 0 until BATCH) {
                    channel.send(value(i))
                }
                sent += BATCH
            }
            sent
        }
    }
    val sent = async { tasks.awaitAll().sum().also { channel.close() } }
    var received = 0L
    var sum = 0L
    for (message in channel) {
        received++
        sum += message
    }
    check(received == sent.await())
    check(sum == received / BATCH * batchSum(BATCH))
    return received
}

/** The receiver says when it has a batch, so that the channel does not grow without end. */
suspend fun CoroutineScope.unbounded(deadline: Long): Long {
    val channel = Channel<Long>(Channel.UNLIMITED)
    val done = Channel<Unit>(1)
    val receiver = async {
        var count = 0L
        var sum = 0L
        for (message in channel) {
            count++
            sum += message
            if (count % BATCH == 0L) {
                done.send(Unit)
            }
        }
        count to sum
    }
    var operations = 0L
    while (System.nanoTime() < deadline) {
        for (i in 0 until BATCH) {
            channel.send(value(i))
        }
        done.receive()
        operations += BATCH
    }
    channel.close()
    check(receiver.await() == operations to operations / BATCH * batchSum(BATCH))
    return operations
}

/** One operation is one round trip. */
suspend fun CoroutineScope.pingPong(deadline: Long): Long {
    val requests = Channel<CompletableDeferred<Long>>(1)
    val server = async {
        var served = 0L
        for (reply in requests) {
            reply.complete(++served)
        }
        served
    }
    var operations = 0L
    while (System.nanoTime() < deadline) {
        repeat(BATCH) {
            val reply = CompletableDeferred<Long>()
            requests.send(reply)
            operations++
            check(reply.await() == operations)
        }
    }
    requests.close()
    check(server.await() == operations)
    return operations
}

/** One operation is one message at one of the listeners; the next round begins when all have this one. */
suspend fun CoroutineScope.broadcast(deadline: Long): Long {
    val news = MutableSharedFlow<Long>(extraBufferCapacity = CAPACITY)
    val done = Channel<Unit>(CAPACITY)
    val sums = LongArray(LISTENERS)
    val listeners = List(LISTENERS) { mine ->
        launch {
            var count = 0L
            news.collect {
                count++
                sums[mine] += it
                if (count % NEWS == 0L) {
                    done.send(Unit)
                }
            }
        }
    }
    news.subscriptionCount.first { it == LISTENERS }
    var rounds = 0L
    while (System.nanoTime() < deadline) {
        for (i in 0 until NEWS) {
            news.emit(value(i))
        }
        repeat(LISTENERS) { done.receive() }
        rounds++
    }
    // A flow of this kind has no end of its own.
    listeners.forEach { it.cancelAndJoin() }
    check(sums.all { it == rounds * batchSum(NEWS) })
    return rounds * NEWS * LISTENERS
}
