//! HTTP/2 between the bytes of a connection and the WebSockets on its streams.
//!
//! A [`Connection`] takes what both ends said and follows each stream that an extended CONNECT made a
//! WebSocket (RFC 8441) as a [`Session`] of its own. Other streams are passed over. It goes on where parts
//! were lost: streams of which the request was not seen are read as soon as their bytes prove to be frames.
//!
//! - [`frame`]: frames in a stream, and behind a gap.
//! - [`hpack`]: header blocks, from a table that may be unknown.
//! - `side`: what is known of one end.
//! - `stream`: one stream.
//! - `tunnel`: streams that are tunnels, of which what is said is handed on.
//!
//! Source: RFC 9113, RFC 8441, RFC 7541.
//!
//! ```
//! use wsclose::http2::hpack::Decoder;
//!
//! // `:method: GET`, from the static table.
//! let fields = Decoder::default().decode(&[0x82]).unwrap();
//! println!("{fields:?}");
//! assert_eq!(fields.len(), 1);
//! ```

pub mod frame;
mod head;
pub mod hpack;
mod huffman;
mod side;
mod stream;
mod tunnel;

use std::collections::{BTreeMap, VecDeque};

use crate::session::{
    self, Beginning, Endpoint, GoAway, Options, Origin, Piece, Session, Source, What,
};
use crate::upgrade::{Request, Response};

use frame::{Frames, Header, Item, PREFACE, flag, kind};
use head::{Head, content};
use hpack::Decoder;
use side::Side;
use stream::{Kind, Stream, Unknown};

pub use stream::Seen;
pub use tunnel::Tunneled;

/// So many streams of a connection are followed at a time.
const MOST_STREAMS: usize = 1024;
/// A longer header block is not read.
const LONGEST_BLOCK: usize = 256 * 1024;
/// So much is kept of what GOAWAY says.
const LONGEST_DEBUG: usize = 256;
/// So many streams that are over are remembered.
const MOST_ENDED: usize = 256;
/// So many streams that are over wait until they are asked for.
const MOST_OVER: usize = 64;
/// Among so many streams, one that is over is kept while its request may still come, from behind a gap.
const MOST_KEPT: usize = 64;

/// Follows the streams of a connection. Its ends are 0 and 1, whichever is the client.
#[derive(Debug)]
pub struct Connection {
    options: Options,
    sides: [Side; 2],
    client: Option<usize>,
    is_tls: bool,
    streams: BTreeMap<u32, Stream>,
    over: VecDeque<(Origin, Box<Session>)>,
    /// Streams that are over, of which something may still come.
    ended: VecDeque<u32>,
    addresses: [Endpoint; 2],
    beginning: Beginning,
    may_inflate: bool,
    /// Whether a part of what the client said was lost.
    is_torn: bool,
    /// Whether a stream is over of which the request was not seen.
    has_unknown: bool,
    /// What an end said last of the end of the connection.
    goaway: Option<GoAway>,
    /// What came of tunnels, by the number of their streams.
    tunneled: Vec<(u32, Tunneled)>,
    /// The streams that are tunnels.
    tunnels: usize,
}

impl Connection {
    /// A connection of which `late`: the beginning was not seen.
    pub fn new(options: Options, is_tls: bool, is_late: bool) -> Self {
        let side = || {
            let mut side = Side {
                preface: Some(0),
                ..Side::default()
            };
            if is_late {
                side.frames = Frames::late();
                side.lose();
            }
            side
        };
        Connection {
            options,
            sides: [side(), side()],
            client: None,
            is_tls,
            streams: BTreeMap::new(),
            over: VecDeque::new(),
            ended: VecDeque::new(),
            addresses: <[Endpoint; 2]>::default(),
            beginning: Beginning::Before,
            may_inflate: true,
            is_torn: false,
            has_unknown: false,
            goaway: None,
            tunneled: Vec::new(),
            tunnels: 0,
        }
    }

    /// Takes what is known of the connection below.
    pub fn know(&mut self, client: Option<usize>, ends: &[Endpoint; 2], beginning: Beginning) {
        self.client = self.client.or(client);
        for (known, end) in self.addresses.iter_mut().zip(ends) {
            known.address = end.address;
            known.is_captured = end.is_captured;
        }
        self.beginning = beginning;
    }

    /// Which end is the client, where that is known.
    pub fn client(&self) -> Option<usize> {
        self.client
    }

    fn sessions(&self) -> impl Iterator<Item = &Session> {
        self.streams
            .values()
            .filter_map(|stream| match &stream.kind {
                Kind::Socket(session) => Some(session.as_ref()),
                _ => None,
            })
    }

    /// The bytes that it holds.
    pub fn held_bytes(&self) -> usize {
        let streams = self
            .streams
            .values()
            .map(|stream| 128 + stream.held_bytes());
        let sides = self.sides.iter().map(|side| {
            let block = side.block.as_ref().map_or(0, |(_, block)| block.len());
            side.frames.held_bytes() + side.decoder.held_bytes() + block
        });
        streams.chain(sides).sum()
    }

    /// The bytes that it takes to inflate messages.
    pub fn inflating_bytes(&self) -> usize {
        self.sessions().map(Session::inflating_bytes).sum()
    }

    /// Says whether there is memory to inflate messages.
    pub fn allow_inflating(&mut self, is_allowed: bool) {
        if is_allowed == self.may_inflate {
            return;
        }
        self.may_inflate = is_allowed;
        for stream in self.streams.values_mut() {
            if let Kind::Socket(session) = &mut stream.kind {
                session.allow_inflating(is_allowed);
            }
        }
    }

    /// Gives up what it holds, for memory.
    pub fn give_up(&mut self) {
        for side in &mut self.sides {
            side.lose();
        }
        self.streams
            .retain(|_, stream| !matches!(stream.kind, Kind::Unknown(_)));
        for stream in self.streams.values_mut() {
            if let Kind::Socket(session) = &mut stream.kind {
                session.transport.is_capped = true;
                session.give_up();
            }
        }
    }

    /// Whether there are streams that were over at `time`, or too many to wait.
    pub fn has_over(&self, time: i64) -> bool {
        let mut first = self.over.iter();
        self.over.len() > MOST_OVER || first.next().is_some_and(|(origin, _)| origin.time <= time)
    }

    /// The next stream that was over at `time`, or has to make room.
    pub fn over(&mut self, time: i64) -> Option<Session> {
        if !self.has_over(time) {
            return None;
        }
        self.over.pop_front().map(|(_, session)| *session)
    }

    /// Whether a stream may have been a WebSocket of which nothing is told, for its request was lost.
    pub fn may_hide(&self) -> bool {
        let mut streams = self.streams.values();
        let is_unknown = |stream: &Stream| matches!(stream.kind, Kind::Unknown(_));
        self.is_torn && (self.has_unknown || streams.any(is_unknown))
    }

    /// Takes the end of the connection: all its streams, in the order of their numbers.
    pub fn finish(self) -> Vec<Session> {
        let is_offered = self.is_offered();
        let open = self
            .streams
            .into_values()
            .filter_map(|stream| stream.into_session(is_offered).map(|session| *session));
        let over = self.over.into_iter().map(|(_, session)| *session);
        over.chain(open).collect()
    }

    /// Whether the server's SETTINGS allow to ask for WebSocket, where they were seen.
    fn is_offered(&self) -> Option<bool> {
        let server = 1 - self.client?.min(1);
        self.sides.get(server)?.is_offering
    }

    /// Takes the next piece of what an end said.
    pub fn piece(&mut self, side: usize, piece: &Piece<'_>) {
        let mut rest: &[u8] = &[];
        if let Piece::Bytes(_, bytes, _) = piece {
            rest = self.without_preface(side, bytes);
        }
        let Some(place) = self.sides.get_mut(side) else {
            return;
        };
        let mut frames = std::mem::take(&mut place.frames);
        match piece {
            Piece::Bytes(_, _, origin) => {
                let bytes = rest;
                frames.feed(bytes, &mut |item| self.item(side, item, *origin));
                if let Some(place) = self.sides.get_mut(side) {
                    place.last = origin.turn;
                }
            }
            Piece::Gap(_, count, origin) => {
                place.preface = None;
                frames.gap(Some(*count), &mut |item| self.item(side, item, *origin));
            }
            Piece::Lost(_, origin) => {
                place.preface = None;
                frames.gap(None, &mut |item| self.item(side, item, *origin));
            }
            Piece::Head(..) | Piece::Fin(_) => {}
        }
        if let Some(place) = self.sides.get_mut(side) {
            place.frames = frames;
        }
    }

    /// Takes the client's preface off the front.
    fn without_preface<'a>(&mut self, side: usize, bytes: &'a [u8]) -> &'a [u8] {
        let Some(place) = self.sides.get_mut(side) else {
            return bytes;
        };
        let seen = place.preface;
        let rest = seen.and_then(|seen| PREFACE.get(seen..));
        let Some(rest) = rest.filter(|rest| !rest.is_empty()) else {
            place.preface = None;
            return bytes;
        };
        let count = rest.len().min(bytes.len());
        if bytes.get(..count) != rest.get(..count) {
            place.preface = None;
            return bytes;
        }
        place.preface = seen.map(|seen| seen + count);
        place.decoder = Decoder::default();
        if count == rest.len() {
            self.client = Some(side);
            place.frames = Frames::default();
        }
        bytes.get(count..).unwrap_or_default()
    }

    fn item(&mut self, side: usize, item: Item<'_>, origin: Origin) {
        match item {
            Item::Data(stream, bytes) => self.data(side, stream, bytes, origin),
            Item::Missing(stream, count) => {
                let count = Some(count).filter(|count| *count < u64::MAX);
                if let Some(stream) = self.streams.get_mut(&stream) {
                    stream.gap(side, count, origin);
                }
            }
            Item::DataEnd(header) => {
                if header.has(flag::END_STREAM) {
                    self.end_of(side, header.stream, origin);
                }
            }
            Item::Frame(header, payload) => self.frame(side, header, payload, origin),
            Item::Partial(header) => {
                let is_block = matches!(
                    header.kind,
                    kind::HEADERS | kind::PUSH_PROMISE | kind::CONTINUATION
                );
                let is_heard = is_block || header.kind == kind::SETTINGS;
                if let Some(place) = self.sides.get_mut(side).filter(|_| is_heard) {
                    place.lose();
                }
                self.is_torn |= is_block && self.client.is_none_or(|client| client == side);
            }
            Item::Lost => {
                if let Some(place) = self.sides.get_mut(side) {
                    place.lose();
                }
                self.is_torn |= self.client.is_none_or(|client| client == side);
                for stream in self.streams.values_mut() {
                    if !stream.ended.get(side).copied().unwrap_or_default() {
                        stream.gap(side, None, origin);
                    }
                }
                self.may_lack(side);
            }
        }
    }

    /// Takes note that frames of an end were lost behind the last that was seen of it: streams that were over by then,
    /// for the other end had broken them off, may have had more of it before.
    pub fn may_lack(&mut self, side: usize) {
        let last = self.sides.get(side).map_or(0, |place| place.last);
        for (ended, session) in &mut self.over {
            let end = session.transport.ends.get(side);
            let has_ended = end.is_none_or(|end| end.fin.is_some() || end.rst.is_some());
            if !has_ended && last < ended.turn {
                let at = end.map_or(0, |end| end.bytes);
                session.piece(side, Piece::Lost(at, *ended), false);
            }
        }
    }

    fn data(&mut self, side: usize, id: u32, bytes: &[u8], origin: Origin) {
        let mut stream = match self.streams.remove(&id) {
            Some(stream) => stream,
            None if self.ended.contains(&id) => return,
            // Whatever it is, its request was not seen.
            None => Stream::new(Kind::Unknown(Box::default())),
        };
        let client = stream.data(side, bytes, origin, self.client, |client, origin| {
            self.session(client, id, origin)
        });
        self.client = client;
        self.keep(id, stream);
    }

    fn keep(&mut self, id: u32, stream: Stream) {
        if self.streams.len() >= MOST_STREAMS {
            let others = |stream: &Stream| matches!(stream.kind, Kind::Other | Kind::Unknown(_));
            let oldest = self.streams.iter().find(|(_, stream)| others(stream));
            let oldest = oldest.or(self.streams.iter().next()).map(|(id, _)| *id);
            if let Some(oldest) = oldest {
                self.put_away(oldest);
            }
        }
        self.streams.insert(id, stream);
    }

    /// Takes a stream out that is over.
    fn put_over(&mut self, id: u32) {
        let stream = self.streams.get(&id);
        let may_become_known = stream.is_some_and(|stream| matches!(stream.kind, Kind::Unknown(_)));
        if !may_become_known || self.streams.len() > MOST_KEPT {
            self.put_away(id);
        }
    }

    /// Takes a stream out that is over, or has to make room.
    fn put_away(&mut self, id: u32) {
        let is_offered = self.is_offered();
        let stream = self.streams.remove(&id);
        let kind = stream.as_ref().map(|stream| &stream.kind);
        if let Some(Kind::Tunnel(_)) = kind {
            self.put_away_tunnel(id, stream);
            return;
        }
        self.has_unknown |= matches!(kind, Some(Kind::Unknown(_)));
        if self.ended.len() == MOST_ENDED {
            self.ended.pop_front();
        }
        self.ended.push_back(id);
        if let Some(session) = stream.and_then(|stream| stream.into_session(is_offered)) {
            self.over.push_back((session.transport.last, session));
        }
    }

    fn session(&self, client: usize, id: u32, origin: Origin) -> Session {
        let mut session = stream::session(client, origin, self.options);
        session.allow_inflating(self.may_inflate);
        session.transport.source = Source::Http2;
        session.transport.ends = self.addresses.clone();
        session.transport.beginning = self.beginning;
        session.transport.stream = Some(Box::new(session::Stream {
            id,
            goaway: self.goaway.clone(),
            ..session::Stream::default()
        }));
        session
    }

    fn frame(&mut self, side: usize, header: Header, payload: &[u8], origin: Origin) {
        match header.kind {
            kind::HEADERS | kind::PUSH_PROMISE => {
                let block = content(header, payload).unwrap_or_default().to_vec();
                self.block(side, header, header, block, origin);
            }
            kind::CONTINUATION => {
                let begun = self.sides.get_mut(side).and_then(|side| side.block.take());
                let Some((first, mut block)) =
                    begun.filter(|(first, _)| first.stream == header.stream)
                else {
                    // Its beginning was lost, and with it what the table is now.
                    if let Some(side) = self.sides.get_mut(side) {
                        side.decoder.lose();
                    }
                    return;
                };
                block.extend_from_slice(payload);
                self.block(side, first, header, block, origin);
            }
            kind::RST_STREAM => {
                if let Some(code) = payload.first_chunk::<4>() {
                    self.reset(side, header.stream, u32::from_be_bytes(*code), origin);
                }
            }
            kind::GOAWAY => self.goaway(side, payload, origin),
            kind::SETTINGS => {
                // An acknowledgement says nothing of its own.
                if let Some(place) = self.sides.get_mut(side).filter(|_| !header.has(flag::ACK)) {
                    place.settings(payload);
                }
            }
            _ => {}
        }
    }

    /// Takes a part of a header block that `first` began and `last` may end.
    fn block(&mut self, side: usize, first: Header, last: Header, block: Vec<u8>, origin: Origin) {
        let Some(place) = self.sides.get_mut(side) else {
            return;
        };
        if block.len() > LONGEST_BLOCK {
            place.decoder.lose();
            return;
        }
        if !last.has(flag::END_HEADERS) {
            place.block = Some((first, block));
            return;
        }
        let fields = place.decoder.decode(&block);
        let is_promise = first.kind == kind::PUSH_PROMISE;
        if let Some(fields) = fields.filter(|_| !is_promise) {
            self.head(side, first.stream, Head::of(fields), origin);
        }
        if first.has(flag::END_STREAM) && !is_promise {
            self.end_of(side, first.stream, origin);
        }
    }

    fn head(&mut self, side: usize, id: u32, head: Head, origin: Origin) {
        if let Some(status) = head.status {
            self.client.get_or_insert(1 - side.min(1));
            let mut response = Response::of(status, "", &head.headers());
            response.opens_stream = (200..300).contains(&status);
            let mut stream = match self.streams.remove(&id) {
                Some(stream) => stream,
                None if self.ended.contains(&id) => return,
                None => Stream::new(Kind::Unknown(Box::default())),
            };
            stream.answer(side, response, origin);
            self.keep(id, stream);
            return;
        }
        // A trailer, or a request of which what matters is not known.
        let is_request = head.method.is_some() || head.path.is_some() || head.protocol.is_some();
        let known = self.streams.get(&id).map(|stream| &stream.kind);
        if !is_request || !matches!(known, None | Some(Kind::Unknown(_))) {
            return;
        }
        // A gap before it may have held it up, and what came meanwhile is of it.
        let before = self.streams.remove(&id);
        self.client.get_or_insert(side);
        let is_socket = head.protocol.as_deref() == Some("websocket");
        if head.asks_for_tunnel() {
            self.open_tunnel(side, id, &head, before, origin);
            return;
        }
        if !is_socket {
            // What is not known may be the protocol, but for a method that has none.
            let is_other = head
                .method
                .as_deref()
                .is_some_and(|method| method != "CONNECT")
                || !head.is_partial;
            let stream = match (is_other, before) {
                (true, _) => Stream::new(Kind::Other),
                (false, Some(before)) => before,
                (false, None) => Stream::new(Kind::Unknown(Box::default())),
            };
            self.keep(id, stream);
            return;
        }
        let mut session = self.session(side, id, origin);
        let target = head.path.as_deref().unwrap_or_default();
        let mut request = Request::of("CONNECT", target, &head.headers());
        request.is_upgrade = true;
        request.host = head.authority.clone().or(request.host);
        let scheme = match head.scheme.as_deref() {
            Some("http") => "ws",
            Some(_) => "wss",
            None if self.is_tls => "wss",
            None => "ws",
        };
        if let (Some(host), true) = (&request.host, head.path.is_some()) {
            session.transport.url = Some(format!("{scheme}://{host}{}", request.target));
        }
        session.transport.note(side, origin);
        let request = crate::upgrade::Head::Request(Box::new(request));
        session.piece(side, Piece::Head(request, !head.is_partial, origin), false);
        self.keep(id, Stream::new(Kind::Socket(Box::new(session))));
        if let Some(Kind::Unknown(before)) = before.map(|before| before.kind) {
            self.again(id, *before);
        }
    }

    /// Takes what came of a stream before its request.
    fn again(&mut self, id: u32, before: Unknown) {
        for (side, seen, origin) in before.into_seen() {
            match (seen, self.streams.get_mut(&id)) {
                (Seen::Reset(code), _) => self.reset(side, id, code, origin),
                (Seen::End, _) => self.end_of(side, id, origin),
                (Seen::Answer(response), Some(stream)) => stream.answer(side, *response, origin),
                (Seen::Data(bytes), Some(stream)) => stream.say(side, &bytes, origin),
                (Seen::Gap(count), Some(stream)) => stream.gap(side, count, origin),
                (Seen::Answer(_) | Seen::Data(_) | Seen::Gap(_), None) => {}
            }
        }
    }

    fn end_of(&mut self, side: usize, id: u32, origin: Origin) {
        if let Some(stream) = self.streams.get_mut(&id) {
            stream.end(side, origin);
            // A reset may still follow that means nothing.
            if stream.ended == [true; 2] {
                self.put_over(id);
            }
        }
    }

    fn reset(&mut self, side: usize, id: u32, code: u32, origin: Origin) {
        let over = self.over.iter_mut().map(|(_, session)| session);
        let mut over = over.filter(|session| {
            let stream = session.transport.stream.as_ref();
            stream.is_some_and(|stream| stream.id == id)
        });
        let session = match self.streams.get_mut(&id).map(|stream| &mut stream.kind) {
            Some(Kind::Socket(session)) => session,
            Some(Kind::Unknown(unknown)) => {
                unknown.note(side, Seen::Reset(code), origin);
                return self.put_over(id);
            }
            Some(Kind::Tunnel(seen)) => {
                seen.push((side, Seen::Reset(code), origin));
                return self.put_away(id);
            }
            Some(Kind::Other) => return self.put_away(id),
            None => match over.next() {
                Some(session) => session,
                None if self.ended.contains(&id) => {
                    let seen = Tunneled::Seen(side, Seen::Reset(code), origin);
                    return self.tunneled.push((id, seen));
                }
                None => return,
            },
        };
        if session.transport.note_reset(side, code, origin) {
            session.event(side, origin, What::Rst);
        }
        if self.streams.contains_key(&id) {
            self.put_away(id);
        }
    }

    fn goaway(&mut self, side: usize, payload: &[u8], origin: Origin) {
        let Some((&[w, x, y, z, a, b, c, d], debug)) = payload.split_first_chunk::<8>() else {
            return;
        };
        let debug = debug.get(..LONGEST_DEBUG).unwrap_or(debug);
        let goaway = GoAway {
            side,
            code: u32::from_be_bytes([a, b, c, d]),
            last: u32::from_be_bytes([w, x, y, z]) & 0x7fff_ffff,
            debug: debug.to_vec(),
            origin,
        };
        for stream in self.streams.values_mut() {
            if let Kind::Socket(session) = &mut stream.kind {
                if let Some(facts) = &mut session.transport.stream {
                    facts.goaway = Some(goaway.clone());
                }
            }
        }
        self.goaway = Some(goaway);
    }
}
