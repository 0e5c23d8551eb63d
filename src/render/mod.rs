//! Answers drawn: [`text`] for people, [`json`] for programs, [`html`] for a browser, [`markdown`] for an
//! issue or a chat. Text, HTML and Markdown are drawn from the same parts, which [`text::Page`] names.
//!
//! Nothing here decides anything; what is said and with which exit status is
//! settled before.

mod clock;
#[cfg(feature = "cli")]
mod language;
#[cfg(feature = "cli")]
mod pen;

#[cfg(feature = "cli")]
pub mod html;
pub mod json;
#[cfg(feature = "cli")]
pub mod markdown;
#[cfg(feature = "cli")]
pub mod site;
#[cfg(feature = "cli")]
pub mod text;

#[cfg(feature = "cli")]
pub use language::{Language, Locale};
#[cfg(feature = "cli")]
pub use pen::{Layout, Pen};
