//! The client of all WebSocket measurements: one thread, any number of connections, one line of JSON.

mod client;
mod epoll;
mod histogram;
mod server;

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::process::exit;
use std::thread::sleep;
use std::time::{Duration, Instant};

use client::{Connection, TEXT_LENGTH};
use epoll::{Epoll, raise_file_limit};
use histogram::Histogram;
use server::{cpu_seconds, forget_peak, listener_on, peak_rss_kb, rss_kb};

const USAGE: &str = "usage: latent-load --idle|--echo|--broadcast --port P
  --connections N   (default 100)
  --batch B         connections opened at a time (default 100)
  --path /          where the server's socket is
  --pid P           the server's process (default: whoever listens on the port)
  --seconds S       length of the echo measurement (default 5)
  --warmup S        echo unmeasured for S seconds first (default 2)
  --settle S        let the server rest until its memory is no less for so long (default 5.5)
  --deflate         idle connections that have agreed on compression, and use it
  --paced           nothing is in flight when the echo measurement begins and ends; it begins at a line on standard
                    input, and holds
  --hold            the connections that were measured close at a line on standard input
Prints the line \"begin\" when an echo measurement begins, and at last a line of JSON.
The server is always on 127.0.0.1.";

/// Without an answer for so long, the server has lost a message.
const PATIENCE: Duration = Duration::from_secs(20);
const EVENTS: usize = 1_024;
/// Descriptors beside the connections.
const SPARE_FILES: u64 = 16;

#[derive(Clone, Default)]
struct Options {
    idle: bool,
    echo: bool,
    broadcast: bool,
    deflate: bool,
    paced: bool,
    hold: bool,
    port: u16,
    connections: usize,
    batch: usize,
    path: String,
    pid: Option<u32>,
    seconds: f64,
    warmup: f64,
    settle: f64,
}

fn main() {
    let options = parse();
    if let Err(error) = run(&options) {
        eprintln!("latent-load: {error}");
        exit(1)
    }
}

fn run(options: &Options) -> io::Result<()> {
    let limit = raise_file_limit()?;
    if options.connections as u64 + SPARE_FILES > limit {
        return Err(io::Error::other(format!("{} connections, but at most {limit} files", options.connections)));
    }
    let pid = options.pid.map_or_else(|| listener_on(options.port), Ok)?;
    if options.idle {
        idle(options, pid)
    } else if options.broadcast {
        broadcast(options, pid)
    } else {
        echo(options, pid)
    }
}

/// Connections that come and go before a server counts as empty.
const VISITORS: usize = 500;

/// Memory of the server: empty again after visitors, with all connections open, and after each has carried one message.
fn idle(options: &Options, pid: u32) -> io::Result<()> {
    let settled_rss = || least_rss(pid, options.settle);
    // What a server loads once, at its first connections, is not what a connection costs.
    let visitors = Options { connections: VISITORS.min(options.connections), ..options.clone() };
    Load::open(&visitors)?.one_message_each()?;
    let empty = settled_rss()?;
    let mut load = Load::open(options)?;
    let opened = settled_rss()?;
    forget_peak(pid)?;
    load.one_message_each()?;
    let peak = peak_rss_kb(pid)?;
    let used = settled_rss()?;
    let per_connection = |kb: u64| (kb as f64 - empty as f64) / options.connections as f64;
    println!(
        "{{\"work\":\"idle\",\"connections\":{},\"rss_empty_kb\":{empty},\"rss_opened_kb\":{opened},\
         \"rss_used_kb\":{used},\"opened_kb_per_connection\":{:.2},\"used_kb_per_connection\":{:.2},\
         \"peak_kb_per_connection\":{:.2}}}",
        options.connections,
        per_connection(opened),
        per_connection(used),
        per_connection(peak),
    );
    Ok(())
}

/// What a server holds at rest: the least, once it has become no less for so many seconds.
fn least_rss(pid: u32, seconds: f64) -> io::Result<u64> {
    const LOOK: Duration = Duration::from_millis(250);
    const LONGEST: Duration = Duration::from_secs(20);
    let begin = Instant::now();
    let mut least = rss_kb(pid)?;
    let mut at = Instant::now();
    while at.elapsed().as_secs_f64() < seconds && begin.elapsed() < LONGEST {
        sleep(LOOK);
        let now = rss_kb(pid)?;
        if now < least {
            least = now;
            at = Instant::now();
        }
    }
    Ok(least)
}

/// One message in flight on each connection, the next one sent as soon as its echo is complete.
fn echo(options: &Options, pid: u32) -> io::Result<()> {
    let mut load = Load::open(options)?;
    load.send_all()?;
    load.exchange(options.warmup)?;
    if options.paced {
        load.drain()?;
    }
    println!("begin");
    if options.paced {
        wait_for_line()?;
        load.send_all()?;
    }
    let (user_before, system_before) = cpu_seconds(pid)?;
    let start = Instant::now();
    let latencies = load.exchange(options.seconds)?;
    let elapsed = start.elapsed().as_secs_f64();
    let drained = if options.paced { load.drain()? } else { 0 };
    let (user_after, system_after) = cpu_seconds(pid)?;
    let (user, system) = (user_after - user_before, system_after - system_before);
    let messages = latencies.count() + drained as u64;
    let micros_per_message = |seconds: f64| seconds * 1e6 / messages as f64;
    println!(
        "{{\"work\":\"echo\",\"connections\":{},\"text_bytes\":{TEXT_LENGTH},\"seconds\":{elapsed:.3},\
         \"messages\":{messages},\"messages_per_second\":{:.0},\"cpu_us_per_message\":{:.3},\
         \"user_us_per_message\":{:.3},\"server_cores\":{:.3},\"p50_us\":{:.1},\"p99_us\":{:.1},\"p999_us\":{:.1},\
         \"max_us\":{:.1}}}",
        options.connections,
        messages as f64 / elapsed,
        micros_per_message(user + system),
        micros_per_message(user),
        (user + system) / elapsed,
        latencies.quantile(0.50) as f64 / 1e3,
        latencies.quantile(0.99) as f64 / 1e3,
        latencies.quantile(0.999) as f64 / 1e3,
        latencies.quantile(1.0) as f64 / 1e3,
    );
    if options.hold { wait_for_line() } else { Ok(()) }
}

/// One message at a time, said by one connection and heard by all; the next one when all have it.
fn broadcast(options: &Options, pid: u32) -> io::Result<()> {
    let mut load = Load::open(options)?;
    let unmeasured = load.broadcast(0, options.warmup)?.count() as usize;
    println!("begin");
    let (user_before, system_before) = cpu_seconds(pid)?;
    let start = Instant::now();
    let times = load.broadcast(unmeasured, options.seconds)?;
    let elapsed = start.elapsed().as_secs_f64();
    let (user_after, system_after) = cpu_seconds(pid)?;
    let (user, system) = (user_after - user_before, system_after - system_before);
    let deliveries = times.count() * options.connections as u64;
    println!(
        "{{\"work\":\"broadcast\",\"connections\":{},\"text_bytes\":{TEXT_LENGTH},\"seconds\":{elapsed:.3},\
         \"messages\":{},\"deliveries\":{deliveries},\"cpu_us_per_delivery\":{:.3},\"user_us_per_delivery\":{:.3},\
         \"server_cores\":{:.3},\"p50_us\":{:.1},\"max_us\":{:.1}}}",
        options.connections,
        times.count(),
        (user + system) * 1e6 / deliveries as f64,
        user * 1e6 / deliveries as f64,
        (user + system) / elapsed,
        times.quantile(0.50) as f64 / 1e3,
        times.quantile(1.0) as f64 / 1e3,
    );
    if options.hold { wait_for_line() } else { Ok(()) }
}

fn wait_for_line() -> io::Result<()> {
    io::stdin().read_line(&mut String::new()).map(|_| ())
}

struct Load {
    deflate: bool,
    connections: Vec<Connection>,
    epoll: Epoll,
    epoch: Instant,
}

impl Load {
    fn open(options: &Options) -> io::Result<Load> {
        let address = loopback(options.port)?;
        let epoll = Epoll::new(EVENTS)?;
        let mut connections = Vec::with_capacity(options.connections);
        while connections.len() < options.connections {
            let first = connections.len();
            let end = options.connections.min(first + options.batch);
            for number in first..end {
                connections.push(Connection::open(address, &options.path, options.deflate, number)?);
            }
            for (number, connection) in connections.iter_mut().enumerate().skip(first) {
                connection.socket().set_read_timeout(Some(PATIENCE))?;
                connection.finish_upgrade(options.deflate)?;
                epoll.watch(connection.socket(), number)?;
            }
        }
        Ok(Load { deflate: options.deflate, connections, epoll, epoch: Instant::now() })
    }

    fn send_all(&mut self) -> io::Result<()> {
        let now = nanos_since(self.epoch);
        self.connections.iter_mut().try_for_each(|connection| connection.send(now))
    }

    fn exchange(&mut self, seconds: f64) -> io::Result<Histogram> {
        let end = Instant::now() + Duration::from_secs_f64(seconds);
        let mut latencies = Histogram::new();
        let mut last_answer = nanos_since(self.epoch);
        while Instant::now() < end {
            for number in self.epoll.wait(100)? {
                let connection = &mut self.connections[number];
                if connection.receive()? {
                    let now = nanos_since(self.epoch);
                    latencies.record(now - connection.sent_at);
                    connection.send(now)?;
                    last_answer = now;
                }
            }
            if nanos_since(self.epoch) - last_answer > PATIENCE.as_nanos() as u64 {
                return Err(io::Error::other("the server no longer answers"));
            }
        }
        Ok(latencies)
    }

    fn one_message_each(&mut self) -> io::Result<()> {
        if self.deflate {
            self.connections.iter_mut().try_for_each(Connection::send_packed)?;
            return self.each_receives(Connection::receive_packed);
        }
        self.send_all()?;
        self.drain().map(|_| ())
    }

    /// Receives the one message that is in flight on each connection, and returns how many those were.
    fn drain(&mut self) -> io::Result<usize> {
        self.each_receives(Connection::receive)?;
        Ok(self.connections.len())
    }

    /// How long it took until all had each message, the first of which says the number `first`.
    fn broadcast(&mut self, first: usize, seconds: f64) -> io::Result<Histogram> {
        let end = Instant::now() + Duration::from_secs_f64(seconds);
        let mut times = Histogram::new();
        while Instant::now() < end {
            let start = nanos_since(self.epoch);
            let frame = self.connections[0].say(first + times.count() as usize)?;
            self.each_receives(|connection| connection.receive_that(&frame))?;
            times.record(nanos_since(self.epoch) - start);
        }
        Ok(times)
    }

    fn each_receives(&mut self, mut all: impl FnMut(&mut Connection) -> io::Result<bool>) -> io::Result<()> {
        let end = Instant::now() + PATIENCE;
        let mut missing = self.connections.len();
        while missing > 0 {
            for number in self.epoll.wait(100)? {
                missing -= usize::from(all(&mut self.connections[number])?);
            }
            if Instant::now() > end {
                return Err(io::Error::other(format!("{missing} messages did not come")));
            }
        }
        Ok(())
    }
}

fn nanos_since(epoch: Instant) -> u64 {
    epoch.elapsed().as_nanos() as u64
}

fn loopback(port: u16) -> io::Result<SocketAddr> {
    ("127.0.0.1", port).to_socket_addrs()?.next().ok_or(io::ErrorKind::AddrNotAvailable.into())
}

fn parse() -> Options {
    let mut options = Options {
        connections: 100,
        batch: 100,
        path: "/".into(),
        seconds: 5.0,
        warmup: 2.0,
        settle: 5.5,
        ..Options::default()
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().unwrap_or_else(|| usage());
        match argument.as_str() {
            "--idle" => options.idle = true,
            "--echo" => options.echo = true,
            "--broadcast" => options.broadcast = true,
            "--deflate" => options.deflate = true,
            "--paced" => (options.paced, options.hold) = (true, true),
            "--hold" => options.hold = true,
            "--port" => options.port = number(&value()),
            "--connections" => options.connections = number(&value()),
            "--batch" => options.batch = number(&value()),
            "--path" => options.path = value(),
            "--pid" => options.pid = Some(number(&value())),
            "--seconds" => options.seconds = number(&value()),
            "--warmup" => options.warmup = number(&value()),
            "--settle" => options.settle = number(&value()),
            _ => usage(),
        }
    }
    let works = [options.idle, options.echo, options.broadcast].iter().filter(|work| **work).count();
    let complete = works == 1 && (options.idle || !options.deflate) && options.port != 0 && options.connections > 0 && options.batch > 0;
    if complete { options } else { usage() }
}

fn number<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| usage())
}

fn usage() -> ! {
    eprintln!("{USAGE}");
    exit(2)
}
