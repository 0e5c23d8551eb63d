//! Answers drawn: [`text`] for people, [`json`] for programs, [`html`] for a browser, [`markdown`] for an
//! issue or a chat. Text, HTML and Markdown are drawn from the same parts, which [`text::Page`] names.
//!
//! Nothing here decides anything; what is said and with which exit status is
//! settled before.
//!
//! ```
//! use wsclose::facts::registry::Registries;
//! use wsclose::render::{Language, text};
//! use wsclose::report::{Explained, Report};
//! use wsclose::topic::Topic;
//!
//! let explained = Explained::of(Topic::of_number(1000), Registries::default());
//! let mut out = Vec::new();
//! let mut page = text::Page::new(&mut out, 80, Language::of("fr").unwrap().voice());
//! text::draw(&Report::Explain(vec![explained]), &mut page)?;
//! println!("{}", String::from_utf8_lossy(&out));
//! assert!(out.starts_with(b"1000"));
//! # Ok::<(), std::io::Error>(())
//! ```

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
