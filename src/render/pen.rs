//! What a page is drawn with where it is not set in columns: parts of a document, one after the other.
//!
//! A [`Page`](super::text::Page) says what each part is: a heading, an item of a list, a line that stays
//! as it is. Text sets it in columns at once. [`Html`] and [`Markdown`] get it as a [`Block`]: all that is
//! said is said once, whatever it is drawn as.

use std::cell::RefCell;
use std::io::{self, Write};

use super::html::Html;
use super::markdown::Markdown;

/// What a page is drawn as, and how wide.
#[derive(Clone, Copy)]
pub struct Layout<'a> {
    /// The width in columns of what is set in columns.
    pub width: usize,
    /// What draws the parts; `None` sets text.
    pub pen: Option<&'a RefCell<Pen>>,
}

impl From<usize> for Layout<'_> {
    fn from(width: usize) -> Self {
        Layout { width, pen: None }
    }
}

impl Layout<'_> {
    /// Closes what is still open.
    ///
    /// # Errors
    ///
    /// When writing fails.
    pub fn end(self, out: &mut dyn Write) -> io::Result<()> {
        match self.pen {
            Some(pen) => pen.borrow_mut().end(out),
            None => Ok(()),
        }
    }
}

/// What draws the parts of a page.
pub enum Pen {
    /// As HTML.
    Html(Html),
    /// As Markdown.
    Markdown(Markdown),
}

impl Pen {
    pub(super) fn put(&mut self, block: &Block<'_>, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Pen::Html(html) => html.put(block, out),
            Pen::Markdown(markdown) => markdown.put(block, out),
        }
    }

    /// Closes what is still open.
    ///
    /// # Errors
    ///
    /// When writing fails.
    pub fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Pen::Html(html) => html.end(out),
            Pen::Markdown(markdown) => markdown.end(out),
        }
    }
}

/// A part of a document. All texts are in the language of the page; they may hold marks of colour, and
/// what came from outside in them is escaped for a terminal, and no more.
#[derive(Clone, Copy, Debug)]
pub(super) enum Block<'b> {
    /// What the page is about: its id, and its name.
    Title(&'b str, &'b str),
    /// The heading of a part, and its words in English, of which its anchor is made.
    Heading(&'b str, &'b str),
    /// Prose that stands out.
    Strong(&'b str),
    /// Prose, and whether it belongs to the item before it.
    Paragraph(&'b str, Depth),
    /// Prose in a quieter tone.
    Aside(&'b str),
    /// A text behind a mark, and whether it belongs to the item before it.
    Item(Mark<'b>, &'b str, Depth),
    /// A line that stays as it is.
    Line(&'b str),
    /// A command that leads on.
    Command(&'b str),
    /// Cells in rows; the first row and the first cell of each are headings.
    Table(&'b [Vec<String>]),
    /// A gap.
    Blank,
    /// What stands between two answers.
    Rule,
}

/// How deep something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// For itself.
    Top,
    /// In an item of a list, where there is one.
    Inner,
}

impl Depth {
    /// The depth of what text sets so far from the left: behind the mark of an item stand five columns.
    pub(super) fn of(indent: usize) -> Self {
        if indent < 5 { Depth::Top } else { Depth::Inner }
    }
}

/// What stands before a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark<'b> {
    /// Its number in a list.
    Number(u32),
    /// A point of a list.
    Point,
    /// The sign that it is what to do about the item before it.
    Fix,
    /// The sign that it is somebody's own line.
    Quote,
    /// Nothing: it belongs to the name before it.
    Same,
    /// A name, of which the text says something.
    Name(&'b str),
}

impl<'b> Mark<'b> {
    /// The kind of a mark, as it stands in text.
    pub(super) fn of(mark: &'b str) -> Self {
        match mark {
            "" => Mark::Same,
            "·" => Mark::Point,
            "→" => Mark::Fix,
            "│" => Mark::Quote,
            name => match name.strip_suffix('.').map(str::parse) {
                Some(Ok(number)) => Mark::Number(number),
                _ => Mark::Name(name),
            },
        }
    }
}

/// How a piece of text is marked at a terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) bold: bool,
    pub(super) dim: bool,
    /// The last digit of the number of its colour: 1 is red.
    pub(super) color: Option<u8>,
}

/// The pieces of a text that are marked alike. What comes from outside holds no such marks: it is escaped.
pub(super) fn runs(text: &str) -> Vec<(Style, &str)> {
    let mut runs = Vec::new();
    let mut style = Style::default();
    for (index, part) in text.split('\u{1b}').enumerate() {
        let shown = match part.strip_prefix('[').and_then(|part| part.split_once('m')) {
            Some((marks, shown)) if index > 0 => {
                for mark in marks.split(';') {
                    match mark {
                        "0" | "" => style = Style::default(),
                        "1" => style.bold = true,
                        "2" => style.dim = true,
                        "22" => (style.bold, style.dim) = (false, false),
                        "39" => style.color = None,
                        mark => {
                            let color = mark.strip_prefix(['3', '9']).map(str::parse);
                            style.color = color.and_then(Result::ok).or(style.color);
                        }
                    }
                }
                shown
            }
            _ => part,
        };
        if !shown.is_empty() {
            runs.push((style, shown));
        }
    }
    runs
}

/// A text without marks.
pub(super) fn unmarked(text: &str) -> String {
    runs(text).into_iter().map(|(_, text)| text).collect()
}

/// The parts of a text outside and inside backticks, in turn; what follows a lone one is outside.
pub(super) fn by_backticks(text: &str) -> Vec<(bool, &str)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((code, behind)) = after.split_once('`') else {
            break;
        };
        parts.push((false, before));
        parts.push((true, code));
        rest = behind;
    }
    parts.push((false, rest));
    parts.retain(|(_, part)| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_told_apart() {
        for (text, mark) in [
            ("12.", Mark::Number(12)),
            ("·", Mark::Point),
            ("→", Mark::Fix),
            ("│", Mark::Quote),
            ("", Mark::Same),
            ("RFC.", Mark::Name("RFC.")),
        ] {
            assert_eq!(Mark::of(text), mark);
        }
    }

    #[test]
    fn marks_of_colour_are_taken_out() {
        let text = "\u{1b}[1m\u{1b}[36m1006\u{1b}[0m\u{1b}[0m  \u{1b}[2mx\u{1b}[0m";
        assert_eq!(unmarked(text), "1006  x");
        let first = runs(text)[0].0;
        assert_eq!((first.bold, first.color), (true, Some(6)));
    }

    #[test]
    fn a_lone_backtick_opens_nothing() {
        let parts = by_backticks("a `b` c `d");
        assert_eq!(parts, [(false, "a "), (true, "b"), (false, " c `d")]);
    }
}
