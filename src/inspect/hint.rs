//! What is odd and breaks nothing that a receiver checks.

use super::Foreign;
use crate::facts::field::fingerprints::{self, Fingerprint};
use crate::facts::field::{Role, by_code};
use crate::words::{Message, Text, Value, bytes, say};

/// Something odd that breaks nothing a receiver checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// The masking key of the frame at this offset is used again.
    MaskingKeyReused {
        /// Where the earlier frame stands.
        earlier: u64,
    },
    /// The masking key is all zero: the payload travels as it is.
    MaskingKeyZero,
    /// 1010 is a client's code, and a server sent it.
    MandatoryExtensionFromServer,
    /// Masked and unmasked frames are mixed, and nobody said who sent them.
    BothDirections,
    /// RSV1 is set, and the payload inflates: the ends had probably agreed on compression.
    InflatesCleanly,
    /// A compressed message ends inside a block: receivers deliver what is there.
    DeflateCutShort,
    /// A compressed message inflates to very much.
    Expands {
        /// How many times its size.
        ratio: u64,
        /// To how many bytes.
        inflated: u64,
    },
    /// The code is legal, and receivers that are known refuse it.
    NotPortable {
        /// The code.
        code: u16,
        /// The role of the end that receives it; [`Role::Both`] where that is not known.
        receiver: Role,
    },
    /// The reason gives away who sent it.
    ReasonFingerprint(&'static Fingerprint),
    /// The bytes are no frame but something else, and so is what follows.
    Foreign(Foreign),
    /// A number that one program is known to put where the code belongs.
    KnownAccident {
        /// The number.
        code: u16,
    },
}

impl Hint {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Hint::MaskingKeyReused { .. } => "masking-key-reused",
            Hint::MaskingKeyZero => "masking-key-zero",
            Hint::MandatoryExtensionFromServer => "mandatory-extension-from-server",
            Hint::BothDirections => "both-directions",
            Hint::InflatesCleanly => "inflates-cleanly",
            Hint::DeflateCutShort => "deflate-cut-short",
            Hint::Expands { .. } => "expands",
            Hint::NotPortable { .. } => "not-portable",
            Hint::ReasonFingerprint(_) => "reason-fingerprint",
            Hint::KnownAccident { .. } => "known-accident",
            Hint::Foreign(_) => "no-frame",
        }
    }

    /// What is odd, in one sentence.
    pub fn note(self) -> Message {
        match self {
            Hint::MaskingKeyReused { earlier } => say!(hint.masking_key_reused, earlier),
            Hint::MaskingKeyZero => {
                say!(hint.masking_key_zero)
            }
            Hint::MandatoryExtensionFromServer => {
                say!(hint.mandatory_extension_by_server)
            }
            Hint::InflatesCleanly => {
                say!(hint.deflate_perhaps)
            }
            Hint::DeflateCutShort => {
                say!(hint.deflate_cut_short)
            }
            Hint::Expands { ratio, inflated } => say!(
                hint.expands,
                inflated = bytes(inflated),
                ratio = Value::Number(ratio)
            ),
            Hint::NotPortable { code, receiver } => {
                by_code::portability(code, receiver).unwrap_or(Text::Given("").into())
            }
            Hint::ReasonFingerprint(fingerprint) => fingerprint.note(),
            Hint::KnownAccident { code } => say!(
                hint.accident,
                code,
                says = fingerprints::accident(code).unwrap_or(Text::Given(""))
            ),
            Hint::Foreign(foreign) => say!(hint.no_frame, what = foreign.message()),
            Hint::BothDirections => {
                say!(hint.sides_by_mask)
            }
        }
    }
}
