//! Bytes below headings that say which end sent them: `client -> server`, `cl -> sr`, `A => B`.

use super::super::ends::{By, Sent};
use super::super::text::Mistake;
use super::cells::{lines, not_a_line};
use super::escaped::{self, Dialect};
use crate::frame::Sender;
use crate::words::text;

/// What stands between the two ends of a heading.
const ARROWS: [&str; 5] = ["-->", "->", "=>", "→", "⇒"];
/// The longest name of an end.
const LONGEST: usize = 40;

/// The two ends that a heading names, the sender first.
fn heading(line: &str) -> Option<(&str, &str)> {
    let line = line.trim().trim_start_matches(['#', '/', '*', '[']);
    let line = line.trim_end_matches([':', ']']).trim();
    let (from, to) = ARROWS.iter().find_map(|arrow| line.split_once(arrow))?;
    let is_name = |name: &str| {
        let mut letters = name.chars();
        (1..=LONGEST).contains(&name.len())
            && letters.all(|letter| letter.is_alphanumeric() || "._:-".contains(letter))
    };
    let (from, to) = (from.trim(), to.trim());
    (is_name(from) && is_name(to) && from != to).then_some((from, to))
}

/// Who sends below a heading, where that is said in plain words.
fn sender_of(from: &str, to: &str) -> Option<Sender> {
    let is = |name: &str, words: &[&str]| words.iter().any(|word| name.eq_ignore_ascii_case(word));
    let (client, server) = (&["client", "browser", "c"], &["server", "s"]);
    match () {
        () if is(from, client) && is(to, server) => Some(Sender::Client),
        () if is(from, server) && is(to, client) => Some(Sender::Server),
        () => None,
    }
}

/// Whether a text has headings for both ends, or one that has a string or digits right below it.
pub(in super::super) fn may_be(text: &str) -> bool {
    let mut written = text.lines().filter(|line| !line.trim().is_empty());
    let Some((from, to)) = written.by_ref().find_map(heading) else {
        return false;
    };
    let below = written.next().unwrap_or_default().trim();
    let is_digit = |letter: char| letter.is_ascii_hexdigit() || letter == ' ';
    below.starts_with('"')
        || below.chars().all(is_digit)
        || written.filter_map(heading).any(|other| other == (to, from))
}

/// Reads what stands below the headings: strings with escapes as in C, or pairs of hex digits.
pub(in super::super) fn read(text: &str) -> Result<Vec<Sent>, Mistake> {
    let mut sent: Vec<Sent> = Vec::new();
    let mut first = None;
    // Who sends, the line at which what it sent begins, and that.
    let mut open: Option<(By, usize, String)> = None;
    for (number, line) in lines(text) {
        if let Some((from, to)) = heading(line) {
            sent.extend(open.take().map(bytes).transpose()?);
            let first = *first.get_or_insert(from);
            let by = match sender_of(from, to) {
                Some(sender) => By::Known(sender),
                None => By::End(from != first),
            };
            open = Some((by, number + 1, String::new()));
            continue;
        }
        let is_comment = line.trim_start().starts_with(['#', '/']);
        let is_nothing = is_comment || line.trim().is_empty();
        match &mut open {
            Some(_) if !is_nothing && !is_written(line) => {
                return Err(not_a_line(number, line, text!(form.headed)));
            }
            Some((_, _, below)) => {
                below.push_str(if is_comment { "" } else { line });
                below.push('\n');
            }
            // A title stands above the first heading.
            None if is_comment || !is_written(line) => {}
            None => return Err(not_a_line(number, line, text!(form.headed))),
        }
    }
    sent.extend(open.map(bytes).transpose()?);
    Ok(sent)
}

/// Whether a line has bytes: a string, or digits alone.
fn is_written(line: &str) -> bool {
    let digits: String = line.split_ascii_whitespace().collect();
    line.contains(['"', '\\']) || !digits.is_empty() && hex::decode(digits).is_ok()
}

/// The bytes of what stands below a heading, from the line `begins` on.
fn bytes((by, begins, below): (By, usize, String)) -> Result<Sent, Mistake> {
    let digits: String = below.split_ascii_whitespace().collect();
    let bytes = match hex::decode(digits) {
        Ok(bytes) => bytes,
        Err(_) => escaped::read(Dialect::C, &below).or_else(|_| {
            // The mistake tells its place in the whole text.
            let whole = "\n".repeat(begins - 1) + &below;
            escaped::read(Dialect::C, &whole)
        })?,
    };
    Ok(Sent { by, bytes })
}
