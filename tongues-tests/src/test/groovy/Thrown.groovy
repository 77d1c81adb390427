package thrown

import dev.latent.Async
import dev.latent.AsyncCallable
import dev.latent.Future
import dev.latent.tongues.World

class Thrown {
    // a closure as a body
    static Future<?> closure(World w) {
        Async.async({ w.toString() } as AsyncCallable<String>)
    }

    // a lambda as a body, where types are dynamic
    static Future<?> lambda(World w) {
        Async.async((AsyncCallable<String>) () -> w.toString())
    }
}
