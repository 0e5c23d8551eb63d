//! A zip archive to the HAR files in it, sans-I/O, as Playwright writes one.
//!
//! The archive is read from its front, by the head before each file, so that it may come from a pipe. Of
//! its files those whose names end in `.har` are handed out, one behind the other; the others are passed over.
//!
//! Own, because the crates that read zip want to seek, or read no file whose length stands behind it,
//! which is how Playwright writes them.
//!
//! Source: APPNOTE.TXT of PKWARE, sections 4.3.7 and 4.3.9.
//!
//! ```
//! use wsclose::capture::zip::Unzip;
//!
//! // An archive of one file, `a.har`, that holds `{}` as it is.
//! let archive = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\x43\xbf\xa6\xa3\x02\0\0\0\x02\0\0\0\x05\0\0\0a.har{}";
//! let mut unzip = Unzip::default();
//! let mut har = Vec::new();
//! unzip.feed(archive, &mut |bytes: &[u8]| { har.extend_from_slice(bytes); Ok(()) }).unwrap();
//! assert_eq!(har, b"{}");
//! ```

use flate2::{Decompress, FlushDecompress, Status};

use super::file::{Damage, DamageKind};

/// How an archive begins.
pub const MAGIC: [u8; 4] = *b"PK\x03\x04";
/// So much is inflated at a time.
const INFLATED: usize = 64 * 1024;
/// The length of the fixed part of a head.
const HEAD: usize = 30;

/// Undoes zip piece by piece.
#[derive(Default)]
pub struct Unzip {
    held: Vec<u8>,
    at: u64,
    file: Option<File>,
    is_over: bool,
    has_found: bool,
    inflater: Option<Decompress>,
}

/// The file that is being read.
#[derive(Clone, Copy, Debug)]
struct File {
    is_wanted: bool,
    /// Bytes that are stored as they are and still to come; `None` where they are deflated.
    stored: Option<u64>,
    /// Whether its length stands behind it.
    has_descriptor: bool,
    /// Whether only that is still to come.
    is_done: bool,
    is_large: bool,
}

impl std::fmt::Debug for Unzip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unzip")
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl Unzip {
    /// Takes the next bytes and hands those of the HAR files to `sink`.
    ///
    /// # Errors
    ///
    /// Where the archive makes no sense, with the offset.
    pub fn feed(
        &mut self,
        bytes: &[u8],
        mut sink: impl FnMut(&[u8]) -> Result<(), Damage>,
    ) -> Result<(), Damage> {
        let mut held = std::mem::take(&mut self.held);
        held.extend_from_slice(bytes);
        let mut rest = held.as_slice();
        while !self.is_over && !rest.is_empty() {
            let used = match self.file {
                None => self.head(rest)?,
                Some(file) if file.is_done => self.descriptor(rest, file),
                Some(file) => self.body(rest, file, &mut sink)?,
            };
            let Some(used) = used else {
                self.held = rest.to_vec();
                return Ok(());
            };
            self.at += used as u64;
            rest = rest.get(used..).unwrap_or_default();
        }
        Ok(())
    }

    /// Takes the end of the archive.
    ///
    /// # Errors
    ///
    /// Where it ends inside a file, or has no HAR file.
    pub fn finish(&self) -> Result<(), Damage> {
        let kind = match (
            self.is_over || self.has_found && self.file.is_none(),
            self.has_found,
        ) {
            (true, true) => return Ok(()),
            (true, false) => DamageKind::NoCapture,
            (false, _) => DamageKind::Cut,
        };
        Err(Damage { at: self.at, kind })
    }

    fn damage(&self) -> Damage {
        Damage {
            at: self.at,
            kind: DamageKind::Compression,
        }
    }

    /// Reads the head before a file. `None` while it is not whole.
    fn head(&mut self, bytes: &[u8]) -> Result<Option<usize>, Damage> {
        let common = bytes.len().min(MAGIC.len());
        if bytes.get(..common) != MAGIC.get(..common) {
            // The directory at the end, which says nothing new.
            self.is_over = true;
            return Ok(Some(bytes.len()));
        }
        let Some(fixed) = bytes.first_chunk::<HEAD>() else {
            return Ok(None);
        };
        let half = |at: usize| usize::from(u16::from_le_bytes([fixed[at], fixed[at + 1]]));
        let word = |at: usize| u64::from(half(at) as u32 | (half(at + 2) as u32) << 16);
        let (flags, method, length) = (half(6), half(8), word(18));
        let name_end = HEAD + half(26);
        let end = name_end + half(28);
        let Some(name) = bytes.get(HEAD..name_end).filter(|_| bytes.len() >= end) else {
            return Ok(None);
        };
        let has_descriptor = flags & 8 != 0;
        let is_large = length == 0xffff_ffff;
        let is_wanted = name.to_ascii_lowercase().ends_with(b".har");
        let is_known = match method {
            0 => !has_descriptor && !is_large,
            8 => true,
            _ => false,
        };
        if flags & 1 != 0 || !is_known {
            return Err(self.damage());
        }
        self.has_found |= is_wanted;
        self.inflater = (method == 8).then(|| Decompress::new(false));
        self.file = Some(File {
            is_wanted,
            stored: (method == 0).then_some(length),
            has_descriptor,
            is_done: method == 0 && length == 0,
            is_large,
        });
        Ok(Some(end))
    }

    fn body(
        &mut self,
        bytes: &[u8],
        file: File,
        sink: &mut impl FnMut(&[u8]) -> Result<(), Damage>,
    ) -> Result<Option<usize>, Damage> {
        if let Some(left) = file.stored {
            let count = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
            if file.is_wanted {
                sink(bytes.get(..count).unwrap_or_default())?;
            }
            let left = left - count as u64;
            self.file = Some(File {
                stored: Some(left),
                is_done: left == 0,
                ..file
            });
            return Ok(Some(count));
        }
        let Some(inflater) = &mut self.inflater else {
            return Err(self.damage());
        };
        let mut inflated = Vec::with_capacity(INFLATED);
        let mut used = 0;
        let mut is_done = false;
        while !is_done {
            let rest = bytes.get(used..).unwrap_or_default();
            inflated.clear();
            let before = inflater.total_in();
            let status = inflater.decompress_vec(rest, &mut inflated, FlushDecompress::None);
            let count = inflater.total_in() - before;
            used += usize::try_from(count).unwrap_or_default();
            is_done = match status {
                Ok(status) => status == Status::StreamEnd,
                Err(_) => return Err(self.damage()),
            };
            if file.is_wanted && !inflated.is_empty() {
                sink(&inflated)?;
            }
            if count == 0 && inflated.is_empty() {
                break;
            }
        }
        if used == 0 && !is_done {
            return Err(self.damage());
        }
        self.file = Some(File { is_done, ..file });
        Ok(Some(used))
    }

    /// Passes what stands behind a file. `None` while it is not whole.
    fn descriptor(&mut self, bytes: &[u8], file: File) -> Option<usize> {
        let length = match file.has_descriptor {
            false => 0,
            true => {
                // A checksum and two lengths, which may have a mark before them.
                let mark = *bytes.first_chunk::<4>()?;
                let lengths = if file.is_large { 20 } else { 12 };
                lengths + if mark == *b"PK\x07\x08" { 4 } else { 0 }
            }
        };
        if bytes.len() < length {
            return None;
        }
        self.file = None;
        Some(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that is deflated, as one block that is stored.
    fn member(name: &str, body: &[u8], has_descriptor: bool) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend([
            20,
            0,
            if has_descriptor { 8 } else { 0 },
            0,
            8,
            0,
            0,
            0,
            0,
            0,
        ]);
        bytes.extend([0; 12]);
        bytes.extend([name.len() as u8, 0, 2, 0]);
        bytes.extend(name.bytes());
        bytes.extend([7, 7]);
        let length = (body.len() as u16).to_le_bytes();
        let inverted = (!(body.len() as u16)).to_le_bytes();
        bytes.push(1);
        bytes.extend(length);
        bytes.extend(inverted);
        bytes.extend(body);
        if has_descriptor {
            bytes.extend(b"PK\x07\x08");
            bytes.extend([0; 12]);
        }
        bytes
    }

    fn unzipped(bytes: &[u8], step: usize) -> Result<Vec<u8>, Damage> {
        let mut unzip = Unzip::default();
        let mut out = Vec::new();
        for piece in bytes.chunks(step) {
            unzip.feed(piece, |bytes| {
                out.extend_from_slice(bytes);
                Ok(())
            })?;
        }
        unzip.finish().map(|()| out)
    }

    #[test]
    fn the_har_files_of_an_archive_are_handed_out_however_it_comes() {
        for has_descriptor in [true, false] {
            let archive = [
                member("0a1b.txt", b"{}", has_descriptor),
                member("har.har", b"{\"log\":1}", has_descriptor),
                member("z.HAR", b" {}", has_descriptor),
                b"PK\x01\x02 and so on".to_vec(),
            ]
            .concat();
            for step in [1, 5, 4096] {
                assert_eq!(unzipped(&archive, step), Ok(b"{\"log\":1} {}".to_vec()));
            }
        }
        let cut = unzipped(&member("har.har", b"{}", true)[..38], 4);
        assert_eq!(cut.expect_err("it is cut").kind, DamageKind::Cut);
        let other = unzipped(b"PK\x05\x06", 4).expect_err("it is empty");
        assert_eq!(other.kind, DamageKind::NoCapture);
    }
}
