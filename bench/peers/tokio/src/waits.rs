//! Futures of other futures, within one task.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::task::yield_now;
use tokio::time::timeout;

use crate::BATCH;

const JOINED: u64 = 10_000;
const LIMIT: Duration = Duration::from_secs(5);

/// One operation is one of the joined futures.
pub async fn join(deadline: Instant) -> u64 {
    let mut operations = 0;
    while Instant::now() < deadline {
        let all = join_all((0..JOINED).map(|_| yield_now())).await;
        operations += all.len() as u64;
    }
    operations
}

pub async fn limit(deadline: Instant) -> u64 {
    let mut operations = 0;
    while Instant::now() < deadline {
        for _ in 0..BATCH {
            timeout(LIMIT, yield_now()).await.unwrap();
        }
        operations += BATCH;
    }
    operations
}
