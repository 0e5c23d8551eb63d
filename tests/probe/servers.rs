//! Real servers on loopback that behave as they are told, each in a thread of its own.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use socket2::SockRef;

/// What can be read and written: TCP, or TLS over it.
pub(crate) trait Line: Read + Write {
    fn patience(&self, patience: Duration);
    fn fin(&mut self);
    /// Breaks TCP off when the line is dropped.
    fn rst(&mut self);
}

impl Line for TcpStream {
    fn patience(&self, patience: Duration) {
        let _ = self.set_read_timeout(Some(patience));
    }

    fn fin(&mut self) {
        let _ = self.shutdown(Shutdown::Write);
        drain(self);
    }

    fn rst(&mut self) {
        let _ = SockRef::from(&*self).set_linger(Some(Duration::ZERO));
    }
}

impl Line for StreamOwned<ServerConnection, TcpStream> {
    fn patience(&self, patience: Duration) {
        let _ = self.sock.set_read_timeout(Some(patience));
    }

    fn fin(&mut self) {
        self.conn.send_close_notify();
        let _ = self.flush();
        let _ = self.sock.shutdown(Shutdown::Write);
        drain(&mut self.sock);
    }

    fn rst(&mut self) {
        self.sock.rst();
    }
}

fn drain(socket: &mut TcpStream) {
    let _ = socket.set_read_timeout(Some(Duration::from_secs(2)));
    let mut chunk = [0; 4096];
    while socket.read(&mut chunk).is_ok_and(|count| count > 0) {}
}

/// Listens, and hands each connection to `handle`. Gives the port.
pub(crate) fn serve(handle: impl Fn(&mut dyn Line) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let handle = Arc::new(handle);
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let handle = handle.clone();
            thread::spawn(move || {
                let mut socket = socket;
                socket.patience(Duration::from_secs(20));
                handle(&mut socket);
            });
        }
    });
    port
}

/// The same over TLS.
pub(crate) fn serve_tls(
    chain: Vec<Vec<u8>>,
    key: Vec<u8>,
    handle: impl Fn(&mut dyn Line) + Send + Sync + 'static,
) -> u16 {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let chain = chain.into_iter().map(Into::into).collect();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key));
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("a key that fits");
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let handle = Arc::new(handle);
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let (config, handle) = (config.clone(), handle.clone());
            thread::spawn(move || {
                socket.patience(Duration::from_secs(20));
                let tls = ServerConnection::new(config).expect("a configuration");
                let mut line = StreamOwned::new(tls, socket);
                handle(&mut line);
            });
        }
    });
    port
}

/// Reads a request, up to the empty line.
pub(crate) fn request(line: &mut dyn Line) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && head.len() < 100_000 {
        match line.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

pub(crate) fn field<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    request.lines().find_map(|line| {
        let (known, value) = line.split_once(':')?;
        known.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// The 101 that answers a request, with further header lines.
pub(crate) fn accepted(request: &str, more: &str) -> Vec<u8> {
    let key = field(request, "Sec-WebSocket-Key").unwrap_or_default();
    let guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    let digest = sha1_smol::Sha1::from(format!("{key}{guid}")).digest();
    let accept = STANDARD.encode(digest.bytes());
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n{more}\r\n"
    )
    .into_bytes()
}

/// A frame of a server.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    assert!(payload.len() < 126);
    [&[first, payload.len() as u8], payload].concat()
}

pub(crate) fn close(code: u16, reason: &str) -> Vec<u8> {
    frame(0x88, &[&code.to_be_bytes(), reason.as_bytes()].concat())
}

/// The next frame of the client: its first byte and its payload.
pub(crate) fn next_frame(line: &mut dyn Line) -> Option<(u8, Vec<u8>)> {
    let mut head = [0; 2];
    line.read_exact(&mut head).ok()?;
    assert_eq!(head[1] & 0x80, 0x80, "a client masks");
    let mut key = [0; 4];
    line.read_exact(&mut key).ok()?;
    let mut payload = vec![0; usize::from(head[1] & 0x7f)];
    line.read_exact(&mut payload).ok()?;
    for (index, byte) in payload.iter_mut().enumerate() {
        *byte ^= key[index % 4];
    }
    Some((head[0], payload))
}

/// A server as it should be: pings are answered, text is echoed, a Close too. It ends a connection that
/// is silent for longer than `idle`.
pub(crate) fn echo(line: &mut dyn Line, idle: Duration) {
    let request = request(line);
    let _ = line.write_all(&accepted(&request, ""));
    talk(line, idle);
}

pub(crate) fn talk(line: &mut dyn Line, idle: Duration) {
    line.patience(idle);
    let began = Instant::now();
    while let Some((first, payload)) = next_frame(line) {
        let answer = match first & 15 {
            8 => frame(0x88, payload.get(..2).unwrap_or_default()),
            9 => frame(0x8a, &payload),
            10 => continue,
            _ => frame(first, &payload),
        };
        let _ = line.write_all(&answer);
        if first & 15 == 8 || began.elapsed() > Duration::from_secs(30) {
            break;
        }
    }
    line.fin();
}
