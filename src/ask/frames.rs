//! What is wrong with some bytes.

use crate::application::{Application, Listener};
use crate::conversation::{Conversation, Heard, Options, Summary};
use crate::explain::{Explanation, explain_stream};
use crate::facts::registry::Registries;
use crate::inspect::Frame;
use crate::upgrade::{Front, NotFrames, Upgrade};

/// So many frames are kept; further ones are read, judged and counted.
pub const MOST_FRAMES: usize = 4096;

/// The frames of a stream, what is wrong with them, and why the connection closed.
#[derive(Debug)]
#[non_exhaustive]
pub struct Decoded {
    /// The HTTP upgrade before the frames, where there is one.
    pub upgrade: Option<Upgrade>,
    /// The frames, each with what it breaks; the first [`MOST_FRAMES`] of them.
    pub frames: Vec<Frame>,
    /// What the stream came to.
    pub summary: Summary,
    /// What the application said last, where its protocol is known.
    pub application: Option<Box<Application>>,
    /// Why the connection closed, and what to do.
    pub explanation: Explanation,
    /// The registries that were asked.
    pub registries: Registries,
}

/// Decodes a stream of frames, of one end or of both, and says why it closed. The mask bit tells who sent a
/// frame. The stream may begin with the HTTP upgrade.
///
/// # Errors
///
/// What the bytes are, where they are no frames.
///
/// ```
/// // A text that is not UTF-8, then the Close of the end that did not take it.
/// let bytes = b"\x81\x03f\xc3(\x88\x82\x37\xfa\x21\x3d\x34\x15";
/// let decoded = wsclose::decode(bytes)?;
///
/// assert_eq!(decoded.frames.len(), 2);
/// assert_eq!(decoded.frames[0].findings[0].rule.id, "text-not-utf8");
/// assert_eq!(decoded.summary.closes[0].close.code, Some(1007));
/// println!("{}", decoded.explanation.statements[0]);
///
/// assert!(wsclose::decode(b"\x16\x03\x01\x02\x00").is_err(), "a TLS record is no frame");
/// # Ok::<(), wsclose::upgrade::NotFrames>(())
/// ```
pub fn decode(bytes: &[u8]) -> Result<Decoded, NotFrames> {
    decode_with(bytes, Options::default(), Registries::default())
}

/// As [`decode`]; the options say who sent the frames, what was agreed on, and which message is too large.
///
/// # Errors
///
/// What the bytes are, where they are no frames.
///
/// ```
/// use wsclose::conversation::Options;
/// use wsclose::facts::registry::Registries;
/// use wsclose::frame::Sender;
///
/// let options = Options { from: Some(Sender::Client), ..Options::default() };
/// let decoded = wsclose::decode_with(b"\x81\x02hi", options, Registries::default())?;
/// assert_eq!(decoded.frames[0].findings[0].rule.id, "unmasked-client-frame");
/// # Ok::<(), wsclose::upgrade::NotFrames>(())
/// ```
pub fn decode_with(
    bytes: &[u8],
    options: Options,
    registries: Registries,
) -> Result<Decoded, NotFrames> {
    let mut front = Front::default();
    let mut opened = match front.feed(bytes)? {
        Some(opened) => opened,
        None => front.finish()?,
    };
    let agreed = opened.upgrade.as_ref().map(Upgrade::agreement);
    let deflate = options.deflate.or(agreed.and_then(|agreed| agreed.deflate));
    let mut conversation = Conversation::starting_at(opened.at, Options { deflate, ..options });
    conversation.hear_messages();
    let mut listener = Listener::default();
    if let Some(upgrade) = &opened.upgrade {
        listener.upgrade(upgrade);
    }
    let mut frames = Vec::new();
    let mut keep = |frame: &Frame| {
        if frames.len() < MOST_FRAMES {
            frames.push(frame.clone());
        }
    };
    // What follows a refusal is its body.
    if opened.is_frames {
        conversation.feed_hearing(&mut opened.rest, &mut keep, &mut |heard: Heard<'_>| {
            listener.hear(heard, 0, None);
        });
    }
    let summary = conversation.finish(&mut keep);
    let application = listener.finish();
    let explanation = explain_stream(&summary, application.as_deref(), registries);
    Ok(Decoded {
        upgrade: opened.upgrade,
        frames,
        summary,
        application,
        explanation,
        registries,
    })
}
