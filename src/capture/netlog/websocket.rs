//! One WebSocket of a net log, from its request to its end.

mod ending;

use crate::capture::netlog::event::{FrameHeader, Params};
use crate::frame::unmask;
use crate::session::{
    Beginning, Endpoint, Lacks, Options, Origin, Piece, Session, Source, Stream, Transport,
};
use crate::upgrade::{Head, Request, Response};
pub(super) use ending::{Surroundings, net_error};

/// So much of a text of the browser is kept.
const KEPT: usize = 400;
/// So many bytes of frames are held until the answer to the upgrade is in the log.
const MOST_HELD: usize = 64 * 1024;
/// So many errors of a connection are kept.
const MOST_ERRORS: usize = 16;

/// From what the frames are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// It is not known yet.
    Unknown,
    /// The bytes of the connection itself.
    Raw,
    /// The data of a stream of HTTP/2.
    Stream,
    /// What the browser noted of each frame header.
    Headers,
}

/// One WebSocket.
#[derive(Debug)]
pub(super) struct WebSocket {
    session: Session,
    pub(super) url: String,
    mode: Mode,
    /// Whether it is a stream among others: of HTTP/2, or of HTTP/3, whose bytes no log has.
    is_stream: bool,
    /// Whether it was opened.
    is_open: bool,
    /// Whether the browser gave it up before it was.
    is_given_up: bool,
    /// Whether its page closed it, or was gone, before it was.
    is_cancelled: bool,
    /// The request's head, until it is known whether its bytes come too.
    request: Option<(Request, bool, Origin)>,
    has_request: bool,
    has_response: bool,
    /// Whether it was there when the log began.
    is_late: bool,
    offsets: [u64; 2],
    sent_frames: u64,
    held: Vec<(usize, Vec<u8>, Origin)>,
    /// The code and the reason of the Close that the browser is about to send.
    will_close: Option<Vec<u8>>,
    /// Where the client ended its stream, until the bytes of that are in the log too.
    ended: Option<Origin>,
    message: Option<String>,
    net_error: Option<i64>,
    /// The proxy that was chosen for it.
    pub(super) proxy: Option<String>,
    /// The socket that it was last seen on.
    pub(super) socket: Option<i64>,
    /// Whether its page's end of it is gone.
    pub(super) is_dropped: bool,
    /// The event from which on nothing more is expected of it.
    pub(super) due: Option<u64>,
}

fn short(text: &str) -> String {
    text.chars().take(KEPT).collect()
}

impl WebSocket {
    /// One that is asked for here.
    pub(super) fn new(url: &str, options: Options, origin: Origin) -> Self {
        let seen = || Endpoint {
            is_captured: true,
            ..Endpoint::default()
        };
        let mut session = Session::new(options);
        session.client = Some(0);
        session.has_beginning = true;
        session.transport = Transport {
            source: Source::NetLog,
            ends: [seen(), seen()],
            beginning: Beginning::Opened,
            first: origin,
            last: origin,
            ..Transport::default()
        };
        WebSocket {
            session,
            url: short(url),
            mode: Mode::Unknown,
            is_stream: false,
            is_open: false,
            is_given_up: false,
            is_cancelled: false,
            request: None,
            has_request: false,
            has_response: false,
            is_late: false,
            offsets: [0; 2],
            sent_frames: 0,
            held: Vec::new(),
            will_close: None,
            ended: None,
            message: None,
            net_error: None,
            proxy: None,
            socket: None,
            is_dropped: false,
            due: None,
        }
    }

    /// One that was there before the log began.
    pub(super) fn late(options: Options, origin: Origin) -> Self {
        let mut late = WebSocket::new("", options, origin);
        late.is_late = true;
        late.is_open = true;
        late.session.has_beginning = false;
        late.session.transport.beginning = Beginning::Before;
        late.by_headers();
        late.session.begin_frames();
        late
    }

    pub(super) fn is_secure(&self) -> bool {
        self.url.starts_with("wss:")
    }

    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Takes note that the browser says that it is open.
    pub(super) fn open(&mut self) {
        self.is_open = true;
    }

    /// Takes note that the browser says that nothing more comes of it.
    pub(super) fn give_up(&mut self) {
        self.is_given_up |= !self.is_open;
    }

    /// Whether its request was sent.
    fn is_asked(&self) -> bool {
        self.has_request || self.request.is_some() || self.mode == Mode::Raw
    }

    /// Takes the head of the request as the browser noted it.
    pub(super) fn ask(&mut self, params: &Params, is_stream: bool, origin: Origin) {
        let fields = params.fields();
        let headers = headers(&fields);
        let field = |name: &str| {
            let mut fields = fields.iter();
            fields
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.as_str())
        };
        let line = params.request_line();
        let method = line.map(|line| line.0).or(field(":method"));
        let target = line.map(|line| line.1).or(field(":path"));
        let mut request = Request::of(
            method.unwrap_or("GET"),
            target.unwrap_or_else(|| target_of(&self.url)),
            &headers,
        );
        request.is_upgrade |= is_stream;
        request.host = request
            .host
            .or_else(|| field(":authority").map(str::to_owned));
        self.has_response = false;
        self.is_stream = is_stream;
        self.request = Some((request, !is_stream, origin));
        self.seen(origin);
    }

    /// From here on what the browser noted of the frames is all that there is of them.
    fn by_headers(&mut self) {
        if self.mode != Mode::Unknown {
            return;
        }
        self.mode = Mode::Headers;
        self.session.transport.lacks = Lacks {
            codes: true,
            messages: true,
            ..Lacks::default()
        };
    }

    fn settle_request(&mut self) {
        if let Some((request, is_whole, origin)) = self.request.take() {
            self.has_request = true;
            let head = Head::Request(Box::new(request));
            self.session
                .piece(0, Piece::Head(head, is_whole, origin), false);
        }
    }

    /// Takes bytes of the connection that carries it alone. `None`: so many, which the log has not.
    pub(super) fn bytes(&mut self, side: usize, raw: Option<&[u8]>, count: u64, origin: Origin) {
        // Of two layers of TLS nothing tells which bytes are of which.
        let proxy = self.proxy.as_deref().unwrap_or_default();
        let is_wrapped = self.is_stream || proxy.contains("https://") || proxy.contains("quic://");
        match (self.mode, raw) {
            // The first bytes behind the browser's note of the request are the request.
            (Mode::Unknown, Some(_)) if side == 0 && self.request.is_some() && !is_wrapped => {
                self.mode = Mode::Raw;
                self.request = None;
            }
            (Mode::Unknown, _) if side == 0 && self.request.is_some() => {
                self.by_headers();
                self.settle_request();
            }
            _ => {}
        }
        if !self.is_asked() {
            return;
        }
        self.count(side, count, origin);
        if self.mode != Mode::Raw {
            return;
        }
        let at = self.offset(side, count);
        let piece = match raw {
            Some(bytes) => Piece::Bytes(at, bytes, origin),
            None => Piece::Gap(at, count, origin),
        };
        self.session.piece(side, piece, false);
    }

    /// Takes data of its stream.
    pub(super) fn data(&mut self, side: usize, bytes: &[u8], origin: Origin) {
        if self.mode != Mode::Stream {
            return;
        }
        if self.has_response {
            let at = self.offset(side, bytes.len() as u64);
            self.session
                .piece(side, Piece::Bytes(at, bytes, origin), false);
            if side == 0 && self.ended.take().is_some() {
                self.end(0, origin);
            }
        } else if self
            .held
            .iter()
            .map(|held| held.1.len() + 64)
            .sum::<usize>()
            < MOST_HELD
        {
            self.held.push((side, bytes.to_vec(), origin));
        }
    }

    /// Takes note that so much went over its stream.
    pub(super) fn count(&mut self, side: usize, count: u64, origin: Origin) {
        if side == 1 {
            self.settle_end();
        }
        if let Some(end) = self.session.transport.ends.get_mut(side) {
            end.bytes += count;
            if count > 0 {
                end.last_data = Some(origin);
            }
        }
        self.seen(origin);
    }

    fn seen(&mut self, origin: Origin) {
        self.session.transport.last = origin;
        self.session.transport.packets += 1;
    }

    fn offset(&mut self, side: usize, count: u64) -> u64 {
        let Some(offset) = self.offsets.get_mut(side) else {
            return 0;
        };
        let at = *offset;
        *offset = offset.saturating_add(count);
        at
    }

    /// Takes the answer to the upgrade as the browser noted it.
    pub(super) fn answer(
        &mut self,
        status: u16,
        reason: &str,
        fields: &[(String, String)],
        origin: Origin,
    ) {
        let is_stream = self.is_stream;
        if self.has_response || self.is_late {
            return;
        }
        self.seen(origin);
        let length = fields.iter().find(|(name, _)| name == "content-length");
        let length = length.and_then(|(_, value)| value.parse().ok());
        // In HTTP/2 the answer that accepts is a 2xx (RFC 8441 section 5).
        let is_accepted = status == 101 || is_stream && (200..300).contains(&status);
        if !is_accepted {
            self.session.transport.body = length;
        }
        if (100..200).contains(&status) && !is_accepted {
            return;
        }
        if is_accepted {
            self.is_open = true;
        }
        self.has_response = true;
        if self.mode == Mode::Raw {
            return;
        }
        self.by_headers();
        self.settle_request();
        let mut response = Response::of(status, reason, &headers(fields));
        response.opens_stream = is_stream && is_accepted;
        let head = Head::Response(Box::new(response));
        self.session
            .piece(1, Piece::Head(head, !is_stream, origin), false);
        for (side, bytes, origin) in std::mem::take(&mut self.held) {
            self.data(side, &bytes, origin);
        }
    }

    /// Takes a frame header as the browser noted it.
    pub(super) fn frame(&mut self, side: usize, header: FrameHeader, origin: Origin) {
        self.is_open = true;
        self.seen(origin);
        if matches!(self.mode, Mode::Raw | Mode::Stream) {
            return;
        }
        self.by_headers();
        self.settle_request();
        if !self.has_response && !self.is_late {
            // Its beginning is not in the log, or in no form that is known.
            self.has_response = true;
            self.session.begin_frames();
        }
        if side == 1 && header.is_text() {
            return;
        }
        self.sent_frames += 1;
        let key = key(self.sent_frames);
        let close = self
            .will_close
            .take_if(|_| side == 0 && header.opcode() == 8);
        let close = close.filter(|close| close.len() as u64 == header.length);
        let mut bytes = header.bytes(key);
        let is_known = close.is_some();
        if let Some(mut close) = close {
            if header.is_masked {
                unmask(&mut close, key, 0);
            }
            bytes.extend(close);
        }
        let at = self.offset(side, bytes.len() as u64);
        self.session
            .piece(side, Piece::Bytes(at, &bytes, origin), false);
        if header.length > 0 && !is_known {
            let at = self.offset(side, header.length);
            let gap = Piece::Gap(at, header.length, origin);
            self.session.piece(side, gap, false);
        }
        if let Some(end) = self.session.transport.ends.get_mut(side) {
            end.last_data = Some(origin);
        }
    }

    /// Takes what the browser found wrong with a frame, and says in the Close that it sends.
    pub(super) fn refuse(&mut self, params: &Params, origin: Origin) {
        self.seen(origin);
        let reason = params.reason.as_ref().and_then(serde_json::Value::as_str);
        let reason = reason.unwrap_or_default();
        let error = params.internal_reason.as_deref().unwrap_or(reason);
        let errors = &mut self.session.transport.errors;
        if errors.len() < MOST_ERRORS && !error.is_empty() {
            errors.push(short(error));
        }
        let code = params.code.and_then(|code| u16::try_from(code).ok());
        if let Some(code) = code {
            let mut payload = code.to_be_bytes().to_vec();
            payload.extend(reason.bytes().take(123));
            self.will_close = Some(payload);
        }
    }

    /// Takes note of which stream of HTTP/2 it is, and whether that stream's data will come.
    pub(super) fn set_stream(&mut self, stream: u32, has_data: bool) {
        self.session.transport.stream = Some(Box::new(Stream {
            id: stream,
            ..Stream::default()
        }));
        if has_data && self.mode == Mode::Unknown {
            self.mode = Mode::Stream;
        }
    }
}

fn target_of(url: &str) -> &str {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
    let target = authority
        .find(['/', '?'])
        .and_then(|at| authority.get(at..));
    target.unwrap_or("/")
}

fn headers(fields: &[(String, String)]) -> Vec<httparse::Header<'_>> {
    let fields = fields.iter().filter(|(name, _)| !name.starts_with(':'));
    fields
        .map(|(name, value)| httparse::Header {
            name,
            value: value.as_bytes(),
        })
        .collect()
}

/// A masking key: which one it was no log tells, and each frame has another.
fn key(seed: u64) -> [u8; 4] {
    ((seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32 | 1).to_be_bytes()
}
