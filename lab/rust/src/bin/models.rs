//! A future does nothing until it is polled, and to drop it is to cancel it. A task runs as soon as it is spawned, and its handle, dropped, lets it go on.
use serde_json::json;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use std::sync::{Mutex, OnceLock};
use std::task::Poll;
use std::time::{Duration, Instant};
use tokio::time::sleep;

#[derive(Default)]
struct Ticks {
    seen: AtomicU32,
    ended_at: OnceLock<Instant>,
}

struct Cleanup(Arc<Ticks>);

impl Drop for Cleanup {
    fn drop(&mut self) {
        let _ = self.0.ended_at.set(Instant::now());
    }
}

async fn ticking(ticks: Arc<Ticks>) {
    let _cleanup = Cleanup(ticks.clone());
    for _ in 0..20 {
        sleep(Duration::from_millis(10)).await;
        ticks.seen.fetch_add(1, SeqCst);
    }
}

async fn computing(ticks: Arc<Ticks>) {
    let end = Instant::now() + Duration::from_millis(200);
    while Instant::now() < end {}
    let _ = ticks.ended_at.set(Instant::now());
}

async fn until(condition: impl Fn() -> bool) {
    while !condition() {
        sleep(Duration::from_millis(1)).await;
    }
}

/// Polls it whenever a millisecond has gone by, until it has ticked five times.
async fn driven<F: Future<Output = ()>>(mut future: std::pin::Pin<Box<F>>, ticks: &Ticks) -> std::pin::Pin<Box<F>> {
    while ticks.seen.load(SeqCst) < 5 {
        let polled = std::future::poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await;
        assert!(polled.is_pending());
        sleep(Duration::from_millis(1)).await;
    }
    future
}

/// The middle one of five: the first runs code that has never run. And whether all had stopped.
fn middle(mut runs: Vec<(i64, bool)>) -> (i64, bool) {
    runs.sort();
    (runs[2].0, runs.iter().all(|(_, stopped)| *stopped))
}

async fn future() -> serde_json::Value {
    let ran = Arc::new(AtomicBool::new(false));
    let noted = ran.clone();
    let made = async move { noted.store(true, SeqCst) };
    sleep(Duration::from_millis(50)).await;
    let ran_before = ran.load(SeqCst);
    made.await;

    let mut runs = Vec::new();
    let mut after = 0;
    for _ in 0..5 {
        let ticks = Arc::new(Ticks::default());
        let future = driven(Box::pin(ticking(ticks.clone())), &ticks).await;
        let before = ticks.seen.load(SeqCst);
        let at = Instant::now();
        drop(future);
        let stopped = ticks.ended_at.get().copied();
        runs.push((stopped.map_or(-1, |ended| (ended - at).as_micros() as i64), stopped.is_some()));
        sleep(Duration::from_millis(300)).await;
        after += ticks.seen.load(SeqCst) - before;
    }
    let (micros, stopped) = middle(runs);

    json!({
        "form": "future",
        "ranBeforeAwait": ran_before,
        "ticksAfterDrop": after,
        "cancelledBy": "dropping it",
        "microsToStop": micros,
        "stoppedOnReturn": stopped,
        "computesOnMillis": null, // who drops it is who would have to poll it
        "runner": "the executor you choose",
        "startsRuntime": true,
    })
}

async fn task() -> serde_json::Value {
    let ran = Arc::new(AtomicBool::new(false));
    let noted = ran.clone();
    let made = tokio::spawn(async move { noted.store(true, SeqCst) });
    sleep(Duration::from_millis(50)).await;
    let ran_before = ran.load(SeqCst);
    made.await.unwrap();

    let ticks = Arc::new(Ticks::default());
    let handle = tokio::spawn(ticking(ticks.clone()));
    until(|| ticks.seen.load(SeqCst) >= 5).await;
    let before = ticks.seen.load(SeqCst);
    drop(handle);
    sleep(Duration::from_millis(300)).await;
    let after = ticks.seen.load(SeqCst) - before;

    let mut runs = Vec::new();
    for _ in 0..5 {
        let ticks = Arc::new(Ticks::default());
        let handle = tokio::spawn(ticking(ticks.clone()));
        until(|| ticks.seen.load(SeqCst) >= 5).await;
        let at = Instant::now();
        handle.abort();
        let stopped = ticks.ended_at.get().is_some();
        let _ = handle.await;
        runs.push(((*ticks.ended_at.get().unwrap() - at).as_micros() as i64, stopped));
    }
    let (micros, stopped) = middle(runs);

    let ticks = Arc::new(Ticks::default());
    let handle = tokio::spawn(computing(ticks.clone()));
    let asked = Arc::new(Mutex::new(None));
    let noted = asked.clone();
    let abort = handle.abort_handle();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        *noted.lock().unwrap() = Some(Instant::now());
        abort.abort();
    })
    .join()
    .unwrap();
    let _ = handle.await;
    while ticks.ended_at.get().is_none() {
        std::thread::yield_now();
    }
    let on = *ticks.ended_at.get().unwrap() - asked.lock().unwrap().unwrap();

    json!({
        "form": "task",
        "ranBeforeAwait": ran_before,
        "ticksAfterDrop": after,
        "cancelledBy": "JoinHandle::abort(), a drop where it awaits next",
        "microsToStop": micros,
        "stoppedOnReturn": stopped,
        "computesOnMillis": on.as_millis() as i64,
        "runner": "the executor you choose",
        "startsRuntime": true,
    })
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap();
    let version = concat!("Rust, tokio ", "1.54");
    for mut line in [runtime.block_on(future()), runtime.block_on(task())] {
        line["version"] = version.into();
        println!("{line}");
    }
}
