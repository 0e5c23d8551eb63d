//! A gzip file to what was compressed, sans-I/O.
//!
//! flate2's push decoder does the work; here are the members that follow each other, and the zeros behind
//! the last.
//!
//! Source: RFC 1952.
//!
//! ```
//! use wsclose::capture::gzip::Gunzip;
//!
//! // `printf hi | gzip -n`
//! let bytes = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\xc8\x04\0\xac\x2a\x93\xd8\x02\0\0\0";
//! let mut gunzip = Gunzip::default();
//! let mut whole = Vec::new();
//! for piece in bytes.chunks(5) {
//!     gunzip.feed(piece, &mut |bytes: &[u8]| { whole.extend_from_slice(bytes); Ok(()) })?;
//! }
//! gunzip.finish()?;
//! assert_eq!(whole, b"hi");
//! # Ok::<(), wsclose::capture::file::Damage>(())
//! ```

use std::io::{ErrorKind, Write};

use flate2::write::GzDecoder;

use super::file::{Damage, DamageKind};

/// How a gzip file begins.
pub const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];

/// Undoes gzip piece by piece.
#[derive(Debug, Default)]
pub struct Gunzip {
    member: Option<Box<GzDecoder<Vec<u8>>>>,
    at: u64,
    /// Whether the zeros behind the last member have begun.
    is_padding: bool,
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
        let mut rest = bytes;
        while let Some(first) = rest.first() {
            if self.member.is_none() {
                // What is filled up to a block of a tape or a disk ends in zeros.
                self.is_padding |= self.at > 0 && *first == 0;
                if self.is_padding {
                    let zeros = rest.iter().take_while(|byte| **byte == 0).count();
                    self.at += zeros as u64;
                    let is_all = zeros == rest.len();
                    return is_all.then_some(()).ok_or(self.damage());
                }
            }
            let member = self
                .member
                .get_or_insert_with(|| Box::new(GzDecoder::new(Vec::new())));
            match member.write(rest) {
                Ok(0) => {
                    // It takes no more: what follows is another.
                    let end = member.try_finish();
                    hand_on(member, &mut sink)?;
                    self.member = None;
                    end.map_err(|_| self.damage())?;
                }
                Ok(used) => {
                    hand_on(member, &mut sink)?;
                    self.at += used as u64;
                    rest = rest.get(used..).unwrap_or_default();
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Err(self.damage()),
            }
        }
        let Some(member) = &mut self.member else {
            return Ok(());
        };
        let flushed = member.flush();
        hand_on(member, &mut sink)?;
        flushed.map_err(|_| self.damage())
    }

    /// Takes the end of the file.
    ///
    /// # Errors
    ///
    /// Where it ends inside a member.
    pub fn finish(&mut self) -> Result<(), Damage> {
        let kind = match self.member.take().map(|mut member| member.try_finish()) {
            None if self.at > 0 => return Ok(()),
            Some(Ok(())) => return Ok(()),
            Some(Err(error)) if error.kind() == ErrorKind::InvalidInput => DamageKind::Compression,
            _ => DamageKind::Cut,
        };
        Err(Damage { at: self.at, kind })
    }

    fn damage(&self) -> Damage {
        Damage {
            at: self.at,
            kind: DamageKind::Compression,
        }
    }
}

/// Hands on what was inflated last.
fn hand_on(
    member: &mut GzDecoder<Vec<u8>>,
    sink: &mut impl FnMut(&[u8]) -> Result<(), Damage>,
) -> Result<(), Damage> {
    let inflated = member.get_mut();
    if inflated.is_empty() {
        return Ok(());
    }
    let taken = sink(inflated);
    inflated.clear();
    taken
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
