//! What `wsclose` alone says at a terminal.

use std::ffi::OsString;
use std::io;

use super::Terminal;
use super::door;
use crate::render::Language;
use crate::render::text::Page;
use crate::report::Status;
use crate::words::{say, text};

/// The commonest uses: what is typed, and for what.
const USES: [(&str, crate::words::Text); 5] = [
    ("wsclose 1006", text!(welcome.code)),
    (
        "wsclose 'websocket: close 1006 (abnormal closure): unexpected EOF'",
        text!(welcome.line),
    ),
    ("wsclose app.log", text!(welcome.log)),
    ("wsclose trace.pcapng", text!(welcome.capture)),
    ("wsclose 88 02 03 e8", text!(welcome.bytes)),
];

/// Says what it is, what it is used for, and where the rest stands.
pub(super) fn greet(arguments: &[OsString], terminal: &mut Terminal<'_>) -> io::Result<Status> {
    let language = door::language(arguments, &terminal.locale);
    let voice = language.voice();
    let terminal_is_ascii = terminal.locale.charset.is_some();
    let mut page = Page::new(terminal.out, terminal.width, voice);
    page.strong(&say!(welcome.what))?;
    page.blank()?;
    for (command, what) in USES {
        page.line(&format!("  {command}"))?;
        page.paragraph(6, &what)?;
    }
    page.blank()?;
    page.paragraph(0, &say!(welcome.rest))?;
    page.paragraph(
        0,
        &say!(
            welcome.languages,
            languages = others(language, terminal_is_ascii)
        ),
    )?;
    terminal.out.flush()?;
    Ok(Status::Fine)
}

/// The other languages: what each calls itself, and what chooses it. A terminal that does not show all letters is
/// told without names.
fn others(language: Language, is_ascii: bool) -> String {
    let others = Language::ALL.iter().filter(|other| **other != language);
    let others = others.map(|other| match is_ascii {
        true => format!("`--lang {other}`"),
        false => format!("{} `--lang {other}`", other.name()),
    });
    others.collect::<Vec<_>>().join(" · ")
}
