//! The workloads of tasks on tokio. One run is one workload and prints one line of JSON.
//!
//! Every operation happens inside a spawned task, never in `block_on`'s own future: that is how an
//! application runs, and on the multi-threaded runtime it keeps the calling thread out of the work.

mod channels;
mod locks;
mod waits;

use std::future::Future;
use std::process::exit;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinHandle, yield_now};
use tokio::time::sleep;

const SYSTEM: &str = "tokio 1.54.1";
const USAGE: &str = "usage: latent-peer-tokio WORK [N]
  of executors   spawn-join|yield|timers|sleepers
  of channels    mpsc|mpsc-8|unbounded|ping-pong|broadcast
  of locks       mutex|mutex-100
  of futures     join|timeout
  --seconds S    length of the measurement (default 2)
  --warmup S     run unmeasured for S seconds first (default 1); timers: once, unless 0
  --flavor F     current or multi (default current)
  --workers W    worker threads of the multi flavor (default 2)";

/// Tasks spawned and joined in one round of `spawn-join`.
const SPAWNED: u64 = 1_000;
/// Tasks that yield side by side, and how often each does in one round of `yield`.
const YIELDERS: u64 = 100;
const YIELDS: u64 = 100;
/// Operations between two looks at the clock: enough that they cost nothing.
const BATCH: u64 = 1_000;
/// The longest that a timer runs, and a step that spreads neighbours over it.
const TIMER_MILLIS: u64 = 1_000;
const TIMER_STEP: u64 = 7_919;
/// Ticks of /proc in a second; the same on every Linux of today.
const TICKS: f64 = 100.0;

struct Options {
    work: String,
    tasks: usize,
    seconds: f64,
    warmup: f64,
    multi: bool,
    workers: usize,
}

fn main() {
    let options = parse();
    let runtime = runtime(&options);
    match options.work.as_str() {
        "spawn-join" => measure(&runtime, &options, spawn_join),
        "yield" => measure(&runtime, &options, yielding),
        "mpsc" => measure(&runtime, &options, |deadline| channels::mpsc(deadline, 1)),
        "mpsc-8" => measure(&runtime, &options, |deadline| channels::mpsc(deadline, 8)),
        "unbounded" => measure(&runtime, &options, channels::unbounded),
        "ping-pong" => measure(&runtime, &options, channels::ping_pong),
        "broadcast" => measure(&runtime, &options, channels::broadcast),
        "mutex" => measure(&runtime, &options, locks::alone),
        "mutex-100" => measure(&runtime, &options, locks::crowd),
        "join" => measure(&runtime, &options, waits::join),
        "timeout" => measure(&runtime, &options, waits::limit),
        "timers" => timers(&runtime, &options),
        "sleepers" => sleepers(&runtime, &options),
        _ => usage(),
    }
}

async fn spawn_join(deadline: Instant) -> u64 {
    let mut handles = Vec::with_capacity(SPAWNED as usize);
    let mut operations = 0;
    while Instant::now() < deadline {
        for i in 0..SPAWNED {
            handles.push(tokio::spawn(async move { i }));
        }
        let mut sum = 0;
        for handle in handles.drain(..) {
            sum += handle.await.unwrap();
        }
        assert_eq!(sum, SPAWNED * (SPAWNED - 1) / 2);
        operations += SPAWNED;
    }
    operations
}

async fn yielding(deadline: Instant) -> u64 {
    let tasks: Vec<JoinHandle<u64>> = (0..YIELDERS)
        .map(|_| {
            tokio::spawn(async move {
                let mut yields = 0;
                while Instant::now() < deadline {
                    for _ in 0..YIELDS {
                        yield_now().await;
                    }
                    yields += YIELDS;
                }
                yields
            })
        })
        .collect();
    let mut operations = 0;
    for task in tasks {
        operations += task.await.unwrap();
    }
    operations
}

fn measure<W, F>(runtime: &Runtime, options: &Options, work: W)
where
    W: Fn(Instant) -> F,
    F: Future<Output = u64> + Send + 'static,
{
    let run = |seconds: f64| {
        let start = Instant::now();
        let task = work(start + Duration::from_secs_f64(seconds));
        let operations = runtime.block_on(async { tokio::spawn(task).await.unwrap() });
        (operations, start.elapsed().as_secs_f64())
    };
    run(options.warmup);
    let (operations, elapsed) = run(options.seconds);
    println!(
        "{{\"system\":\"{SYSTEM}\",\"work\":\"{}\",\"flavor\":\"{}\",\"workers\":{},\"seconds\":{elapsed:.3},\
         \"operations\":{operations},\"ops_per_second\":{:.0}}}",
        options.work,
        options.flavor(),
        options.worker_count(),
        operations as f64 / elapsed,
    );
}

/// Tasks that each sleep for up to a second are spawned and joined.
fn timers(runtime: &Runtime, options: &Options) {
    let tasks = options.tasks;
    let run = || {
        let all = async move {
            let mut handles = Vec::with_capacity(tasks);
            for i in 0..tasks as u64 {
                handles.push(tokio::spawn(sleep(Duration::from_millis(i * TIMER_STEP % TIMER_MILLIS + 1))));
            }
            for handle in handles {
                handle.await.unwrap();
            }
        };
        runtime.block_on(async { tokio::spawn(all).await.unwrap() });
    };
    if options.warmup > 0.0 {
        run();
    }
    let (cpu, start) = (cpu_seconds(), Instant::now());
    run();
    println!(
        "{{\"system\":\"{SYSTEM}\",\"work\":\"timers\",\"flavor\":\"{}\",\"workers\":{},\"tasks\":{tasks},\
         \"elapsed_seconds\":{:.3},\"cpu_seconds\":{:.2}}}",
        options.flavor(),
        options.worker_count(),
        start.elapsed().as_secs_f64(),
        cpu_seconds() - cpu,
    );
}

/// User and system time of all threads of this process.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("/proc/self/stat");
    let after_name = &stat[stat.rfind(')').expect("a name") + 1..];
    let ticks = |field: usize| after_name.split_whitespace().nth(field).and_then(|f| f.parse::<f64>().ok());
    (ticks(11).expect("utime") + ticks(12).expect("stime")) / TICKS
}

static ASLEEP: AtomicUsize = AtomicUsize::new(0);

/// Reads the process's own memory while every task sleeps and every handle is held.
fn sleepers(runtime: &Runtime, options: &Options) {
    let tasks = options.tasks;
    let before = rss_kb();
    let handles = runtime.block_on(async {
        let all = async move {
            let mut handles = Vec::with_capacity(tasks);
            for _ in 0..tasks {
                handles.push(tokio::spawn(async {
                    ASLEEP.fetch_add(1, Ordering::Relaxed);
                    sleep(Duration::from_secs(3_600)).await;
                }));
            }
            while ASLEEP.load(Ordering::Relaxed) < tasks {
                yield_now().await;
            }
            // A task counts itself just before its timer is registered: let the last ones do so.
            sleep(Duration::from_millis(500)).await;
            handles
        };
        tokio::spawn(all).await.unwrap()
    });
    let after = rss_kb();
    println!(
        "{{\"system\":\"{SYSTEM}\",\"work\":\"sleepers\",\"flavor\":\"{}\",\"workers\":{},\"tasks\":{tasks},\
         \"rss_before_kb\":{before},\"rss_kb\":{after},\"bytes_per_task\":{:.1}}}",
        options.flavor(),
        options.worker_count(),
        (after - before) as f64 * 1024.0 / tasks as f64,
    );
    assert!(handles.iter().all(|handle| !handle.is_finished()));
    exit(0);
}

fn rss_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("/proc/self/status");
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).expect("VmRSS")
}

fn runtime(options: &Options) -> Runtime {
    let mut builder = if options.multi { Builder::new_multi_thread() } else { Builder::new_current_thread() };
    builder.worker_threads(options.workers).enable_time().build().expect("runtime")
}

impl Options {
    fn flavor(&self) -> &'static str {
        if self.multi { "multi" } else { "current" }
    }

    fn worker_count(&self) -> usize {
        if self.multi { self.workers } else { 1 }
    }
}

fn parse() -> Options {
    let mut options =
        Options { work: String::new(), tasks: 1_000_000, seconds: 2.0, warmup: 1.0, multi: false, workers: 2 };
    let mut arguments = std::env::args().skip(1);
    options.work = arguments.next().unwrap_or_else(|| usage());
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().unwrap_or_else(|| usage());
        match argument.as_str() {
            "--seconds" => options.seconds = number(&value()),
            "--warmup" => options.warmup = number(&value()),
            "--workers" => options.workers = number(&value()),
            "--flavor" => {
                options.multi = match value().as_str() {
                    "multi" => true,
                    "current" => false,
                    _ => usage(),
                }
            }
            tasks => options.tasks = number(tasks),
        }
    }
    options
}

fn number<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| usage())
}

fn usage() -> ! {
    eprintln!("{USAGE}");
    exit(2)
}
