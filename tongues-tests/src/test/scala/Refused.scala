package refused

import dev.latent.Async
import dev.latent.Async.{async, await}
import dev.latent.{AsyncCallable, Future}
import dev.latent.tongues.World

class OfAwait:
  // a reference to `await`
  def ofAwait(w: World): Future[?] = async(() => List(w.later("a")).map(Async.await))

class Lambda:
  // an await in a lambda of the language's own
  def lambda(w: World): Future[?] = async(() => List("a", "b").map(x => await(w.later(x))).toString)

class For:
  // an await in the body of a `for`
  def loop(w: World): Future[?] = async { () =>
    for i <- 1 to 3 do w.log(await(w.later(i)))
    "done"
  }

class Method:
  // an await in an ordinary function
  def method(w: World): Future[?] = async(() => helper(w))
  private def helper(w: World) = await(w.later("a"))

class Anonymous:
  // a class that implements the closure, with an await
  def anonymous(w: World): Future[?] = async(new AsyncCallable[String] { def call(): String = await(w.later("a")) })

class Lock:
  // a monitor across an await
  def lock(w: World): Future[?] = async(() => w.synchronized { await(w.later("a")) })

class Late:
  // a lazy value that awaits
  def late(w: World): Future[?] = async { () =>
    lazy val late = await(w.later("a"))
    late + late
  }

class ByName:
  // an argument by name that awaits
  def byName(w: World): Future[?] = async(() => Option.empty[String].getOrElse(await(w.later("a"))))

object Outer:
  object Inner:
    // a body in an object inside another
    def inner(w: World): Future[?] = async(() => w.toString)
