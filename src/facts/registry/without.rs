//! Services that have no close codes of their own, so that nobody looks for a registry of them.

use super::WITHOUT_CODES;
use crate::facts::names::{is, key};
use crate::words::Text;

/// A service that says in another way why it closes.
#[derive(Debug, PartialEq, Eq)]
pub struct WithoutCodes {
    /// Its name.
    pub title: &'static str,
    /// Other names by which it is found.
    pub also: &'static [&'static str],
    /// How it says why a connection ends, in a sentence without a full stop.
    pub instead: Text,
    /// Where that can be read.
    pub source: &'static str,
}

/// The service of this name, if it is known to have no close codes.
pub fn without_codes(name: &str) -> Option<&'static WithoutCodes> {
    let name = key(name);
    let is_it = |known: &&str| is(known, &name);
    WITHOUT_CODES
        .iter()
        .find(|service| is_it(&service.title) || service.also.iter().any(is_it))
}
