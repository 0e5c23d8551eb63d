//! Where a fact comes from.
//!
//! Every code and every rule names at least one source, and each is printed
//! beside the answer so that a person can check it.

use std::fmt;

/// A document that settles a fact, with the place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A section of RFC 6455, "The WebSocket Protocol".
    Rfc6455(&'static str),
    /// A section of RFC 7692, "Compression Extensions for WebSocket".
    Rfc7692(&'static str),
    /// An erratum to RFC 6455, by its number.
    Erratum(u16),
    /// IANA's WebSocket Close Code Number Registry.
    Registry,
    /// A message to the IETF's hybi mailing list that registered a code: its number there.
    Hybi(&'static str),
    /// A vendor's own list of codes, or the user's.
    Vendor {
        /// Its name.
        title: &'static str,
        /// Where it can be read; `None` where the user did not say.
        url: Option<&'static str>,
    },
}

impl Source {
    /// The address at which the source can be read; empty where there is none.
    pub fn url(self) -> String {
        match self {
            Source::Rfc6455(section) => {
                format!("https://www.rfc-editor.org/rfc/rfc6455#section-{section}")
            }
            Source::Rfc7692(section) => {
                format!("https://www.rfc-editor.org/rfc/rfc7692#section-{section}")
            }
            Source::Erratum(number) => format!("https://www.rfc-editor.org/errata/eid{number}"),
            Source::Registry => "https://www.iana.org/assignments/websocket".to_owned(),
            Source::Hybi(message) => {
                format!("https://www.ietf.org/mail-archive/web/hybi/current/{message}.html")
            }
            Source::Vendor { url, .. } => url.unwrap_or_default().to_owned(),
        }
    }

    /// Several sources in one line; sections of the same document share its name:
    /// `RFC 6455 section 7.4.1, 8.1`.
    pub fn join(sources: &[Source]) -> String {
        let mut line = String::new();
        let mut last: Option<Source> = None;
        for source in sources {
            match (last, source) {
                (Some(Source::Rfc6455(_)), Source::Rfc6455(section)) => {
                    line.push_str(", ");
                    line.push_str(section);
                }
                (None, source) => line.push_str(&source.to_string()),
                (Some(_), source) => {
                    line.push_str(" · ");
                    line.push_str(&source.to_string());
                }
            }
            last = Some(*source);
        }
        line
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Rfc6455(section) => write!(f, "RFC 6455 section {section}"),
            Source::Rfc7692(section) => write!(f, "RFC 7692 section {section}"),
            Source::Erratum(number) => write!(f, "RFC 6455 erratum {number}"),
            Source::Registry => f.write_str("IANA WebSocket Close Code Number Registry"),
            Source::Hybi(message) => write!(f, "hybi mailing list {message}"),
            Source::Vendor { title, .. } => f.write_str(title),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_of_one_document_share_its_name() {
        let sources = [
            Source::Rfc6455("7.4.1"),
            Source::Rfc6455("8.1"),
            Source::Erratum(3227),
        ];
        assert_eq!(
            Source::join(&sources),
            "RFC 6455 section 7.4.1, 8.1 · RFC 6455 erratum 3227"
        );
    }
}
