//! What is said once the connection is open: a few seconds of listening, a ping, a Close.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use super::line::{Got, Line};
use super::request::{close, frame};
use super::tape::{Side, Tape};
use super::wait::Waiter;
use crate::conversation::Unfinished;
use crate::session::EndKind;

/// So long a pong is waited for.
const PONG_PATIENCE: Duration = Duration::from_secs(3);
/// So long the answer to a Close is waited for.
const CLOSE_PATIENCE: Duration = Duration::from_secs(3);
/// So long the server may take to end TCP behind the closing handshake.
const END_PATIENCE: Duration = Duration::from_millis(1000);
/// So long a write may take.
const WRITE_PATIENCE: Duration = Duration::from_secs(3);
/// After so many bytes of the server nobody listens any more.
const MOST_HEARD: u64 = 64 << 20;
/// The payload of the ping.
const PING: &[u8] = b"wsclose";

const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING_FRAME: u8 = 9;
const PONG_FRAME: u8 = 10;

/// How to talk.
#[derive(Clone, Debug)]
pub(super) struct Manner {
    /// Messages to send first.
    pub(super) send: Vec<Vec<u8>>,
    /// How long to listen.
    pub(super) listen: Duration,
    /// How often to ping meanwhile.
    pub(super) ping_every: Option<Duration>,
    /// Whether to ping once behind the listening.
    pub(super) ping_once: bool,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Talked {
    /// How long after the ping its pong came.
    pub(super) pong: Option<Duration>,
    /// Whether a ping was sent.
    pub(super) has_pinged: bool,
    /// Whether more came than anybody listens to.
    pub(super) is_flooded: bool,
    /// A message that was begun and did not end.
    pub(super) open_message: Option<Unfinished>,
    /// How long the closing handshake took.
    pub(super) closing: Option<Duration>,
    /// Whether the server ended or broke off before this end closed.
    pub(super) is_cut: bool,
    /// When the server closed or ended the connection, where it did so before this end.
    pub(super) cut_after: Option<Instant>,
    /// How long nothing had gone over it then.
    pub(super) silence: Duration,
    /// Whether the last ping had no pong.
    pub(super) is_ping_lost: bool,
}

/// Talks until the connection is over.
pub(super) fn talk(
    line: &mut Line,
    tape: &mut Tape,
    manner: &Manner,
    waiter: &Waiter<'_>,
) -> Talked {
    let mut talk = Talk {
        line,
        tape,
        waiter,
        answered: HashSet::new(),
        talked: Talked::default(),
        is_over: false,
        is_reset: false,
        last: Instant::now(),
    };
    for message in &manner.send {
        // What is no text is sent as binary.
        let opcode = if std::str::from_utf8(message).is_ok() {
            TEXT
        } else {
            TEXT + 1
        };
        talk.send(opcode, message);
    }
    let is_open =
        talk.listen(manner) && (talk.talked.is_flooded || !manner.ping_once || talk.ping_once());
    talk.talked.is_cut = talk.is_over;
    // Who stops listening has seen neither the end of a message nor a pong.
    if !talk.talked.is_flooded {
        let open = talk.tape.watch().open_message;
        talk.talked.open_message = open.filter(|_| !talk.is_broken());
        talk.talked.is_ping_lost = talk.talked.has_pinged && talk.is_ping_open();
    }
    if !is_open && talk.talked.cut_after.is_none() && talk.is_done() {
        talk.talked.cut_after = Some(Instant::now());
    }
    talk.close(is_open);
    talk.talked
}

struct Talk<'a, 'w> {
    line: &'a mut Line,
    tape: &'a mut Tape,
    waiter: &'a Waiter<'w>,
    /// The packets of pings that were answered.
    answered: HashSet<u64>,
    talked: Talked,
    /// Whether the server has ended the connection.
    is_over: bool,
    /// Whether it broke it off.
    is_reset: bool,
    /// When something last went over it.
    last: Instant,
}

impl Talk<'_, '_> {
    fn send(&mut self, opcode: u8, payload: &[u8]) {
        let bytes = frame(opcode, payload);
        let until = Instant::now() + WRITE_PATIENCE;
        // It counts as sent when it is handed to the system.
        self.last = Instant::now();
        self.tape.bytes(Side::Client, &bytes);
        if let Err(got) = self.line.write(&bytes, until, self.waiter) {
            // What the server said before it went is still there to be read.
            if !matches!(got, Got::Rst | Got::Nothing) {
                self.is_over = true;
            }
        }
    }

    /// Reads once, until a time. Gives whether something came.
    fn hear(&mut self, until: Instant) -> bool {
        if self.is_over {
            return false;
        }
        match self.line.read(until, self.waiter) {
            Got::Bytes(bytes) => {
                self.tape.bytes(Side::Server, &bytes);
                if self.talked.cut_after.is_none() {
                    self.talked.silence = self.last.elapsed();
                    if self.is_done() {
                        self.talked.cut_after = Some(Instant::now());
                    }
                }
                self.last = Instant::now();
                self.answer_pings();
                return true;
            }
            Got::Nothing => return false,
            Got::Fin => self.ended(EndKind::Fin),
            Got::Rst => self.ended(EndKind::Rst),
            Got::Tls(_) | Got::Broken => self.ended(EndKind::Rst),
        }
        false
    }

    fn ended(&mut self, kind: EndKind) {
        self.is_over = true;
        self.is_reset |= kind == EndKind::Rst;
        if self.talked.cut_after.is_none() {
            self.talked.silence = self.last.elapsed();
            self.talked.cut_after = Some(Instant::now());
        }
        let now = self.tape.now();
        self.tape.end(Side::Server, kind, now);
    }

    fn answer_pings(&mut self) {
        let watch = self.tape.watch();
        let mut pings = Vec::new();
        for ping in watch.unanswered {
            let is_servers = ping.sender == crate::frame::Sender::Server;
            if is_servers && ping.payload.len() <= 125 {
                pings.push((ping.origin.packet, ping.payload.clone()));
            }
        }
        // "MAY elect to send a Pong frame for only the most recently processed Ping" (5.5.3)
        let Some((packet, payload)) = pings.pop() else {
            return;
        };
        let is_broken = self.is_broken();
        if !is_broken && self.tape.watch().closes.is_empty() && self.answered.insert(packet) {
            self.send(PONG_FRAME, &payload);
        }
    }

    /// Whether the server broke a rule for which a connection is failed.
    fn is_broken(&self) -> bool {
        self.fault().is_some()
    }

    fn fault(&self) -> Option<u16> {
        let watch = self.tape.watch();
        let mut findings = watch.findings.iter();
        findings
            .find_map(|found| found.finding.rule.closes_with)
            .or(watch.fault_so_far)
            .or(watch.has_body.then_some(1002))
    }

    /// Whether there is nothing more to wait for but the end.
    fn is_done(&self) -> bool {
        self.is_over || self.is_broken() || !self.tape.watch().closes.is_empty()
    }

    /// Whether more came than anybody listens to.
    fn is_flooded(&mut self) -> bool {
        let is_flooded = self.tape.sent(Side::Server) > MOST_HEARD;
        self.talked.is_flooded |= is_flooded;
        is_flooded
    }

    /// Listens. Gives whether the connection is still open.
    fn listen(&mut self, manner: &Manner) -> bool {
        let until = self.waiter.until(manner.listen);
        let mut next = manner.ping_every.map(|every| Instant::now() + every);
        while !self.is_done() && !self.waiter.is_over(until) {
            let wake = next.map_or(until, |next| next.min(until));
            self.hear(wake);
            if self.is_flooded() {
                return true;
            }
            if let (Some(at), Some(every)) = (next, manner.ping_every) {
                if Instant::now() >= at {
                    self.send(PING_FRAME, PING);
                    self.talked.has_pinged = true;
                    next = Some(at + every);
                }
            }
        }
        !self.is_done()
    }

    /// Sends a ping and waits for its pong. Gives whether the connection is still open.
    fn ping_once(&mut self) -> bool {
        if self.waiter.is_stopped() {
            return true;
        }
        let began = Instant::now();
        self.send(PING_FRAME, PING);
        self.talked.has_pinged = true;
        let until = self.waiter.until(PONG_PATIENCE);
        loop {
            self.hear(until);
            if !self.is_ping_open() {
                self.talked.pong = Some(began.elapsed());
                return !self.is_done();
            }
            if self.is_done() {
                return false;
            }
            if self.waiter.is_over(until) || self.is_flooded() {
                return true;
            }
        }
    }

    /// Whether the ping of this end has no pong yet.
    fn is_ping_open(&self) -> bool {
        let watch = self.tape.watch();
        let mut pings = watch.unanswered.iter();
        pings.any(|ping| ping.sender == crate::frame::Sender::Client)
    }

    /// Closes, or answers a Close, and waits for the end. `is_open`: nobody has closed and nothing is
    /// broken.
    fn close(&mut self, is_open: bool) {
        let began = Instant::now();
        let cut_after = self.talked.cut_after;
        let theirs = self
            .tape
            .watch()
            .closes
            .first()
            .map(|close| close.close.code);
        let (code, reason) = match (self.fault(), theirs) {
            (Some(code), _) => (Some(code), ""),
            (None, Some(code)) => (code, ""),
            (None, None) if self.talked.is_ping_lost && is_open => {
                (Some(1000), "ping not answered")
            }
            (None, None) => (Some(1000), ""),
        };
        // Also behind the FIN of a server that has closed: its Close is answered all the same.
        if !self.is_over || theirs.is_some() && !self.is_reset {
            self.send(CLOSE, &close(code, reason));
        }
        let patience = if self.waiter.is_stopped() {
            Duration::from_millis(200)
        } else {
            CLOSE_PATIENCE
        };
        let until = Instant::now() + patience;
        while !self.is_over && self.tape.watch().closes.is_empty() && Instant::now() < until {
            self.hear(until);
            if self.is_flooded() || self.waiter.is_stopped() || theirs.is_none() && self.is_broken()
            {
                break;
            }
        }
        if !self.tape.watch().closes.is_empty() {
            self.talked.closing = Some(began.elapsed());
        }
        // "a client … SHOULD wait for the server to close" (7.1.1)
        let until = Instant::now() + END_PATIENCE;
        while !self.is_over && Instant::now() < until && !self.waiter.is_stopped() {
            self.hear(until);
            if self.is_flooded() {
                break;
            }
        }
        // What comes behind this end's own Close is no end of the server's.
        self.talked.cut_after = cut_after;
        let now = self.tape.now();
        self.line.end(self.waiter);
        self.tape.end(Side::Client, EndKind::Fin, now);
    }
}
