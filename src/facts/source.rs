//! Where a fact comes from.
//!
//! Every row names a source, and each is printed beside the answer so that a person can check it.
//!
//! ```
//! use wsclose::facts::source::Source;
//!
//! let source = Source::Rfc(6455, "7.4.1");
//! assert_eq!(source.message().to_string(), "RFC 6455 section 7.4.1");
//! assert_eq!(source.url(), "https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1");
//! ```

use std::fmt;

use crate::words::{Message, Text, Value, say, text};

/// What settles a fact, with the place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// A section of an RFC.
    Rfc(u16, &'static str),
    /// An erratum to an RFC, by its number.
    Erratum(u16, u16),
    /// IANA's WebSocket Close Code Number Registry.
    Iana,
    /// A message to the IETF's hybi mailing list that registered a code: its number there.
    Hybi(&'static str),
    /// A vendor's own list of codes, or the user's.
    Vendor {
        /// Its name.
        title: &'static str,
        /// Where it can be read; `None` where the user did not say.
        url: Option<&'static str>,
    },
    /// What a program did when it was run: with which version, or when.
    Measured(Option<&'static str>),
    /// A program's source.
    Read(Option<Text>),
    /// What somebody documents of his own program or service.
    Documented(Text),
    /// What people say.
    Reported(Text),
}

impl Source {
    /// The address at which the source can be read; empty where there is none.
    pub fn url(self) -> String {
        match self {
            Source::Rfc(number, section) => {
                format!("https://www.rfc-editor.org/rfc/rfc{number}#section-{section}")
            }
            Source::Erratum(_, number) => format!("https://www.rfc-editor.org/errata/eid{number}"),
            Source::Iana => "https://www.iana.org/assignments/websocket".to_owned(),
            Source::Hybi(message) => {
                format!("https://www.ietf.org/mail-archive/web/hybi/current/{message}.html")
            }
            Source::Vendor { url, .. } => url.unwrap_or_default().to_owned(),
            Source::Measured(_) | Source::Read(_) | Source::Documented(_) | Source::Reported(_) => {
                String::new()
            }
        }
    }

    /// What it is, to be said. Titles of documents are the same in every language.
    pub fn message(self) -> Message {
        match self {
            Source::Rfc(number, section) => say!(source.section, number, section),
            Source::Erratum(number, erratum) => say!(source.erratum, number, erratum),
            Source::Iana => Text::Given("IANA WebSocket Close Code Number Registry").into(),
            Source::Hybi(message) => say!(source.hybi, message),
            Source::Vendor { title, .. } => Text::Given(title).into(),
            Source::Measured(None) => text!(source.measured).into(),
            Source::Measured(Some(with))
                if with.starts_with(|first: char| first.is_ascii_digit()) =>
            {
                say!(source.measured_on, date = with)
            }
            Source::Measured(Some(with)) => say!(source.measured_with, version = with),
            Source::Read(None) => text!(source.read_in_source).into(),
            Source::Read(Some(place)) => say!(source.read, place),
            Source::Documented(place) => say!(source.documented, place),
            Source::Reported(place) => say!(source.reported, place),
        }
    }

    /// Whether a program was run to find it out.
    pub fn is_measured(self) -> bool {
        matches!(self, Source::Measured(_))
    }

    /// Several sources in one line; sections of the same document share its name:
    /// `RFC 6455 section 7.4.1, 8.1`.
    pub fn join(sources: &[Source]) -> Message {
        let mut groups: Vec<(Source, Vec<Value>)> = Vec::new();
        for source in sources {
            match (groups.last_mut(), source) {
                (Some((Source::Rfc(last, _), sections)), Source::Rfc(number, section))
                    if last == number =>
                {
                    sections.push(Value::from(*section));
                }
                (_, Source::Rfc(_, section)) => groups.push((*source, vec![Value::from(*section)])),
                _ => groups.push((*source, Vec::new())),
            }
        }
        let groups = groups.into_iter().map(|(source, sections)| match source {
            Source::Rfc(number, _) => {
                say!(
                    source.section,
                    number,
                    section = Value::List(sections, ", ")
                )
            }
            other => other.message(),
        });
        crate::words::dotted(groups)
    }
}

/// In English.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_of_one_document_share_its_name() {
        let sources = [
            Source::Rfc(6455, "7.4.1"),
            Source::Rfc(6455, "8.1"),
            Source::Erratum(6455, 3227),
        ];
        assert_eq!(
            Source::join(&sources).to_string(),
            "RFC 6455 section 7.4.1, 8.1 · RFC 6455 erratum 3227"
        );
    }
}
