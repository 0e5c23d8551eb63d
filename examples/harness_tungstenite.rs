//! The smallest usual server with tungstenite, for `harness/`: says what the application was shown.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::protocol::{CloseFrame, Role};
use tungstenite::{Error, Message, WebSocket};

fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    say(&format!(r#"{{"port":{}}}"#, listener.local_addr()?.port()));
    for stream in listener.incoming() {
        let stream = stream?;
        thread::spawn(move || serve(stream));
    }
    Ok(())
}

/// Reads until the first error, as programs do, and drops the stream.
fn serve(mut stream: TcpStream) {
    let Some(path) = shake_hands(&mut stream) else {
        return;
    };
    let mut socket = WebSocket::from_raw_socket(stream, Role::Server, None);
    let mut words = path.split('/').skip(1);
    if words.next() == Some("send") {
        let what = words.next().unwrap_or_default();
        let close = |code: u16, reason: String| {
            Some(CloseFrame {
                code: CloseCode::from(code),
                reason: reason.into(),
            })
        };
        let frame = match what {
            "no-code" => None,
            "reason-of-124" => close(1000, "r".repeat(124)),
            code => close(code.parse().unwrap_or_default(), String::new()),
        };
        let call = match socket.close(frame) {
            Ok(()) => "ok",
            Err(_) => "refused",
        };
        say(&format!(r#"{{"path":"{path}","call":"{call}"}}"#));
    }
    let mut shown = None;
    loop {
        match socket.read() {
            Ok(Message::Close(frame)) => {
                shown = Some(frame.map_or_else(
                    || r#""none""#.to_owned(),
                    |frame| u16::from(frame.code).to_string(),
                ));
            }
            Ok(Message::Text(_) | Message::Binary(_)) => {
                say(&format!(r#"{{"path":"{path}","delivered":true}}"#));
            }
            Ok(_) => {}
            Err(error) => {
                let is_end = matches!(error, Error::ConnectionClosed | Error::AlreadyClosed);
                let shown = shown
                    .unwrap_or_else(|| if is_end { r#""none""# } else { r#""error""# }.to_owned());
                say(&format!(r#"{{"path":"{path}","shown":{shown}}}"#));
                return;
            }
        }
    }
}

/// Answers the upgrade, by hand: tungstenite is built without its own handshake here. Gives the path.
fn shake_hands(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        request.extend(byte);
    }
    let request = String::from_utf8(request).ok()?;
    let path = request.split(' ').nth(1)?.to_owned();
    let key = request
        .lines()
        .find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "))?;
    let digest =
        sha1_smol::Sha1::from(format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11")).digest();
    let accept = BASE64_STANDARD.encode(digest.bytes());
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    stream.write_all(answer.as_bytes()).ok()?;
    Some(path)
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // Whoever listens may be gone.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
