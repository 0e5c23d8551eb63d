//! Answers drawn: [`text`] for people, [`json`] for programs.
//!
//! Nothing here decides anything; what is said and with which exit status is
//! settled before.

mod clock;
mod language;

pub mod json;
pub mod text;

pub use language::{Language, Locale};
