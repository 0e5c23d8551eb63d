//! A JSON object that holds the bytes of frames among other things: as a list of numbers, or in
//! base64 or hex.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::super::frames::{self, Fit};
use super::super::text::{Mistake, printable};
use crate::words::{either, say};

/// The deepest value that is looked at.
const DEEPEST: usize = 16;

/// A value that could be the bytes, with its name.
type Found = (String, Vec<u8>);

/// Whether a text is an object with such a value.
pub(in super::super) fn may_be(text: &str) -> bool {
    text.trim_start().starts_with('{') && !found(text).is_empty()
}

/// Reads the only value of an object that could be bytes of frames.
pub(in super::super) fn read(text: &str) -> Result<Vec<u8>, Mistake> {
    let mut found = found(text);
    match found.len() {
        1 => Ok(found.remove(0).1),
        0 => Err(Mistake::new(say!(log_bytes.unclear))),
        _ => {
            let names = found
                .iter()
                .map(|(name, _)| format!("`{}`", printable(name)).into());
            Err(Mistake::new(say!(
                ends.not_one_value,
                names = either(names)
            )))
        }
    }
}

/// All values that could be the bytes.
fn found(text: &str) -> Vec<Found> {
    let mut all = Vec::new();
    if let Ok(value @ Value::Object(_)) = serde_json::from_str(text.trim_end_matches([';', ','])) {
        walk(&value, "", 0, &mut all);
    }
    all
}

fn walk(value: &Value, name: &str, depth: usize, all: &mut Vec<Found>) {
    if depth > DEEPEST {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                walk(value, name, depth + 1, all);
            }
        }
        Value::Array(items) => match list(items) {
            Some(bytes) if begins_like_frames(&bytes) => all.push((name.to_owned(), bytes)),
            _ => {
                for value in items {
                    walk(value, name, depth + 1, all);
                }
            }
        },
        Value::String(letters) => {
            // A word in base64 would begin like frames by chance.
            if let Some(bytes) = letters_of_bytes(letters).filter(|bytes| frames::are_sound(bytes))
            {
                all.push((name.to_owned(), bytes));
            }
        }
        _ => {}
    }
}

/// The bytes of a list of numbers, all of which are bytes.
fn list(items: &[Value]) -> Option<Vec<u8>> {
    let byte = |item: &Value| {
        let number = item.as_i64()?;
        let number = if (-128..0).contains(&number) {
            number + 256
        } else {
            number
        };
        u8::try_from(number).ok()
    };
    let signed = items
        .iter()
        .any(|item| item.as_i64().is_some_and(|number| number < 0));
    let above = items
        .iter()
        .any(|item| item.as_i64().is_some_and(|number| number > 127));
    if items.is_empty() || (signed && above) {
        return None;
    }
    items.iter().map(byte).collect()
}

/// The bytes of letters that are whole base64 or hex. Hex is base64 too, and goes before it.
fn letters_of_bytes(letters: &str) -> Option<Vec<u8>> {
    if let Ok(bytes) = hex::decode(letters) {
        return Some(bytes);
    }
    let is_marked = letters.contains(|c: char| !c.is_ascii_alphabetic());
    BASE64_STANDARD.decode(letters).ok().filter(|_| is_marked)
}

/// Whether bytes are frames, whole or cut.
fn begins_like_frames(bytes: &[u8]) -> bool {
    bytes.len() > 1 && frames::fit(bytes) != Fit::Not
}
