//! One TCP connection: its segments in, a [`Record`] of it out.

mod ending;
mod record;

use std::net::SocketAddr;

use super::packet::Segment;
use super::session::{Options, Session, What};
use super::tcp::{Arrival, Origin, Piece, Stream};

pub use record::{Beginning, EndKind, EndRecord, Forgotten, Leg, Record, TcpEnd, seconds};

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
    /// How often its last bytes were sent again.
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

    /// When it was opened.
    pub(super) fn first_time(&self) -> i64 {
        self.first.time
    }
}

/// Hands a piece on, and the end of a stream as an event.
fn told(session: &mut Session, side: usize, piece: Piece<'_>, is_cut: bool) {
    if let Piece::Fin(origin) = piece {
        session.event(side, origin, What::Fin);
    }
    session.piece(side, piece, is_cut);
}
