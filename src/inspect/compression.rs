//! Compressed messages of one end: inflated as the ends agreed, or tried where nobody said that they agreed, to say
//! whether they probably did.

use super::{End, Frame, Hint, SeenMessage, feed, first_payload_byte};
use crate::frame::Header;
use crate::inflate::{DeflateFault, Inflater, Window};
use crate::rules;

/// A message that inflates to at least so much, and so many times its size, is worth a word.
const LARGE: u64 = 1 << 20;
const MANY_TIMES: u64 = 100;

impl End {
    /// Gets ready for the payload of a new message.
    pub(super) fn begin_inflating(&mut self, header: &Header) {
        self.is_too_big = false;
        self.is_trying = false;
        if self.is_compressed() {
            if let Some(inflater) = &mut self.inflater {
                inflater.begin();
            }
        } else if header.rsv1 && self.inflater.is_none() && !self.is_trial_over {
            if self.trial.is_none() && !self.may_try {
                self.is_untried = true;
                return;
            }
            let trial = self.trial.get_or_insert_with(|| {
                Box::new(Inflater::new(Window {
                    bits: 15,
                    takes_over: true,
                }))
            });
            trial.begin();
            self.is_trying = true;
        }
    }

    /// Takes payload of a message that is tried.
    pub(super) fn try_inflating(&mut self, bytes: &[u8]) {
        let trial = self.trial.as_mut();
        let result = trial.map(|trial| trial.feed(bytes, &mut |_| {}));
        if !matches!(result, Some(Ok(()))) {
            self.give_up_trial();
        }
    }

    /// Says whether there is memory to try whether a message inflates that nobody said is
    /// compressed.
    pub(crate) fn allow_trial(&mut self, is_allowed: bool) {
        self.may_try = is_allowed;
    }

    /// Whether there was no memory to try it when it was needed.
    pub(crate) fn is_untried(&self) -> bool {
        self.is_untried
    }

    /// The bytes of memory that it takes to inflate messages.
    pub(crate) fn inflating_bytes(&self) -> usize {
        let both = [&self.inflater, &self.trial];
        let both = both.into_iter().flatten();
        both.map(|inflater| inflater.held_bytes()).sum()
    }

    pub(super) fn is_compressed(&self) -> bool {
        self.message.is_some_and(|open| open.is_compressed)
    }

    /// Says whether a message that nobody said is compressed inflates all the same.
    pub(super) fn end_trial(&mut self, frame: &mut Frame) {
        self.is_trying = false;
        let result = self.trial.as_mut().map(|trial| trial.finish(&mut |_| {}));
        match result {
            Some(Ok(true)) => {
                self.give_up_trial();
                frame.hints.push(Hint::InflatesCleanly);
            }
            Some(Ok(false)) => {}
            Some(Err(_)) | None => self.give_up_trial(),
        }
    }

    /// Ends trying: later messages may refer to what cannot be inflated.
    fn give_up_trial(&mut self) {
        self.is_trying = false;
        self.is_trial_over = true;
        self.trial = None;
    }

    /// Inflates payload of a compressed message, or its end, and judges what comes out.
    pub(super) fn inflate(&mut self, frame: &mut Frame, payload: Option<&[u8]>) {
        let Some(mut inflater) = self.inflater.take() else {
            return;
        };
        let span = first_payload_byte(frame);
        let mut offset = inflater.inflated();
        let mut sink = |bytes: &[u8]| {
            let inflated = frame.inflated.get_or_insert_default();
            inflated.head.extend(bytes);
            inflated.length += bytes.len() as u64;
            if let Some(gathered) = &mut self.gathered {
                gathered.take(bytes);
            }
            if let Some((bad, fault)) = feed(&mut self.text, bytes) {
                let bad = offset + bad as u64;
                frame
                    .findings
                    .push(rules::inflated_text_not_utf8(span.clone(), bad, &fault));
            }
            offset += bytes.len() as u64;
            if let Some(limit) = self.max_message_size.filter(|limit| offset > *limit) {
                if !self.is_too_big {
                    self.is_too_big = true;
                    frame
                        .findings
                        .extend(rules::inflated_too_big(span.clone(), limit));
                }
            }
        };
        let result = match payload {
            Some(payload) => inflater.feed(payload, &mut sink).map(|()| true),
            None => inflater.finish(&mut sink),
        };
        match result {
            Ok(true) => {}
            Ok(false) => frame.hints.push(Hint::DeflateCutShort),
            Err(fault) => {
                if fault == DeflateFault::Invalid {
                    if let Some(gathered) = &mut self.gathered {
                        gathered.is_readable = false;
                    }
                    // Nothing more comes out; whether the text would have ended well is not known.
                    self.text = None;
                }
                let finding = rules::deflate_invalid(span, &frame.header, fault, self.window_bits);
                frame.findings.push(finding);
            }
        }
        if let (None, Some(open)) = (payload, self.message) {
            let (compressed, inflated) = (inflater.compressed().max(1), inflater.inflated());
            let ratio = inflated / compressed;
            if inflated >= LARGE && ratio >= MANY_TIMES {
                frame.hints.push(Hint::Expands { ratio, inflated });
            }
            self.history.see(SeenMessage {
                opcode: open.opcode,
                at: open.began,
                length: inflated,
            });
        }
        self.inflater = Some(inflater);
    }
}
