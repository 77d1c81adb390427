//! One WebSocket connection that has at most one message in flight.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};

use crate::epoll::reset_on_close;

/// The nonce of RFC 6455's own example, whose answer is known without SHA-1.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

pub const TEXT_LENGTH: usize = 32;
const REQUEST_LENGTH: usize = 2 + 4 + TEXT_LENGTH;
const REPLY_LENGTH: usize = 2 + TEXT_LENGTH;
const FINAL_TEXT: u8 = 0x81;
const MASKED: u8 = 0x80;

pub struct Connection {
    socket: TcpStream,
    /// The text carries the connection's number, so that an answer to somebody else is noticed.
    request: [u8; REQUEST_LENGTH],
    expected: [u8; REPLY_LENGTH],
    received: usize,
    pub sent_at: u64,
}

impl Connection {
    /// Connects and asks for the upgrade; [`finish_upgrade`](Self::finish_upgrade) reads the answer.
    pub fn open(address: SocketAddr, path: &str, number: usize) -> io::Result<Connection> {
        let mut socket = TcpStream::connect(address)?;
        socket.set_nodelay(true)?;
        reset_on_close(&socket)?;
        let upgrade = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        );
        socket.write_all(upgrade.as_bytes())?;
        let (request, expected) = frames(number);
        Ok(Connection { socket, request, expected, received: 0, sent_at: 0 })
    }

    pub fn finish_upgrade(&mut self) -> io::Result<()> {
        let mut head = Vec::with_capacity(256);
        let mut byte = [0];
        // Byte by byte, so that nothing behind the head is taken.
        while !head.ends_with(b"\r\n\r\n") {
            self.socket.read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&head);
        if !head.starts_with("HTTP/1.1 101") || !head.contains(ACCEPT) {
            return Err(io::Error::other(format!("no upgrade: {head}")));
        }
        self.socket.set_nonblocking(true)
    }

    pub fn socket(&self) -> &TcpStream {
        &self.socket
    }

    pub fn send(&mut self, now: u64) -> io::Result<()> {
        self.sent_at = now;
        self.received = 0;
        match self.socket.write(&self.request)? {
            REQUEST_LENGTH => Ok(()),
            _ => Err(io::Error::other("a lone message did not fit the socket's buffer")),
        }
    }

    /// Whether the whole echo has arrived. Anything else that arrives is an error.
    pub fn receive(&mut self) -> io::Result<bool> {
        let mut buffer = [0; REPLY_LENGTH + 1];
        let read = match self.socket.read(&mut buffer) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            read => read?,
        };
        if self.expected.get(self.received..self.received + read) != Some(&buffer[..read]) {
            return Err(io::Error::other(format!("not the echo: {:02x?} at {}", &buffer[..read], self.received)));
        }
        self.received += read;
        Ok(self.received == REPLY_LENGTH)
    }
}

fn frames(number: usize) -> ([u8; REQUEST_LENGTH], [u8; REPLY_LENGTH]) {
    let text = format!("{number:0>width$}", width = TEXT_LENGTH);
    let mask = (number as u32).wrapping_mul(0x9E37_79B9).wrapping_add(0x5F35_6495).to_be_bytes();
    let mut request = [0; REQUEST_LENGTH];
    let mut expected = [0; REPLY_LENGTH];
    request[..2].copy_from_slice(&[FINAL_TEXT, MASKED | TEXT_LENGTH as u8]);
    request[2..6].copy_from_slice(&mask);
    for (i, byte) in text.bytes().enumerate() {
        request[6 + i] = byte ^ mask[i % 4];
    }
    expected[..2].copy_from_slice(&[FINAL_TEXT, TEXT_LENGTH as u8]);
    expected[2..].copy_from_slice(text.as_bytes());
    (request, expected)
}
