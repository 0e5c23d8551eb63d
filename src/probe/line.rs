//! The connection itself: TCP, with TLS over it where that is spoken. Nothing waits longer than it is
//! told to.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use rustls::ClientConnection;
use socket2::{Domain, Protocol, SockAddr, Socket, TcpKeepalive, Type};

use super::wait::Waiter;
use crate::session::attempt::MissedWhy;

/// So much is read at a time.
const CHUNK: usize = 16 * 1024;

/// What came of reading.
#[derive(Debug)]
pub(super) enum Got {
    /// Bytes.
    Bytes(Vec<u8>),
    /// Nothing, in the time that there was.
    Nothing,
    /// The other end has nothing more to say.
    Fin,
    /// It broke the connection off.
    Rst,
    /// TLS failed.
    Tls(rustls::Error),
    /// Something else.
    Broken,
}

/// A connection.
#[derive(Debug)]
pub(super) struct Line {
    socket: TcpStream,
    tls: Option<Box<ClientConnection>>,
    /// What was read and belongs to the next reader.
    put_back: Vec<u8>,
}

/// Connects to an address. Gives the address of this end too.
pub(super) fn connect(
    address: SocketAddr,
    patience: Duration,
    keepalive: Option<Duration>,
    waiter: &Waiter<'_>,
) -> Result<(Line, Option<SocketAddr>), MissedWhy> {
    let until = waiter.until(patience);
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(MissedWhy::Unanswered);
    }
    let connected = waiter.call(left, move || -> io::Result<TcpStream> {
        let socket = Socket::new(
            Domain::for_address(address),
            Type::STREAM,
            Some(Protocol::TCP),
        )?;
        if let Some(time) = keepalive {
            let keepalive = TcpKeepalive::new().with_time(time);
            #[cfg(unix)]
            let keepalive = keepalive.with_interval(time);
            socket.set_tcp_keepalive(&keepalive)?;
        }
        socket.connect_timeout(&SockAddr::from(address), left)?;
        let stream = TcpStream::from(socket);
        stream.set_nodelay(true)?;
        Ok(stream)
    });
    match connected {
        None => Err(MissedWhy::Unanswered),
        Some(Err(error)) => Err(missed(&error)),
        Some(Ok(socket)) => {
            let local = socket.local_addr().ok();
            let line = Line {
                socket,
                tls: None,
                put_back: Vec::new(),
            };
            Ok((line, local))
        }
    }
}

/// What a failure to connect means.
fn missed(error: &io::Error) -> MissedWhy {
    match error.kind() {
        ErrorKind::ConnectionRefused => MissedWhy::Refused,
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => MissedWhy::Reset,
        ErrorKind::TimedOut | ErrorKind::WouldBlock => MissedWhy::Unanswered,
        ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::AddrNotAvailable
        // A route that leads into a black hole.
        | ErrorKind::InvalidInput => MissedWhy::Unreachable,
        ErrorKind::PermissionDenied => MissedWhy::Forbidden,
        _ => MissedWhy::Other(error.to_string()),
    }
}

/// What a failure to read or write means.
fn broken(error: &io::Error) -> Got {
    match error.kind() {
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::NotConnected => Got::Rst,
        _ => Got::Broken,
    }
}

fn is_nothing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}

impl Line {
    /// Speaks TLS from here on, whose handshake is over.
    pub(super) fn secure(&mut self, tls: Box<ClientConnection>) {
        self.tls = Some(tls);
    }

    /// Writes bytes to TCP as they are.
    pub(super) fn write_raw(
        &mut self,
        bytes: &[u8],
        until: Instant,
        waiter: &Waiter<'_>,
    ) -> Result<(), Got> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let slice = waiter.slice(until);
            let _ = self.socket.set_write_timeout(Some(slice));
            match self.socket.write(rest) {
                Ok(0) => return Err(Got::Broken),
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(error) if is_nothing(&error) => {
                    if waiter.is_over(until) {
                        return Err(Got::Nothing);
                    }
                }
                Err(error) => return Err(broken(&error)),
            }
        }
        Ok(())
    }

    /// Gives back bytes that were read and came for who reads next.
    pub(super) fn put_back(&mut self, bytes: &[u8]) {
        self.put_back.extend_from_slice(bytes);
    }

    /// Reads bytes of TCP as they are.
    pub(super) fn read_raw(&mut self, until: Instant, waiter: &Waiter<'_>) -> Got {
        if !self.put_back.is_empty() {
            return Got::Bytes(std::mem::take(&mut self.put_back));
        }
        let mut chunk = [0; CHUNK];
        loop {
            let _ = self.socket.set_read_timeout(Some(waiter.slice(until)));
            match self.socket.read(&mut chunk) {
                Ok(0) => return Got::Fin,
                Ok(count) => return Got::Bytes(chunk.get(..count).unwrap_or_default().to_vec()),
                Err(error) if is_nothing(&error) => {
                    if waiter.is_over(until) {
                        return Got::Nothing;
                    }
                }
                Err(error) => return broken(&error),
            }
        }
    }

    /// Writes, through TLS where that is spoken.
    pub(super) fn write(
        &mut self,
        bytes: &[u8],
        until: Instant,
        waiter: &Waiter<'_>,
    ) -> Result<(), Got> {
        if self.tls.is_none() {
            return self.write_raw(bytes, until, waiter);
        }
        // What is too much for its buffer is written in parts.
        for part in bytes.chunks(CHUNK) {
            let Some(tls) = &mut self.tls else { break };
            if tls.writer().write_all(part).is_err() {
                return Err(Got::Broken);
            }
            self.flush(until, waiter)?;
        }
        Ok(())
    }

    /// Sends what TLS has to say.
    fn flush(&mut self, until: Instant, waiter: &Waiter<'_>) -> Result<(), Got> {
        let mut out = Vec::new();
        if let Some(tls) = &mut self.tls {
            while tls.wants_write() {
                if tls.write_tls(&mut out).is_err() {
                    return Err(Got::Broken);
                }
            }
        }
        self.write_raw(&out, until, waiter)
    }

    /// Reads, through TLS where that is spoken.
    pub(super) fn read(&mut self, until: Instant, waiter: &Waiter<'_>) -> Got {
        if self.tls.is_none() {
            return self.read_raw(until, waiter);
        }
        loop {
            if let Some(got) = self.plain() {
                return got;
            }
            let raw = match self.read_raw(until, waiter) {
                Got::Bytes(raw) => raw,
                other => return other,
            };
            let mut rest = raw.as_slice();
            while !rest.is_empty() {
                let Some(tls) = &mut self.tls else {
                    return Got::Broken;
                };
                if tls.read_tls(&mut rest).is_err() {
                    return Got::Broken;
                }
                if let Err(error) = tls.process_new_packets() {
                    let _ = self.flush(until, waiter);
                    return Got::Tls(error);
                }
                // Its buffer is bounded: it is emptied as it is filled.
                if !rest.is_empty() {
                    if let Some(Got::Bytes(mut bytes)) = self.plain() {
                        let more = self.rest_of(rest, until, waiter);
                        bytes.extend(more.unwrap_or_default());
                        return Got::Bytes(bytes);
                    }
                }
            }
            let _ = self.flush(until, waiter);
        }
    }

    /// Decrypts what is left of a chunk.
    fn rest_of(&mut self, rest: &[u8], until: Instant, waiter: &Waiter<'_>) -> Option<Vec<u8>> {
        let mut rest = rest;
        let mut bytes = Vec::new();
        while !rest.is_empty() {
            let tls = self.tls.as_mut()?;
            tls.read_tls(&mut rest).ok()?;
            // An error comes again at the next reading.
            let is_fine = tls.process_new_packets().is_ok();
            while let Some(Got::Bytes(more)) = self.plain() {
                bytes.extend(more);
            }
            if !is_fine {
                break;
            }
        }
        let _ = self.flush(until, waiter);
        Some(bytes)
    }

    /// What was decrypted and not yet taken.
    fn plain(&mut self) -> Option<Got> {
        let tls = self.tls.as_mut()?;
        let mut chunk = [0; CHUNK];
        match tls.reader().read(&mut chunk) {
            Ok(0) => Some(Got::Fin),
            Ok(count) => Some(Got::Bytes(chunk.get(..count).unwrap_or_default().to_vec())),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Some(Got::Fin),
            Err(_) => None,
        }
    }

    /// Ends this end of it, in order.
    pub(super) fn end(&mut self, waiter: &Waiter<'_>) {
        if let Some(tls) = &mut self.tls {
            tls.send_close_notify();
            let until = waiter.until(Duration::from_millis(500));
            let _ = self.flush(until, waiter);
        }
        let _ = self.socket.shutdown(Shutdown::Write);
    }
}
