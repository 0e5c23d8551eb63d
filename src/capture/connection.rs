//! One TCP connection: its segments in, a [`Record`] of it out.

use std::net::SocketAddr;

use crate::conversation::ClosedBy;
use crate::frame::Sender;
use crate::inspect::{Hint, History};

use super::direction::{CloseSeen, CutFrame, Found};
use super::finder::Confidence;
use super::packet::Segment;
use super::session::{Event, Options, Ping, Session, Tls, Upgrade, What};
use super::tcp::{Arrival, Oddities, Origin, Piece, Stream};

/// How a TCP connection came to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beginning {
    /// It was there before the capture.
    #[default]
    Before,
    /// Asked for, and nobody answered.
    Asked,
    /// Asked for and refused.
    Refused,
    /// Asked for and answered.
    Opened,
}

/// In what way an end ended a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndKind {
    /// It has nothing more to send.
    Fin,
    /// It breaks the connection off.
    Rst,
}

/// The end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpEnd {
    /// How.
    pub kind: EndKind,
    /// By whom.
    pub by: Sender,
    /// Where.
    pub origin: Origin,
}

/// Why nothing more is known of a connection that did not end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgotten {
    /// There were too many others.
    TooMany,
    /// Nothing came for too long: for so many nanoseconds.
    Idle(i64),
    /// The ports were used again without an end in the capture.
    Reused,
}

/// What one end did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndRecord {
    /// Whether any packet of it was captured.
    pub is_captured: bool,
    /// The bytes of its stream.
    pub bytes: u64,
    /// Its frames, one that is cut included.
    pub frames: u64,
    /// Its complete data messages.
    pub messages: u64,
    /// Its pings.
    pub pings: u64,
    /// Its pongs.
    pub pongs: u64,
    /// What was odd about its segments.
    pub oddities: Oddities,
    /// The frame that its stream ends inside of.
    pub cut: Option<CutFrame>,
    /// The last packet with new bytes.
    pub last_data: Option<Origin>,
    /// How often its last bytes were sent again without an acknowledgement.
    pub unacknowledged: u64,
    /// Bytes of frames that could not be found again behind a gap.
    pub unread: u64,
    /// Its first Close, with what the other end had sent before.
    pub closed_by: Option<ClosedBy>,
    /// What a Close of the other end may need to know.
    pub history: History,
    /// Its first FIN.
    pub fin: Option<Origin>,
    /// Its first RST.
    pub rst: Option<Origin>,
}

/// The other leg of a connection through a proxy: its upgrade has the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Its client.
    pub client: SocketAddr,
    /// Its server.
    pub server: SocketAddr,
    /// Its end, as far as it has one.
    pub end: Option<TcpEnd>,
    /// When the last frame of it came.
    pub last_data: i64,
    /// Whether it is the one on the client's side of the proxy.
    pub is_client_side: bool,
    /// The code of the first Close on it.
    pub has_close: bool,
}

/// Everything that is known of a connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The end that opened it.
    pub client: SocketAddr,
    /// The end that was connected to.
    pub server: SocketAddr,
    /// How it came to be.
    pub beginning: Beginning,
    /// How often its SYN was sent.
    pub syns: u64,
    /// Its first packet.
    pub first: Origin,
    /// Its last packet.
    pub last: Origin,
    /// Its packets.
    pub packets: u64,
    /// The upgrade.
    pub upgrade: Upgrade,
    /// TLS, where it is spoken.
    pub tls: Option<Tls>,
    /// Whether one end spoke HTTP and the other TLS.
    pub is_http_on_tls: bool,
    /// How sure it is that there are frames, where they had to be found.
    pub confidence: Option<Confidence>,
    /// The client's part.
    pub client_end: EndRecord,
    /// The server's part.
    pub server_end: EndRecord,
    /// The Close frames, in the order of their packets.
    pub closes: Vec<CloseSeen>,
    /// The findings, in the order of their packets.
    pub findings: Vec<Found>,
    /// How many there were.
    pub finding_count: u64,
    /// What is odd and breaks nothing.
    pub hints: Vec<(Sender, Hint)>,
    /// Pings without a pong, oldest first.
    pub unanswered: Vec<Ping>,
    /// How it ended.
    pub end: Option<TcpEnd>,
    /// Why it was not followed to its end.
    pub forgotten: Option<Forgotten>,
    /// Whether bytes had to be given up for memory.
    pub is_capped: bool,
    /// Whether there was no memory to inflate its messages.
    pub is_not_inflated: bool,
    /// The other leg, where a proxy stands between and both were captured.
    pub leg: Option<Leg>,
    /// The last events, where these were asked for.
    pub events: Vec<Event>,
}

impl Record {
    /// What an end did.
    pub fn side(&self, sender: Sender) -> &EndRecord {
        match sender {
            Sender::Client => &self.client_end,
            Sender::Server => &self.server_end,
        }
    }

    /// Seconds from the first packet to this.
    pub fn seconds(&self, origin: Origin) -> f64 {
        seconds(self.first.time, origin.time)
    }

    /// Whether frames were seen.
    pub fn has_frames(&self) -> bool {
        self.client_end.frames + self.server_end.frames > 0
    }

    /// Whether WebSocket was agreed on, as far as the capture shows.
    pub fn is_upgraded(&self) -> bool {
        let status = self
            .upgrade
            .response
            .as_ref()
            .map(|response| response.status);
        status == Some(101) || status.is_none() && self.has_frames()
    }

    /// When the last bytes came before its end, from either side.
    pub fn last_data(&self) -> Option<Origin> {
        let both = [self.client_end.last_data, self.server_end.last_data];
        both.into_iter().flatten().max_by_key(|origin| origin.time)
    }

    /// How long nothing had been said when it ended, in seconds.
    pub fn silence(&self) -> Option<f64> {
        Some(seconds(self.last_data()?.time, self.end?.origin.time))
    }
}

/// Seconds between two times; never negative, for clocks that jump.
pub fn seconds(from: i64, to: i64) -> f64 {
    to.saturating_sub(from).max(0) as f64 / 1e9
}

/// What a packet did to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    None,
    /// Both ends are through with it.
    Over,
    /// It is another connection between the same ports.
    New,
}

#[derive(Debug, Default)]
struct Side {
    stream: Stream,
    is_captured: bool,
    last_data: Option<Origin>,
    fin: Option<Origin>,
    rst: Option<Origin>,
    /// The highest sequence number that was acknowledged by the other end.
    resent: u64,
}

/// A connection that is being followed.
#[derive(Debug)]
pub(super) struct Connection {
    ends: [SocketAddr; 2],
    sides: [Side; 2],
    session: Session,
    beginning: Beginning,
    initial: Option<u32>,
    syns: u64,
    first: Origin,
    last: Origin,
    packets: u64,
    is_capped: bool,
    is_over: bool,
}

impl Connection {
    /// A connection of which `segment` is the first packet.
    pub(super) fn new(segment: &Segment<'_>, origin: Origin, options: Options) -> Self {
        Connection {
            ends: [segment.from, segment.to],
            sides: [Side::default(), Side::default()],
            session: Session::new(options),
            beginning: Beginning::Before,
            initial: None,
            syns: 0,
            first: origin,
            last: origin,
            packets: 0,
            is_capped: false,
            is_over: false,
        }
    }

    pub(super) fn last_time(&self) -> i64 {
        self.last.time
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Whether one end has nothing more to send, and the other has not said so.
    pub(super) fn is_half_over(&self) -> bool {
        !self.is_over && self.sides.iter().any(|side| side.fin.is_some())
    }

    /// The bytes that it holds.
    pub(super) fn held_bytes(&self) -> usize {
        let [one, other] = &self.sides;
        one.stream.waiting_bytes() + other.stream.waiting_bytes() + self.session.held_bytes()
    }

    /// The bytes that it takes to inflate its messages.
    pub(super) fn inflating_bytes(&self) -> usize {
        self.session.inflating_bytes()
    }

    /// Says whether there is memory to inflate its messages.
    pub(super) fn allow_inflating(&mut self, is_allowed: bool) {
        self.session.may_inflate = is_allowed;
    }

    /// The key of its upgrade, which a proxy passes on.
    pub(super) fn key(&self) -> Option<&str> {
        self.session.key.as_deref()
    }

    /// Takes a segment.
    pub(super) fn take(&mut self, segment: &Segment<'_>, origin: Origin) -> Change {
        let side = usize::from(segment.from != self.ends[0]);
        if segment.syn && self.is_another(side, segment) {
            return Change::New;
        }
        self.packets += 1;
        self.last = origin;
        let mut sequence = segment.sequence;
        if segment.syn {
            sequence = sequence.wrapping_add(1);
            self.syn(side, segment, origin);
        }
        let was_over = self.is_over;
        let Connection { sides, session, .. } = self;
        let [one, two] = sides;
        let (this, other) = if side == 0 { (one, two) } else { (two, one) };
        this.is_captured = true;
        if let Some(acknowledged) = segment.acknowledges {
            other.stream.acknowledge(acknowledged);
        }
        if segment.rst {
            if this.rst.is_none() {
                this.rst = Some(origin);
                session.event(side, origin, What::Rst);
            }
            if self.beginning == Beginning::Asked && session.client != Some(side) {
                self.beginning = Beginning::Refused;
            }
        } else {
            if segment.fin && this.fin.is_none() {
                this.fin = Some(origin);
            }
            let before = this.stream.offset();
            let arrival = Arrival {
                sequence,
                bytes: segment.payload,
                missing: segment.missing,
                fin: segment.fin,
                origin,
            };
            let has_payload = !segment.payload.is_empty() || segment.missing > 0;
            let is_cut = segment.missing > 0;
            // A segment without payload begins nothing that is not known from its SYN.
            if has_payload || segment.fin || this.stream.has_begun() || segment.syn {
                this.stream.take(&arrival, |piece| {
                    told(session, side, piece, is_cut);
                });
            }
            if this.stream.offset() > before {
                this.last_data = Some(origin);
                this.resent = 0;
            } else if has_payload {
                this.resent += 1;
            }
            // Frames that were just completed: what had their sender received?
            if let (Some(acknowledged), Some(directions)) =
                (segment.acknowledges, &mut session.directions)
            {
                let acknowledged = other.stream.offset_of(acknowledged);
                for close in directions
                    .iter_mut()
                    .flat_map(|direction| &mut direction.closes)
                {
                    if close.origin == origin && close.had_received.is_none() {
                        close.had_received = acknowledged;
                    }
                }
            }
        }
        this.stream.pass(|piece| told(session, side, piece, false));
        other
            .stream
            .pass(|piece| told(session, 1 - side, piece, false));
        let has_ended = |side: &Side| side.rst.is_some() || side.fin.is_some();
        self.is_over =
            self.sides.iter().any(|side| side.rst.is_some()) || self.sides.iter().all(has_ended);
        match self.is_over && !was_over {
            true => Change::Over,
            false => Change::None,
        }
    }

    /// Whether a SYN opens another connection between the same ports.
    fn is_another(&self, side: usize, segment: &Segment<'_>) -> bool {
        if segment.acknowledges.is_some() {
            return false;
        }
        match self.initial {
            Some(initial) => segment.sequence != initial || side != 0,
            None => self.packets > 0 && self.beginning == Beginning::Before,
        }
    }

    fn syn(&mut self, side: usize, segment: &Segment<'_>, origin: Origin) {
        let is_answer = segment.acknowledges.is_some();
        let client = if is_answer { 1 - side } else { side };
        self.session.client = Some(client);
        if self.packets == 1 || self.syns > 0 || is_answer {
            self.session.has_beginning = true;
        }
        if is_answer {
            if matches!(self.beginning, Beginning::Asked | Beginning::Before) {
                self.beginning = Beginning::Opened;
                self.session.event(side, origin, What::Syn(true));
            }
        } else {
            self.syns += 1;
            self.initial = Some(segment.sequence);
            if self.beginning == Beginning::Before {
                self.beginning = Beginning::Asked;
                self.session.event(side, origin, What::Syn(false));
            }
        }
        if let Some(place) = self.sides.get_mut(side) {
            place.stream.begin(segment.sequence.wrapping_add(1));
        }
    }

    /// Gives up what waits for bytes that may never come, for memory.
    pub(super) fn give_up(&mut self) {
        self.is_capped = true;
        let Connection { sides, session, .. } = self;
        for (side, place) in sides.iter_mut().enumerate() {
            place
                .stream
                .give_up(|piece| told(session, side, piece, false));
        }
        session.give_up();
    }

    /// Whether nothing of it is worth to be followed.
    pub(super) fn is_opaque(&self) -> bool {
        self.session.is_opaque()
    }

    /// Ends it. `None` where there is nothing to say about it.
    pub(super) fn finish(mut self, forgotten: Option<Forgotten>) -> Option<Box<Record>> {
        let last = self.last;
        let Connection { sides, session, .. } = &mut self;
        // The one that ended first is finished last, so that the other's answer is there.
        for (side, place) in sides.iter_mut().enumerate() {
            place
                .stream
                .give_up(|piece| told(session, side, piece, false));
        }
        for (side, place) in sides.iter_mut().enumerate() {
            let has_ended = place.stream.has_ended() || place.rst.is_some();
            session.finish(side, place.fin.or(place.rst).unwrap_or(last), has_ended);
        }
        let is_refused = match self.beginning {
            Beginning::Refused => true,
            Beginning::Asked => self.sides.iter().filter(|side| side.is_captured).count() == 1,
            _ => false,
        };
        if !is_refused && !self.session.is_relevant() {
            return None;
        }
        Some(Box::new(self.record(forgotten)))
    }

    /// Who ended it first, and how.
    pub(super) fn end(&self) -> Option<TcpEnd> {
        let mut first: Option<TcpEnd> = None;
        for (side, place) in self.sides.iter().enumerate() {
            let by = self.session.sender(side);
            for (kind, origin) in [(EndKind::Fin, place.fin), (EndKind::Rst, place.rst)] {
                let Some(origin) = origin else {
                    continue;
                };
                if first.is_none_or(|first| origin.packet < first.origin.packet) {
                    first = Some(TcpEnd { kind, by, origin });
                }
            }
        }
        first
    }

    /// What the other leg of a proxied connection needs to know of it.
    pub(super) fn leg(&self) -> Leg {
        let client = self.session.client.unwrap_or(0);
        let last = self.sides.iter().filter_map(|side| side.last_data);
        Leg {
            client: self.ends[client],
            server: self.ends[1 - client],
            end: self.end(),
            last_data: last
                .map(|origin| origin.time)
                .max()
                .unwrap_or(self.first.time),
            is_client_side: false,
            has_close: self
                .session
                .directions
                .iter()
                .flat_map(|both| both.iter())
                .any(|end| !end.closes.is_empty()),
        }
    }

    /// When it was opened.
    pub(super) fn first_time(&self) -> i64 {
        self.first.time
    }

    fn record(self, forgotten: Option<Forgotten>) -> Record {
        let end = self.end();
        let confidence = self.session.confidence();
        let is_not_inflated = self.session.is_not_inflated();
        let client = self.session.client.unwrap_or(0);
        let mut records = [EndRecord::default(), EndRecord::default()];
        for (side, place) in self.sides.into_iter().enumerate() {
            let sender = self.session.sender(side);
            let is_acknowledged = place.stream.acknowledged() >= place.stream.offset();
            let record = EndRecord {
                is_captured: place.is_captured,
                bytes: place.stream.offset(),
                oddities: place.stream.oddities(),
                last_data: place.last_data,
                unacknowledged: if is_acknowledged { 0 } else { place.resent },
                fin: place.fin,
                rst: place.rst,
                history: self.session.history(sender).cloned().unwrap_or_default(),
                ..EndRecord::default()
            };
            records[usize::from(sender == Sender::Server)] = record;
        }
        let mut closes = Vec::new();
        let mut findings = Vec::new();
        let mut finding_count = 0;
        let mut hints = Vec::new();
        if let Some(directions) = self.session.directions {
            let senders = [Sender::Client, Sender::Server];
            let both = directions.into_iter().zip(&mut records).zip(senders);
            for ((direction, record), sender) in both {
                record.frames = direction.frames();
                record.messages = direction.messages();
                record.pings = direction.pings;
                record.pongs = direction.pongs;
                record.cut = direction.cut;
                record.unread = direction.unread;
                record.closed_by = direction.closed_by;
                closes.extend(direction.closes);
                findings.extend(direction.findings);
                finding_count += direction.finding_count;
                hints.extend(direction.hints.into_iter().map(|hint| (sender, hint)));
            }
        }
        closes.sort_by_key(|close| close.origin.packet);
        findings.sort_by_key(|found| found.origin.packet);
        let [client_end, server_end] = records;
        Record {
            client: self.ends[client],
            server: self.ends[1 - client],
            beginning: self.beginning,
            syns: self.syns,
            first: self.first,
            last: self.last,
            packets: self.packets,
            upgrade: self.session.upgrade,
            tls: self.session.tls.map(|tls| *tls),
            is_http_on_tls: self.session.is_http_on_tls,
            confidence,
            client_end,
            server_end,
            closes,
            findings,
            finding_count,
            hints,
            unanswered: self.session.unanswered.into(),
            end,
            forgotten,
            is_capped: self.is_capped,
            is_not_inflated,
            leg: None,
            events: self.session.events.into(),
        }
    }
}

/// Hands a piece on, and the end of a stream as an event.
fn told(session: &mut Session, side: usize, piece: Piece<'_>, is_cut: bool) {
    if let Piece::Fin(origin) = piece {
        session.event(side, origin, What::Fin);
    }
    session.piece(side, piece, is_cut);
}
