package refused

import dev.latent.Async
import dev.latent.AsyncCallable
import dev.latent.Future
import dev.latent.tongues.World
import groovy.transform.CompileStatic

@CompileStatic
class Body {
    // a body
    static Future<?> body(World w) {
        AsyncCallable<String> body = () -> Async.await(w.later("a"))
        return Async.async(body)
    }
}

@CompileStatic
class WithoutAwait {
    // a body that awaits nothing
    static Future<?> withoutAwait(World w) {
        AsyncCallable<String> body = () -> w.toString()
        return Async.async(body)
    }
}

@CompileStatic
class Reference {
    static String home() { "home" }

    // a method reference as a body
    static Future<?> reference(World w) {
        AsyncCallable<String> body = Reference::home
        return Async.async(body)
    }
}

@CompileStatic
class Method {
    // an await in an ordinary function
    static Future<?> method(World w) {
        w.log(Async.await(w.later("a")))
        return w.later("b")
    }
}
