//! What is spoken on a connection, level by level: TLS where it is spoken, HTTP/2 where that is, and a session
//! of what is said inside.
//!
//! Each level takes the pieces of the one below and hands on its own, with the packets in which they came,
//! so that a session knows nothing of what it was wrapped in. A tunnel through a stream of HTTP/2 is such a
//! connection again.

use super::level::{DEEPEST, Level, TELLING};
use super::tunnels::Tunnels;
use crate::http2::frame::{PREFACE, are_frames};
use crate::http2::{self};
use crate::session::{EndKind, Forgotten, Held, Origin, Piece, Record, Session, Source};
use crate::tls::KeyLog;

/// The keys that there are.
#[derive(Debug, Default)]
pub struct Keys {
    /// What is known.
    pub log: KeyLog,
    /// Whether somebody gave a log.
    pub is_given: bool,
}

/// All that is spoken on one connection.
#[derive(Debug)]
pub(super) struct Stack {
    /// What is known of the connection below, and what is said where that is no HTTP/2.
    pub(super) session: Session,
    level: Level,
    http2: Option<Box<Http2>>,
    /// How many connections this one is inside of.
    depth: usize,
}

/// HTTP/2, with the tunnels through it.
#[derive(Debug)]
pub(super) struct Http2 {
    connection: http2::Connection,
    tunnels: Tunnels,
}

/// What takes what is said, in TLS or not.
pub(super) struct Said<'a> {
    pub(super) session: &'a mut Session,
    http2: &'a mut Option<Box<Http2>>,
    depth: usize,
}

impl Said<'_> {
    /// Whether it is not known what an end speaks.
    pub(super) fn is_at_start(&self, side: usize) -> bool {
        self.http2.is_none() && self.session.is_at_start(side)
    }

    /// Looks whether HTTP/2 begins with a piece, on which the ends agreed or not.
    pub(super) fn begin(&mut self, side: usize, piece: &Piece<'_>, is_agreed: bool, is_tls: bool) {
        let Piece::Bytes(at, bytes, _) = piece else {
            return;
        };
        if !self.is_at_start(side) {
            return;
        }
        let session = &self.session;
        if let Some(is_late) = begins_http2(bytes, *at, is_agreed, session.has_beginning) {
            *self.http2 = Some(Box::new(Http2 {
                connection: http2::Connection::new(session.options(), is_tls, is_late),
                tunnels: Tunnels::default(),
            }));
        }
    }

    /// Takes a piece: to HTTP/2 where that is spoken, or else to the session. Gives what of it came through a
    /// tunnel.
    pub(super) fn take(
        &mut self,
        side: usize,
        piece: Piece<'_>,
        is_cut: bool,
        keys: &mut KeyLog,
    ) -> Vec<(usize, Held)> {
        let Said {
            session,
            http2,
            depth,
        } = self;
        let Some(http2) = http2 else {
            return session.pass(side, piece, is_cut);
        };
        let Http2 {
            connection,
            tunnels,
        } = http2.as_mut();
        connection.know(
            session.client,
            &session.transport.ends,
            session.transport.beginning,
        );
        connection.piece(side, &piece);
        for (id, what) in connection.take_tunneled() {
            tunnels.take(id, what, *depth, keys);
        }
        if session.client.is_none() {
            session.client = connection.client();
        }
        match piece {
            Piece::Fin(_) => session.pass(side, piece, is_cut),
            _ => Vec::new(),
        }
    }
}

impl Stack {
    pub(super) fn new(session: Session) -> Self {
        Stack::inside(session, 0)
    }

    /// That of a connection inside of so many others.
    pub(super) fn inside(session: Session, depth: usize) -> Self {
        Stack {
            session,
            level: Level::new(depth),
            http2: None,
            depth,
        }
    }

    fn parts(&mut self) -> (&mut Level, Said<'_>) {
        let Stack {
            session,
            level,
            http2,
            depth,
        } = self;
        let depth = *depth;
        let said = Said {
            session,
            http2,
            depth,
        };
        (level, said)
    }

    fn tunnels(&self) -> impl Iterator<Item = &Stack> {
        self.http2.iter().flat_map(|http2| http2.tunnels.stacks())
    }

    /// The bytes that it holds.
    pub(super) fn held_bytes(&self) -> usize {
        let http2 = self.http2.as_ref();
        let http2 = http2.map_or(0, |http2| http2.connection.held_bytes());
        // What is known of a tunnel has some kilobytes itself.
        let tunnels: usize = self
            .tunnels()
            .map(|tunnel| 4096 + tunnel.held_bytes())
            .sum();
        self.session.held_bytes() + self.level.held_bytes() + http2 + tunnels
    }

    /// The bytes that it takes to inflate messages.
    pub(super) fn inflating_bytes(&self) -> usize {
        let http2 = self.http2.as_ref();
        let http2 = http2.map_or(0, |http2| http2.connection.inflating_bytes());
        let tunnels: usize = self.tunnels().map(Stack::inflating_bytes).sum();
        self.session.inflating_bytes() + http2 + tunnels
    }

    /// Says whether there is memory to inflate messages.
    pub(super) fn allow_inflating(&mut self, is_allowed: bool) {
        self.session.allow_inflating(is_allowed);
        if let Some(http2) = &mut self.http2 {
            http2.connection.allow_inflating(is_allowed);
            let tunnels = http2.tunnels.stacks_mut();
            tunnels.for_each(|tunnel| tunnel.allow_inflating(is_allowed));
        }
    }

    /// Gives up what it holds, for memory.
    pub(super) fn give_up(&mut self) {
        self.session.give_up();
        self.level.give_up();
        if let Some(http2) = &mut self.http2 {
            http2.connection.give_up();
            for tunnel in http2.tunnels.stacks_mut() {
                tunnel.session.transport.is_capped = true;
                tunnel.give_up();
            }
        }
    }

    /// Whether nothing of it is worth to be followed.
    pub(super) fn is_opaque(&self) -> bool {
        self.http2.is_none() && self.session.is_opaque()
    }

    /// Takes the next piece of a stream. `is_cut`: a gap follows it at once.
    pub(super) fn piece(&mut self, side: usize, piece: Piece<'_>, is_cut: bool, keys: &mut KeyLog) {
        let (level, mut said) = self.parts();
        level.piece(side, piece, is_cut, &mut said, keys);
    }

    /// Takes note that an end, when it sent what was seen at `origin`, had received the stream of `side`
    /// up to `received`, where that is known.
    pub(super) fn had_received(&mut self, side: usize, origin: Origin, received: Option<u64>) {
        let received = self.received(side, received);
        self.session.had_received(1 - side, origin, received);
    }

    /// How much an end had of what is said, that had so much of the stream of `side`.
    pub(super) fn received(&self, side: usize, received: Option<u64>) -> Option<u64> {
        self.level.received(side, received)
    }

    /// Takes note that the other end has more of an end than was seen of it: of streams that are over, a part may be in
    /// that.
    pub(super) fn may_lack(&mut self, side: usize) {
        if let Some(http2) = &mut self.http2 {
            http2.connection.may_lack(side);
        }
    }

    /// Whether there are streams that were over at `time`.
    pub(super) fn has_over(&self, time: i64) -> bool {
        let http2 = self.http2.as_ref();
        http2.is_some_and(|http2| {
            http2.connection.has_over(time)
                || http2.tunnels.has_over(time)
                || self.tunnels().any(|tunnel| tunnel.has_over(time))
        })
    }

    /// The streams that were over at `time`.
    #[allow(clippy::vec_box, reason = "a record is handed on in its box")]
    pub(super) fn over(&mut self, time: i64, keys: &mut Keys) -> Vec<Box<Record>> {
        let mut records = Vec::new();
        let Some(mut http2) = self.http2.take() else {
            return records;
        };
        while let Some(session) = http2.connection.over(time) {
            records.extend(self.stream(session).finish(None));
        }
        while let Some(tunnel) = http2.tunnels.over(time) {
            records.extend(self.tunnel(*tunnel, &http2.connection).finish(None, keys));
        }
        for tunnel in http2.tunnels.stacks_mut() {
            records.extend(tunnel.over(time, keys));
        }
        self.http2 = Some(http2);
        records
    }

    /// A tunnel, with what is known of its connection.
    fn tunnel(&self, mut tunnel: Stack, connection: &http2::Connection) -> Stack {
        if let Some(stream) = &mut tunnel.session.transport.stream {
            stream.goaway = stream.goaway.take().or(connection.last_goaway().cloned());
        }
        tunnel.session = self.stream(tunnel.session);
        tunnel
    }

    /// A stream, with what is known of its connection.
    fn stream(&self, mut session: Session) -> Session {
        let below = &self.session.transport;
        let facts = &mut session.transport;
        facts.is_capped |= below.is_capped;
        facts.watched = below.watched;
        facts.proxy_header = below.proxy_header;
        let is_over = facts.ends.iter().any(|end| end.rst.is_some())
            || facts.ends.iter().all(|end| end.fin.is_some());
        for (end, below) in facts.ends.iter_mut().zip(&below.ends) {
            end.is_captured = below.is_captured;
            end.oddities = below.oddities;
            end.unacknowledged = below.unacknowledged;
        }
        if !is_over {
            facts.last = below.last;
            let has_own = facts.ends.iter().any(|end| end.fin.is_some());
            for (end, below) in facts.ends.iter_mut().zip(&below.ends) {
                end.fin = end.fin.or(below.fin);
                end.rst = end.rst.or(below.rst);
            }
            let has_end = facts
                .ends
                .iter()
                .any(|end| end.fin.is_some() || end.rst.is_some());
            if let Some(stream) = &mut facts.stream {
                stream.is_of_connection = has_end && !has_own;
            }
        }
        if let Some(tls) = self.level.facts() {
            session.tls = Some(Box::new(tls.clone()));
        }
        session
    }

    /// Whether a stream of HTTP/2 may have been a WebSocket of which nothing is told.
    pub(super) fn may_hide(&self) -> bool {
        let http2 = self.http2.as_ref();
        http2.is_some_and(|http2| http2.connection.may_hide())
            || self.tunnels().any(Stack::may_hide)
    }

    /// Ends it: the connections that there is something to say about.
    #[allow(clippy::vec_box, reason = "a record is handed on in its box")]
    pub(super) fn finish(
        mut self,
        forgotten: Option<Forgotten>,
        keys: &mut Keys,
    ) -> Vec<Box<Record>> {
        // A proxy may have been asked more than once.
        for _ in 0..DEEPEST {
            for (side, held) in self.session.pass_unanswered() {
                let (level, mut said) = self.parts();
                level.inmost(side, held.piece(), &mut said, &mut keys.log);
            }
        }
        let (level, mut said) = self.parts();
        level.end(&mut said, &mut keys.log);
        level.look_for_keys(keys);
        if let Some(http2) = self.http2.take() {
            return self.finish_streams(*http2, forgotten, keys);
        }
        let mut session = self.session;
        if let Some(tls) = self.level.facts() {
            session.tls = Some(Box::new(tls.clone()));
            if tls.is_read() && session.transport.source == Source::Packets {
                session.transport.source = Source::Tls;
            }
        }
        session.finish(forgotten).into_iter().collect()
    }

    /// The streams that are left, and the tunnels.
    #[allow(clippy::vec_box, reason = "a record is handed on in its box")]
    fn finish_streams(
        &self,
        http2: Http2,
        forgotten: Option<Forgotten>,
        keys: &mut Keys,
    ) -> Vec<Box<Record>> {
        let Http2 {
            connection,
            tunnels,
        } = http2;
        let forgotten = |session: &Session| {
            let is_over = session
                .tcp_end()
                .is_some_and(|end| end.kind == EndKind::Rst)
                || session.transport.ends.iter().all(|end| end.fin.is_some());
            forgotten.filter(|_| !is_over)
        };
        let mut records = Vec::new();
        for tunnel in tunnels.finish() {
            let forgotten = forgotten(&tunnel.session);
            let tunnel = self.tunnel(*tunnel, &connection);
            records.extend(tunnel.finish(forgotten, keys));
        }
        for session in connection.finish() {
            let forgotten = forgotten(&session);
            records.extend(self.stream(session).finish(forgotten));
        }
        records
    }
}

/// Whether bytes begin HTTP/2; `true` inside where they are not its beginning.
fn begins_http2(bytes: &[u8], at: u64, is_agreed: bool, has_beginning: bool) -> Option<bool> {
    if bytes.get(..TELLING) == PREFACE.get(..TELLING) {
        return Some(false);
    }
    let is_frames = are_frames(bytes);
    // A server begins with SETTINGS, behind a switch from HTTP/1.1, too.
    if is_frames && (at == 0 || has_beginning) && bytes.get(3) == Some(&4) {
        return Some(!has_beginning);
    }
    (is_agreed || is_frames && !has_beginning).then_some(true)
}
