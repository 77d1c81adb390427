//! A mutex of tasks. One operation is one time that it is locked and unlocked.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Mutex;
use tokio::task::{JoinHandle, yield_now};

use crate::BATCH;

const LOCKERS: usize = 100;
/// How often a task locks before it looks at the clock.
const TURNS: u64 = 100;

/// One task, which nobody else is in the way of.
pub async fn alone(deadline: Instant) -> u64 {
    let mutex = Mutex::new(0);
    let mut operations = 0;
    while Instant::now() < deadline {
        for _ in 0..BATCH {
            *mutex.lock().await += 1;
        }
        operations += BATCH;
    }
    assert_eq!(mutex.into_inner(), operations);
    operations
}

/// Tasks that yield while they hold it.
pub async fn crowd(deadline: Instant) -> u64 {
    let mutex = Arc::new(Mutex::new(0));
    let tasks: Vec<JoinHandle<u64>> = (0..LOCKERS)
        .map(|_| {
            let mutex = mutex.clone();
            tokio::spawn(async move {
                let mut locked = 0;
                while Instant::now() < deadline {
                    for _ in 0..TURNS {
                        let mut count = mutex.lock().await;
                        *count += 1;
                        yield_now().await;
                    }
                    locked += TURNS;
                }
                locked
            })
        })
        .collect();
    let mut operations = 0;
    for task in tasks {
        operations += task.await.unwrap();
    }
    assert_eq!(*mutex.lock().await, operations);
    operations
}
