//! What is odd and breaks nothing that a receiver checks.

use crate::field::fingerprints::{self, Fingerprint};
use crate::field::{Role, by_code};
use crate::words::{bytes, either, say, thousands, translated};

/// Something odd that breaks nothing a receiver checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    ReasonFingerprint(Fingerprint),
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
        }
    }

    /// What is odd, in one sentence.
    pub fn note(self) -> String {
        match self {
            Hint::MaskingKeyReused { earlier } => say!(
                "the masking key is that of the frame at {earlier}; each frame should have a fresh, unpredictable one (RFC 6455 section 5.3)",
                earlier
            ),
            Hint::MaskingKeyZero => {
                say!(
                    "the masking key is all zero, so the payload travels as it is (RFC 6455 section 5.3 asks for an unpredictable key)"
                )
            }
            Hint::MandatoryExtensionFromServer => {
                say!(
                    "1010 is a client's code; a server that cannot do without an extension refuses the handshake (RFC 6455 section 7.4.1)"
                )
            }
            Hint::InflatesCleanly => {
                say!(
                    "the payload inflates cleanly, so permessage-deflate was probably agreed on; give the response's header with --extensions"
                )
            }
            Hint::DeflateCutShort => {
                say!(
                    "the compressed message ends inside a block; receivers deliver what is there and say nothing"
                )
            }
            Hint::Expands { ratio, inflated } => say!(
                "the message inflates to {inflated}, {ratio} times its size on the wire",
                inflated = bytes(inflated),
                ratio = thousands(ratio)
            ),
            Hint::NotPortable { code, receiver } => {
                by_code::portability(code, receiver).unwrap_or_default()
            }
            Hint::ReasonFingerprint(fingerprint) => {
                let names = either(&fingerprint.senders());
                match fingerprint.says() {
                    Some(says) => say!(
                        "by its words the reason comes from {names}, which is a guess: {says}",
                        names,
                        says = translated(says)
                    ),
                    None => say!(
                        "by its words the reason comes from {names}, which is a guess",
                        names
                    ),
                }
            }
            Hint::KnownAccident { code } => say!(
                "{code} in place of a code is known from {says}",
                code,
                says = translated(fingerprints::accident(code).unwrap_or_default())
            ),
            Hint::BothDirections => {
                say!(
                    "masked frames are read as the client's and unmasked ones as the server's; if all come from one end, say which with --from"
                )
            }
        }
    }
}
