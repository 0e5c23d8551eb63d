//! An answer as HTML: the parts of a page without the page around them.
//!
//! Whatever is said is escaped. Links lead to sections of standards and, where the caller knows any, to
//! pages about what a command explains; to addresses only where none of the text comes from outside.
//!
//! ```
//! use std::cell::RefCell;
//! use wsclose::facts::registry::Registries;
//! use wsclose::render::html::Html;
//! use wsclose::render::{Layout, Pen, text};
//! use wsclose::report::{Explained, Report};
//! use wsclose::topic::Topic;
//! use wsclose::words::ENGLISH;
//!
//! let explained = Explained::of(Topic::of_number(1001), Registries::default());
//! let pen = RefCell::new(Pen::Html(Html::new(|_| None, String::new(), true)));
//! let layout = Layout { width: 80, pen: Some(&pen) };
//! let mut out = Vec::new();
//! text::draw(&Report::Explain(vec![explained]), &mut text::Page::new(&mut out, layout, &ENGLISH))?;
//! layout.end(&mut out)?;
//! let drawn = String::from_utf8(out).unwrap();
//! assert!(drawn.contains("<ol>"), "{drawn}");
//! # Ok::<(), std::io::Error>(())
//! ```

mod inline;

use std::io::{self, Write};

use super::pen::{Block, Depth, Mark};
pub use inline::escaped;
use inline::{Linker, inline, line};

/// Draws blocks as HTML.
pub struct Html {
    links: Linker,
    open: Open,
    /// Whether names stand inside of an item that is open.
    has_inner: bool,
    /// Empty lines that were asked for inside of lines that stay as they are.
    blanks: usize,
    /// Whether there was a title: the next one is smaller.
    has_title: bool,
    /// The anchors of this page.
    anchors: Vec<String>,
}

/// What has begun and is not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Nothing,
    Numbers,
    Points,
    Names,
    Commands,
    Lines,
    Quotes,
}

impl Open {
    fn begin(self) -> &'static str {
        match self {
            Open::Nothing => "",
            Open::Numbers => "<ol>\n",
            Open::Points => "<ul>\n",
            Open::Names => "<dl>\n",
            Open::Commands => "<ul class=\"commands\">\n",
            Open::Lines => "<pre tabindex=\"0\">",
            Open::Quotes => "<pre class=\"quote\" tabindex=\"0\">",
        }
    }

    fn end(self) -> &'static str {
        match self {
            Open::Nothing => "",
            Open::Numbers => "</li>\n</ol>\n",
            Open::Points => "</li>\n</ul>\n",
            Open::Names => "</dd>\n</dl>\n",
            Open::Commands => "</ul>\n",
            Open::Lines | Open::Quotes => "</pre>\n",
        }
    }
}

impl Html {
    /// A pen that knows the page for a command (`explain 1006`), if there is one, by `pages`, and makes
    /// links of addresses only where `is_ours` says that no text comes from outside.
    pub fn new(pages: fn(&str) -> Option<String>, base: String, is_ours: bool) -> Self {
        Html {
            links: Linker {
                pages,
                base,
                is_ours,
            },
            open: Open::Nothing,
            has_inner: false,
            blanks: 0,
            has_title: false,
            anchors: Vec::new(),
        }
    }

    pub(super) fn put(&mut self, block: &Block<'_>, out: &mut dyn Write) -> io::Result<()> {
        match *block {
            Block::Blank => {
                self.blanks += usize::from(matches!(self.open, Open::Lines));
                Ok(())
            }
            Block::Line(text) => {
                self.within(Open::Lines, out)?;
                for _ in 0..std::mem::take(&mut self.blanks) {
                    writeln!(out)?;
                }
                writeln!(out, "{}", line(text))
            }
            Block::Item(Mark::Quote, text, _) => {
                self.within(Open::Quotes, out)?;
                writeln!(out, "{}", line(text))
            }
            Block::Command(command) if self.is_in_list() => {
                self.end_inner(out)?;
                let command = self.links.command(command);
                write!(out, "<div class=\"then\">{command}</div>")
            }
            Block::Command(command) => {
                self.within(Open::Commands, out)?;
                writeln!(out, "<li>{}</li>", self.links.command(command))
            }
            Block::Item(Mark::Name(name), text, Depth::Inner) if self.is_in_list() => {
                let (name, text) = (self.links.name(name), inline(text, &self.links));
                let begin = match std::mem::replace(&mut self.has_inner, true) {
                    true => "</dd>\n",
                    false => "\n<dl>\n",
                };
                write!(out, "{begin}<dt>{name}</dt>\n<dd>{text}")
            }
            Block::Item(mark, text, _) => {
                let text = inline(text, &self.links);
                self.item(mark, &text, out)
            }
            Block::Title(id, name) => {
                self.end(out)?;
                let level = if self.has_title { 2 } else { 1 };
                self.has_title = true;
                let name = inline(name, &self.links);
                let id = match (id.is_empty(), name.is_empty()) {
                    (true, _) => String::new(),
                    _ if id.eq_ignore_ascii_case(&name) => String::new(),
                    (_, true) => escaped(id),
                    _ => format!("<span class=\"id\">{}</span> ", escaped(id)),
                };
                writeln!(out, "<h{level}>{id}{name}</h{level}>")
            }
            Block::Heading(text, english) => {
                self.end(out)?;
                let anchor = self.anchor(english);
                let text = inline(text, &self.links);
                writeln!(out, "<h2 id=\"{anchor}\">{text}</h2>")
            }
            Block::Strong(text) => self.paragraph(" class=\"strong\"", text, out),
            Block::Paragraph(text, Depth::Inner) if self.is_in_list() => {
                self.end_inner(out)?;
                write!(out, "<p>{}</p>", inline(text, &self.links))
            }
            Block::Paragraph(text, _) => self.paragraph("", text, out),
            Block::Aside(text) => self.paragraph(" class=\"aside\"", text, out),
            Block::Table(rows) => self.table(rows, out),
            Block::Rule => {
                self.end(out)?;
                writeln!(out, "<hr>")
            }
        }
    }

    pub(super) fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.blanks = 0;
        self.end_inner(out)?;
        let open = std::mem::replace(&mut self.open, Open::Nothing);
        out.write_all(open.end().as_bytes())
    }

    /// Whether a list with items is open.
    fn is_in_list(&self) -> bool {
        matches!(self.open, Open::Numbers | Open::Points)
    }

    /// Ends the names inside of an item.
    fn end_inner(&mut self, out: &mut dyn Write) -> io::Result<()> {
        match std::mem::take(&mut self.has_inner) {
            true => out.write_all(b"</dd>\n</dl>\n"),
            false => Ok(()),
        }
    }

    /// Begins what is wanted, where it has not begun; whether it just has.
    fn within(&mut self, wanted: Open, out: &mut dyn Write) -> io::Result<bool> {
        if self.open == wanted {
            return Ok(false);
        }
        self.end(out)?;
        self.open = wanted;
        out.write_all(wanted.begin().as_bytes())?;
        Ok(true)
    }

    fn paragraph(&mut self, class: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
        self.end(out)?;
        writeln!(out, "<p{class}>{}</p>", inline(text, &self.links))
    }

    fn item(&mut self, mark: Mark<'_>, text: &str, out: &mut dyn Write) -> io::Result<()> {
        self.end_inner(out)?;
        match mark {
            Mark::Fix if self.is_in_list() => {
                write!(out, "<div class=\"fix\">{text}</div>")
            }
            Mark::Fix => {
                self.end(out)?;
                writeln!(out, "<p class=\"fix\">{text}</p>")
            }
            Mark::Same if self.open == Open::Names => write!(out, "</dd>\n<dd>{text}"),
            Mark::Same => {
                self.end(out)?;
                writeln!(out, "<p>{text}</p>")
            }
            Mark::Number(number) => {
                let is_first = self.within(Open::Numbers, out)?;
                let end = if is_first { "" } else { "</li>\n" };
                write!(out, "{end}<li value=\"{number}\">{text}")
            }
            Mark::Point | Mark::Quote => {
                let is_first = self.within(Open::Points, out)?;
                let end = if is_first { "" } else { "</li>\n" };
                write!(out, "{end}<li>{text}")
            }
            Mark::Name(name) => {
                let is_first = self.within(Open::Names, out)?;
                let end = if is_first { "" } else { "</dd>\n" };
                let name = self.links.name(name);
                write!(out, "{end}<dt>{name}</dt>\n<dd>{text}")
            }
        }
    }

    fn table(&mut self, rows: &[Vec<String>], out: &mut dyn Write) -> io::Result<()> {
        self.end(out)?;
        writeln!(out, "<div class=\"wide\" tabindex=\"0\">\n<table>\n<tbody>")?;
        for (index, row) in rows.iter().enumerate() {
            write!(out, "<tr>")?;
            for (column, cell) in row.iter().enumerate() {
                let cell = match column {
                    0 => self.links.name(cell),
                    _ => inline(cell, &self.links),
                };
                match (index, column) {
                    (0, 0) if cell.is_empty() => write!(out, "<td></td>")?,
                    (0, _) => write!(out, "<th scope=\"col\">{cell}</th>")?,
                    (_, 0) => write!(out, "<th scope=\"row\">{cell}</th>")?,
                    _ => write!(out, "<td>{cell}</td>")?,
                }
            }
            writeln!(out, "</tr>")?;
        }
        writeln!(out, "</tbody>\n</table>\n</div>")
    }

    /// The anchor of a heading: its words in English, the same in every language.
    fn anchor(&mut self, english: &str) -> String {
        let mut anchor = String::new();
        for letter in english.chars() {
            if letter.is_ascii_alphanumeric() {
                anchor.push(letter.to_ascii_lowercase());
            } else if !anchor.ends_with('-') && !anchor.is_empty() {
                anchor.push('-');
            }
        }
        let mut anchor = anchor.trim_end_matches('-').to_owned();
        anchor.truncate(60);
        if anchor.is_empty() {
            anchor.push_str("part");
        }
        // What selects elements wants a letter first.
        if anchor.starts_with(|first: char| first.is_ascii_digit()) {
            anchor.insert_str(0, "code-");
        }
        while self.anchors.contains(&anchor) {
            anchor.push_str("-more");
        }
        self.anchors.push(anchor.clone());
        anchor
    }
}
