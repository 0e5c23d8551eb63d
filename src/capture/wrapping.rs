//! Compression around a recording, or another encoding, undone as it comes: which there is, its first bytes tell.

use super::file::Damage;
use super::gzip::{self, Gunzip};
use super::zip::{self, Unzip};
use crate::utf16;

/// How an input is wrapped.
enum Wrapper {
    /// The first bytes, which are too few to tell.
    Undecided(Vec<u8>),
    None,
    Gzip(Gunzip),
    Zip(Unzip),
    /// PowerShell writes JSON so.
    Utf16(utf16::Decoder),
}

/// Undoes compression, where there is some.
pub(crate) struct Unwrapper {
    wrapper: Wrapper,
    /// What was met first that is wrong, with the wrapping or with what is in it.
    damage: Option<Damage>,
}

impl Unwrapper {
    pub(crate) fn new() -> Self {
        Unwrapper {
            wrapper: Wrapper::Undecided(Vec::new()),
            damage: None,
        }
    }

    /// Takes the next bytes, and hands on what is in them.
    pub(crate) fn feed(
        &mut self,
        bytes: &[u8],
        sink: &mut impl FnMut(&[u8]) -> Result<(), Damage>,
    ) -> Result<(), Damage> {
        let begun;
        let mut bytes = bytes;
        if let Wrapper::Undecided(held) = &mut self.wrapper {
            held.extend_from_slice(bytes);
            if held.len() < zip::MAGIC.len() {
                return Ok(());
            }
            begun = std::mem::take(held);
            bytes = &begun;
            self.wrapper = match &begun {
                bytes if bytes.starts_with(&gzip::MAGIC) => Wrapper::Gzip(Gunzip::default()),
                bytes if bytes.starts_with(&zip::MAGIC) => Wrapper::Zip(Unzip::default()),
                bytes => utf16::mark(bytes).map_or(Wrapper::None, |order| {
                    Wrapper::Utf16(utf16::Decoder::new(order))
                }),
            };
            if let Wrapper::Utf16(_) = &self.wrapper {
                bytes = bytes.get(2..).unwrap_or_default();
            }
        }
        let result = match &mut self.wrapper {
            Wrapper::Gzip(gunzip) => gunzip.feed(bytes, sink),
            Wrapper::Zip(unzip) => unzip.feed(bytes, sink),
            Wrapper::Utf16(decoder) => sink(decoder.feed(bytes).as_bytes()),
            Wrapper::Undecided(_) | Wrapper::None => sink(bytes),
        };
        self.damage = self.damage.or(result.err());
        result
    }

    /// Ends it. Gives the bytes of an input that was too short to tell, and what is wrong with it.
    pub(crate) fn finish(&mut self) -> (Vec<u8>, Option<Damage>) {
        let (rest, end) = match &mut self.wrapper {
            Wrapper::Undecided(held) => (std::mem::take(held), Ok(())),
            Wrapper::None => (Vec::new(), Ok(())),
            Wrapper::Utf16(decoder) => {
                let half = decoder.finish().map(|half| half.to_string().into_bytes());
                (half.unwrap_or_default(), Ok(()))
            }
            Wrapper::Gzip(gunzip) => (Vec::new(), gunzip.finish()),
            Wrapper::Zip(unzip) => (Vec::new(), unzip.finish()),
        };
        (rest, self.damage.or(end.err()))
    }
}
