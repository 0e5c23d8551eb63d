//! The rule that picks a form for a text.
//!
//! The rule: a form is a candidate if the text may be of it. Of several candidates, those count
//! that read the text without a mistake. If there is one, it is taken. If there are more and all
//! read the same bytes, the first in the table is taken. If they read different bytes, the one is
//! taken whose bytes alone are whole frames that break no rule, and that is said; else the text is
//! refused, and the refusal names the flag for each. If none reads the text, but one form reads the
//! end of it, behind words, it is a log line. Else the first candidate tells the mistake; without
//! any candidate, hex does.
//!
//! Before all that, a print that lacks bytes is refused; and after it, one form inside another.
//!
//! The same rule decides where something may be no part of the bytes (`variants`, `around`): quotes around
//! escapes, numbers of lines, the line breaks of a terminal.
//!
//! No form is named here: what a form needs to be told apart by stands in its row.

mod words;

pub(super) use words::behind_words;

use super::around::{self, Around, around};
use super::ends::{Turn, by_ports, joined};
use super::frames::{self, Fit};
use super::layout;
use super::lossy;
use super::packet;
use super::table::{self, FORMS, Form, Reading};
use super::text::Mistake;
use super::variants::{Variant, variants};
use super::{Error, TextReader};
use crate::frame::Sender;
use crate::upgrade::NotFrames;
use crate::words::{Message, Text, Value, either, say};

/// How many bytes are gathered of a dump. Some stand for many more than they have.
const MOST: usize = 1 << 20;

/// The longest text that is tried for bytes behind words.
const LONGEST_LOG: usize = 64 * 1024;

/// The form picked for a text, and what it read.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) form: &'static Form,
    pub(super) reading: Decoded,
    /// Whether another form reads the text too, and frames decided.
    pub(super) is_by_frames: bool,
    /// The headers of a packet that stood before the bytes, and how many they are.
    pub(super) taken_off: Option<(Text, u64)>,
    /// What of the text was left out, because it is no part of the bytes.
    pub(super) left_out: Option<Message>,
}

/// What a form made of a text.
#[derive(Debug)]
pub(super) struct Decoded {
    /// The bytes before the mistake, or as many as are gathered.
    pub(super) bytes: Vec<u8>,
    pub(super) result: Result<(), Mistake>,
    /// Who sent them, where the form says that.
    pub(super) turns: Vec<Turn>,
    /// Whether the text stands for more bytes.
    pub(super) is_long: bool,
    /// What of the text was left out.
    left_out: Option<Message>,
}

impl Decoded {
    fn of(result: Result<Vec<u8>, Mistake>) -> Self {
        let (bytes, result) = match result {
            Ok(bytes) => (bytes, Ok(())),
            Err(mistake) => (Vec::new(), Err(mistake)),
        };
        Self {
            bytes,
            result,
            turns: Vec::new(),
            is_long: false,
            left_out: None,
        }
    }

    fn is_whole(&self) -> bool {
        self.result.is_ok()
    }

    /// Whether the text may be of the form: what is wrong, if anything is, is its end.
    fn may_count(&self) -> bool {
        !matches!(&self.result, Err(mistake) if !mistake.is_of_the_end())
    }
}

/// A form with what it read.
type Candidate = (&'static Form, Decoded);

/// Picks the form for a text. Of a text that says who sent what, the bytes of `only` are taken, if
/// that is given.
///
/// # Errors
///
/// A mistake when forms read different bytes, when bytes are missing, or when the bytes are those of
/// a packet that is not whole.
pub(super) fn choose(text: &str, only: Option<Sender>) -> Result<Choice, Mistake> {
    let choice = by_the_letter(text, only);
    let knows_better = choice.as_ref().is_ok_and(|choice| {
        let is_read = choice.reading.is_whole();
        let is_sure = matches!(choice.form.reading, Reading::Bytes | Reading::Ends(_));
        is_sure || (is_read && choice.form.is_dump())
    });
    if knows_better || lossy::refusal(text).is_some() {
        return choice;
    }
    meant(text, only, choice)
}

/// The choice for a text that may have something in it that is no part of the bytes: the one that alone makes
/// whole frames of it that break no rule.
fn meant(
    text: &str,
    only: Option<Sender>,
    choice: Result<Choice, Mistake>,
) -> Result<Choice, Mistake> {
    let is_read = |choice: &&Choice| choice.reading.is_whole() && !choice.reading.bytes.is_empty();
    let bytes = choice
        .as_ref()
        .ok()
        .filter(is_read)
        .map(|choice| choice.reading.bytes.clone());
    let others: Vec<(Variant, Choice)> = variants(text)
        .into_iter()
        .filter_map(|variant| strict(&variant.text, only).map(|choice| (variant, choice)))
        .filter(|(_, other)| bytes.as_ref() != Some(&other.reading.bytes))
        .collect();
    if others.is_empty() {
        return choice;
    }
    let is_sound =
        |choice: &Choice| !choice.reading.is_long && frames::are_sound(&choice.reading.bytes);
    let is_own_sound = bytes.is_some() && choice.as_ref().is_ok_and(is_sound);
    let mut sound = others.iter().filter(|(_, other)| is_sound(other));
    let first = sound.next().map(|(_, first)| first.reading.bytes.clone());
    let is_alone =
        first.is_some() && sound.all(|(_, other)| Some(&other.reading.bytes) == first.as_ref());
    let is_taken = |(variant, other): &(Variant, Choice)| match is_alone {
        true => !is_own_sound && is_sound(other),
        false => first.is_none() && bytes.is_none() && variant.is_foreign,
    };
    let is_doubtful = |(variant, _): &&(Variant, Choice)| {
        first.is_some() || (bytes.is_some() && !is_own_sound && variant.is_doubtful)
    };
    if let Some(at) = others.iter().position(is_taken) {
        if let Some((variant, other)) = others.into_iter().nth(at) {
            return Ok(Choice {
                left_out: Some(match variant.is_meant {
                    true => say!(cli.read_marks, what = variant.what),
                    false => say!(cli.read_without, what = variant.what),
                }),
                ..other
            });
        }
        return choice;
    }
    match (others.iter().find(is_doubtful), &choice) {
        (Some((variant, _)), Ok(own)) => Err(Mistake::new(match variant.is_meant {
            true => say!(form.perhaps_marks, what = variant.what, form = own.form.id),
            false => say!(
                form.perhaps_without,
                what = variant.what,
                form = own.form.id
            ),
        })),
        _ => choice,
    }
}

/// The choice for a text all of which is of the bytes or of their form.
fn by_the_letter(text: &str, only: Option<Sender>) -> Result<Choice, Mistake> {
    if is_as_it_is(text) {
        let binary = table::binary();
        return Ok(Choice::of(binary, trial(binary, text, true, only)));
    }
    if let Some(mistake) = lossy::refusal(text) {
        return Err(mistake);
    }
    let (readings, failed): (Vec<Candidate>, Vec<Candidate>) = candidates(text)
        .map(|form| (form, attempt(form, text, only)))
        .partition(|(_, decoded)| decoded.may_count());
    let readings = known(readings);
    // Several lines that look like a dump with a mistake are that, and not its offsets as bytes; as is
    // one whose first number is zero, or no group of hex like the next.
    let is_plain = matches!(readings.as_slice(), [(form, _)] if form.id == table::plain().id);
    let is_dump = |(form, _): &&Candidate| matches!(form.reading, Reading::Blocks(_));
    let mut groups = text.split_whitespace();
    let first = groups.next().unwrap_or_default();
    let is_offset = first.bytes().all(|digit| digit == b'0')
        || groups.next().is_some_and(|next| next.len() != first.len());
    if is_plain && (is_offset || text.trim().contains('\n')) {
        if let Some((dump, decoded)) = failed.into_iter().find(|failed| is_dump(&failed)) {
            return Ok(Choice::of(dump, decoded));
        }
        return settle(text, readings, true);
    }
    if !readings.is_empty() {
        return settle(text, readings, true);
    }
    // What says who sent what has its own lines of words, and no bytes behind them.
    let has_ends = |(form, _): &Candidate| matches!(form.reading, Reading::Ends(_));
    let behind = match failed.iter().any(has_ends) {
        true => None,
        false => behind_words(text, only),
    };
    if let Some(choice) = behind {
        return choice;
    }
    if failed.is_empty() && layout::has_offsets(text) {
        return Err(Mistake::new(say!(form.unknown_dump)));
    }
    let is_sure = failed.len() == 1;
    let first = most_telling(failed);
    let (form, mut decoded) =
        first.unwrap_or_else(|| (table::plain(), trial(table::plain(), text, true, only)));
    let is_sure = is_sure || matches!(form.reading, Reading::Ends(_));
    let advice = table::advice(text).filter(|_| !is_sure);
    if let (Err(mistake), Some(advice)) = (&decoded.result, advice) {
        decoded.result = Err(mistake.clone().with_advice(advice));
    }
    Ok(Choice::of(form, decoded))
}

/// Of the forms that a text may be in and that do not read it, the one that tells the mistake: the
/// first, but a form that says who sent what has marks of its own that lists and dumps have not.
fn most_telling(mut failed: Vec<Candidate>) -> Option<Candidate> {
    let has_ends = |(form, _): &Candidate| matches!(form.reading, Reading::Ends(_));
    let at = failed.iter().position(has_ends).unwrap_or(0);
    (at < failed.len()).then(|| failed.swap_remove(at))
}

/// Whether a text is no form of bytes, but the bytes themselves. A saved stream that ends with its HTTP
/// head, or before its first frame, is text to the last byte; and what a file of another kind is, is
/// said by whoever gets its bytes.
fn is_as_it_is(text: &str) -> bool {
    let starts = ["HTTP/1.", "GET /", "PRI * HTTP/2.0"];
    starts.into_iter().any(|start| text.starts_with(start))
        || NotFrames::of(text.as_bytes()).is_some()
}

/// Picks the form for a text by its beginning, among those that read texts of any length. Nothing
/// if it is in none of them.
///
/// # Errors
///
/// As [`choose`].
pub(super) fn of_beginning(text: &str) -> Result<Option<Choice>, Mistake> {
    if is_as_it_is(text) {
        let binary = table::binary();
        return Ok(Some(Choice::of(binary, Decoded::of(Ok(Vec::new())))));
    }
    let readings: Vec<Candidate> = candidates(text)
        .filter(|form| matches!(form.reading, Reading::Blocks(_)))
        .map(|form| (form, trial(form, text, false, None)))
        .filter(|(_, decoded)| decoded.is_whole())
        .collect();
    if readings.is_empty() {
        return Ok(None);
    }
    settle(text, readings, false).map(Some)
}

impl Choice {
    pub(super) fn of(form: &'static Form, reading: Decoded) -> Self {
        Self {
            form,
            reading,
            is_by_frames: false,
            taken_off: None,
            left_out: None,
        }
    }
}

/// The choice for a text that can be read to its end without a mistake.
fn strict(text: &str, only: Option<Sender>) -> Option<Choice> {
    let readings: Vec<Candidate> = candidates(text)
        .map(|form| (form, attempt(form, text, only)))
        .filter(|(_, decoded)| decoded.is_whole() && !decoded.bytes.is_empty())
        .collect();
    settle(text, known(readings), true).ok()
}

/// The readings without those as any dump, where a dump is read that is known by its layout.
fn known(mut readings: Vec<Candidate>) -> Vec<Candidate> {
    if readings.iter().any(|(form, _)| form.is_dump()) {
        readings.retain(|(form, _)| !form.gives_way);
    }
    readings
}

/// The forms that a text may be of.
fn candidates(text: &str) -> impl Iterator<Item = &'static Form> {
    FORMS.iter().filter(|form| (form.may_be)(text))
}

/// The choice among forms that read the text, unless it is of another form inside that. `whole` says
/// that the text ends here.
fn settle(text: &str, readings: Vec<Candidate>, whole: bool) -> Result<Choice, Mistake> {
    let choice = prefer(readings, whole)?;
    let form = choice.form;
    if let Some(rather) = (form.rather)(text, &choice.reading.bytes) {
        return Err(about(rather, form));
    }
    match whole {
        true => unpacked(choice),
        false => Ok(choice),
    }
}

/// The choice without the headers of a packet before its bytes.
fn unpacked(mut choice: Choice) -> Result<Choice, Mistake> {
    let decoded = &mut choice.reading;
    let Some(headers) = packet::headers(&decoded.bytes) else {
        return Ok(choice);
    };
    let segment = packet::segment(&decoded.bytes)
        .filter(|segment| segment.cut.is_none() && !segment.payload.is_empty() && !decoded.is_long);
    let Some(segment) = segment else {
        return Err(Mistake::new(say!(
            form.whole_packet,
            headers,
            form = choice.form.id
        )));
    };
    let (from, to) = segment.ports();
    if let Some(sender) = by_ports(from, to) {
        let sender = Some(sender);
        decoded.turns = vec![Turn { at: 0, sender }];
    }
    choice.taken_off = Some((headers, segment.payload.start as u64));
    decoded.bytes.truncate(segment.payload.end);
    decoded.bytes.drain(..segment.payload.start);
    Ok(choice)
}

/// The choice among forms that read the text.
fn prefer(readings: Vec<Candidate>, whole: bool) -> Result<Choice, Mistake> {
    let is_same = match readings.as_slice() {
        [(_, first), others @ ..] => others.iter().all(|(_, other)| {
            other.bytes == first.bytes && other.result == first.result && !other.is_long
        }),
        [] => false,
    };
    let is_sound = |(_, decoded): &&Candidate| match whole {
        true => decoded.is_whole() && !decoded.is_long && frames::are_sound(&decoded.bytes),
        // Of a longer text the last frame may be cut.
        false => frames::fit(&decoded.bytes) != Fit::Not,
    };
    let is_alone = !is_same && readings.iter().filter(is_sound).count() == 1;
    let chosen = match is_alone {
        true => readings.iter().position(|reading| is_sound(&reading)),
        false => is_same.then_some(0),
    };
    let Some(chosen) = chosen else {
        return Err(ambiguous(readings.iter().map(|(form, _)| *form)));
    };
    match readings.into_iter().nth(chosen) {
        Some((form, mut decoded)) => Ok(Choice {
            is_by_frames: is_alone,
            left_out: decoded.left_out.take(),
            ..Choice::of(form, decoded)
        }),
        None => Err(ambiguous(std::iter::empty())),
    }
}

/// Reads a text in a form, to see what comes of it. `whole` says that the text ends here.
pub(super) fn trial(form: &'static Form, text: &str, whole: bool, only: Option<Sender>) -> Decoded {
    match form.reading {
        Reading::Bytes => Decoded::of(Ok(text.as_bytes().to_vec())),
        Reading::Blocks(reader) => blocks(&mut *reader(), text, whole),
        Reading::Whole(read) => Decoded::of(read(text)),
        Reading::Ends(read) => match read(text).and_then(|sent| joined(sent, only)) {
            Ok(joined) => Decoded {
                turns: joined.turns,
                ..Decoded::of(Ok(joined.bytes))
            },
            Err(mistake) => Decoded::of(Err(mistake)),
        },
        Reading::BehindWords => match behind_words(text, only) {
            Some(Ok(choice)) => choice.reading,
            Some(Err(mistake)) => Decoded::of(Err(mistake)),
            None if text.trim().is_empty() => Decoded::of(Ok(Vec::new())),
            None => Decoded::of(Err(Mistake::new(match text.len() > LONGEST_LOG {
                true => say!(log_bytes.too_long, most = LONGEST_LOG),
                false => say!(log_bytes.unclear),
            }))),
        },
    }
}

/// Reads a text in a form without what stands around the bytes.
fn attempt(form: &'static Form, text: &str, only: Option<Sender>) -> Decoded {
    let mut decoded = trial(form, text, true, only);
    if !form.is_literal || decoded.result.is_err() {
        return decoded;
    }
    match around(text, &decoded.bytes) {
        Around::Nothing => {}
        Around::LeftOut(bytes, what) => {
            decoded.bytes.truncate(bytes.end);
            decoded.bytes.drain(..bytes.start);
            decoded.left_out = Some(what);
        }
        Around::Doubtful(what) => decoded.result = Err(around::mistake(what, form)),
    }
    decoded
}

/// Reads a text as one block, as far as bytes are gathered.
fn blocks(reader: &mut dyn TextReader, text: &str, whole: bool) -> Decoded {
    let mut bytes = Vec::new();
    let mut sink = |piece: &mut [u8]| {
        bytes.extend_from_slice(piece);
        if bytes.len() > MOST {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        Ok(())
    };
    let fed = reader.feed(text, &mut sink);
    let result = match whole {
        true => fed.and_then(|()| reader.finish(&mut sink)),
        false => fed,
    };
    let (result, is_long) = match result {
        Ok(()) => (Ok(()), false),
        Err(Error::Mistake(mistake)) => (Err(mistake), false),
        Err(_) => (Ok(()), true),
    };
    Decoded {
        bytes,
        result,
        turns: Vec::new(),
        is_long,
        left_out: None,
    }
}

/// The mistake of a text that forms read differently.
fn ambiguous(readings: impl Iterator<Item = &'static Form> + Clone) -> Mistake {
    let whats = readings.clone().map(|form| Value::from(form.what));
    let flags = readings.map(|form| Value::from(format!("`--input {}`", form.id)));
    Mistake::new(say!(
        form.ambiguous,
        forms = either(whats),
        flags = either(flags)
    ))
}

/// A mistake of a text, in a sentence that names the form.
fn about(sentence: Text, form: &Form) -> Mistake {
    Mistake::new(Message::new(sentence, vec![("form", Value::from(form.id))]))
}

#[cfg(test)]
mod tests;
