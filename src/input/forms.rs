//! The rule that picks a form for a text.
//!
//! The rule: a form is a candidate if the text looks like it. Of several candidates, those count
//! that read the text without a mistake. If there is one, it is taken. If there are more and all
//! read the same bytes, the first in the table is taken. If they read different bytes the text is
//! refused, and the refusal names the flag for each. Only between the two orders of a dump of words,
//! and between octal and decimal escapes, frames decide: the reading is taken that alone makes whole
//! ones, but never the rarer order. If none reads the text, but one form reads the
//! end of it, behind words, it is a log line. Else the first candidate tells the mistake; without
//! any candidate, hex does.
//!
//! Before all that, a print that lacks bytes is refused; and after it, one form inside another
//! (see `disguise`).
//!
//! A text is judged by its beginning, 64 KiB, or all of it if shorter. One more thing is looked at:
//! whether the bytes begin with the headers of a network packet instead of a frame.
//!
//! Bytes that are not text at all are binary, which is found out before any text is looked at.

use super::base64;
use super::disguise;
use super::dump;
use super::frames::{self, Fit};
use super::log;
use super::lossy;
use super::packet;
use super::table::{FORMS, Reading};
use super::text::Mistake;
use super::{Error, Form, TextReader};
use crate::words::{Text, Value, either, say, text};

/// All forms, in the order in which they are tried.
#[must_use]
pub fn forms() -> &'static [Form] {
    &FORMS
}

/// The form for bytes that are not text.
pub(super) fn binary() -> &'static Form {
    let [binary, ..] = &FORMS;
    binary
}

/// The form picked for a text.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) form: &'static Form,
    /// What else to try when the text turns out to have a mistake.
    pub(super) advice: Option<Text>,
}

impl Choice {
    /// The choice of a form that is known without a look at the text.
    pub(super) fn of(form: &'static Form) -> Self {
        Self { form, advice: None }
    }
}

/// Makes a reader for one text.
type NewReader = fn() -> Box<dyn TextReader>;

/// Picks the form for a text by a sample: the beginning of the text, or the whole of it.
///
/// # Errors
///
/// A mistake when forms read different bytes, or the bytes are those of a whole packet.
pub(super) fn choose(sample: &str, whole: bool) -> Result<Choice, Mistake> {
    // A saved stream that ends with its HTTP head, or before its first frame, is text to the last byte.
    let is_http = |start| sample.starts_with(start);
    if ["HTTP/1.", "GET /", "PRI * HTTP/2.0"]
        .into_iter()
        .any(is_http)
    {
        return Ok(Choice::of(binary()));
    }
    let [.., hex] = &FORMS;
    if let Some(mistake) = lossy::refusal(sample) {
        return Err(mistake);
    }
    // `tcpdump` prints a line about each packet before its bytes.
    if let (Some(packet), Some(form)) = (
        dump::packet_below_title(sample),
        FORMS.iter().find(|form| form.id == "tcpdump"),
    ) {
        refuse_packet(form, packet)?;
    }
    let candidates = candidates(sample, whole);
    let readings = readings(&candidates, sample, whole);
    // Several lines that look like a dump with a mistake are that, and not its offsets as bytes.
    if let ([form], [dump, _, ..]) = (readings.as_slice(), candidates.as_slice()) {
        if form.id == "hex" && dump.id == "od-x1" && sample.trim().contains('\n') {
            return Ok(Choice::of(dump));
        }
    }
    if !readings.is_empty() {
        let form = settle(&readings, sample, whole)?;
        refuse_packet(form, sample)?;
        return Ok(Choice::of(form));
    }
    if let Some((at, form)) = log::find(sample).filter(|_| whole) {
        refuse_packet(form, sample.get(at..).unwrap_or_default())?;
        if let Some(log) = FORMS.iter().find(|form| form.id == "log") {
            return Ok(Choice::of(log));
        }
    }
    if candidates.is_empty() && dump::certain(sample) {
        return Err(Mistake::new(say!(form.unknown_dump)));
    }
    Ok(Choice {
        form: candidates.first().copied().unwrap_or(hex),
        advice: advice(sample, whole),
    })
}

/// What else a text could be that no form reads.
fn advice(sample: &str, whole: bool) -> Option<Text> {
    if base64::could_be(sample, whole) {
        Some(text!(form.if_base64))
    } else if lossy::is_words(sample) {
        Some(text!(form.lossy_text))
    } else {
        None
    }
}

/// The form to take of those that read the sample, unless the text is of another form inside it.
fn settle(readings: &[&'static Form], sample: &str, whole: bool) -> Result<&'static Form, Mistake> {
    let form = preferred(readings, sample, whole)?;
    let disguised = match form.id {
        "hex" if disguise::is_binary(sample, whole) => {
            Some(say!(form.binary_digits, form = form.id))
        }
        "escaped" | "escaped-octal" | "escaped-decimal" | "escaped-latin1"
            if new_reader(form)
                .is_some_and(|new| disguise::is_escaped(&trial(new, sample, whole).bytes)) =>
        {
            Some(say!(form.double_escapes, form = form.id))
        }
        _ => None,
    };
    disguised.map_or(Ok(form), |mistake| Err(Mistake::new(mistake)))
}

/// The form to take of those that read the sample.
fn preferred(
    readings: &[&'static Form],
    sample: &str,
    whole: bool,
) -> Result<&'static Form, Mistake> {
    let read = |form: &&'static Form| {
        let bytes = new_reader(form).map(|new| trial(new, sample, whole).bytes);
        (*form, bytes.unwrap_or_default())
    };
    // Of a longer text only the beginning is here.
    let fit = |bytes: &[u8]| match frames::fit(bytes) {
        Fit::Cut if !whole => Fit::Whole,
        fit => fit,
    };
    let all: Vec<_> = readings.iter().map(read).collect();
    match all.as_slice() {
        [(form, bytes)] => {
            let is_words = matches!(form.id, "od-x" | "od" | "od-d");
            if is_words && fit(bytes) < Fit::Whole && fit(&swapped(bytes)) == Fit::Whole {
                return Err(Mistake::new(say!(form.high_byte_first, form = form.id)));
            }
            Ok(form)
        }
        // Of a longer text, what differs may still come.
        [(form, bytes), others @ ..] if whole && others.iter().all(|(_, other)| other == bytes) => {
            Ok(form)
        }
        // Where the text beside the bytes fits both orders it says nothing. The other order is so
        // much rarer that frames could also come of it by chance.
        [(one, straight), (other, swapped)] if (one.id, other.id) == ("xxd", "xxd-e") => {
            match (fit(straight), fit(swapped)) {
                (Fit::Whole, Fit::Not | Fit::Cut) => Ok(one),
                _ => Err(ambiguous(readings)),
            }
        }
        // Most octal escapes could be decimal ones.
        [(one, octal), (other, decimal)]
            if (one.id, other.id) == ("escaped-octal", "escaped-decimal") =>
        {
            match (fit(octal), fit(decimal)) {
                (Fit::Whole, Fit::Not | Fit::Cut) => Ok(one),
                (Fit::Not | Fit::Cut, Fit::Whole) => Ok(other),
                _ => Err(ambiguous(readings)),
            }
        }
        _ => Err(ambiguous(readings)),
    }
}

/// The bytes of words of two bytes, the other way round.
fn swapped(bytes: &[u8]) -> Vec<u8> {
    bytes
        .chunks(2)
        .flat_map(|word| word.iter().rev().copied())
        .collect()
}

/// The forms that the sample looks like.
fn candidates(sample: &str, whole: bool) -> Vec<&'static Form> {
    let looks = |form: &&Form| match form.reading {
        Reading::Text { looks, .. } => looks(sample, whole),
        Reading::Bytes => false,
    };
    FORMS.iter().filter(looks).collect()
}

/// Those of the candidates that read the sample. A single candidate is taken at its word.
fn readings(candidates: &[&'static Form], sample: &str, whole: bool) -> Vec<&'static Form> {
    // What fills up the last word cannot always be told, and yet the text may be one of words.
    let may_end = |form: &Form| matches!(form.id, "od-x" | "od" | "od-d");
    let succeeds = |form: &&&Form| {
        let trial = new_reader(form).map(|new| trial(new, sample, whole));
        trial.is_some_and(|trial| trial.succeeds || (trial.goes && may_end(form)))
    };
    match candidates {
        [_] => candidates.to_vec(),
        _ => candidates.iter().filter(succeeds).copied().collect(),
    }
}

pub(super) fn new_reader(form: &Form) -> Option<NewReader> {
    match form.reading {
        Reading::Text { reader, .. } => Some(reader),
        Reading::Bytes => None,
    }
}

/// The form of a text that can be read to its end without a mistake, and in one way.
pub(super) fn strict_reading(text: &str) -> Option<&'static Form> {
    let reads = |form: &&'static Form| {
        let trial = new_reader(form).map(|new| trial(new, text, true));
        trial.is_some_and(|trial| trial.succeeds && !trial.bytes.is_empty())
    };
    let readings: Vec<_> = candidates(text, true).into_iter().filter(reads).collect();
    settle(&readings, text, true).ok()
}

/// What a reader made of a sample.
struct Trial {
    bytes: Vec<u8>,
    /// Whether there is no mistake before the end of the text.
    goes: bool,
    /// Whether there is none at its end either.
    succeeds: bool,
}

/// Reads a sample to see what comes of it.
fn trial(new: NewReader, sample: &str, whole: bool) -> Trial {
    /// How many bytes are gathered. Some dumps stand for many more than they have.
    const MOST: usize = 1 << 20;
    let mut bytes = Vec::new();
    let mut sink = |piece: &mut [u8]| {
        bytes.extend_from_slice(piece);
        if bytes.len() > MOST {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        Ok(())
    };
    let mut reader = new();
    let fed = reader.feed(sample, &mut sink);
    let goes = !matches!(fed, Err(Error::Mistake(_)));
    let mut ends = || !whole || !matches!(reader.finish(&mut sink), Err(Error::Mistake(_)));
    let succeeds = goes && ends();
    Trial {
        bytes,
        goes,
        succeeds,
    }
}

/// The mistake of a text that forms read differently.
fn ambiguous(readings: &[&Form]) -> Mistake {
    let whats = readings.iter().map(|form| Value::from(form.what));
    let flags = readings
        .iter()
        .map(|form| Value::from(format!("`--input {}`", form.id)));
    Mistake::new(say!(
        form.ambiguous,
        forms = either(whats),
        flags = either(flags)
    ))
}

/// Refuses a text whose bytes begin with the headers of a packet.
fn refuse_packet(form: &Form, sample: &str) -> Result<(), Mistake> {
    /// How much text is read to see the headers.
    const ENOUGH: usize = 4096;
    let mut end = sample.len().min(ENOUGH);
    while !sample.is_char_boundary(end) {
        end += 1;
    }
    let Some(new) = new_reader(form) else {
        return Ok(());
    };
    let text = sample.get(..end).unwrap_or(sample);
    let bytes = trial(new, text, end == sample.len()).bytes;
    packet::headers(&bytes).map_or(Ok(()), |headers| {
        Err(Mistake::new(say!(
            form.whole_packet,
            headers,
            form = form.id
        )))
    })
}

#[cfg(test)]
mod tests;
