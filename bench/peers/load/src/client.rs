//! One WebSocket connection that has at most one message in flight.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress};

use crate::epoll::reset_on_close;

/// The nonce of RFC 6455's own example, whose answer is known without SHA-1.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

pub const TEXT_LENGTH: usize = 32;
const REQUEST_LENGTH: usize = 2 + 4 + TEXT_LENGTH;
const REPLY_LENGTH: usize = 2 + TEXT_LENGTH;
const FINAL_TEXT: u8 = 0x81;
const FINAL_PACKED_TEXT: u8 = 0xC1;
const MASKED: u8 = 0x80;
/// From this length on the header has two more bytes of it.
const LENGTH_16: usize = 126;

const OFFER: &str =
    "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n";
/// A compressed message says as often as this what an uncompressed one says once.
const REPEATED: usize = 32;
/// Behind each compressed message, and not sent.
const TAIL: [u8; 4] = [0, 0, 0xFF, 0xFF];

pub struct Connection {
    socket: TcpStream,
    /// The text carries the connection's number, so that an answer to somebody else is noticed.
    request: [u8; REQUEST_LENGTH],
    expected: [u8; REPLY_LENGTH],
    received: usize,
    /// What has come of a compressed answer.
    packed: Vec<u8>,
    pub sent_at: u64,
}

impl Connection {
    /// Connects and asks for the upgrade; [`finish_upgrade`](Self::finish_upgrade) reads the answer.
    pub fn open(address: SocketAddr, path: &str, deflate: bool, number: usize) -> io::Result<Connection> {
        let mut socket = TcpStream::connect(address)?;
        socket.set_nodelay(true)?;
        reset_on_close(&socket)?;
        let offer = if deflate { OFFER } else { "" };
        let upgrade = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n{offer}\r\n"
        );
        socket.write_all(upgrade.as_bytes())?;
        let (request, expected) = frames(number);
        Ok(Connection { socket, request, expected, received: 0, packed: Vec::new(), sent_at: 0 })
    }

    pub fn finish_upgrade(&mut self, deflate: bool) -> io::Result<()> {
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
        if deflate && !(head.contains("permessage-deflate") && head.contains("server_no_context_takeover")) {
            return Err(io::Error::other(format!("no compression: {head}")));
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
        let expected = self.expected;
        self.receive_that(&expected)
    }

    /// Whether all of this frame has arrived, of which the connection has nothing but what this has told before.
    pub fn receive_that(&mut self, expected: &[u8; REPLY_LENGTH]) -> io::Result<bool> {
        let mut buffer = [0; REPLY_LENGTH + 1];
        let read = self.read(&mut buffer)?;
        if expected.get(self.received..self.received + read) != Some(&buffer[..read]) {
            return Err(io::Error::other(format!("not the text: {:02x?} at {}", &buffer[..read], self.received)));
        }
        self.received += read;
        let whole = self.received == REPLY_LENGTH;
        if whole {
            self.received = 0;
        }
        Ok(whole)
    }

    /// 0 for nothing now.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.socket.read(buffer) {
            Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(0),
            read => read,
        }
    }

    /// Says a number to be broadcast, and returns the frame that all will get.
    pub fn say(&mut self, number: usize) -> io::Result<[u8; REPLY_LENGTH]> {
        let (request, expected) = frames(number);
        self.request = request;
        self.send(0)?;
        Ok(expected)
    }

    /// Sends its text many times over in one compressed message.
    pub fn send_packed(&mut self) -> io::Result<()> {
        let mut packed = Vec::with_capacity(REPEATED * TEXT_LENGTH);
        let mut text = Compress::new(Compression::default(), false);
        text.compress_vec(&self.repeated(), &mut packed, FlushCompress::Sync).map_err(io::Error::other)?;
        packed.truncate(packed.len() - TAIL.len());
        if packed.len() >= LENGTH_16 {
            return Err(io::Error::other("the text is not so easily compressed"));
        }
        let mask = &self.request[2..6];
        let mut frame = vec![FINAL_PACKED_TEXT, MASKED | packed.len() as u8];
        frame.extend_from_slice(mask);
        frame.extend(packed.iter().enumerate().map(|(i, byte)| byte ^ mask[i % 4]));
        self.packed.clear();
        self.socket.write_all(&frame)
    }

    /// Whether the whole of that has come back, compressed.
    pub fn receive_packed(&mut self) -> io::Result<bool> {
        let mut buffer = [0; REPEATED * TEXT_LENGTH];
        let read = self.read(&mut buffer)?;
        self.packed.extend_from_slice(&buffer[..read]);
        let [FINAL_PACKED_TEXT, length, payload @ ..] = &self.packed[..] else {
            return if self.packed.len() < 2 { Ok(false) } else { Err(self.not_packed()) };
        };
        if usize::from(*length) >= LENGTH_16 || payload.len() > usize::from(*length) {
            return Err(self.not_packed());
        }
        if payload.len() < usize::from(*length) {
            return Ok(false);
        }
        let mut text = Vec::with_capacity(REPEATED * TEXT_LENGTH + 1);
        let whole = [payload, &TAIL].concat();
        let done = Decompress::new(false).decompress_vec(&whole, &mut text, FlushDecompress::Sync);
        if done.is_err() || text != self.repeated() {
            return Err(self.not_packed());
        }
        self.packed = Vec::new();
        Ok(true)
    }

    fn repeated(&self) -> Vec<u8> {
        self.expected[2..].repeat(REPEATED)
    }

    fn not_packed(&self) -> io::Error {
        io::Error::other(format!("not the text, compressed: {:02x?}", self.packed))
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
