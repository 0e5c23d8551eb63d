//! A gzip file to what was compressed, sans-I/O.
//!
//! The inflating is miniz_oxide's work, which messages are inflated with too. Checksums are not
//! compared: a capture that was changed shows in its own lengths.
//!
//! Source: RFC 1952.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_HAS_MORE_INPUT;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use super::file::{Damage, DamageKind};

/// How a gzip file begins.
pub const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];

/// The longest name and comment that a file may have.
const LONGEST_HEAD: usize = 1 << 20;

/// Undoes gzip piece by piece.
pub struct Gunzip {
    /// The bytes of a head or a trailer that is not whole.
    held: Vec<u8>,
    at: u64,
    place: Place,
    inflater: Inflater,
}

/// Undoes deflate piece by piece.
pub(super) struct Inflater {
    decompressor: Box<DecompressorOxide>,
    /// What was inflated last, round and round: what is to come may refer to all of it.
    output: Vec<u8>,
    output_at: usize,
}

impl Default for Inflater {
    fn default() -> Self {
        Inflater {
            decompressor: Box::default(),
            output: vec![0; 128 * 1024],
            output_at: 0,
        }
    }
}

/// Why inflating stopped early, with how many bytes that took.
pub(super) enum Stopped {
    /// The data is no deflate.
    Broken(usize),
    /// Who takes what it inflates to takes no more.
    Refused(Damage),
}

impl Inflater {
    /// Begins anew.
    pub(super) fn begin(&mut self) {
        self.decompressor.init();
    }

    /// Inflates. Gives how many bytes of `bytes` that took, and whether the data has ended.
    pub(super) fn feed(
        &mut self,
        bytes: &[u8],
        sink: &mut impl FnMut(&[u8]) -> Result<(), Damage>,
    ) -> Result<(usize, bool), Stopped> {
        let mut used = 0;
        loop {
            let rest = bytes.get(used..).unwrap_or_default();
            let (status, consumed, written) = decompress(
                &mut self.decompressor,
                rest,
                &mut self.output,
                self.output_at,
                TINFL_FLAG_HAS_MORE_INPUT,
            );
            used += consumed;
            let end = self.output_at + written;
            let new = self.output.get(self.output_at..end).unwrap_or_default();
            if !new.is_empty() {
                sink(new).map_err(Stopped::Refused)?;
            }
            self.output_at = end % self.output.len();
            match status {
                TINFLStatus::Done => return Ok((used, true)),
                TINFLStatus::HasMoreOutput => {}
                TINFLStatus::NeedsMoreInput => return Ok((used, false)),
                _ => return Err(Stopped::Broken(used)),
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Head,
    Body,
    Trailer,
}

impl std::fmt::Debug for Gunzip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gunzip")
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl Default for Gunzip {
    fn default() -> Self {
        Gunzip {
            held: Vec::new(),
            at: 0,
            place: Place::Head,
            inflater: Inflater::default(),
        }
    }
}

impl Gunzip {
    /// Takes the next bytes and hands what they inflate to to `sink`.
    ///
    /// # Errors
    ///
    /// Where the data is no gzip, with the offset in the compressed file.
    pub fn feed(
        &mut self,
        bytes: &[u8],
        mut sink: impl FnMut(&[u8]) -> Result<(), Damage>,
    ) -> Result<(), Damage> {
        let mut held = std::mem::take(&mut self.held);
        held.extend_from_slice(bytes);
        let mut rest = held.as_slice();
        loop {
            let place = self.place;
            // What is filled up to a block of a tape or a disk ends in zeros.
            if place == Place::Head && self.at > 0 && rest.iter().all(|byte| *byte == 0) {
                self.at += rest.len() as u64;
                return Ok(());
            }
            let used = match place {
                Place::Head => head(rest).map_err(|()| self.damage())?,
                Place::Body if rest.is_empty() => None,
                Place::Body => Some(self.body(rest, &mut sink)?),
                Place::Trailer => (rest.len() >= 8).then_some(8),
            };
            let Some(used) = used else {
                self.held = rest.to_vec();
                return Ok(());
            };
            self.at += used as u64;
            rest = rest.get(used..).unwrap_or_default();
            match place {
                Place::Head => {
                    self.place = Place::Body;
                    self.inflater.begin();
                }
                Place::Body => {}
                Place::Trailer => self.place = Place::Head,
            }
        }
    }

    /// Takes the end of the file.
    ///
    /// # Errors
    ///
    /// Where it ends inside a member.
    pub fn finish(&self) -> Result<(), Damage> {
        if self.place == Place::Head && self.held.is_empty() && self.at > 0 {
            return Ok(());
        }
        Err(Damage {
            at: self.at,
            kind: DamageKind::Cut,
        })
    }

    fn damage(&self) -> Damage {
        Damage {
            at: self.at,
            kind: DamageKind::Compression,
        }
    }

    /// Inflates. Gives how many bytes of `bytes` that took.
    fn body(
        &mut self,
        bytes: &[u8],
        sink: &mut impl FnMut(&[u8]) -> Result<(), Damage>,
    ) -> Result<usize, Damage> {
        match self.inflater.feed(bytes, sink) {
            Ok((used, true)) => {
                self.place = Place::Trailer;
                Ok(used)
            }
            Ok((used, false)) => Ok(used),
            Err(Stopped::Refused(damage)) => Err(damage),
            Err(Stopped::Broken(used)) => Err(Damage {
                at: self.at + used as u64,
                kind: DamageKind::Compression,
            }),
        }
    }
}

/// The length of the head of a member; `None` while it is not whole.
fn head(bytes: &[u8]) -> Result<Option<usize>, ()> {
    let common = bytes.len().min(MAGIC.len());
    if bytes.get(..common) != MAGIC.get(..common) || bytes.len() > LONGEST_HEAD {
        return Err(());
    }
    let Some(flags) = bytes.get(3).copied() else {
        return Ok(None);
    };
    let mut at = 10;
    if flags & 4 != 0 {
        let Some(&[low, high]) = bytes.get(at..at + 2).and_then(|field| field.first_chunk()) else {
            return Ok(None);
        };
        at += 2 + usize::from(u16::from_le_bytes([low, high]));
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            let text = bytes.get(at..).unwrap_or_default();
            let Some(length) = text.iter().position(|byte| *byte == 0) else {
                return Ok(None);
            };
            at += length + 1;
        }
    }
    if flags & 2 != 0 {
        at += 2;
    }
    Ok((bytes.len() >= at).then_some(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `printf hello | gzip`, and once more with a name.
    const HELLO: [u8; 25] = [
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 7, 0, 0x86, 0xa6, 0x10,
        0x36, 5, 0, 0, 0,
    ];

    fn gunzip(bytes: &[u8], step: usize) -> Result<Vec<u8>, Damage> {
        let mut gunzip = Gunzip::default();
        let mut out = Vec::new();
        for piece in bytes.chunks(step) {
            gunzip.feed(piece, |bytes| {
                out.extend_from_slice(bytes);
                Ok(())
            })?;
        }
        gunzip.finish().map(|()| out)
    }

    #[test]
    fn members_follow_each_other_and_may_have_names() {
        let mut named = HELLO.to_vec();
        named[3] = 8;
        named.splice(10..10, *b"name\0");
        let both = [&HELLO[..], &named].concat();
        for step in [1, 3, 64] {
            assert_eq!(gunzip(&both, step), Ok(b"hellohello".to_vec()));
        }
    }

    #[test]
    fn zeros_behind_the_last_member_are_padding() {
        let padded = [&HELLO[..], &[0; 700]].concat();
        for step in [1, 30, 4096] {
            assert_eq!(gunzip(&padded, step), Ok(b"hello".to_vec()));
        }
    }

    #[test]
    fn a_cut_and_a_broken_file_are_told_apart() {
        let cut = gunzip(&HELLO[..14], 4).expect_err("it is cut");
        assert_eq!(cut.kind, DamageKind::Cut);
        let mut broken = HELLO;
        broken[10] = 0xff; // a block of a kind that does not exist
        let broken = gunzip(&broken, 64).expect_err("it is broken");
        assert_eq!(broken.kind, DamageKind::Compression);
        assert!((10..=12).contains(&broken.at), "{broken}");
    }
}
