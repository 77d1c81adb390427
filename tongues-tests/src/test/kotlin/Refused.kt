package refused

import dev.latent.Async
import dev.latent.Async.async
import dev.latent.Async.await
import dev.latent.AsyncCallable
import dev.latent.Future
import dev.latent.tongues.World

fun home(): String = "home"

class Reference {
    // a method reference as a body
    fun reference(w: World): Future<*> = async(AsyncCallable(::home))
}

class OfAwait {
    // a reference to `await`
    fun ofAwait(w: World): Future<*> = async(AsyncCallable { listOf(w.later("a")).asSequence().map<Future<String>, String>(Async::await).toList() })
}

class Lambda {
    // an await in a lambda of the language's own
    fun lambda(w: World): Future<*> = async(AsyncCallable { sequenceOf("a", "b").map { await(w.later(it)) }.toList() })
}

class Method {
    // an await in an ordinary function
    fun method(w: World): Future<*> = async(AsyncCallable { helper(w) })

    private fun helper(w: World) = await(w.later("a"))
}

class Anonymous {
    // a class that implements the closure, with an await
    fun anonymous(w: World): Future<*> = async(object : AsyncCallable<String> {
        override fun call(): String = await(w.later("a"))
    })
}

class Lock {
    // a monitor across an await
    fun lock(w: World): Future<*> = async(AsyncCallable { synchronized(w) { await(w.later("a")) } })
}

class LateValue {
    // a lazy value that awaits
    fun late(w: World): Future<*> = async(AsyncCallable {
        val late by lazy { await(w.later("a")) }
        late + late
    })
}

class Inlined {
    // a function that is inlined, and makes a body
    fun inlined(w: World): Future<*> = async(AsyncCallable { await(inlined(w, "a")) })
}

@Suppress("NOTHING_TO_INLINE")
inline fun inlined(w: World, s: String): Future<String> = async(AsyncCallable { await(w.later(s)) })
