package shapes

import dev.latent.Async.{async, await}
import dev.latent.{AsyncCallable, AsyncFunction, AsyncRunnable, Future}
import dev.latent.tongues.World
import java.io.IOException

object Holds:
  // a body
  def body(w: World): Future[?] = async(() => { w.log("begins"); "<" + await(w.later("a")) + ">" })

  // a body that awaits nothing
  def awaitsNothing(w: World): Future[?] = async(() => { w.log("runs"); 1 })

  // a body without a value
  def withoutValue(w: World): Future[?] = async((() => w.log(await(w.later("a")))): AsyncRunnable)

  // a body in a body in a body
  def nested(w: World): Future[?] = async { () =>
    val a = await(w.later("a"))
    val inner = async { () =>
      val b = a + await(w.later("b"))
      val innermost = async(() => b + await(w.later("c")) + a)
      "(" + await(innermost) + ")"
    }
    "[" + await(inner) + await(w.later("d")) + "]"
  }

  // a local that the body changes
  def changed(w: World): Future[?] = async { () =>
    var sum = 0
    var text = "t"
    var wide = 1L
    val add: AsyncFunction[Int, Int] = n => { sum += await(w.later(n)); text += sum; wide *= 3; sum }
    await(async(add, 3))
    sum += 1
    await(async(add, 4))
    text + sum + wide
  }

  // loops
  def loops(w: World): Future[?] = async { () =>
    var text = ""
    var i = 1
    while i <= 3 do
      var j = 0
      while j < 2 && await(w.later(i)) != 2 do
        text += s"$i$j${await(w.later(j))}"
        j += 1
      i += 1
    var n = 5
    while await(w.later(n)) > 3 do n -= 1
    while { text += n; n -= 1; await(w.later(n)) > 1 } do ()
    text
  }

  // branches by value and by type
  def branches(w: World): Future[?] = async { () =>
    var text = ""
    var rest: List[Any] = List(1, "a", "abc", 2.5, null, 'c', List(7), (1, "two"))
    while rest.nonEmpty do
      text += (rest.head match
        case null => "null" + await(w.later("n"))
        case 1 => await(w.later("one"))
        case "a" => "a" + await(w.later("b"))
        case s: String if s.length > await(w.later(2)) => "long " + s
        case d: Double => await(w.later(d)).toString + d
        case x :: _ => s"$x${await(w.later(x))}"
        case (a: Int, b) => s"${await(w.later(b))}$a$b"
        case other => s"else $other"
      ) + ";"
      rest = rest.tail
    text
  }

  // try and catch
  def catches(w: World): Future[?] = async { () =>
    val caught =
      try
        await(w.later("a"))
        throw IOException("thrown")
      catch
        case e: IOException => await(w.later("c")) + e.getMessage
        case e: IllegalStateException => "never"
    caught + (try await(w.later("x")).toInt
    catch case e: NumberFormatException => await(w.later(-1)))
  }

  // finally
  def finallys(w: World): Future[?] = async { () =>
    try
      try
        await(w.later("a"))
        if await(w.later(true)) then throw IOException("thrown")
        "never"
      finally w.log("inner")
    catch case e: IOException => await(w.later("c")) + e.getMessage
    finally w.log("outer")
  }

  // a finally that awaits
  def finallyAwaits(w: World): Future[?] = async { () =>
    var i = 1
    while i <= 2 do
      try
        if await(w.later(i)) == 1 then w.log("goes on")
      finally w.log("cleans " + await(w.closing(i)))
      i += 1
    try await(w.later("r"))
    finally w.log("last " + await(w.closing("c")))
  }

  def defaulted(w: World, a: String = "a")(b: String = a + "b"): Future[?] =
    async(() => await(w.later(a)) + await(w.later(b)))

  // default arguments
  def callsDefaulted(w: World): Future[?] = async(() => s"${await(defaulted(w)())}${await(defaulted(w)(b = "c"))}")

  // a function that is inlined, with an await in its argument
  def inlined(w: World): Future[?] = async { () =>
    var n = 0
    twice { n += await(w.later(2)) }
    n
  }

  inline def twice(inline f: Unit): Unit = { f; f }

  // a function that is inlined, and makes a body
  def inlinedBody(w: World): Future[?] = async(() => await(surrounded(w, "b")))

  inline def surrounded(w: World, s: String): Future[String] = async(() => "<" + await(w.later(s)) + ">")

  // an extension
  def extension(w: World): Future[?] = async(() => await("s".after(w)) + await("t".after(w)))

  extension (s: String) def after(w: World): Future[String] = async(() => await(w.later(s)) + s.length)

  // generic code
  def generic(w: World): Future[?] = async(() => await(Box(w, 1).get(_ + 1)) + await(Box(w, 2.5).get(_.toInt)))

  class Box[T](w: World, of: T):
    def get[R](map: T => R): Future[R] = async(() => map(await(w.later(of))))

  // bodies of classes, objects and interfaces
  def members(w: World): Future[?] = async { () =>
    val a = Member(w, "m")
    await(a.made) + await(a.property) + await(a.late) + await(a.secret()) + await(a.Inner().get) + await(Member.get(w))
      + await(new Named { val name = "n" }.get(w))
  }

  // a local function
  def local(w: World): Future[?] =
    def twice(n: Int): Future[Int] = async(() => await(w.later(n)) * 2)
    async { () =>
      def more(n: Int): Future[Int] = async(() => await(w.later(n)) + await(twice(n)))
      await(more(1)) + await(twice(5))
    }

  // an await in the middle of an expression
  def expression(w: World): Future[?] = async { () =>
    val list = List(1, await(w.later(2)), 3)
    val pair = ("a" + await(w.later("b")), (await(w.later(1L)), await(w.later('c')), Cell("d" + await(w.later("e")))))
    val array = Array(1, 2)
    array(await(w.later(0))) += await(w.later(5))
    s"$pair $list ${array(0)} ${if await(w.later(true)) && !await(w.later(false)) then "t" else "f"}"
  }

  case class Cell(of: String)

  // numbers, unboxed
  def numbers(w: World): Future[?] = async { () =>
    val d = await(w.later(2.5))
    val l: Long = await(w.later(1L)) << 40
    val c: Char = (await(w.later('a')) + 1).toChar
    await(w.later(0))
    s"${d * 2}$l$c"
  }

  // a closure with a type of its own
  def ownClosure(w: World): Future[?] = async { () =>
    val sum: AsyncFunction[Int, Int] = n => await(w.later(n)) + 1
    sum(3) + sum(await(async(sum, 5)))
  }

  extension (f: AsyncFunction[Int, Int]) inline def apply(n: Int): Int = f.apply(n)

  // destructuring
  def destructured(w: World): Future[?] = async { () =>
    val (a, b) = await(w.later(("x", 2)))
    val Cell(c) = await(w.later(Cell("y"))): @unchecked
    await(w.later(0))
    a + b + c
  }

class Member(w: World, name: String):
  val made: Future[String] = async(() => name + await(w.later("made")))
  def property: Future[String] = async(() => name + await(w.later("got")))
  lazy val late: Future[String] = async(() => name + await(w.later("late")))
  def secret(): Future[String] = async(() => hidden() + await(w.later("secret")))
  private def hidden() = name.toUpperCase

  class Inner:
    def get: Future[String] = async(() => name + await(w.later("inner")))

object Member:
  def get(w: World): Future[String] = async(() => await(w.later("companion")))

trait Named:
  def name: String
  def get(w: World): Future[String] = async(() => name + await(w.later("interface")))
