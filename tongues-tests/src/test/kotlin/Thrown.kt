package thrown

import dev.latent.Async.async
import dev.latent.AsyncCallable
import dev.latent.Future
import dev.latent.tongues.World

// a class that implements the closure, without an await
fun classOfItsOwn(w: World): Future<*> = async(object : AsyncCallable<World> {
    override fun call() = w
})
