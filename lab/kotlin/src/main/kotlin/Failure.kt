package failure

import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking

suspend fun handle(): String = load("order 7").trim()

suspend fun load(name: String): String = query(name).trim()

suspend fun query(name: String): String = connection(name).trim()

suspend fun connection(name: String): String {
    delay(1)
    throw IllegalStateException("no connection for $name")
}

fun main() = runBlocking {
    println(handle())
}
