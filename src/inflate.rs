//! Compressed messages: permessage-deflate undone piece by piece.
//!
//! The inflating itself is miniz_oxide's work. It is asked with an output
//! buffer that is exactly the window that was agreed on, so that a reference
//! beyond it fails. Memory is that of two windows, whatever a message inflates to.
//!
//! Source: RFC 7692 section 7.2.2.
//!
//! ```
//! use wsclose::inflate::{Inflater, Window};
//!
//! let mut inflater = Inflater::new(Window { bits: 15, takes_over: true });
//! let mut text = Vec::new();
//! inflater.begin();
//! inflater.feed(b"\xf2\x48\xcd\xc9\xc9\x07\x00", &mut |bytes| text.extend_from_slice(bytes)).unwrap();
//! inflater.finish(&mut |bytes| text.extend_from_slice(bytes)).unwrap();
//! assert_eq!(text, b"Hello");
//! ```

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{
    TINFL_FLAG_HAS_MORE_INPUT, TINFL_FLAG_STOP_ON_BLOCK_BOUNDARY,
    TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

/// "append 4 octets of 0x00 0x00 0xff 0xff to the tail end of the payload" (7.2.2)
const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];

/// The window of the format itself, which nothing may refer beyond: 2^15 bytes.
const LARGEST_BITS: u8 = 15;

/// What the messages of one end may refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The size as a power of two, in bytes: 8 to 15.
    pub bits: u8,
    /// Whether a message may refer to the ones before it.
    pub takes_over: bool,
}

/// In what way data cannot be inflated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeflateFault {
    /// It is no deflate data.
    Invalid,
    /// It refers back beyond the window that was agreed on.
    BeyondWindow,
    /// It refers back into an earlier message, though that was not agreed on.
    EarlierMessage,
}

impl DeflateFault {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            DeflateFault::Invalid => "invalid",
            DeflateFault::BeyondWindow => "beyond-window",
            DeflateFault::EarlierMessage => "earlier-message",
        }
    }
}

/// Inflates the messages of one end.
#[derive(Clone, Debug)]
pub struct Inflater {
    window: Window,
    /// Holds what was agreed on.
    strict: Context,
    /// Takes what any deflate stream may do; `None` where that was agreed on.
    lenient: Option<Context>,
    /// Whether the message has already been found to break what was agreed on.
    is_broken: bool,
    compressed: u64,
    inflated: u64,
}

impl Inflater {
    /// An inflater for an end that has sent nothing.
    pub fn new(window: Window) -> Self {
        let is_widest = window.bits >= LARGEST_BITS && window.takes_over;
        Inflater {
            window,
            strict: Context::new(window.bits),
            lenient: (!is_widest).then(|| Context::new(LARGEST_BITS)),
            is_broken: false,
            compressed: 0,
            inflated: 0,
        }
    }

    /// The payload bytes of the message so far.
    pub fn compressed(&self) -> u64 {
        self.compressed
    }

    /// The bytes that the message has inflated to so far.
    pub fn inflated(&self) -> u64 {
        self.inflated
    }

    /// The bytes of memory that it takes.
    pub fn held_bytes(&self) -> usize {
        let lenient = self.lenient.as_ref().map_or(0, Context::held_bytes);
        self.strict.held_bytes() + lenient
    }

    /// Begins a message.
    pub fn begin(&mut self) {
        self.compressed = 0;
        self.inflated = 0;
        self.is_broken = false;
        if let Some(lenient) = &mut self.lenient {
            if lenient.is_broken {
                lenient.clear();
            }
            lenient.produced = 0;
            if self.window.takes_over && self.strict.is_broken {
                // It has lost its place; the lenient one knows what it should hold.
                self.strict.refill(lenient);
            }
        }
        if !self.window.takes_over {
            self.strict.clear();
            if let Some(lenient) = &mut self.lenient {
                // A message that was cut short leaves a block open, which ends with it.
                lenient.decompressor.init();
            }
        }
        self.strict.produced = 0;
    }

    /// Takes payload of the message and hands what it inflates to to `sink`, in pieces.
    ///
    /// # Errors
    ///
    /// The fault, once for each message. A reference that was not agreed on is
    /// followed all the same, so that the message stays readable.
    pub fn feed(
        &mut self,
        payload: &[u8],
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<(), DeflateFault> {
        self.compressed += payload.len() as u64;
        self.take(payload, false, sink).map(drop)
    }

    /// Takes the end of the message. Gives whether it ended where a block does.
    ///
    /// # Errors
    ///
    /// As [`feed`](Inflater::feed).
    pub fn finish(&mut self, sink: &mut dyn FnMut(&[u8])) -> Result<bool, DeflateFault> {
        self.take(&TAIL, true, sink)
    }

    fn take(
        &mut self,
        bytes: &[u8],
        is_tail: bool,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<bool, DeflateFault> {
        let inflated = &mut self.inflated;
        let mut count = |bytes: &[u8]| {
            *inflated += bytes.len() as u64;
            sink(bytes);
        };
        let Some(lenient) = &mut self.lenient else {
            let result = self.strict.take(bytes, is_tail, &mut count);
            return result.or_else(|Broken| {
                let is_first = !std::mem::replace(&mut self.is_broken, true);
                if is_first {
                    Err(DeflateFault::Invalid)
                } else {
                    Ok(true)
                }
            });
        };
        let is_read = lenient.take(bytes, is_tail, &mut count);
        if !self.strict.is_broken {
            // Its output is the lenient one's; only its refusal counts.
            let _ = self.strict.take(bytes, is_tail, &mut |_| {});
        }
        let fault = if self.is_broken || !self.strict.is_broken {
            None
        } else if lenient.produced > self.strict.produced {
            // Where the strict one stopped, the lenient one went on: only the window was at fault.
            let is_beyond = self.window.takes_over || self.strict.is_full;
            Some(if is_beyond {
                DeflateFault::BeyondWindow
            } else {
                DeflateFault::EarlierMessage
            })
        } else {
            // Whether the lenient one goes on is known when it gives more, breaks or ends.
            (is_read.is_err() || is_tail).then_some(DeflateFault::Invalid)
        };
        match fault {
            Some(fault) => {
                self.is_broken = true;
                Err(fault)
            }
            None => Ok(is_read.unwrap_or(true)),
        }
    }
}

/// The data cannot be inflated.
#[derive(Clone, Copy, Debug)]
struct Broken;

/// A stream of deflate data with its window.
#[derive(Clone)]
struct Context {
    decompressor: Box<DecompressorOxide>,
    /// The last bytes that came out, as a ring: exactly the window.
    ring: Vec<u8>,
    at: usize,
    /// Whether the ring has been filled once. Before that there is nothing behind it.
    is_full: bool,
    is_broken: bool,
    /// The bytes that came out of this message.
    produced: u64,
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context")
            .field("window", &self.ring.len())
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl Context {
    fn new(bits: u8) -> Self {
        Context {
            decompressor: Box::default(),
            ring: vec![0; 1 << bits.clamp(8, LARGEST_BITS)],
            at: 0,
            is_full: false,
            is_broken: false,
            produced: 0,
        }
    }

    fn held_bytes(&self) -> usize {
        self.ring.len() + size_of::<DecompressorOxide>()
    }

    fn clear(&mut self) {
        self.decompressor.init();
        self.at = 0;
        self.is_full = false;
        self.is_broken = false;
    }

    /// Takes over what another context has given last, as much as fits.
    fn refill(&mut self, other: &Context) {
        self.clear();
        let (newest, oldest) = other.ring.split_at(other.at);
        let oldest = if other.is_full { oldest } else { &[] };
        let size = self.ring.len();
        let available = oldest.len() + newest.len();
        let kept = oldest
            .iter()
            .chain(newest)
            .skip(available.saturating_sub(size));
        for (place, byte) in self.ring.iter_mut().zip(kept) {
            *place = *byte;
        }
        self.is_full = available >= size;
        self.at = if self.is_full { 0 } else { available };
    }

    /// Inflates `input`. Gives whether it ended where a block does; that is known of the tail only.
    fn take(
        &mut self,
        input: &[u8],
        is_tail: bool,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<bool, Broken> {
        if self.is_broken {
            return Err(Broken);
        }
        let mut rest = input;
        loop {
            let mut flags = TINFL_FLAG_HAS_MORE_INPUT;
            if !self.is_full {
                // Nothing stands behind the start yet: a reference there must fail.
                flags |= TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
            }
            if is_tail {
                flags |= TINFL_FLAG_STOP_ON_BLOCK_BOUNDARY;
            }
            let (status, read, written) =
                decompress(&mut self.decompressor, rest, &mut self.ring, self.at, flags);
            rest = rest.get(read..).unwrap_or_default();
            let end = self.at + written;
            self.produced += written as u64;
            sink(self.ring.get(self.at..end).unwrap_or_default());
            self.at = end;
            if self.at == self.ring.len() {
                self.at = 0;
                self.is_full = true;
            }
            match status {
                TINFLStatus::HasMoreOutput => {}
                TINFLStatus::NeedsMoreInput if rest.is_empty() => return Ok(!is_tail),
                TINFLStatus::BlockBoundary if rest.is_empty() => return Ok(true),
                TINFLStatus::BlockBoundary => {}
                // "a message may be made of several deflate streams" one after the other: a
                // block that says it is the last ends one (7.2.3.4). The window stays.
                TINFLStatus::Done => {
                    self.decompressor.init();
                    if rest.is_empty() {
                        return Ok(true);
                    }
                }
                _ => {
                    self.is_broken = true;
                    return Err(Broken);
                }
            }
            // Without progress the same call would be made for ever.
            if read == 0
                && written == 0
                && status != TINFLStatus::HasMoreOutput
                && status != TINFLStatus::BlockBoundary
            {
                self.is_broken = true;
                return Err(Broken);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a message inflates to, fed in pieces of `step`.
    fn inflate(
        inflater: &mut Inflater,
        payload: &[u8],
        step: usize,
    ) -> (Vec<u8>, Option<DeflateFault>, bool) {
        let mut text = Vec::new();
        let mut fault = None;
        inflater.begin();
        for piece in payload.chunks(step) {
            if let Err(found) = inflater.feed(piece, &mut |bytes| text.extend_from_slice(bytes)) {
                fault = Some(found);
            }
        }
        let is_whole = match inflater.finish(&mut |bytes| text.extend_from_slice(bytes)) {
            Ok(is_whole) => is_whole,
            Err(found) => {
                fault = Some(found);
                true
            }
        };
        (text, fault, is_whole)
    }

    const WIDEST: Window = Window {
        bits: 15,
        takes_over: true,
    };

    /// The messages of RFC 7692 section 7.2.3: "Hello", and again with the window kept.
    #[test]
    fn the_examples_of_the_standard_inflate() {
        let first = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
        let second = [0xf2, 0x00, 0x11, 0x00, 0x00];
        for step in 1..8 {
            let mut inflater = Inflater::new(WIDEST);
            assert_eq!(
                inflate(&mut inflater, &first, step),
                (b"Hello".to_vec(), None, true)
            );
            assert_eq!(
                inflate(&mut inflater, &second, step),
                (b"Hello".to_vec(), None, true)
            );
            // No compression (7.2.3.3), a last block (7.2.3.4), two blocks (7.2.3.5).
            let stored = [
                0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00,
            ];
            assert_eq!(
                inflate(&mut inflater, &stored, step),
                (b"Hello".to_vec(), None, true)
            );
            let last = [0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00];
            assert_eq!(
                inflate(&mut inflater, &last, step),
                (b"Hello".to_vec(), None, true)
            );
            let two = [
                0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00,
            ];
            assert_eq!(
                inflate(&mut inflater, &two, step),
                (b"Hello".to_vec(), None, true)
            );
        }
    }

    #[test]
    fn a_reference_into_an_earlier_message_is_named() {
        let first = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
        let second = [0xf2, 0x00, 0x11, 0x00, 0x00];
        let mut inflater = Inflater::new(Window {
            bits: 15,
            takes_over: false,
        });
        assert_eq!(inflate(&mut inflater, &first, 9).1, None);
        let (text, fault, _) = inflate(&mut inflater, &second, 9);
        assert_eq!(fault, Some(DeflateFault::EarlierMessage));
        assert_eq!(text, b"Hello", "it is followed all the same");
        assert_eq!(
            inflate(&mut inflater, &first, 9).1,
            None,
            "the next message is judged anew"
        );
    }

    #[test]
    fn a_reference_beyond_the_window_is_named() {
        // 600 different bytes, then the same again: distance 600.
        let mut random = fastrand::Rng::with_seed(600);
        let block: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(600).collect();
        let twice = [block.clone(), block].concat();
        let mut compressed = miniz_oxide::deflate::compress_to_vec(&twice, 9);
        compressed.extend([0x00]);
        for (bits, expected) in [
            (15, None),
            (10, None),
            (9, Some(DeflateFault::BeyondWindow)),
            (8, Some(DeflateFault::BeyondWindow)),
        ] {
            for takes_over in [true, false] {
                for step in [1, 7, 4096] {
                    let mut inflater = Inflater::new(Window { bits, takes_over });
                    let (text, fault, _) = inflate(&mut inflater, &compressed, step);
                    assert_eq!(fault, expected, "{bits} bits, in pieces of {step}");
                    assert_eq!(text, twice);
                }
            }
        }
    }

    #[test]
    fn after_a_reference_beyond_the_window_the_next_message_is_judged_aright() {
        let mut random = fastrand::Rng::with_seed(601);
        let block: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(600).collect();
        let mut beyond = miniz_oxide::deflate::compress_to_vec(&[block.clone(), block].concat(), 9);
        beyond.push(0x00);
        let mut inflater = Inflater::new(Window {
            bits: 9,
            takes_over: true,
        });
        assert_eq!(
            inflate(&mut inflater, &beyond, 64).1,
            Some(DeflateFault::BeyondWindow)
        );
        let first = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
        let second = [0xf2, 0x00, 0x11, 0x00, 0x00];
        assert_eq!(
            inflate(&mut inflater, &first, 3),
            (b"Hello".to_vec(), None, true)
        );
        assert_eq!(
            inflate(&mut inflater, &second, 3),
            (b"Hello".to_vec(), None, true)
        );
    }

    #[test]
    fn what_is_no_deflate_data_is_invalid_and_a_cut_block_is_not_whole() {
        let mut inflater = Inflater::new(WIDEST);
        assert_eq!(
            inflate(&mut inflater, b"hi there", 3).1,
            Some(DeflateFault::Invalid)
        );
        let mut inflater = Inflater::new(WIDEST);
        let (_, fault, is_whole) = inflate(&mut inflater, &[0xf2, 0x48, 0xcd, 0xc9], 9);
        assert!(fault.is_some() || !is_whole);
    }

    #[test]
    fn any_bytes_are_taken_without_a_panic_and_alike_in_pieces() {
        let mut random = fastrand::Rng::with_seed(7692);
        for _ in 0..3000 {
            let length = random.usize(..60);
            let payload: Vec<u8> = std::iter::repeat_with(|| random.u8(..))
                .take(length)
                .collect();
            let window = Window {
                bits: random.u8(8..=15),
                takes_over: random.bool(),
            };
            let at_once = inflate(&mut Inflater::new(window), &payload, 64);
            for step in [1, 3, 17] {
                assert_eq!(inflate(&mut Inflater::new(window), &payload, step), at_once);
            }
        }
    }
}
