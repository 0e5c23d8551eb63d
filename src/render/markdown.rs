//! An answer as Markdown, to be pasted into an issue or a chat.
//!
//! What is said comes through; nothing in it becomes a link, a mention, a heading or HTML. What a host
//! would make a reference of (`@name`, `#12`, an address) stands as code, where none looks for any.
//!
//! ```
//! use std::cell::RefCell;
//! use wsclose::facts::registry::Registries;
//! use wsclose::render::markdown::Markdown;
//! use wsclose::render::{Layout, Pen, text};
//! use wsclose::report::{Explained, Report};
//! use wsclose::topic::Topic;
//! use wsclose::words::ENGLISH;
//!
//! let explained = Explained::of(Topic::of_number(1001), Registries::default());
//! let pen = RefCell::new(Pen::Markdown(Markdown::default()));
//! let layout = Layout { width: 80, pen: Some(&pen) };
//! let mut out = Vec::new();
//! text::draw(&Report::Explain(vec![explained]), &mut text::Page::new(&mut out, layout, &ENGLISH))?;
//! layout.end(&mut out)?;
//! let drawn = String::from_utf8(out).unwrap();
//! assert!(drawn.contains("1001"), "{drawn}");
//! # Ok::<(), std::io::Error>(())
//! ```

use std::io::{self, Write};

use super::pen::{Block, Depth, Mark, by_backticks, unmarked};

/// So many lines of a quote stand in one block: nothing grows with the input.
const LONGEST_BLOCK: usize = 5000;

/// Draws blocks as Markdown.
#[derive(Debug, Default)]
pub struct Markdown {
    open: Open,
    /// Empty lines that were asked for inside of lines that stay as they are.
    blanks: usize,
    /// How many such lines were drawn.
    lines: usize,
    has_drawn: bool,
}

/// What has begun and is not closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Open {
    #[default]
    Nothing,
    List,
    Lines,
}

/// What stands before and behind lines that stay as they are.
const FENCE: &str = "````";

impl Markdown {
    pub(super) fn put(&mut self, block: &Block<'_>, out: &mut dyn Write) -> io::Result<()> {
        match *block {
            Block::Blank => {
                self.blanks += usize::from(self.open == Open::Lines);
                Ok(())
            }
            Block::Line(line) => self.line(&unmarked(line), out),
            Block::Command(command) if self.open == Open::List => {
                writeln!(out, "   - {}", code(command))
            }
            Block::Command(command) => self.line(command, out),
            Block::Item(Mark::Quote, text, _) => self.line(&format!("│ {}", unmarked(text)), out),
            Block::Item(mark, text, depth) => self.item(mark, &prose(text), depth, out),
            Block::Paragraph(text, Depth::Inner) if self.open == Open::List => {
                writeln!(out, "   - {}", prose(text))
            }
            Block::Title(id, name) => {
                self.part(out)?;
                writeln!(out, "## {} {}", prose(id), prose(name))
            }
            Block::Heading(text, _) => {
                self.part(out)?;
                writeln!(out, "### {}", prose(text))
            }
            Block::Strong(text) => {
                self.part(out)?;
                writeln!(out, "**{}**", prose(text.trim()))
            }
            Block::Paragraph(text, _) | Block::Aside(text) => {
                self.part(out)?;
                writeln!(out, "{}", prose(text))
            }
            Block::Table(rows) => {
                self.part(out)?;
                for (index, row) in rows.iter().enumerate() {
                    let cells = row.iter().map(|cell| format!(" {} |", cell_of(cell)));
                    writeln!(out, "|{}", cells.collect::<String>())?;
                    if index == 0 {
                        writeln!(out, "|{}", " --- |".repeat(row.len()))?;
                    }
                }
                Ok(())
            }
            Block::Rule => {
                self.part(out)?;
                writeln!(out, "---")
            }
        }
    }

    pub(super) fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.close(out)?;
        *self = Markdown::default();
        Ok(())
    }

    fn close(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.open == Open::Lines {
            writeln!(out, "{FENCE}")?;
        }
        (self.open, self.blanks, self.lines) = (Open::Nothing, 0, 0);
        Ok(())
    }

    /// Begins a part of its own.
    fn part(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.close(out)?;
        if self.has_drawn {
            writeln!(out)?;
        }
        self.has_drawn = true;
        Ok(())
    }

    fn item(
        &mut self,
        mark: Mark<'_>,
        text: &str,
        depth: Depth,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let is_inner = depth == Depth::Inner && self.open == Open::List;
        if self.open != Open::List {
            self.part(out)?;
            self.open = Open::List;
        }
        match mark {
            Mark::Number(number) => writeln!(out, "{number}. {text}"),
            // Behind a break of the line: in the item, and below its text.
            Mark::Fix => writeln!(out, "   - → {text}"),
            Mark::Name(name) if is_inner => {
                writeln!(
                    out,
                    "   - **{}**: {text}",
                    prose(name.trim().trim_end_matches(':'))
                )
            }
            Mark::Name(name) => writeln!(out, "- **{}**: {text}", prose(name.trim())),
            Mark::Same => writeln!(out, "  {text}"),
            Mark::Point | Mark::Quote => writeln!(out, "- {text}"),
        }
    }

    /// A line that stays as it is.
    fn line(&mut self, line: &str, out: &mut dyn Write) -> io::Result<()> {
        if self.open != Open::Lines || self.lines >= LONGEST_BLOCK {
            self.part(out)?;
            writeln!(out, "{FENCE}text")?;
            self.open = Open::Lines;
        }
        for _ in 0..std::mem::take(&mut self.blanks) {
            writeln!(out)?;
        }
        self.lines += 1;
        let line = line.trim_end();
        // Nothing that is quoted closes the quote.
        match line.trim_start().starts_with(FENCE) {
            true => writeln!(out, "\\{}", line.trim_start()),
            false => writeln!(out, "{line}"),
        }
    }
}

/// A cell of a table: on one line, and without what would end it.
fn cell_of(text: &str) -> String {
    prose(text).replace('|', "\\|").replace("\\\\|", "\\|")
}

/// Prose in which what stands in backticks is code, and all else means nothing but itself.
fn prose(text: &str) -> String {
    let text = unmarked(text);
    let mut prose = String::with_capacity(text.len() + 8);
    for (is_code, part) in by_backticks(&text) {
        if is_code {
            prose.push_str(&code(part));
        } else {
            plain(part, &mut prose);
        }
    }
    prose
}

/// Text as code.
fn code(text: &str) -> String {
    let text = text.trim_matches(|letter: char| letter.is_control());
    match text.contains('`') {
        true => format!("`` {text} ``"),
        false => format!("`{text}`"),
    }
}

/// Appends words that mean nothing but themselves.
fn plain(text: &str, prose: &mut String) {
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end_matches(char::is_whitespace);
        let space = piece.get(word.len()..).unwrap_or_default();
        let is_begin = prose.is_empty();
        if is_reference(word) {
            let core = core(word);
            let (before, behind) = word.split_once(core).unwrap_or(("", ""));
            escaped(before, is_begin, prose);
            prose.push_str(&code(core));
            escaped(behind, false, prose);
        } else {
            escaped(word, is_begin, prose);
        }
        prose.push_str(space);
    }
}

/// A word without the punctuation around it; a parenthesis that is opened in it is closed in it.
fn core(word: &str) -> &str {
    let core = word.trim_matches(is_around);
    let from = word.find(core).unwrap_or(0);
    let is_open = core.matches('(').count() > core.matches(')').count();
    let closed = from + core.len() + 1;
    match word.get(from..closed) {
        Some(closed) if is_open && closed.ends_with(')') => closed,
        _ => core,
    }
}

/// Punctuation around a word that is no part of it.
fn is_around(letter: char) -> bool {
    matches!(
        letter,
        '"' | '(' | ')' | ',' | '.' | ';' | '\'' | '…' | '“' | '”' | '`'
    )
}

/// Whether a host might make a link of a word, tell somebody of it, or take it for a command.
fn is_reference(word: &str) -> bool {
    let bare = word.trim_matches(is_around);
    if bare.len() < 2 || bare.contains('`') {
        return false;
    }
    let digits = |text: &str| text.starts_with(|digit: char| digit.is_ascii_digit());
    let has_number_behind = |mark: char| bare.split(mark).skip(1).any(digits);
    let is_sha = bare.len() >= 7
        && bare.bytes().all(|byte| byte.is_ascii_hexdigit())
        && bare.bytes().any(|byte| byte.is_ascii_alphabetic());
    let small = bare.to_ascii_lowercase();
    bare.contains('@')
        || bare.contains("://")
        || small.contains("www.")
        || small.contains("mailto:")
        || small.contains("xmpp:")
        || small.starts_with("gh-")
        || bare.starts_with(['/', '!', '%', '~', '$', '#'])
        || has_number_behind('#')
        || has_number_behind('!')
        || is_sha
}

/// Appends letters, with a backslash before those that Markdown reads.
fn escaped(word: &str, is_begin: bool, prose: &mut String) {
    let is_word = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    let all: Vec<char> = word.chars().collect();
    for (index, letter) in all.iter().copied().enumerate() {
        let next = all.get(index + 1).copied();
        let before = index
            .checked_sub(1)
            .and_then(|index| all.get(index))
            .copied();
        let is_read = match letter {
            '\\' => next.is_none_or(|next| next.is_ascii_punctuation()),
            '`' | '*' | '[' | ']' | '<' | '>' | '~' | '|' | '$' => true,
            '_' => !(is_word(before) && is_word(next)),
            '&' => next.is_some_and(|next| next == '#' || next.is_ascii_alphabetic()),
            ':' => is_word(next) && !is_word(before),
            '#' | '-' | '+' | '=' => is_begin && index == 0,
            '.' | ')' => {
                let number = all.get(..index).unwrap_or_default();
                is_begin && index > 0 && number.iter().all(char::is_ascii_digit)
            }
            _ => false,
        };
        if is_read {
            prose.push('\\');
        }
        prose.push(letter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_becomes_markdown() {
        for (text, drawn) in [
            ("<script>", "\\<script\\>"),
            ("hello @team now", "hello `@team` now"),
            (
                "see https://evil.example/x.",
                "see `https://evil.example/x`.",
            ),
            ("[click](javascript:1)", "\\[click\\](javascript:1)"),
            ("![x](y)", "`![x](y)`"),
            ("owner/repo#12", "`owner/repo#12`"),
            ("# title", "\\# title"),
            ("1. item", "1\\. item"),
            ("- item", "\\- item"),
            ("proxy_read_timeout", "proxy_read_timeout"),
            ("_emphasis_ *strong*", "\\_emphasis\\_ \\*strong\\*"),
            ("&lt;b&gt;", "\\&lt;b\\&gt;"),
            ("an odd ` one <b>", "an odd \\` one \\<b\\>"),
            ("reason \"`<b>` @me", "reason \"`<b>` `@me`"),
            ("/close", "`/close`"),
            ("deadbeef1", "`deadbeef1`"),
            ("a \\x1b[2J", "a \\x1b\\[2J"),
        ] {
            assert_eq!(prose(text), drawn, "{text}");
        }
    }

    #[test]
    fn nothing_that_is_quoted_closes_the_quote() {
        let mut markdown = Markdown::default();
        let mut out = Vec::new();
        for line in ["a", "  ````", "<b>"] {
            markdown.put(&Block::Line(line), &mut out).unwrap();
        }
        markdown.end(&mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out, "````text\na\n\\````\n<b>\n````\n");
    }
}
