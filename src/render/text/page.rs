//! What an answer is drawn on: a writer with a width.
//!
//! The methods of a [`Page`] name the parts that an answer has. Here they are set in columns; where the
//! page has a pen it draws them.

use std::cell::RefCell;
use std::io::{self, Write};

use colored::{Color, Colorize};
use unicode_width::UnicodeWidthStr;

use super::wrap::{columns, fold, padded};
use crate::render::pen::{Block, Depth, Layout, Mark, Pen, unmarked};
use crate::words::{ENGLISH, Say, Voice};

/// Prose is never set wider than this.
pub const WIDEST_PROSE: usize = 100;
/// The colour of what to do. Like all that are used, it reads on a light and on a dark background.
pub(super) const FIX: Color = Color::Green;
/// The colour of whose fault it is.
pub(super) const WHO: Color = Color::Magenta;
/// Nothing sensible fits into less.
const NARROWEST: usize = 20;

/// A writer with a width in columns.
pub struct Page<'a> {
    out: &'a mut dyn Write,
    width: usize,
    voice: &'static Voice,
    pen: Option<&'a RefCell<Pen>>,
}

impl<'a> Page<'a> {
    /// A page as wide as `layout` says, or so many columns, in the language of `voice`.
    pub fn new(
        out: &'a mut dyn Write,
        layout: impl Into<Layout<'a>>,
        voice: &'static Voice,
    ) -> Self {
        let layout = layout.into();
        Page {
            out,
            width: layout.width.max(NARROWEST),
            voice,
            pen: layout.pen,
        }
    }

    /// Has the pen draw a part, where there is one.
    fn penned(&mut self, block: &Block<'_>) -> Option<io::Result<()>> {
        let pen = self.pen?;
        Some(pen.borrow_mut().put(block, self.out))
    }

    /// The language of the page.
    pub fn voice(&self) -> &'static Voice {
        self.voice
    }

    /// A message, a text or a value in the words of the page's language.
    pub(super) fn words(&self, says: impl Say) -> String {
        says.words(self.voice).into_owned()
    }

    /// The same for the cell of a table: with marks where a line may end, if lines are set here.
    pub(super) fn cell(&self, says: impl Say) -> String {
        match self.pen {
            Some(_) => self.words(says),
            None => says.breakable(self.voice).into_owned(),
        }
    }

    /// The width in columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The width of prose in columns.
    pub fn prose_width(&self) -> usize {
        self.width.min(WIDEST_PROSE)
    }

    /// One line, as it is.
    pub fn line(&mut self, line: &str) -> io::Result<()> {
        if let Some(drawn) = self.penned(&Block::Line(line)) {
            return drawn;
        }
        writeln!(self.out, "{}", line.trim_end())
    }

    /// An empty line.
    pub fn blank(&mut self) -> io::Result<()> {
        if let Some(drawn) = self.penned(&Block::Blank) {
            return drawn;
        }
        writeln!(self.out)
    }

    /// A line that separates two answers.
    pub fn rule(&mut self) -> io::Result<()> {
        if let Some(drawn) = self.penned(&Block::Rule) {
            return drawn;
        }
        writeln!(self.out, "\n{}\n", "─".repeat(self.prose_width()).dimmed())
    }

    /// What the page is about, as one types it, and its name; and a gap.
    pub fn title(&mut self, id: &str, name: &(impl Say + ?Sized)) -> io::Result<()> {
        let words = name.words(self.voice);
        if let Some(drawn) = self.penned(&Block::Title(id, &words)) {
            return drawn;
        }
        if columns(id) + 2 + columns(&words) <= self.width {
            self.line(&format!("{}  {}", id.bold().cyan(), words.bold()))?;
        } else {
            self.line(&id.bold().cyan().to_string())?;
            self.strong(name)?;
        }
        self.blank()
    }

    /// The same above what follows at once, on one line whatever the width.
    pub fn entry(&mut self, id: &str, name: &str) -> io::Result<()> {
        match self.penned(&Block::Title(id, name)) {
            Some(drawn) => drawn,
            None => self.line(&format!("{}  {}", id.bold().cyan(), name.bold())),
        }
    }

    /// A line of prose that is not broken. It may be marked with colours.
    pub fn remark(&mut self, text: &str) -> io::Result<()> {
        match self.penned(&Block::Paragraph(text.trim(), Depth::Top)) {
            Some(drawn) => drawn,
            None => self.line(text),
        }
    }

    /// What the paragraph below is about, on one line, indented by `indent` columns, marked with colours.
    pub fn topic(&mut self, indent: usize, text: &str) -> io::Result<()> {
        match self.penned(&Block::Strong(&unmarked(text))) {
            Some(drawn) => drawn,
            None => self.line(&format!("{:indent$}{text}", "")),
        }
    }

    /// Prose among lines that stay as they are: set in columns whatever it is drawn as.
    pub(super) fn set(&mut self, indent: usize, text: &(impl Say + ?Sized)) -> io::Result<()> {
        for line in self.folded(text, self.prose_width().saturating_sub(indent)) {
            self.line(&format!("{:indent$}{line}", ""))?;
        }
        Ok(())
    }

    /// The same in a quieter tone.
    pub(super) fn set_aside(&mut self, indent: usize, text: &impl Say) -> io::Result<()> {
        for line in self.folded(text, self.prose_width().saturating_sub(indent)) {
            self.line(&format!("{:indent$}{}", "", line.dimmed()))?;
        }
        Ok(())
    }

    /// An address behind its name, which is never broken.
    pub(super) fn address(&mut self, name: &str, width: usize, url: &str) -> io::Result<()> {
        match self.penned(&Block::Item(Mark::Name(name), url, Depth::Top)) {
            Some(drawn) => drawn,
            None => self.line(&format!("  {} {url}", padded(name, width))),
        }
    }

    /// The heading of a part.
    pub fn heading(&mut self, text: &(impl Say + ?Sized)) -> io::Result<()> {
        if self.pen.is_some() {
            let (words, english) = (text.words(self.voice), text.words(&ENGLISH));
            let drawn = self.penned(&Block::Heading(&words, &english));
            return drawn.unwrap_or(Ok(()));
        }
        self.strong(text)
    }

    /// A line of a configuration or a program.
    pub fn code(&mut self, line: &str) -> io::Result<()> {
        match self.penned(&Block::Line(line)) {
            Some(drawn) => drawn,
            None => self.line(&format!("  {line}")),
        }
    }

    /// A command that leads on.
    pub fn command(&mut self, command: &str) -> io::Result<()> {
        if let Some(drawn) = self.penned(&Block::Command(command)) {
            return drawn;
        }
        self.line(&format!("  {command}"))
    }

    /// Whether a table is drawn by [`table`](Page::table): else its cells are set in columns.
    pub fn has_tables(&self) -> bool {
        self.pen.is_some()
    }

    /// Cells in rows, of which the first has the headings; nothing where [`has_tables`](Page::has_tables)
    /// is false.
    pub fn table(&mut self, rows: &[Vec<String>]) -> io::Result<()> {
        self.penned(&Block::Table(rows)).unwrap_or(Ok(()))
    }

    /// Prose, wrapped, indented by `indent` columns.
    pub fn paragraph(&mut self, indent: usize, text: &(impl Say + ?Sized)) -> io::Result<()> {
        if self.pen.is_some() {
            let words = text.words(self.voice);
            return self
                .penned(&Block::Paragraph(&words, Depth::of(indent)))
                .unwrap_or(Ok(()));
        }
        for line in self.folded(text, self.prose_width().saturating_sub(indent)) {
            writeln!(self.out, "{:indent$}{line}", "")?;
        }
        Ok(())
    }

    /// Prose that stands out.
    pub fn strong(&mut self, text: &(impl Say + ?Sized)) -> io::Result<()> {
        if self.pen.is_some() {
            let words = text.words(self.voice);
            return self.penned(&Block::Strong(&words)).unwrap_or(Ok(()));
        }
        for line in self.folded(text, self.prose_width()) {
            writeln!(self.out, "{}", line.bold())?;
        }
        Ok(())
    }

    /// Prose in a quieter tone.
    pub fn aside(&mut self, indent: usize, text: &(impl Say + ?Sized)) -> io::Result<()> {
        if self.pen.is_some() {
            let words = text.words(self.voice);
            return self.penned(&Block::Aside(&words)).unwrap_or(Ok(()));
        }
        for line in self.folded(text, self.prose_width().saturating_sub(indent)) {
            writeln!(self.out, "{:indent$}{}", "", line.dimmed())?;
        }
        Ok(())
    }

    /// A list with numbers, each entry wrapped behind its number.
    pub fn numbered(&mut self, texts: impl Iterator<Item = impl Say>) -> io::Result<()> {
        for (index, text) in texts.enumerate() {
            let mark = format!("{}.", index + 1);
            self.hanging(2, &mark, mark.len(), &text)?;
        }
        Ok(())
    }

    /// A mark, and a text that is wrapped behind it. `mark_width` is the width of the widest mark.
    pub fn hanging(
        &mut self,
        indent: usize,
        mark: &str,
        mark_width: usize,
        text: &(impl Say + ?Sized),
    ) -> io::Result<()> {
        if self.pen.is_some() {
            let words = text.words(self.voice);
            let drawn = self.penned(&Block::Item(
                Mark::of(mark.trim()),
                &words,
                Depth::of(indent),
            ));
            return drawn.unwrap_or(Ok(()));
        }
        let behind = indent + mark_width + 1;
        let lines = self.folded(text, self.prose_width().saturating_sub(behind));
        for (index, line) in lines.iter().enumerate() {
            let mark = padded(if index == 0 { mark } else { "" }, mark_width);
            writeln!(self.out, "{:indent$}{mark} {line}", "")?;
        }
        Ok(())
    }

    /// The same with a mark in a colour that says what it is about: [`FIX`] or [`WHO`].
    pub(super) fn marked(
        &mut self,
        colour: Color,
        indent: usize,
        mark: &str,
        mark_width: usize,
        text: &(impl Say + ?Sized),
    ) -> io::Result<()> {
        if self.pen.is_some() {
            return self.hanging(indent, mark, mark_width, text);
        }
        let behind = indent + mark_width + 1;
        let lines = self.folded(text, self.prose_width().saturating_sub(behind));
        for (index, line) in lines.iter().enumerate() {
            let mark = match index {
                0 => padded(mark, mark_width).color(colour).bold().to_string(),
                _ => padded("", mark_width),
            };
            writeln!(self.out, "{:indent$}{mark} {line}", "")?;
        }
        Ok(())
    }

    /// What is said, in lines of at most `width` columns.
    pub(super) fn folded(&self, says: &(impl Say + ?Sized), width: usize) -> Vec<String> {
        fold(&says.breakable(self.voice), width)
    }

    /// A name in bold and what is said of it, on one line whatever the width.
    pub fn row(
        &mut self,
        name: &str,
        name_width: usize,
        says: &(impl Say + ?Sized),
    ) -> io::Result<()> {
        if self.pen.is_some() {
            let says = says.words(self.voice);
            let drawn = self.penned(&Block::Item(Mark::of(name.trim()), &says, Depth::Top));
            return drawn.unwrap_or(Ok(()));
        }
        let gap = " ".repeat(name_width.saturating_sub(name.width()) + 2);
        let says = says.words(self.voice);
        writeln!(self.out, "{}{gap}{says}", name.bold())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::ENGLISH;

    #[test]
    fn a_heading_is_no_wider_than_the_page() {
        let mut out = Vec::new();
        let heading = "1007 est affiché, bien qu’aucun Close avec ce code n’ait été reçu";
        let drawn = Page::new(&mut out, 60, &ENGLISH).heading(heading);
        drawn.expect("memory can be written to");
        let out = String::from_utf8(out).expect("it is UTF-8");
        let lines: Vec<&str> = out.lines().collect();
        assert!(lines.iter().all(|line| line.width() <= 60), "{lines:?}");
        assert_eq!(lines.join(" "), heading);
    }
}
