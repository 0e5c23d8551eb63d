//! One TCP connection: its segments in, the streams of its ends and what its transport tells out.

mod signs;

use std::net::SocketAddr;

use crate::session::{
    Beginning, Endpoint, Forgotten, Leg, Options, Origin, Piece, Record, Session, What,
};

use super::packet::Segment;
use super::stack::{Keys, Stack};
use super::tcp::{Arrival, Stream};

/// What a packet did to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    None,
    /// Both ends are through with it.
    Over,
    /// It is another connection between the same ports.
    New,
}

/// A connection that is being followed.
#[derive(Debug)]
pub(super) struct Connection {
    streams: [Stream; 2],
    /// How often the last bytes of each end were sent again.
    resent: [u64; 2],
    /// Whether each end has had a receive window: what was made by hand may never have one.
    has_room: [bool; 2],
    stack: Stack,
    initial: Option<u32>,
    /// How much of the other end's stream each end had received when it sent its FIN.
    received_at_fin: [Option<u64>; 2],
    /// The RST in the name of each end that it did not send: it went on.
    disowned: [Option<Origin>; 2],
    /// The turn in which each end sent something else than a RST last, and when.
    heard: [(u64, i64); 2],
    /// What each end has of the other's stream beyond what was seen of that, with where it said so first.
    ahead: [Option<Box<(u64, Origin)>>; 2],
    /// Whether the RST of an end answers what came to a connection that it does not know any more.
    is_unaware: [bool; 2],
    /// The keepalive probes of each end since the other one was heard.
    probed: [u64; 2],
    /// Who sent a SYN in the middle of it, and with what sequence number.
    stray_syn: Option<(usize, u32)>,
    /// Whether both ends are through with it, and whether one is.
    is_over: bool,
    is_half_over: bool,
    /// Whether the key of its upgrade was told.
    is_key_told: bool,
    /// Whether nothing more comes of it.
    is_settled: bool,
}

/// Who asks for a connection asks again after a second, in nanoseconds.
const SHORTEST_WAIT: i64 = 1_000_000_000;

/// No window that anybody uses is larger.
const LARGEST_WINDOW: u64 = 4 << 20;

/// The stream of one end and that of the other.
fn both(streams: &mut [Stream; 2], side: usize) -> (&mut Stream, &mut Stream) {
    let [one, two] = streams;
    match side {
        0 => (one, two),
        _ => (two, one),
    }
}

/// Whether a RST with this sequence number is one that its receiver may heed.
fn is_in_window(stream: &Stream, sequence: u32) -> bool {
    if !stream.has_begun() {
        return true;
    }
    // The one byte more is a FIN.
    stream.offset_of(sequence).is_some_and(|at| {
        let least = stream.acknowledged().min(stream.offset());
        (least..=stream.offset() + LARGEST_WINDOW).contains(&at)
    })
}

/// Which of two ends is probably the client: servers have well-known ports, or else the lower one.
fn guess(one: u16, two: u16) -> Option<usize> {
    const WELL_KNOWN: u16 = 1024;
    match (one < WELL_KNOWN, two < WELL_KNOWN) {
        (true, false) => Some(1),
        (false, true) => Some(0),
        _ if one == two => None,
        _ => Some(usize::from(one < two)),
    }
}

/// How much of the other end's stream the sender of a segment had received.
fn received(other: &Stream, segment: &Segment<'_>) -> Option<u64> {
    other.offset_of(segment.acknowledges?)
}

impl Connection {
    /// A connection of which `segment` is the first packet.
    pub(super) fn new(segment: &Segment<'_>, origin: Origin, options: Options) -> Self {
        let mut session = Session::new(options);
        session.transport.first = origin;
        session.transport.last = origin;
        session.transport.ends = [segment.from, segment.to].map(|address| Endpoint {
            address: Some(address),
            ..Endpoint::default()
        });
        session.guess = guess(segment.from.port(), segment.to.port());
        Connection {
            streams: [Stream::default(), Stream::default()],
            resent: [0; 2],
            has_room: [false; 2],
            stack: Stack::new(session),
            initial: None,
            received_at_fin: [None; 2],
            disowned: [None; 2],
            heard: [(0, 0); 2],
            ahead: [None, None],
            is_unaware: [false; 2],
            probed: [0; 2],
            stray_syn: None,
            is_over: false,
            is_half_over: false,
            is_key_told: false,
            is_settled: false,
        }
    }

    pub(super) fn last_time(&self) -> i64 {
        self.stack.session.transport.last.time
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Whether one end has nothing more to send, and the other has not said so.
    pub(super) fn is_half_over(&self) -> bool {
        self.is_half_over
    }

    /// The bytes that it holds.
    pub(super) fn held_bytes(&self) -> usize {
        let waiting = self.streams.iter().map(Stream::waiting_bytes);
        waiting.sum::<usize>() + self.stack.held_bytes()
    }

    /// The bytes that it takes to inflate its messages.
    pub(super) fn inflating_bytes(&self) -> usize {
        self.stack.inflating_bytes()
    }

    /// Says whether there is memory to inflate its messages.
    pub(super) fn allow_inflating(&mut self, is_allowed: bool) {
        self.stack.allow_inflating(is_allowed);
    }

    /// The key of its upgrade, which a proxy passes on.
    pub(super) fn key(&self) -> Option<&str> {
        self.stack.session.key()
    }

    /// The same, once.
    pub(super) fn new_key(&mut self) -> Option<&str> {
        if self.is_key_told {
            return None;
        }
        let key = self.stack.session.key()?;
        self.is_key_told = true;
        Some(key)
    }

    /// Takes a segment.
    pub(super) fn take(
        &mut self,
        segment: &Segment<'_>,
        origin: Origin,
        keys: &mut Keys,
    ) -> Change {
        let ends = &self.stack.session.transport.ends;
        let side = usize::from(Some(segment.from) != ends[0].address);
        if segment.syn {
            self.note_backwards(side, segment, origin);
            if self.is_copy_of_syn(side, segment, origin) {
                return Change::None;
            }
        }
        if segment.syn && self.is_another(side, segment) {
            return Change::New;
        }
        let is_stray = segment.syn && self.stray_syn == Some((side, segment.sequence));
        if is_stray {
            return Change::None;
        }
        let transport = &mut self.stack.session.transport;
        transport.packets += 1;
        let back = transport.last.time.saturating_sub(origin.time);
        transport.clock_back = transport.clock_back.max(back);
        transport.last = origin;
        let mut sequence = segment.sequence;
        if segment.syn {
            sequence = sequence.wrapping_add(1);
            self.syn(side, segment, origin);
        }
        let was_over = self.is_over;
        self.note_window(side, segment, origin);
        self.note_heard(side, segment, origin);
        self.acknowledge(side, segment, sequence, origin);
        if !segment.rst {
            self.data(side, segment, sequence, origin, keys);
        } else if is_in_window(&self.streams[side], segment.sequence) {
            self.reset(side, segment, origin);
        } else {
            // Nobody heeds it: it is old, or somebody made it up.
            self.streams[side].note_astray();
        }
        let stack = &mut self.stack;
        for place in [side, 1 - side] {
            self.streams[place].pass(|piece| stack.piece(place, piece, false, &mut keys.log));
        }
        if segment.fin || segment.rst || was_over {
            let ends = &stack.session.transport.ends;
            let is_broken_off = ends.iter().any(|end| end.rst.is_some());
            self.is_over = is_broken_off || ends.iter().all(|end| end.fin.is_some());
            self.is_half_over = !self.is_over && ends.iter().any(|end| end.fin.is_some());
        }
        match self.is_over && !was_over {
            true => Change::Over,
            false => Change::None,
        }
    }

    /// Takes note of the receive window of an end. That of a RST means nothing.
    fn note_window(&mut self, side: usize, segment: &Segment<'_>, origin: Origin) {
        let end = &mut self.stack.session.transport.ends[side];
        end.is_captured = true;
        if segment.rst {
            return;
        }
        let had_room = self.has_room[side];
        end.full_since = match segment.is_full {
            true => end.full_since.or(Some(origin).filter(|_| had_room)),
            false => None,
        };
        self.has_room[side] |= !segment.is_full;
    }

    /// Takes what a segment acknowledges of the other end.
    fn acknowledge(&mut self, side: usize, segment: &Segment<'_>, sequence: u32, origin: Origin) {
        let Some(acknowledged) = segment.acknowledges else {
            return;
        };
        let (this, other) = both(&mut self.streams, side);
        let session = &mut self.stack.session;
        // Who is at its own beginning, or at a head of HTTP, has received nothing else of the other end.
        let is_at_beginning = || {
            session.transport.asked > 0
                && session.client == Some(side)
                && this.offset_of(sequence) == Some(0)
        };
        let is_head = || {
            ["GET ", "HTTP/1."]
                .iter()
                .any(|word| segment.payload.starts_with(word.as_bytes()))
        };
        if segment.syn || this.offset() == 0 && (is_at_beginning() || is_head()) {
            other.begin(acknowledged);
        }
        other.acknowledge(acknowledged);
        let has = other.acknowledged();
        if has > other.offset() {
            let before = self.ahead[side].as_ref().map_or(0, |before| before.0);
            if has > before {
                self.ahead[side] = Some(Box::new((has, origin)));
            }
        }
        if session.transport.beginning == Beginning::Asked
            && session.client == Some(side)
            && !segment.syn
            && !segment.rst
        {
            // It was answered, whether that was captured or not.
            session.transport.beginning = Beginning::Opened;
        }
    }

    /// Takes a RST that its receiver heeds.
    fn reset(&mut self, side: usize, segment: &Segment<'_>, origin: Origin) {
        let (this, other) = both(&mut self.streams, side);
        let session = &mut self.stack.session;
        this.reach(segment.sequence);
        // Who does not know a connection answers with what was acknowledged to it (RFC 9293 section 3.10.7.1).
        self.is_unaware[side] = segment.acknowledges.is_none()
            && this.offset_of(segment.sequence) == Some(this.acknowledged());
        let end = &mut session.transport.ends[side];
        if end.rst.is_none() {
            end.rst = Some(origin);
            end.had_received = received(other, segment);
            session.event(side, origin, What::Rst);
        }
        let answers = |initial: u32| segment.acknowledges == Some(initial.wrapping_add(1));
        let is_answer = segment.acknowledges.is_none() || self.initial.is_some_and(answers);
        if session.transport.beginning == Beginning::Asked
            && session.client != Some(side)
            && is_answer
        {
            session.transport.beginning = Beginning::Refused;
        }
    }

    /// Takes the payload of a segment, and its FIN.
    fn data(
        &mut self,
        side: usize,
        segment: &Segment<'_>,
        sequence: u32,
        origin: Origin,
        keys: &mut Keys,
    ) {
        let (this, other) = both(&mut self.streams, side);
        let stack = &mut self.stack;
        let (before, waited) = (this.offset(), this.waiting_bytes());
        let arrival = Arrival {
            sequence,
            bytes: segment.payload,
            missing: segment.missing,
            fin: segment.fin,
            origin,
        };
        let has_payload = !segment.payload.is_empty() || segment.missing > 0;
        let is_cut = segment.missing > 0;
        let probes = this.oddities().probes;
        // A segment without payload begins nothing that is not known from its SYN.
        if has_payload || segment.fin || this.has_begun() || segment.syn {
            this.take(&arrival, |piece| {
                stack.piece(side, piece, is_cut, &mut keys.log)
            });
        }
        self.probed[side] += this.oddities().probes - probes;
        let ends = &mut stack.session.transport.ends;
        let end = &mut ends[side];
        if segment.fin && end.fin.is_none() && this.fin().is_some() {
            end.fin = Some(origin);
            end.had_received = received(other, segment);
            self.received_at_fin[side] = end.had_received;
        }
        // What waits behind a hole was sent all the same.
        if this.offset() > before || this.waiting_bytes() > waited {
            end.last_data = Some(origin);
        }
        if this.offset() > before {
            // Who goes on has not broken it off: that was made up, or nobody heeded it.
            if let Some(rst) = end.rst.take_if(|rst| rst.turn < origin.turn) {
                end.had_received = None;
                this.note_astray();
                self.disowned[side] = Some(rst);
            }
            self.resent[side] = 0;
        } else if has_payload {
            self.resent[side] += 1;
        }
        // Frames that were just completed: what had their sender received?
        let acknowledges = segment.acknowledges.filter(|_| this.offset() > before);
        if let Some(acknowledged) = acknowledges {
            stack.had_received(1 - side, origin, other.offset_of(acknowledged));
        }
    }

    /// Whether a SYN opens another connection between the same ports. In the middle of one it does so only
    /// once it is answered: who has the connection still sends a challenge instead (RFC 5961 section 4).
    fn is_another(&mut self, side: usize, segment: &Segment<'_>) -> bool {
        if let Some(acknowledged) = segment.acknowledges {
            return self.stray_syn == Some((1 - side, acknowledged.wrapping_sub(1)));
        }
        let transport = &self.stack.session.transport;
        let is_new = match self.initial {
            Some(initial) => segment.sequence != initial || side != 0,
            None => transport.packets > 0 && transport.beginning == Beginning::Before,
        };
        let is_alive = transport.beginning == Beginning::Opened
            && !self.is_over
            && !self.is_half_over()
            && transport.ends.iter().all(|end| end.last_data.is_some());
        if is_new && is_alive {
            self.stray_syn = Some((side, segment.sequence));
            return false;
        }
        is_new
    }

    fn syn(&mut self, side: usize, segment: &Segment<'_>, origin: Origin) {
        let session = &mut self.stack.session;
        let is_answer = segment.acknowledges.is_some();
        let client = if is_answer { 1 - side } else { side };
        session.client = Some(client);
        if session.transport.packets == 1 || session.transport.asked > 0 || is_answer {
            session.has_beginning = true;
        }
        let beginning = session.transport.beginning;
        if is_answer {
            session.transport.opened.get_or_insert(origin.time);
            if matches!(beginning, Beginning::Asked | Beginning::Before) {
                session.transport.beginning = Beginning::Opened;
                session.event(side, origin, What::Syn(true));
            }
        } else {
            session.transport.asked += 1;
            self.initial = Some(segment.sequence);
            if beginning == Beginning::Before {
                session.transport.beginning = Beginning::Asked;
                session.event(side, origin, What::Syn(false));
            }
        }
        self.streams[side].begin(segment.sequence.wrapping_add(1));
    }

    /// Gives up what waits for bytes that may never come.
    fn give_up_waiting(&mut self, keys: &mut Keys) {
        let Connection { streams, stack, .. } = self;
        for (side, stream) in streams.iter_mut().enumerate() {
            stream.give_up(|piece: Piece<'_>| stack.piece(side, piece, false, &mut keys.log));
        }
    }

    /// Gives up what waits, for memory.
    pub(super) fn give_up(&mut self, keys: &mut Keys) {
        self.stack.session.transport.is_capped = true;
        self.give_up_waiting(keys);
        self.stack.give_up();
    }

    /// Whether nothing of it is worth to be followed.
    pub(super) fn is_opaque(&self) -> bool {
        self.stack.is_opaque()
    }

    /// The client's address in the order of the streams, and the sequence numbers behind what they hold.
    pub(super) fn reached(&self) -> (Option<SocketAddr>, [Option<u32>; 2]) {
        let first = self.stack.session.transport.ends[0].address;
        (
            first,
            [&self.streams[0], &self.streams[1]].map(Stream::reached),
        )
    }

    /// When it was opened.
    pub(super) fn first_time(&self) -> i64 {
        self.stack.session.transport.first.time
    }

    /// What the other leg of a proxied connection needs to know of it, with its end as far as it has one by now.
    pub(super) fn leg(&mut self) -> Leg {
        if !self.is_settled {
            self.note_ends();
        }
        self.stack.session.leg()
    }

    /// Whether nothing is known of it but that it was asked for, and nobody has waited for the answer at `now`.
    pub(super) fn is_just_asked(&self, now: i64) -> bool {
        let transport = &self.stack.session.transport;
        transport.beginning == Beginning::Asked
            && transport.packets == transport.asked
            && now.saturating_sub(transport.first.time) < SHORTEST_WAIT
    }

    /// The streams on it that were over at `time`.
    #[allow(clippy::vec_box, reason = "a record is handed on in its box")]
    pub(super) fn over(&mut self, time: i64, keys: &mut Keys) -> Vec<Box<Record>> {
        if !self.stack.has_over(time) {
            return Vec::new();
        }
        self.note_ends();
        for (side, stream) in self.streams.iter().enumerate() {
            // One byte is less than a frame.
            if stream.acknowledged() > stream.offset() + 1 {
                self.stack.may_lack(side);
            }
        }
        self.stack.over(time, keys)
    }

    /// Takes note of what the streams of its ends came to so far.
    fn note_ends(&mut self) {
        self.note_unseen_fins();
        self.note_forged();
        self.note_acknowledged();
        let probed = self.probed;
        let ends = &mut self.stack.session.transport.ends;
        let is_full = [1, 0].map(|other| ends[other].full_since.is_some());
        let ends = ends.iter_mut().zip(is_full);
        let counts = self.resent.into_iter().zip(probed);
        for (((end, is_full), stream), (resent, probed)) in ends.zip(&self.streams).zip(counts) {
            end.unanswered_probes = probed;
            end.bytes = stream.offset();
            end.oddities = stream.oddities();
            // What was acknowledged was sent; one more may be the FIN.
            let unseen = stream.acknowledged().saturating_sub(stream.offset());
            let is_told = end.oddities.behind_end == 0;
            if unseen > 1 && end.is_captured && is_told {
                end.oddities.lost += unseen;
            }
            let is_acknowledged = stream.acknowledged() >= stream.offset();
            // What is sent again to an end that takes nothing asks whether it takes something by now.
            end.unacknowledged = if is_acknowledged || is_full {
                0
            } else {
                resent
            };
        }
    }

    /// Takes note that nothing more comes of it, and that its source went on until `watched`.
    pub(super) fn settle(&mut self, watched: i64, keys: &mut Keys) {
        if std::mem::replace(&mut self.is_settled, true) {
            return;
        }
        self.stack.session.transport.watched = watched;
        self.give_up_waiting(keys);
        let last = self.stack.session.transport.last;
        let Connection { streams, stack, .. } = self;
        for (side, stream) in streams.iter_mut().enumerate() {
            let tail =
                stream.give_up_tail(last, |piece| stack.piece(side, piece, false, &mut keys.log));
            stack.session.transport.ends[side].tail = tail;
        }
        self.note_ends();
    }

    /// Ends it, which is settled: the connections on it that there is something to say about, and whether there may be another that
    /// was not told from other requests.
    #[allow(clippy::vec_box, reason = "a record is handed on in its box")]
    pub(super) fn finish(
        self,
        forgotten: Option<Forgotten>,
        keys: &mut Keys,
    ) -> (Vec<Box<Record>>, bool) {
        let may_hide = self.stack.may_hide();
        (self.stack.finish(forgotten, keys), may_hide)
    }
}
