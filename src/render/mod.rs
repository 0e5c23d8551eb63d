//! Answers drawn: [`text`] for people, [`json`] for programs, [`html`] for a browser, [`markdown`] for an
//! issue or a chat. Text, HTML and Markdown are drawn from the same parts, which [`text::Page`] names.
//!
//! Nothing here decides anything; what is said and with which exit status is
//! settled before.

mod clock;
mod language;
mod pen;

pub mod html;
pub mod json;
pub mod markdown;
pub mod site;
pub mod text;

pub use language::{Language, Locale};
pub use pen::{Layout, Pen};
