//! What travelled, in its order: followed by a session while it goes on, and kept to be saved.

use std::net::SocketAddr;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::session::attempt::Attempt;
use crate::session::{
    Beginning, EndKind, Options, Origin, Piece, Record, Session, Source, Watch, What,
};

/// So many bytes are kept to be saved; a flood is not worth more.
const MOST_KEPT: usize = 16 << 20;

/// An end of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Client,
    Server,
}

impl Side {
    fn index(self) -> usize {
        match self {
            Side::Client => 0,
            Side::Server => 1,
        }
    }
}

/// Something that went over the connection.
#[derive(Debug)]
pub(super) enum Mark {
    Syn,
    SynAck,
    Bytes(Vec<u8>),
    Fin,
    Rst,
}

/// A mark, whose it is, and when.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) side: Side,
    pub(super) time: i64,
    pub(super) mark: Mark,
}

/// What travelled.
#[derive(Debug)]
pub(super) struct Tape {
    session: Session,
    entries: Vec<Entry>,
    kept: usize,
    offsets: [u64; 2],
    packet: u64,
    began: Instant,
    epoch: i64,
    is_over: [bool; 2],
}

impl Tape {
    pub(super) fn new(options: Options) -> Self {
        let mut session = Session::new(options);
        session.transport.source = Source::Probe;
        session.client = Some(0);
        session.has_beginning = true;
        let epoch = SystemTime::now().duration_since(UNIX_EPOCH);
        let epoch = epoch.map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(0));
        Tape {
            session,
            entries: Vec::new(),
            kept: 0,
            offsets: [0; 2],
            packet: 0,
            began: Instant::now(),
            epoch,
            is_over: [false; 2],
        }
    }

    /// Now, in nanoseconds since 1970.
    pub(super) fn now(&self) -> i64 {
        let since = i64::try_from(self.began.elapsed().as_nanos()).unwrap_or(i64::MAX);
        self.epoch.saturating_add(since)
    }

    /// What is asked for, of which the request as it is kept hides a part.
    pub(super) fn ask_for(&mut self, target: &str) {
        self.session.ask_for(target);
    }

    /// How far the connection has got.
    pub(super) fn watch(&self) -> Watch<'_> {
        self.session.watch()
    }

    pub(super) fn page(&self) -> &[u8] {
        self.session.page()
    }

    /// The address of the server.
    pub(super) fn server(&self) -> Option<SocketAddr> {
        self.session.transport.ends[1].address
    }

    /// How many bytes an end has sent.
    pub(super) fn sent(&self, side: Side) -> u64 {
        self.offsets.get(side.index()).copied().unwrap_or_default()
    }

    /// The next packet.
    fn next(&mut self, side: Side, time: i64) -> Origin {
        self.packet += 1;
        let origin = Origin::new(self.packet, time);
        let transport = &mut self.session.transport;
        if transport.packets == 0 {
            transport.first = origin;
        }
        transport.packets = self.packet;
        transport.last = origin;
        if let Some(end) = transport.ends.get_mut(side.index()) {
            end.is_captured = true;
        }
        origin
    }

    fn keep(&mut self, side: Side, time: i64, mark: Mark) {
        if let Mark::Bytes(bytes) = &mark {
            self.kept += bytes.len();
        }
        if self.kept <= MOST_KEPT {
            self.entries.push(Entry { side, time, mark });
        }
    }

    /// The client asks for a connection.
    pub(super) fn asked(&mut self, server: SocketAddr) {
        let time = self.now();
        let origin = self.next(Side::Client, time);
        self.session.transport.ends[1].address = Some(server);
        self.session.transport.asked += 1;
        self.session.transport.beginning = Beginning::Asked;
        self.session.event(0, origin, What::Syn(false));
        self.keep(Side::Client, time, Mark::Syn);
    }

    /// The server takes it.
    pub(super) fn opened(&mut self, client: Option<SocketAddr>) {
        let time = self.now();
        let origin = self.next(Side::Server, time);
        self.session.transport.ends[0].address = client;
        self.session.transport.beginning = Beginning::Opened;
        self.session.event(1, origin, What::Syn(true));
        self.keep(Side::Server, time, Mark::SynAck);
    }

    /// The server refuses it.
    pub(super) fn refused(&mut self) {
        self.session.transport.beginning = Beginning::Refused;
        let time = self.now();
        self.end(Side::Server, EndKind::Rst, time);
    }

    /// Bytes went over.
    pub(super) fn bytes(&mut self, side: Side, bytes: &[u8]) {
        let time = self.now();
        self.bytes_at(side, bytes, time);
    }

    /// Bytes went over at a time.
    pub(super) fn bytes_at(&mut self, side: Side, bytes: &[u8], time: i64) {
        if bytes.is_empty() {
            return;
        }
        let origin = self.next(side, time);
        let index = side.index();
        let at = self.sent(side);
        let piece = Piece::Bytes(at, bytes, origin);
        self.session.piece(index, piece, false);
        if let Some(offset) = self.offsets.get_mut(index) {
            *offset += bytes.len() as u64;
        }
        if let Some(end) = self.session.transport.ends.get_mut(index) {
            end.last_data = Some(origin);
            end.bytes += bytes.len() as u64;
        }
        let other = match side {
            Side::Client => Side::Server,
            Side::Server => Side::Client,
        };
        let received = self.sent(other);
        self.session.had_received(index, origin, Some(received));
        self.keep(side, time, Mark::Bytes(bytes.to_vec()));
    }

    /// An end ended the connection.
    pub(super) fn end(&mut self, side: Side, kind: EndKind, time: i64) {
        let index = side.index();
        if self.is_over.get(index).copied().unwrap_or(true) {
            return;
        }
        self.is_over[index] = true;
        let origin = self.next(side, time);
        let Some(end) = self.session.transport.ends.get_mut(index) else {
            return;
        };
        match kind {
            EndKind::Fin | EndKind::Notify => end.fin = Some(origin),
            EndKind::Rst => end.rst = Some(origin),
        }
        match kind {
            EndKind::Fin | EndKind::Notify => {
                self.session.piece(index, Piece::Fin(origin), false);
                self.keep(side, time, Mark::Fin);
            }
            EndKind::Rst => {
                self.session.event(index, origin, What::Rst);
                self.keep(side, time, Mark::Rst);
            }
        }
    }

    /// Everything that is known then, and what travelled.
    pub(super) fn finish(mut self, url: String, attempt: Attempt) -> (Box<Record>, Reel) {
        let now = self.now();
        let transport = &mut self.session.transport;
        if transport.packets == 0 {
            transport.first.time = self.epoch;
        }
        transport.last = Origin::new(transport.last.packet, now);
        transport.url = Some(url);
        transport.attempt = Some(Box::new(attempt));
        let ends = &transport.ends;
        let reel = Reel {
            client: ends[0].address,
            server: ends[1].address,
            entries: self.entries,
        };
        (self.session.finish_all(), reel)
    }
}

/// What travelled, to be saved.
#[derive(Debug, Default)]
pub struct Reel {
    pub(super) client: Option<SocketAddr>,
    pub(super) server: Option<SocketAddr>,
    pub(super) entries: Vec<Entry>,
}
