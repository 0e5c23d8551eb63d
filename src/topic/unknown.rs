//! Why what was typed names no topic, and what would.

use std::fmt;

use super::all;
use crate::escape::escape;
use crate::registry::WithoutCodes;
use crate::words::{self, say, translated};

/// Why a word names no topic.
#[derive(Debug, PartialEq, Eq)]
pub enum NoTopic {
    /// A number that no close code can be.
    NotACode(String),
    /// A range whose end lies before its start.
    Backwards(u16, u16),
    /// Nothing of this name; the nearest that there are.
    Unknown(String, Vec<String>),
    /// No vendor of this name; the nearest that there are.
    NoVendor(String, Vec<String>),
    /// A service that has no close codes of its own.
    WithoutCodes(&'static WithoutCodes),
    /// The vendor says nothing of this; what else does.
    NotInVendor {
        /// The vendor that was asked.
        vendor: &'static str,
        /// What was asked for.
        given: String,
        /// Topics that are about the same.
        others: Vec<String>,
    },
}

impl fmt::Display for NoTopic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoTopic::NotACode(given) => {
                f.write_str(&say!(
                    "{given} is not a close code; close codes are 0 to 65535",
                    given = escape(given)
                ))?;
                match given.parse::<i16>() {
                    Ok(-1) => f.write_str(&say!(
                        "; libraries show -1 where there is no code, and cut to 16 bits it is 65535"
                    )),
                    Ok(negative @ ..=-2) => {
                        let cut = u16::from_ne_bytes(negative.to_ne_bytes());
                        f.write_str(&say!(
                            ", and {negative} cut to 16 bits is {cut}",
                            negative,
                            cut
                        ))
                    }
                    _ => Ok(()),
                }
            }
            NoTopic::Backwards(from, to) => f.write_str(&say!(
                "`{from}-{to}` runs backwards; write `{to}-{from}`",
                from,
                to
            )),
            NoTopic::Unknown(given, near) => {
                f.write_str(&say!("no topic `{given}`; ", given = escape(given)))?;
                match either(near) {
                    Some(near) => f.write_str(&say!("did you mean {near}?", near)),
                    None if is_mentioned(given) => f.write_str(&say!(
                        "`wsclose list {given}` shows where it is mentioned",
                        given = escape(given)
                    )),
                    None => f.write_str(&say!("`wsclose list` shows all there are")),
                }
            }
            NoTopic::NoVendor(given, near) => {
                f.write_str(&say!("no vendor `{given}`; ", given = escape(given)))?;
                match either(near) {
                    Some(near) => f.write_str(&say!("did you mean {near}?", near)),
                    None => f.write_str(&say!("`wsclose list vendor` shows all there are")),
                }
            }
            NoTopic::WithoutCodes(service) => f.write_str(&say!(
                "{service} has no close codes of its own: {instead}",
                service = service.title,
                instead = translated(service.instead)
            )),
            NoTopic::NotInVendor {
                vendor,
                given,
                others,
            } => {
                f.write_str(&say!(
                    "`{vendor}` has no `{given}`; ",
                    vendor,
                    given = escape(given)
                ))?;
                match either(others) {
                    Some(others) => f.write_str(&say!("try {others}", others)),
                    None => f.write_str(&say!(
                        "`wsclose list --vendor {vendor}` shows what it has",
                        vendor
                    )),
                }
            }
        }
    }
}

impl std::error::Error for NoTopic {}

/// `` `a`, `b` or `c` ``; `None` of nothing.
fn either(names: &[String]) -> Option<String> {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    (!quoted.is_empty()).then(|| words::either(&quoted))
}

/// Whether a word, safe to write behind a command, stands in any topic.
fn is_mentioned(word: &str) -> bool {
    (3..=20).contains(&word.len())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && all().any(|topic| topic.mentions(word))
}
