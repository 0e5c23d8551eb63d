//! Why what was typed names no topic, and what would.

use std::fmt;

use super::registered::nearest_registered;
use super::search::{Wanted, is_mark};
use super::{all, suggestions};
use crate::escape::escape;
use crate::facts::names::{did_you_mean, quoted};
use crate::facts::registry::{Registries, WithoutCodes};
use crate::words::{ENGLISH, Message, Voice, say};

/// Why a word names no topic.
#[derive(Debug)]
#[non_exhaustive]
pub enum NoTopic {
    /// A number that no close code can be.
    NotACode(String),
    /// A range whose end lies before its start.
    Backwards(u16, u16),
    /// Nothing of this name, also not in these registries.
    Unknown(String, Registries),
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

impl NoTopic {
    /// Why it names none, and what would.
    pub fn message(&self) -> Message {
        self.message_for(&ENGLISH)
    }

    /// The same for a person who may have typed words of this language.
    pub fn message_for(&self, voice: &Voice) -> Message {
        match self {
            NoTopic::NotACode(given) => {
                let number = given.parse::<i16>();
                let given = escape(given);
                match number {
                    Ok(-1) => say!(topic.minus_one, given),
                    Ok(negative @ ..=-2) => {
                        let cut = u16::from_ne_bytes(negative.to_ne_bytes());
                        say!(
                            topic.cut_to_16_bits,
                            given,
                            negative = i32::from(negative),
                            cut
                        )
                    }
                    _ => say!(topic.not_a_code, given),
                }
            }
            NoTopic::Backwards(from, to) => say!(topic.backwards, from, to),
            NoTopic::Unknown(given, registries) => {
                let shown = escape(given);
                // What mentions the word is nearer than what is spelt like it.
                let instead = match is_mentioned(given, voice) {
                    true => say!(topic.mentioned, given = shown.clone()),
                    false => {
                        let mut near = suggestions(given);
                        if near.is_empty() {
                            near = nearest_registered(given, *registries);
                        }
                        did_you_mean(&near).unwrap_or_else(|| say!(cli.list_all))
                    }
                };
                say!(topic.none, given = shown, instead)
            }
            NoTopic::NoVendor(given, near) => {
                let instead = did_you_mean(near).unwrap_or_else(|| say!(topic.list_vendor));
                say!(topic.no_vendor, given = escape(given), instead)
            }
            NoTopic::WithoutCodes(service) => {
                let instead = service.instead;
                say!(topic.without_codes, service = service.title, instead)
            }
            NoTopic::NotInVendor {
                vendor,
                given,
                others,
            } => {
                let instead = match quoted(others) {
                    Some(others) => say!(topic.try_others, others),
                    None => say!(topic.list_of_vendor, vendor = *vendor),
                };
                let given = escape(given);
                say!(topic.vendor_has_none, vendor = *vendor, given, instead)
            }
        }
    }
}

/// In English.
impl fmt::Display for NoTopic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl std::error::Error for NoTopic {}

/// Whether a word, safe to write behind a command, stands in any topic.
fn is_mentioned(word: &str, voice: &Voice) -> bool {
    let is_letter = |letter: char| letter.is_alphanumeric() || is_mark(letter);
    (3..=20).contains(&word.chars().count())
        && word.chars().all(is_letter)
        && all().any(|topic| Wanted::of([word]).is_in(&topic, voice))
}
