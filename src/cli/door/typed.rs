//! What typed words are by their letters alone: an address, bytes, the name of a file.

use std::path::Path;

use super::content::begins_like_frames;

/// Whether a text is nothing but an address that can be connected to.
pub(super) fn is_url(text: &str) -> bool {
    let schemes = ["ws://", "wss://", "http://", "https://"];
    let is_scheme = |scheme: &&str| {
        let front = text.get(..scheme.len());
        front.is_some_and(|front| front.eq_ignore_ascii_case(scheme)) && text.len() > scheme.len()
    };
    schemes.iter().any(is_scheme) && !text.contains(char::is_whitespace)
}

fn is_hex_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether all that is given is pairs of hex digits, two or more.
pub(super) fn are_hex_pairs(given: &[String]) -> bool {
    let is_pair = |word: &str| {
        let bare = word.trim_end_matches(',');
        let bare = bare
            .strip_prefix("0x")
            .or_else(|| bare.strip_prefix("0X"))
            .unwrap_or(bare);
        bare.len() == 2 && is_hex_digits(bare)
    };
    let mut words = given.iter().flat_map(|text| text.split_whitespace());
    words.clone().count() > 1 && words.all(is_pair)
}

/// Whether all that is given is hex with a letter in it, or too long for a code.
pub(super) fn is_hex(given: &[String]) -> bool {
    let text: String = given.concat().split_whitespace().collect();
    let bare: String = text
        .replace("0x", "")
        .replace("0X", "")
        .replace([',', ':', '-'], "");
    let has_letter = bare.bytes().any(|byte| byte.is_ascii_alphabetic());
    is_hex_digits(&bare) && bare.len() >= 2 && (has_letter || bare.len() > 5)
}

/// Whether the digits of a code are, as hex, a whole frame too.
pub(super) fn is_whole_frame(text: &str) -> bool {
    let text = text.trim();
    let is_code = text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    let bytes = hex::decode(text).unwrap_or_default();
    is_code && bytes.len() > 1 && begins_like_frames(&bytes)
}

/// Whether a word looks like the name of a file.
pub(super) fn is_path(text: &str) -> bool {
    let name = Path::new(text);
    let is_extension = |text: &std::ffi::OsStr| {
        (1..=8).contains(&text.len())
            && text
                .to_string_lossy()
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric())
    };
    !text.contains(char::is_whitespace)
        && (text.contains('/') || text.contains('\\') || name.extension().is_some_and(is_extension))
}
