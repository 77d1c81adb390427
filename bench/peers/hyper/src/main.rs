//! An HTTP/1.1 server that answers everything with a short text: hyper on tokio, on one thread or on workers.

use std::convert::Infallible;
use std::process::exit;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

const TEXT: Bytes = Bytes::from_static(b"Hello, World!");
const PLAIN: HeaderValue = HeaderValue::from_static("text/plain");

fn main() -> std::io::Result<()> {
    let (port, workers) = parse();
    let runtime = if workers == 0 {
        Builder::new_current_thread().enable_io().build()?
    } else {
        Builder::new_multi_thread().worker_threads(workers).enable_io().build()?
    };
    runtime.block_on(async move {
        // In a task of its own: on these runtimes `block_on`'s future takes a slower path.
        tokio::spawn(serve(port)).await.expect("the server never panics")
    })
}

async fn serve(port: u16) -> std::io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("ready");
    loop {
        let (socket, _) = listener.accept().await?;
        socket.set_nodelay(true)?;
        tokio::spawn(async move {
            // One write for all that was asked ahead.
            let connection =
                http1::Builder::new().pipeline_flush(true).serve_connection(TokioIo::new(socket), service_fn(hello));
            // A peer that goes away is not the server's failure.
            let _ = connection.await;
        });
    }
}

async fn hello(_: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let mut response = Response::new(Full::new(TEXT));
    response.headers_mut().insert(CONTENT_TYPE, PLAIN);
    Ok(response)
}

/// The port, and how many workers there are: none for one thread.
fn parse() -> (u16, usize) {
    let (mut port, mut workers) = (9004, 0);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let value = arguments.next().unwrap_or_default();
        match argument.as_str() {
            "--port" => port = value.parse().unwrap_or_else(|_| usage()),
            "--workers" => workers = value.parse().unwrap_or_else(|_| usage()),
            _ => usage(),
        }
    }
    (port, workers)
}

fn usage() -> ! {
    eprintln!("usage: latent-peer-hyper [--port 9004] [--workers N]");
    exit(2)
}
