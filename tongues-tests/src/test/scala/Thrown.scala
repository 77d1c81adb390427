package thrown

import dev.latent.Async.async
import dev.latent.{AsyncCallable, Future}
import dev.latent.tongues.World

object Thrown:
  // a class that implements the closure, without an await
  def classOfItsOwn(w: World): Future[?] = async(new AsyncCallable[World] { def call(): World = w })
