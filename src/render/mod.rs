//! Answers drawn: [`text`] for people, [`json`] for programs.
//!
//! Nothing here decides anything; what is said and with which exit status is
//! settled before.

mod clock;
#[cfg(feature = "cli")]
mod language;

pub mod json;
#[cfg(feature = "cli")]
pub mod text;

#[cfg(feature = "cli")]
pub use language::{Language, Locale};
