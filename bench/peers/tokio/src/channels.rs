//! Channels between tasks. One operation is one message that was sent and received.

use std::time::Instant;

use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::BATCH;

const CAPACITY: usize = 128;
const LISTENERS: u64 = 100;
/// Messages of a round of `broadcast`: fewer than are kept, so that nobody misses one.
const NEWS: u64 = 100;

/// Messages are small numbers; these are of one batch.
fn value(i: u64) -> u64 {
    i & 63
}

fn batch_sum(batch: u64) -> u64 {
    (0..batch).map(value).sum()
}

pub async fn mpsc(deadline: Instant, senders: usize) -> u64 {
    let (channel, mut inbox) = mpsc::channel(CAPACITY);
    let tasks: Vec<JoinHandle<u64>> = (0..senders)
        .map(|_| {
            let channel = channel.clone();
            tokio::spawn(async move {
                let mut sent = 0;
                while Instant::now() < deadline {
                    for i in 0..BATCH {
                        channel.send(value(i)).await.unwrap();
                    }
                    sent += BATCH;
                }
                sent
            })
        })
        .collect();
    drop(channel);
    let (mut received, mut sum) = (0, 0);
    while let Some(message) = inbox.recv().await {
        received += 1;
        sum += message;
    }
    let mut sent = 0;
    for task in tasks {
        sent += task.await.unwrap();
    }
    assert_eq!(received, sent);
    assert_eq!(sum, received / BATCH * batch_sum(BATCH));
    received
}

/// The receiver says when it has a batch, so that the channel does not grow without end.
pub async fn unbounded(deadline: Instant) -> u64 {
    let (channel, mut inbox) = mpsc::unbounded_channel();
    let (done, mut received) = mpsc::channel(1);
    let receiver = tokio::spawn(async move {
        let (mut count, mut sum) = (0, 0);
        while let Some(message) = inbox.recv().await {
            count += 1;
            sum += message;
            if count % BATCH == 0 {
                done.send(()).await.unwrap();
            }
        }
        (count, sum)
    });
    let mut operations = 0;
    while Instant::now() < deadline {
        for i in 0..BATCH {
            channel.send(value(i)).unwrap();
        }
        received.recv().await.unwrap();
        operations += BATCH;
    }
    drop(channel);
    assert_eq!(receiver.await.unwrap(), (operations, operations / BATCH * batch_sum(BATCH)));
    operations
}

/// One operation is one round trip.
pub async fn ping_pong(deadline: Instant) -> u64 {
    let (requests, mut inbox) = mpsc::channel::<oneshot::Sender<u64>>(1);
    let server = tokio::spawn(async move {
        let mut served = 0;
        while let Some(reply) = inbox.recv().await {
            served += 1;
            reply.send(served).unwrap();
        }
        served
    });
    let mut operations = 0;
    while Instant::now() < deadline {
        for _ in 0..BATCH {
            let (sender, reply) = oneshot::channel();
            requests.send(sender).await.unwrap();
            operations += 1;
            assert_eq!(reply.await.unwrap(), operations);
        }
    }
    drop(requests);
    assert_eq!(server.await.unwrap(), operations);
    operations
}

/// One operation is one message at one of the listeners; the next round begins when all have this one.
pub async fn broadcast(deadline: Instant) -> u64 {
    let (news, _) = broadcast::channel(CAPACITY);
    let (done, mut heard) = mpsc::channel(CAPACITY);
    let listeners: Vec<JoinHandle<(u64, u64)>> = (0..LISTENERS)
        .map(|_| {
            let (mut mine, done) = (news.subscribe(), done.clone());
            tokio::spawn(async move {
                let (mut count, mut sum) = (0, 0);
                loop {
                    match mine.recv().await {
                        Ok(message) => {
                            count += 1;
                            sum += message;
                            if count % NEWS == 0 {
                                done.send(()).await.unwrap();
                            }
                        }
                        Err(broadcast::error::RecvError::Closed) => return (count, sum),
                        Err(lagged) => panic!("{lagged}"),
                    }
                }
            })
        })
        .collect();
    let mut rounds = 0;
    while Instant::now() < deadline {
        for i in 0..NEWS {
            assert_eq!(news.send(value(i)).unwrap(), LISTENERS as usize);
        }
        for _ in 0..LISTENERS {
            heard.recv().await.unwrap();
        }
        rounds += 1;
    }
    drop(news);
    for listener in listeners {
        assert_eq!(listener.await.unwrap(), (rounds * NEWS, rounds * batch_sum(NEWS)));
    }
    rounds * NEWS * LISTENERS
}
