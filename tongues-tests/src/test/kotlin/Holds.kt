package shapes

import dev.latent.Async.async
import dev.latent.Async.await
import dev.latent.AsyncCallable
import dev.latent.AsyncFunction
import dev.latent.AsyncRunnable
import dev.latent.Future
import dev.latent.tongues.World
import java.io.IOException

// a body
fun body(w: World): Future<*> = async(AsyncCallable { w.log("begins"); "<" + await(w.later("a")) + ">" })

// a body that awaits nothing
fun awaitsNothing(w: World): Future<*> = async(AsyncCallable { w.log("runs"); 1 })

// a body without a value
fun withoutValue(w: World): Future<*> = async(AsyncRunnable { w.log(await(w.later("a"))) })

// a body in a body in a body
fun nested(w: World): Future<*> = async(AsyncCallable {
    val a = await(w.later("a"))
    val inner = async(AsyncCallable {
        val b = a + await(w.later("b"))
        val innermost = async(AsyncCallable { b + await(w.later("c")) + a })
        "(" + await(innermost) + ")"
    })
    "[" + await(inner) + await(w.later("d")) + "]"
})

// a local that the body changes
fun changed(w: World): Future<*> = async(AsyncCallable {
    var sum = 0
    var text = "t"
    var wide = 1L
    val add = AsyncFunction<Int, Int> { n -> sum += await(w.later(n)); text += sum; wide *= 3; sum }
    await(async(add, 3))
    sum++
    await(async(add, 4))
    text + sum + wide
})

// loops
fun loops(w: World): Future<*> = async(AsyncCallable {
    var text = ""
    outer@ for (i in 1..3) {
        for (j in listOf("x", "y")) {
            if (await(w.later(i)) == 2) continue@outer
            text += "$i$j${await(w.later(j))}"
        }
    }
    var n = 5
    while (await(w.later(n)) > 3) n--
    do { text += n } while (await(w.later(--n)) > 1)
    text
})

// branches by value and by type
fun branches(w: World): Future<*> = async(AsyncCallable {
    var text = ""
    for (x: Any? in listOf(1, "a", "abc", 2.5, null, 'c', listOf(7))) {
        text += when (x) {
            null -> "null" + await(w.later("n"))
            1 -> await(w.later("one"))
            "a" -> "a" + await(w.later("b"))
            is String -> if (x.length > await(w.later(2))) "long $x" else "short"
            is Double, is Float -> await(w.later(x)).toString() + x
            is List<*> -> x[0].toString() + await(w.later(x)).size
            else -> "else $x"
        } + ";"
    }
    text
})

// try and catch
fun catches(w: World): Future<*> = async(AsyncCallable {
    val caught = try {
        await(w.later("a"))
        throw IOException("thrown")
    } catch (e: IOException) {
        await(w.later("c")) + e.message
    } catch (e: IllegalStateException) {
        "never"
    }
    caught + try { await(w.later("x")).toInt() } catch (e: NumberFormatException) { await(w.later(-1)) }
})

// finally
fun finallys(w: World): Future<*> = async(AsyncCallable {
    try {
        try {
            await(w.later("a"))
            if (await(w.later(true))) throw IOException("thrown")
            "never"
        } finally {
            w.log("inner")
        }
    } catch (e: IOException) {
        await(w.later("c")) + e.message
    } finally {
        w.log("outer")
    }
})

// a finally that awaits
fun finallyAwaits(w: World): Future<*> = async(AsyncCallable {
    for (i in 1..2) {
        try {
            if (await(w.later(i)) == 2) break
            w.log("goes on")
        } finally {
            w.log("cleans " + await(w.closing(i)))
        }
    }
    try { return@AsyncCallable await(w.later("r")) } finally { w.log("last " + await(w.closing("c"))) }
})

// a resource that is closed at the end
fun resource(w: World): Future<*> = async(AsyncCallable {
    val a = w.resource("a").use { w.resource("b").use { await(w.later("x")) } + await(w.later("y")) }
    try {
        w.resource("c").use { await(w.later("z")); throw IOException("thrown") }
    } catch (e: IOException) {
        a + e.message
    }
})

fun defaulted(w: World, a: String = "a", b: String = a + "b"): Future<*> =
    async(AsyncCallable { await(w.later(a)) + await(w.later(b)) })

// default arguments
fun callsDefaulted(w: World): Future<*> = async(AsyncCallable { "${await(defaulted(w))}${await(defaulted(w, b = "c"))}" })

// a function that is inlined, with an await in its argument
fun inlined(w: World): Future<*> = async(AsyncCallable {
    var n = 0
    twice { n += await(w.later(2)) }
    listOf(1, 2).forEach { n += await(w.later(it)) }
    val mapped = listOf("p", "q").map { it + await(w.later(it)) }
    mapped.joinToString(",") + n + "z".let { it + await(w.later(it)) }
})

inline fun twice(f: () -> Unit) {
    f()
    f()
}

// a return out of an inlined function
fun returns(w: World): Future<*> = async(AsyncCallable {
    listOf(1, 2, 3).forEach { if (await(w.later(it)) == 2) return@AsyncCallable "at $it" }
    "never"
})

// an extension
fun extension(w: World): Future<*> = async(AsyncCallable { await("s".later(w)) + await("t".later(w)) })

fun String.later(w: World): Future<String> = async(AsyncCallable { await(w.later(this)) + this.length })

// generic code
fun generic(w: World): Future<*> = async(AsyncCallable { await(Box(w, 1).get { it + 1 }) + await(Box(w, 2.5).get { it.toInt() }) })

class Box<T : Number>(private val w: World, private val of: T) {
    fun <R : Any> get(map: (T) -> R): Future<R> = async(AsyncCallable { map(await(w.later(of))) })
}

// bodies of classes, objects and interfaces
fun members(w: World): Future<*> = async(AsyncCallable {
    val a = Member(w, "m")
    await(a.made) + await(a.property) + await(a.secret()) + await(a.Inner().get()) + await(Single.get(w)) +
        await(Member.get(w)) + await(object : Named { override val name = "n" }.get(w))
})

class Member(private val w: World, private val name: String) {
    val made: Future<String> = async(AsyncCallable { name + await(w.later("made")) })
    val property: Future<String> get() = async(AsyncCallable { name + await(w.later("got")) })
    fun secret(): Future<String> = async(AsyncCallable { hidden() + await(w.later("secret")) })
    private fun hidden() = name.uppercase()

    inner class Inner {
        fun get(): Future<String> = async(AsyncCallable { name + await(w.later("inner")) })
    }

    companion object {
        fun get(w: World): Future<String> = async(AsyncCallable { await(w.later("companion")) })
    }
}

object Single {
    fun get(w: World): Future<String> = async(AsyncCallable { await(w.later("single")) })
}

interface Named {
    val name: String

    fun get(w: World): Future<String> = async(AsyncCallable { name + await(w.later("interface")) })
}

// a local function
fun local(w: World): Future<*> {
    fun twice(n: Int): Future<Int> = async(AsyncCallable { await(w.later(n)) * 2 })
    return async(AsyncCallable {
        fun more(n: Int) = async(AsyncCallable { await(w.later(n)) + await(twice(n)) })
        await(more(1)) + await(twice(5))
    })
}

// an await in the middle of an expression
fun expression(w: World): Future<*> = async(AsyncCallable {
    val list = arrayListOf(1, await(w.later(2)), 3)
    val pair = Pair("a" + await(w.later("b")), Triple(await(w.later(1L)), await(w.later('c')), "d"))
    list[await(w.later(1))] += await(w.later(40))
    val array = intArrayOf(1, 2)
    array[await(w.later(0))] += await(w.later(5))
    "$pair ${list} ${array[0]} ${if (await(w.later(true)) && !await(w.later(false))) "t" else "f"} ${null ?: await(w.later("e"))}"
})

// numbers, unboxed
fun numbers(w: World): Future<*> = async(AsyncCallable {
    val d = await(w.later(2.5))
    val u: UInt = 7u + await(w.later(1)).toUInt()
    val name = Name("v" + await(w.later("w")))
    val l: Long = await(w.later(1L)) shl 40
    await(w.later(0))
    "${d * 2}$u${name.of}$l"
})

@JvmInline
value class Name(val of: String)

// a closure with a type of its own
fun ownClosure(w: World): Future<*> = async(AsyncCallable {
    val sum = AsyncFunction<Int, Int> { await(w.later(it)) + 1 }
    sum.apply(3) + sum.apply(await(async(sum, 5)))
})

// destructuring
fun destructured(w: World): Future<*> = async(AsyncCallable {
    val (a, b) = await(w.later(Pair("x", 2)))
    for ((i, c) in listOf("p", "q").withIndex()) w.log("$i${await(w.later(c))}$a$b")
    a + b
})
