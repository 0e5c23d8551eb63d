//! The TOML form of a registry.
//!
//! The document is walked by hand and not through serde, because only so every
//! mistake is known with its line: a key that does not exist with the one that was
//! meant, a code that is given twice with the line of the first.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Kind, Malformed, Place, Problem};
use super::{Owner, Registered, Registry};
use crate::escape::{escape, is_plain};
use crate::facts::codes::{Reconnect, SentBy};
use crate::facts::names::near;
use crate::facts::source::Source;
use crate::words::{Advice, Text, When, Words, text};

/// No registry is larger, in bytes.
pub const LARGEST: usize = 1 << 20;

/// Reads a registry.
///
/// What is read is kept as long as the process lives, once: the same bytes give the same registry, so
/// that a program which reads its file at each request does not grow. What is malformed leaves
/// nothing behind.
///
/// # Errors
///
/// What is wrong and in which line.
///
/// ```
/// use wsclose::facts::registry::{Owner, Registries, read};
///
/// let acme = br#"
/// vendor = "acme"
/// [[code]]
/// code = 4001
/// name = "Session expired"
/// meaning = "The login is older than a day."
/// reconnect = "after-fix"
/// "#;
/// let registries = Registries::new(Some(read(acme, Owner::User)?));
/// assert_eq!(registries.definite(4001).unwrap().row.name, "Session expired");
///
/// let error = read(b"vendor = \"acme\"\ncolour = 1", Owner::User).unwrap_err();
/// assert_eq!(error.line, 2);
/// # Ok::<(), wsclose::facts::registry::Malformed>(())
/// ```
pub fn read(bytes: &[u8], owner: Owner) -> Result<&'static Registry, Malformed> {
    type Kept = HashMap<(bool, Vec<u8>), &'static Registry>;
    static KEPT: Mutex<Option<Kept>> = Mutex::new(None);
    if bytes.len() > LARGEST {
        return Err(Malformed {
            line: 1,
            problem: Problem::TooLarge,
        });
    }
    // Rows point to rows: what is read has to live as long as the tables of the program do.
    let key = (owner == Owner::User, bytes.to_vec());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = kept.get_or_insert_default();
    if let Some(registry) = kept.get(&key) {
        return Ok(registry);
    }
    let registry: &'static Registry = Box::leak(Box::new(draft(bytes)?.kept(owner)));
    kept.insert(key, registry);
    Ok(registry)
}

/// Takes the document apart.
fn draft(bytes: &[u8]) -> Result<Draft, Malformed> {
    let fail = |line, problem| Err(Malformed { line, problem });
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let (before, after) = bytes.split_at(error.valid_up_to());
            let length = error.error_len().unwrap_or(after.len());
            let wrong = after.get(..length).unwrap_or(after).to_vec();
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            return fail(line, Problem::NotUtf8(wrong));
        }
    };
    let document = match DeTable::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let span = error.span().unwrap_or(text.len()..text.len());
            let why = error.message().to_owned();
            return fail(line_of(text, span.start), Problem::NotToml(why));
        }
    };
    Table {
        text,
        place: Place::Top,
        at: 0,
        table: document.get_ref(),
    }
    .registry()
}

/// A registry as it was read, until it is known that all of it is right.
struct Draft {
    vendor: String,
    title: Option<String>,
    url: Option<String>,
    also: Vec<String>,
    protocol: Option<String>,
    checked: Option<String>,
    rows: Vec<DraftRow>,
}

struct DraftRow {
    from: u16,
    to: u16,
    name: String,
    meaning: String,
    /// Causes with their fixes.
    advice: Vec<(String, String)>,
    reconnect: Reconnect,
    is_vendors_advice: bool,
    sent_by: SentBy,
}

impl Draft {
    /// The same, kept as long as the process lives.
    fn kept(self, owner: Owner) -> Registry {
        let vendor = String::leak(self.vendor);
        let title = self.title.map_or(&*vendor, |title| String::leak(title));
        let url = self.url.map(|url| &*String::leak(url));
        let also = self.also.into_iter().map(|name| &*String::leak(name));
        Registry {
            vendor,
            title,
            also: Vec::leak(also.collect()),
            protocol: self.protocol.map(given),
            checked: self.checked.map(|date| &*String::leak(date)),
            sources: Vec::leak(vec![Source::Vendor { title, url }]),
            owner,
            rows: Vec::leak(self.rows.into_iter().map(DraftRow::kept).collect()),
        }
    }
}

impl DraftRow {
    fn is_band(&self) -> bool {
        self.from != self.to
    }

    fn kept(self) -> Registered {
        let advice = self.advice.into_iter().map(|(cause, fix)| Advice {
            cause: given(cause),
            fix: given(fix),
            when: When::Always,
            points_to: None,
            setting: None,
        });
        Registered {
            from: self.from,
            to: self.to,
            name: String::leak(self.name),
            words: Words {
                meaning: given(self.meaning),
                first: None,
                advice: Vec::leak(advice.collect()),
            },
            reconnect: self.reconnect,
            is_vendors_advice: self.is_vendors_advice,
            sent_by: self.sent_by,
        }
    }
}

fn given(text: String) -> Text {
    Text::Given(String::leak(text))
}

/// The line in which a byte stands, from 1.
fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().iter().take(at);
    1 + before.filter(|byte| **byte == b'\n').count()
}

/// A table of the document.
struct Table<'a> {
    text: &'a str,
    place: Place,
    /// Where it begins.
    at: usize,
    table: &'a DeTable<'a>,
}

type Value<'a> = Spanned<DeValue<'a>>;

impl<'a> Table<'a> {
    fn registry(&self) -> Result<Draft, Malformed> {
        self.has_known_keys()?;
        let draft = Draft {
            vendor: self.vendor()?,
            title: self.text("title")?,
            url: self.text("url")?,
            also: self.texts("also")?,
            protocol: self.text("protocol")?,
            checked: self.date("checked")?,
            rows: self.rows()?,
        };
        if draft.rows.is_empty() {
            return Err(self.error(self.at, Problem::NoCodes));
        }
        Ok(draft)
    }

    /// All codes and bands, in the order of their numbers.
    fn rows(&self) -> Result<Vec<DraftRow>, Malformed> {
        let mut rows: Vec<(usize, DraftRow)> = Vec::new();
        for table in self.tables("code", Place::Code)? {
            let (code, at) = table.number("code")?;
            rows.push((at, table.row(code, code)?));
        }
        for table in self.tables("band", Place::Band)? {
            let ((from, at), (to, _)) = (table.number("from")?, table.number("to")?);
            if from >= to {
                return Err(table.error(at, Problem::NoBand(from, to)));
            }
            rows.push((at, table.row(from, to)?));
        }
        rows.sort_by_key(|(at, row)| (row.is_band(), row.from, *at));
        self.are_apart(&rows)?;
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    /// Whether no code is given twice and no bands share a number.
    fn are_apart(&self, rows: &[(usize, DraftRow)]) -> Result<(), Malformed> {
        for is_band in [false, true] {
            let mut last: Option<&(usize, DraftRow)> = None;
            for this in rows.iter().filter(|(_, row)| row.is_band() == is_band) {
                if let Some(other) = last.filter(|other| other.1.to >= this.1.from) {
                    // The one that stands later in the file is the one to change.
                    let (first, second) = if other.0 < this.0 {
                        (other, this)
                    } else {
                        (this, other)
                    };
                    let line = line_of(self.text, first.0);
                    let ends = |row: &DraftRow| (row.from, row.to);
                    let problem = if is_band {
                        Problem::Overlap(ends(&second.1), ends(&first.1), line)
                    } else {
                        Problem::Twice(second.1.from, line)
                    };
                    return Err(self.error(second.0, problem));
                }
                last = Some(this);
            }
        }
        Ok(())
    }

    fn row(&self, from: u16, to: u16) -> Result<DraftRow, Malformed> {
        const RECONNECT: [Reconnect; 4] = [
            Reconnect::Yes,
            Reconnect::No,
            Reconnect::Backoff,
            Reconnect::AfterFix,
        ];
        const SENT_BY: [SentBy; 4] = [
            SentBy::Client,
            SentBy::Server,
            SentBy::Either,
            SentBy::Nobody,
        ];
        let (name, meaning) = (self.required("name")?, self.required("meaning")?);
        let reconnect = self.required("reconnect")?;
        let sent_by = self.text("sent_by")?;
        let sent_by = sent_by.as_deref().unwrap_or("server");
        let reconnect_by = self.text("reconnect_by")?;
        let reconnect_by = reconnect_by.as_deref().unwrap_or("vendor");
        let unknown = |key, word: &str, all| {
            let at = self.get(key).map_or(self.at, |value| value.span().start);
            self.error(at, Problem::UnknownWord(key, word.to_owned(), all))
        };
        Ok(DraftRow {
            from,
            to,
            name,
            meaning,
            advice: self.advice()?,
            reconnect: RECONNECT
                .into_iter()
                .find(|known| known.id() == reconnect)
                .ok_or_else(|| {
                    unknown(
                        "reconnect",
                        &reconnect,
                        &["yes", "no", "backoff", "after-fix"],
                    )
                })?,
            is_vendors_advice: match reconnect_by {
                "vendor" => true,
                "us" => false,
                other => return Err(unknown("reconnect_by", other, &["vendor", "us"])),
            },
            sent_by: SENT_BY
                .into_iter()
                .find(|known| known.id() == sent_by)
                .ok_or_else(|| {
                    unknown(
                        "sent_by",
                        sent_by,
                        &["client", "server", "either", "nobody"],
                    )
                })?,
        })
    }

    /// Causes with their fixes.
    fn advice(&self) -> Result<Vec<(String, String)>, Malformed> {
        let (causes, fixes) = (self.texts("causes")?, self.texts("fixes")?);
        if causes.len() != fixes.len() {
            let value = self.get("fixes").or_else(|| self.get("causes"));
            let at = value.map_or(self.at, |value| value.span().start);
            return Err(self.error(at, Problem::Unpaired(causes.len(), fixes.len())));
        }
        Ok(causes.into_iter().zip(fixes).collect())
    }

    fn vendor(&self) -> Result<String, Malformed> {
        let vendor = self.required("vendor")?;
        let raw = self
            .get("vendor")
            .and_then(|value| value.get_ref().as_str());
        let right = crate::facts::names::slug(raw.unwrap_or(&vendor));
        let is_id = |text: &str| {
            text.bytes().any(|byte| byte.is_ascii_lowercase())
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        };
        if is_id(&vendor) && right == vendor {
            return Ok(vendor);
        }
        let right = if is_id(&right) { right } else { String::new() };
        let at = self.get("vendor").map_or(0, |value| value.span().start);
        Err(self.error(at, Problem::NotAnId(vendor, right)))
    }

    fn error(&self, at: usize, problem: Problem) -> Malformed {
        Malformed {
            line: line_of(self.text, at),
            problem,
        }
    }

    fn wrong_kind(&self, key: &'static str, value: &Value<'_>, should: Kind) -> Malformed {
        let is = match value.get_ref() {
            DeValue::String(_) => text!(registry.a_text),
            DeValue::Integer(_) => text!(registry.a_whole_number),
            DeValue::Float(_) => text!(registry.a_fraction),
            DeValue::Boolean(_) => text!(registry.a_boolean),
            DeValue::Datetime(_) => text!(registry.a_date),
            DeValue::Array(_) => text!(registry.a_list),
            DeValue::Table(_) => text!(registry.a_table),
        };
        self.error(value.span().start, Problem::WrongKind(key, is, should))
    }

    fn get(&self, key: &str) -> Option<&'a Value<'a>> {
        self.table.get(key)
    }

    /// Whether all keys are of the form; else the first in the file that is not.
    fn has_known_keys(&self) -> Result<(), Malformed> {
        let known = self.place.keys();
        let unknown = self
            .table
            .keys()
            .filter(|key| !known.contains(&key.get_ref().as_ref()))
            .min_by_key(|key| key.span().start);
        let Some(key) = unknown else { return Ok(()) };
        let given = key.get_ref().as_ref();
        let near = near(given, 4, known.iter().map(|known| (*known, *known)));
        let near = near.first().copied();
        let problem = Problem::UnknownKey(given.to_owned(), self.place, near.ok_or(known));
        Err(self.error(key.span().start, problem))
    }

    /// A text in one line, with whatever would not show as itself escaped: so it can be shown
    /// wherever a text of ours can.
    fn text(&self, key: &'static str) -> Result<Option<String>, Malformed> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let DeValue::String(text) = value.get_ref() else {
            return Err(self.wrong_kind(key, value, Kind::Text));
        };
        self.one_line(key, text, value.span()).map(Some)
    }

    fn one_line(
        &self,
        key: &'static str,
        text: &str,
        span: Range<usize>,
    ) -> Result<String, Malformed> {
        let words: Vec<&str> = text.split_whitespace().collect();
        if words.is_empty() {
            return Err(self.error(span.start, Problem::Empty(key)));
        }
        let mut kept = String::with_capacity(text.len());
        for character in words.join(" ").chars() {
            if is_plain(character) {
                kept.push(character);
            } else {
                kept.push_str(&escape(character.encode_utf8(&mut [0; 4])));
            }
        }
        Ok(kept)
    }

    fn required(&self, key: &'static str) -> Result<String, Malformed> {
        self.text(key)?
            .ok_or_else(|| self.error(self.at, Problem::Missing(key, self.place)))
    }

    fn texts(&self, key: &'static str) -> Result<Vec<String>, Malformed> {
        let Some(value) = self.get(key) else {
            return Ok(Vec::new());
        };
        let DeValue::Array(values) = value.get_ref() else {
            return Err(self.wrong_kind(key, value, Kind::Texts));
        };
        let mut texts = Vec::new();
        for value in values.iter() {
            match value.get_ref() {
                DeValue::String(text) => texts.push(self.one_line(key, text, value.span())?),
                _ => return Err(self.wrong_kind(key, value, Kind::Texts)),
            }
        }
        Ok(texts)
    }

    fn date(&self, key: &'static str) -> Result<Option<String>, Malformed> {
        match self.get(key).map(|value| (value, value.get_ref())) {
            Some((_, DeValue::Datetime(date))) => Ok(Some(date.to_string())),
            Some((value, kind)) if !matches!(kind, DeValue::String(_)) => {
                Err(self.wrong_kind(key, value, Kind::Date))
            }
            _ => self.text(key),
        }
    }

    /// A number from 0 to 65535, and where it stands.
    fn number(&self, key: &'static str) -> Result<(u16, usize), Malformed> {
        let Some(value) = self.get(key) else {
            return Err(self.error(self.at, Problem::Missing(key, self.place)));
        };
        let DeValue::Integer(number) = value.get_ref() else {
            return Err(self.wrong_kind(key, value, Kind::WholeNumber));
        };
        let at = value.span().start;
        match u16::from_str_radix(number.as_str(), number.radix()) {
            Ok(code) => Ok((code, at)),
            Err(_) => Err(self.error(at, Problem::NotACode(key, number.to_string()))),
        }
    }

    /// The tables of a list of tables.
    fn tables(&self, key: &'static str, place: Place) -> Result<Vec<Table<'a>>, Malformed> {
        let Some(value) = self.get(key) else {
            return Ok(Vec::new());
        };
        let DeValue::Array(values) = value.get_ref() else {
            return Err(self.wrong_kind(key, value, Kind::Tables));
        };
        let mut tables = Vec::new();
        for value in values.iter() {
            let DeValue::Table(table) = value.get_ref() else {
                return Err(self.wrong_kind(key, value, Kind::Tables));
            };
            let table = Table {
                text: self.text,
                place,
                at: value.span().start,
                table,
            };
            table.has_known_keys()?;
            tables.push(table);
        }
        Ok(tables)
    }
}

#[cfg(test)]
mod tests;
