//! Both ends of a connection side by side: bytes in, frames with findings out.
//!
//! The mask bit tells who sent a frame, unless the caller knows better; each
//! end has its own state. A [`Conversation`] hands out each [`Frame`] when it
//! is complete, remembers the first Close of each end with what the other had
//! sent before it, and ends with a [`Summary`].
//!
//! ```
//! use wsclose::conversation::{Conversation, Options, Verdict};
//!
//! let mut conversation = Conversation::new(Options::default());
//! let mut frames = 0;
//! // Where the stream is split makes no difference.
//! for piece in [&mut [0x81, 0x02][..], &mut [0x68, 0x69, 0x88][..], &mut [0x00][..]] {
//!     conversation.feed(piece, |_| frames += 1);
//! }
//! let summary = conversation.finish(|_| frames += 1);
//! assert_eq!(frames, 2);
//! assert_eq!(summary.verdict, Verdict::Clean);
//! ```

mod ends;

use self::ends::Ends;
use crate::frame::{Decoder, Header, Opcode, Piece, Sender};
use crate::inspect::{Close, End, Frame, Hint, History, Unseen};
pub use crate::inspect::{Heard, MESSAGE_KEPT, MESSAGE_TAIL, Options};
use crate::rules::{self, Finding};

/// So many hints are remembered, and so many of a kind.
const MOST_HINTS: usize = 64;
const MOST_ALIKE: usize = 8;

/// A connection, as far as its bytes have been read.
#[derive(Debug)]
pub struct Conversation {
    options: Options,
    decoder: Decoder,
    state: State,
}

/// Everything but the decoder, so that the decoder can call into it.
#[derive(Debug)]
struct State {
    options: Options,
    ends: Ends,
    /// The frame that is being read, or the last one, whose place the next one takes.
    frame: Option<Frame>,
    is_reading: bool,
    tally: Tally,
    closes: Vec<SentClose>,
    /// At most a few.
    hints: Vec<(u64, Hint)>,
    /// Whether the stream went on with something that is no frame: nothing behind it is read.
    is_foreign: bool,
    /// Who sent the first frame.
    first: Option<Sender>,
    /// Whether frames of the other end came too.
    is_mixed: bool,
    /// Whether each of the messages that stand in a row is heard, or the last alone.
    hears_each: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    frames: u64,
    findings: u64,
    closes_with: Option<u16>,
}

/// A Close frame, and what had been seen when it came.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SentClose {
    /// Where the frame stands.
    pub at: u64,
    /// Who sent it.
    pub sender: Sender,
    /// What it says.
    pub close: Close,
    /// Whether the input ends inside it.
    pub is_truncated: bool,
    /// Whether the caller said who sent it; else the mask bit did.
    pub is_sender_declared: bool,
    /// Whether its sender had sent other frames before.
    pub has_sent_before: bool,
    /// Whether it had sent compressed messages itself, as far as RSV1 shows that where nothing else does.
    pub has_compressed: bool,
    /// The first rule it breaks itself.
    pub fault: Option<Finding>,
    /// What the other end had sent before.
    pub other: History,
}

/// A message that has begun and not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unfinished {
    /// The bytes of it that have come.
    pub present: u64,
    /// All of its bytes, where its last frame has begun.
    pub announced: Option<u64>,
}

/// What a whole input came to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Summary {
    /// The bytes read, those before the frames included.
    pub bytes: u64,
    /// The frames, one that the input cut short included.
    pub frames: u64,
    /// The complete data messages.
    pub messages: u64,
    /// The findings, those in `unfinished` included.
    pub findings: u64,
    /// Messages that the input ends inside of.
    pub unfinished: Vec<Finding>,
    /// In one word.
    pub verdict: Verdict,
    /// The close code of the first finding that a strict receiver would close for.
    pub closes_with: Option<u16>,
    /// The first Close frame of each end that sent one, in stream order.
    pub closes: Vec<SentClose>,
    /// Whether the input ends inside a Close frame of which not even the sender is known.
    pub is_cut_in_close: bool,
    /// What is odd and breaks nothing, with the offset of the frame that showed it.
    pub hints: Vec<(u64, Hint)>,
    /// What the client sent.
    pub client: History,
    /// What the server sent.
    pub server: History,
}

/// A whole input in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No rule is broken for which a receiver closes, and nothing is missing.
    Clean,
    /// At least one finding has a close code.
    Violation,
    /// No such finding, and the input ends inside a frame or a fragmented message.
    Truncated,
}

impl Verdict {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Verdict::Clean => "clean",
            Verdict::Violation => "violation",
            Verdict::Truncated => "truncated",
        }
    }
}

impl Summary {
    /// What an end sent.
    pub fn history(&self, sender: Sender) -> &History {
        match sender {
            Sender::Client => &self.client,
            Sender::Server => &self.server,
        }
    }
}

impl Conversation {
    /// A connection of which nothing has been read.
    pub fn new(options: Options) -> Self {
        Conversation::starting_at(0, options)
    }

    /// A connection whose frames begin at `at` in the whole input.
    pub fn starting_at(at: u64, options: Options) -> Self {
        Conversation {
            options,
            decoder: Decoder::starting_at(at),
            state: State {
                options,
                ends: Ends::new(options),
                frame: None,
                is_reading: false,
                tally: Tally::default(),
                closes: Vec::new(),
                hints: Vec::new(),
                is_foreign: false,
                first: None,
                is_mixed: false,
                hears_each: true,
            },
        }
    }

    /// Keeps the beginning of each message, for [`feed_hearing`](Conversation::feed_hearing) and
    /// [`skim_hearing`](Conversation::skim_hearing).
    pub fn hear_messages(&mut self) {
        self.state.ends.hear();
    }

    /// Says what was not seen before the first frame.
    pub(crate) fn begin_unseen(&mut self, unseen: Unseen) {
        self.state.ends.begin_unseen(unseen);
    }

    /// Of messages that stand in a row in one piece of the input each is handed out, as at first, or the last alone, with
    /// the number of those before it: more is not asked for, as a rule, where nobody knows the protocol.
    pub fn hear_each(&mut self, hears_each: bool) {
        self.state.hears_each = hears_each;
    }

    /// How the stream is read.
    pub fn options(&self) -> Options {
        self.options
    }

    /// The frames so far, one that is not whole included.
    pub fn frames(&self) -> u64 {
        self.state.tally.frames
    }

    /// The complete data messages so far.
    pub fn messages(&self) -> u64 {
        self.state.ends.messages()
    }

    /// What an end has sent so far.
    pub fn history(&self, sender: Sender) -> &History {
        self.state.ends.history(sender)
    }

    /// The message that an end has begun and not ended.
    pub fn open_message(&self, sender: Sender) -> Option<Unfinished> {
        let open = self.state.ends.get(sender)?.unfinished()?;
        let frame = self.state.frame.as_ref();
        let frame = frame.filter(|frame| self.state.is_reading && frame.message.is_some());
        let missing = frame.and_then(|_| self.rest_of_frame()).unwrap_or(0);
        let is_last = frame.is_some_and(|frame| frame.header.fin);
        Some(Unfinished {
            present: open.bytes.saturating_sub(missing),
            announced: is_last.then_some(open.bytes),
        })
    }

    /// The code with which a strict receiver answers the frame that is read, as far as its header and
    /// what has come of its payload prove a fault; `None` where they prove none.
    pub fn fault_so_far(&self) -> Option<u16> {
        let frame = self.state.frame.as_ref()?;
        let mut findings = frame.findings.iter();
        findings.find_map(|finding| finding.rule.closes_with)
    }

    /// The first Close of each end so far.
    pub fn closes(&self) -> &[SentClose] {
        &self.state.closes
    }

    /// Says who sends the frames that follow, where that changes with them. `None` leaves it to the
    /// mask bit.
    #[cfg(feature = "cli")]
    pub(crate) fn set_sender(&mut self, sender: Option<Sender>) {
        self.options.from = sender;
        self.state.options.from = sender;
        self.state.ends.declare(sender);
    }

    /// Passes over bytes between two frames that are no frames.
    #[cfg(feature = "cli")]
    pub(crate) fn pass_over(&mut self, count: usize) {
        self.decoder.pass(count);
    }

    /// Says whether there is memory to try whether a message inflates that nobody said is
    /// compressed.
    pub(crate) fn allow_trial(&mut self, is_allowed: bool) {
        self.state.ends.allow_trial(is_allowed);
    }

    /// Whether there was not when it was needed.
    pub(crate) fn is_untried(&self) -> bool {
        self.state.ends.is_untried()
    }

    /// The bytes of memory that it takes to inflate messages.
    pub(crate) fn inflating_bytes(&self) -> usize {
        self.state.ends.inflating_bytes()
    }

    /// How many bytes of the frame that is being read are still to come: 0 between two frames,
    /// `None` inside a header.
    pub fn rest_of_frame(&self) -> Option<u64> {
        self.decoder.rest_of_frame()
    }

    /// Takes the next bytes and hands each frame that they complete to `sink`.
    ///
    /// `bytes` are changed: payload is unmasked in place. Where the stream is
    /// split makes no difference.
    pub fn feed(&mut self, bytes: &mut [u8], sink: impl FnMut(&Frame)) {
        self.feed_hearing(bytes, sink, &mut |_| {});
    }

    /// As [`feed`](Conversation::feed); `hear` gets each whole message before the frame that ends
    /// it, where [`hear_messages`](Conversation::hear_messages) was called.
    pub fn feed_hearing(
        &mut self,
        bytes: &mut [u8],
        mut sink: impl FnMut(&Frame),
        hear: &mut dyn FnMut(Heard<'_>),
    ) {
        let state = &mut self.state;
        self.decoder.feed(bytes, |piece| match piece {
            Piece::Header(header) => state.enter(header),
            Piece::Payload(bytes) => state.payload(bytes),
            Piece::End => state.leave(&mut sink, hear),
        });
    }

    /// As [`feed`](Conversation::feed), but `sink` hears only of the frames that have something to
    /// tell: all with a Close, a finding or a hint, and perhaps others.
    ///
    /// Several times as fast on small frames. Of `bytes`, those of frames that are passed over may
    /// be unmasked or not.
    pub fn skim(&mut self, bytes: &mut [u8], sink: impl FnMut(&Frame)) {
        self.skim_hearing(bytes, sink, &mut |_| {});
    }

    /// As [`skim`](Conversation::skim); `hear` gets each whole message.
    pub fn skim_hearing(
        &mut self,
        bytes: &mut [u8],
        mut sink: impl FnMut(&Frame),
        hear: &mut dyn FnMut(Heard<'_>),
    ) {
        let state = &mut self.state;
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.decoder.is_between_frames() {
                let count = state.pass(self.decoder.at(), rest, hear);
                self.decoder.pass(count);
                rest = rest.get_mut(count..).unwrap_or_default();
                if rest.is_empty() {
                    return;
                }
            }
            rest = self.decoder.step(rest, &mut |piece| match piece {
                Piece::Header(header) => state.enter(header),
                Piece::Payload(bytes) => state.payload(bytes),
                Piece::End => state.leave(&mut sink, hear),
            });
        }
    }

    /// Takes the end of the input. A frame that it cuts short is handed to `sink`.
    pub fn finish(self, mut sink: impl FnMut(&Frame)) -> Summary {
        let Conversation {
            decoder, mut state, ..
        } = self;
        let bytes = decoder.at();
        if let Some(header) = decoder.cut_header() {
            state.enter(&header);
        }
        let cut = state.cut(bytes, &mut sink);
        // The message that the cut frame belongs to is already reported with it.
        let reported = cut.as_ref().and_then(|frame| {
            let is_data = !frame.header.opcode.is_control();
            frame.sender.filter(|_| is_data)
        });
        let unfinished: Vec<Finding> = [Sender::Client, Sender::Server]
            .into_iter()
            .filter(|sender| reported != Some(*sender))
            .filter_map(|sender| {
                let message = state.ends.get(sender)?.unfinished()?;
                Some(rules::unfinished_message(message, sender, bytes))
            })
            .collect();
        let verdict = if state.tally.closes_with.is_some() {
            Verdict::Violation
        } else if cut.is_some() || !unfinished.is_empty() {
            Verdict::Truncated
        } else {
            Verdict::Clean
        };
        Summary {
            bytes,
            frames: state.tally.frames,
            messages: state.ends.messages(),
            findings: state.tally.findings + unfinished.len() as u64,
            unfinished,
            verdict,
            closes_with: state.tally.closes_with,
            is_cut_in_close: cut
                .is_some_and(|frame| frame.sender.is_none() && frame.close.is_some()),
            closes: state.closes,
            hints: state.hints,
            client: state.ends.history(Sender::Client).clone(),
            server: state.ends.history(Sender::Server).clone(),
        }
    }
}

impl State {
    /// Takes the messages at the front of `bytes` that are whole and have nothing to tell. Gives
    /// the number of their bytes.
    fn pass(&mut self, at: u64, bytes: &mut [u8], hear: &mut dyn FnMut(Heard<'_>)) -> usize {
        if self.is_foreign {
            return bytes.len();
        }
        let hears_each = self.hears_each;
        let mut passed = 0;
        loop {
            let rest = bytes.get_mut(passed..).unwrap_or_default();
            let Some(is_masked) = rest.get(1).map(|second| second & 0x80 != 0) else {
                return passed;
            };
            let sender = Sender::by_mask(is_masked);
            let is_expected = self.options.from.is_none_or(|from| from == sender)
                && (self.first == Some(sender) || self.is_mixed);
            if !is_expected {
                return passed;
            }
            let end = self.ends.of(Some(sender));
            let (frames, count) = end.pass(at + passed as u64, rest, is_masked, hears_each, hear);
            if frames == 0 {
                return passed;
            }
            self.tally.frames += frames;
            passed += count;
        }
    }

    fn enter(&mut self, header: &Header) {
        if self.is_foreign {
            return;
        }
        let sender = self.options.from.or(header.masked.map(Sender::by_mask));
        let index = self.tally.frames;
        self.tally.frames += 1;
        self.is_reading = true;
        match &mut self.frame {
            Some(frame) => frame.reset(index, header, sender),
            None => self.frame = Some(Frame::new(index, *header, sender)),
        }
        let (Some(frame), end) = self.frame_and_end() else {
            return;
        };
        end.enter(frame);
        if self.first.is_none() {
            self.first = sender;
        } else if sender.is_some() && sender != self.first && !self.is_mixed {
            self.is_mixed = true;
            // Whoever knows the senders does not hear that there are two.
            let frame = self.frame.as_mut().filter(|_| self.options.from.is_none());
            if let Some(frame) = frame {
                frame.hints.insert(0, Hint::BothDirections);
            }
        }
    }

    fn payload(&mut self, bytes: &[u8]) {
        if self.is_foreign {
            return;
        }
        if let (Some(frame), end) = self.frame_and_end() {
            end.payload(frame, bytes);
        }
    }

    fn leave(&mut self, sink: &mut impl FnMut(&Frame), hear: &mut dyn FnMut(Heard<'_>)) {
        if self.is_foreign {
            return;
        }
        if let (Some(frame), end) = self.frame_and_end() {
            end.leave(frame);
            if let Some(heard) = frame.sender.and_then(|sender| end.heard(sender)) {
                hear(heard);
            }
            self.is_foreign = end.is_foreign();
        }
        self.tell(sink);
    }

    /// Ends the frame that is being read, if there is one, at the end of the input.
    fn cut(&mut self, at: u64, sink: &mut impl FnMut(&Frame)) -> Option<Frame> {
        if !self.is_reading || self.is_foreign {
            return None;
        }
        if let (Some(frame), end) = self.frame_and_end() {
            end.cut(frame, at);
        }
        self.tell(sink);
        self.frame.take()
    }

    /// Counts the frame that was read, remembers what it closes, and hands it out.
    fn tell(&mut self, sink: &mut impl FnMut(&Frame)) {
        self.is_reading = false;
        // A frame is not moved but for a Close: it is large, and there are millions.
        if let Some(frame) = self.frame.take_if(|frame| frame.close.is_some()) {
            self.remember_close(&frame);
            self.frame = Some(frame);
        }
        let Some(frame) = &self.frame else {
            return;
        };
        if !frame.findings.is_empty() {
            self.tally.findings += frame.findings.len() as u64;
            if self.tally.closes_with.is_none() {
                let mut codes = frame.findings.iter();
                self.tally.closes_with = codes.find_map(|finding| finding.rule.closes_with);
            }
        }
        for hint in &frame.hints {
            // What may be said of every message is said of the first ones.
            let same = self.hints.iter().filter(|(_, said)| said.id() == hint.id());
            if self.hints.len() < MOST_HINTS && same.count() < MOST_ALIKE {
                self.hints.reserve_exact(1);
                self.hints.push((frame.header.at, *hint));
            }
        }
        sink(frame);
    }

    /// The frame that is being read, and the end that sent it.
    fn frame_and_end(&mut self) -> (Option<&mut Frame>, &mut End) {
        let sender = self.frame.as_ref().and_then(|frame| frame.sender);
        let end = self.ends.of(sender);
        (self.frame.as_mut(), end)
    }

    fn remember_close(&mut self, frame: &Frame) {
        let (Some(sender), Some(close), Opcode::Close) =
            (frame.sender, &frame.close, frame.header.opcode)
        else {
            return;
        };
        if self.closes.iter().any(|closed| closed.sender == sender) {
            return;
        }
        let closed = SentClose {
            at: frame.header.at,
            sender,
            close: close.clone(),
            is_truncated: frame.is_truncated,
            is_sender_declared: self.options.from.is_some(),
            has_sent_before: self.ends.history(sender).frames > 1,
            has_compressed: self.ends.history(sender).has_compressed(),
            fault: frame
                .findings
                .iter()
                .find(|finding| finding.rule.closes_with.is_some())
                .cloned(),
            other: self.ends.history(sender.other()).clone(),
        };
        // There are two at most, and a capture has thousands of connections.
        self.closes.reserve_exact(1);
        self.closes.push(closed);
        self.ends.close_at(frame.header.at);
    }
}
