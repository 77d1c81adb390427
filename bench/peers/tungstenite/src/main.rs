//! A server on one thread that sends each text it gets to all its connections: tokio-tungstenite.
//!
//! A message is a reference-counted buffer, so its clone copies nothing; each connection's sink encodes it anew, as the library
//! has no encoded frame to share. `--fan-out loop` has the sender's task go through the sinks of all; a client that takes nothing is
//! dropped. `--fan-out tasks` has each connection's own task wait for a broadcast channel too.

use std::collections::HashMap;
use std::process::exit;
use std::sync::{Arc, Mutex};

use futures_util::stream::SplitSink;
use futures_util::{FutureExt, SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio::task::unconstrained;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, accept_async_with_config};

/// Messages that a connection may be behind.
const BEHIND: usize = 64;
const READ_BUFFER: usize = 4 * 1024;

type Socket = WebSocketStream<TcpStream>;
type Members = Arc<Mutex<HashMap<u64, SplitSink<Socket, Message>>>>;

fn main() -> std::io::Result<()> {
    let (port, tasks) = parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(async move {
        // In a task of its own: on this runtime `block_on`'s future takes a slower path.
        tokio::spawn(serve(port, tasks)).await.expect("the server never panics")
    })
}

async fn serve(port: u16, tasks: bool) -> std::io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("ready");
    let members = Members::default();
    let (said, _) = broadcast::channel(BEHIND);
    for number in 0.. {
        let (socket, _) = listener.accept().await?;
        socket.set_nodelay(true)?;
        if tasks {
            tokio::spawn(each(socket, said.clone()));
        } else {
            tokio::spawn(all(socket, number, members.clone()));
        }
    }
    Ok(())
}

async fn upgraded(socket: TcpStream) -> Option<Socket> {
    // Each message is written at once, since none is to wait for another; the buffers are those of many connections.
    let config = WebSocketConfig::default().write_buffer_size(0).read_buffer_size(READ_BUFFER);
    accept_async_with_config(socket, Some(config)).await.ok()
}

/// A connection whose task sends what it reads to all.
async fn all(socket: TcpStream, number: u64, members: Members) {
    let Some(socket) = upgraded(socket).await else { return };
    let (sink, mut stream) = socket.split();
    members.lock().unwrap().insert(number, sink);
    while let Some(Ok(message)) = stream.next().await {
        if message.is_text() {
            // Outside the cooperative budget, by which most of them would seem to take nothing.
            let sent = |sink: &mut SplitSink<Socket, Message>| unconstrained(sink.send(message.clone())).now_or_never();
            members.lock().unwrap().retain(|_, sink| matches!(sent(sink), Some(Ok(()))));
        }
    }
    members.lock().unwrap().remove(&number);
}

/// A connection whose task sends what any of them reads.
async fn each(socket: TcpStream, said: broadcast::Sender<Message>) {
    let Some(mut socket) = upgraded(socket).await else { return };
    let mut heard = said.subscribe();
    loop {
        tokio::select! {
            read = socket.next() => match read {
                Some(Ok(message)) if message.is_text() => { let _ = said.send(message); }
                Some(Ok(_)) => {}
                _ => return,
            },
            message = heard.recv() => {
                let Ok(message) = message else { return };
                if socket.send(message).await.is_err() { return }
            }
        }
    }
}

fn parse() -> (u16, bool) {
    let (mut port, mut tasks) = (9003, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let value = arguments.next().unwrap_or_default();
        match (argument.as_str(), value.as_str()) {
            ("--port", number) => port = number.parse().unwrap_or_else(|_| usage()),
            ("--fan-out", "loop") => tasks = false,
            ("--fan-out", "tasks") => tasks = true,
            _ => usage(),
        }
    }
    (port, tasks)
}

fn usage() -> ! {
    eprintln!("usage: latent-peer-tungstenite [--port 9003] [--fan-out loop|tasks]");
    exit(2)
}
