//! The rule that picks a form for a text.
//!
//! The rule: a form is a candidate if the text looks like it. Of several candidates, those count
//! that read the text without a mistake. If there is one, it is taken. If there are more and all
//! read the same bytes, the first in the table is taken. If they read different bytes the text is
//! refused, and the refusal names the flag for each. If none reads the text, but one form reads the
//! end of it, behind words, it is a log line. Else the first candidate tells the mistake; without
//! any candidate, hex does.
//!
//! A text is judged by its beginning, 64 KiB, or all of it if shorter. One more thing is looked at:
//! whether the bytes begin with the headers of a network packet instead of a frame.
//!
//! Bytes that are not text at all are binary, which is found out before any text is looked at.

use super::base64;
use super::dump::{self, DumpReader};
use super::log;
use super::packet;
use super::table::{FORMS, Reading};
use super::text::Mistake;
use super::{Error, Form, TextReader};

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
    pub(super) advice: Option<&'static str>,
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
    let candidates = candidates(sample, whole);
    let readings = readings(&candidates, sample, whole);
    if let [form, others @ ..] = readings.as_slice() {
        let bytes = |form: &Form| new_reader(form).map(|new| trial(new, sample, whole).bytes);
        if !others.is_empty() {
            let first = bytes(form);
            // Of a longer text, what differs may still come.
            if !whole || others.iter().any(|other| bytes(other) != first) {
                return Err(ambiguous(&readings));
            }
        }
        refuse_packet(form, sample)?;
        return Ok(Choice::of(form));
    }
    if let Some((at, form)) = log::find(sample).filter(|_| whole) {
        refuse_packet(form, sample.get(at..).unwrap_or_default())?;
        if let Some(log) = FORMS.iter().find(|form| form.id == "log") {
            return Ok(Choice::of(log));
        }
    }
    Ok(Choice {
        form: candidates.first().copied().unwrap_or(hex),
        advice: base64::could_be(sample, whole)
            .then_some("if this is base64, say `--input base64`"),
    })
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
    let may_end = |form: &Form| matches!(form.id, "od-x" | "od");
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

/// The forms that read a text without a mistake, all of whose bytes are the same: one, or none.
pub(super) fn strict_readings(text: &str) -> Vec<&'static Form> {
    let candidates = candidates(text, true);
    let read = |form: &'static Form| {
        let trial = new_reader(form).map(|new| trial(new, text, true))?;
        (trial.succeeds && !trial.bytes.is_empty()).then_some((form, trial.bytes))
    };
    let readings: Vec<_> = candidates.into_iter().filter_map(read).collect();
    match readings.as_slice() {
        [(form, bytes), others @ ..] if others.iter().all(|(_, other)| other == bytes) => {
            vec![*form]
        }
        _ => Vec::new(),
    }
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

/// Whether the sample reads as a dump of this kind, as far as it goes.
pub(super) fn reads(kind: dump::Kind, sample: &str) -> bool {
    let mut reader = DumpReader::new(kind);
    let result = reader.feed(sample, &mut |_| Ok(()));
    result.is_ok()
}

/// The mistake of a text that forms read differently.
fn ambiguous(readings: &[&Form]) -> Mistake {
    let whats: Vec<_> = readings.iter().map(|form| form.what).collect();
    let flags: Vec<_> = readings
        .iter()
        .map(|form| format!("`--input {}`", form.id))
        .collect();
    Mistake::new(format!(
        "this could be {}, which make different bytes; say which with {}",
        whats.join(" or "),
        flags.join(" or ")
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
        Err(Mistake::new(format!(
            "these are the bytes of a whole packet, with {headers} in front of the payload; copy \
             only the payload (in Wireshark, Follow TCP Stream shown as raw; or `tshark -T fields \
             -e tcp.payload`); if they are frames after all, say `--input {}`",
            form.id
        )))
    })
}

#[cfg(test)]
mod tests;
