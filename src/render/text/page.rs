//! What text is drawn on: a writer with a width.

use std::io::{self, Write};

use colored::Colorize;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Prose is never set wider than this.
const WIDEST_PROSE: usize = 100;
/// Nothing sensible fits into less.
const NARROWEST: usize = 20;

/// A writer with a width in columns.
pub struct Page<'a> {
    out: &'a mut dyn Write,
    width: usize,
}

impl<'a> Page<'a> {
    /// A page of `width` columns.
    pub fn new(out: &'a mut dyn Write, width: usize) -> Self {
        Page {
            out,
            width: width.max(NARROWEST),
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
        writeln!(self.out, "{}", line.trim_end())
    }

    /// An empty line.
    pub fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// A line that separates two answers.
    pub fn rule(&mut self) -> io::Result<()> {
        writeln!(self.out, "\n{}\n", "─".repeat(self.prose_width()).dimmed())
    }

    /// The heading of a part.
    pub fn heading(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", text.bold())
    }

    /// Prose, wrapped, indented by `indent` columns.
    pub fn paragraph(&mut self, indent: usize, text: &str) -> io::Result<()> {
        for line in fold(text, self.prose_width().saturating_sub(indent)) {
            writeln!(self.out, "{:indent$}{line}", "")?;
        }
        Ok(())
    }

    /// Prose that stands out.
    pub fn strong(&mut self, text: &str) -> io::Result<()> {
        for line in fold(text, self.prose_width()) {
            writeln!(self.out, "{}", line.bold())?;
        }
        Ok(())
    }

    /// Prose in a quieter tone.
    pub fn aside(&mut self, indent: usize, text: &str) -> io::Result<()> {
        for line in fold(text, self.prose_width().saturating_sub(indent)) {
            writeln!(self.out, "{:indent$}{}", "", line.dimmed())?;
        }
        Ok(())
    }

    /// A list with numbers, each entry wrapped behind its number.
    pub fn numbered<'t>(&mut self, texts: impl Iterator<Item = &'t str>) -> io::Result<()> {
        for (index, text) in texts.enumerate() {
            let mark = format!("{}.", index + 1);
            self.hanging(2, &mark, mark.len(), text)?;
        }
        Ok(())
    }

    /// A mark, and a text that is wrapped behind it. `mark_width` is the width of the widest mark.
    pub fn hanging(
        &mut self,
        indent: usize,
        mark: &str,
        mark_width: usize,
        text: &str,
    ) -> io::Result<()> {
        let behind = indent + mark_width + 1;
        let lines = fold(text, self.prose_width().saturating_sub(behind));
        for (index, line) in lines.iter().enumerate() {
            let mark = if index == 0 { mark } else { "" };
            writeln!(self.out, "{:indent$}{mark:mark_width$} {line}", "")?;
        }
        Ok(())
    }

    /// A name in bold and what is said of it, on one line whatever the width.
    pub fn row(&mut self, name: &str, name_width: usize, says: &str) -> io::Result<()> {
        let gap = " ".repeat(name_width.saturating_sub(name.len()) + 2);
        writeln!(self.out, "{}{gap}{says}", name.bold())
    }
}

/// `text` in lines of at most `width` columns, broken wherever a line is full.
pub(super) fn chop(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut columns = 0;
    for character in text.chars() {
        let wide = character.width().unwrap_or(0);
        if columns + wide > width {
            lines.push(String::new());
            columns = 0;
        }
        columns += wide;
        if let Some(line) = lines.last_mut() {
            line.push(character);
        }
    }
    lines
}

/// `text` in lines of at most `width` columns, broken between words; a word that is longer is
/// broken inside.
///
/// Done here and not by a library: it is most of what `explain` costs, and a dozen lines.
pub(super) fn fold(text: &str, width: usize) -> Vec<String> {
    let width = width.max(8);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut columns = 0;
    for word in text.split(' ') {
        let wide = word.width();
        if columns > 0 && columns + 1 + wide > width {
            lines.push(std::mem::take(&mut line));
            columns = 0;
        }
        if wide > width {
            let mut pieces = chop(word, width);
            line = pieces.pop().unwrap_or_default();
            lines.append(&mut pieces);
            columns = line.width();
            continue;
        }
        if columns > 0 {
            line.push(' ');
            columns += 1;
        }
        line.push_str(word);
        columns += wide;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_asked_and_no_word_is_lost() {
        let text = "a word, 日本語 and averyveryverylongword at the end";
        for width in 8..60 {
            let lines = fold(text, width);
            assert!(lines.iter().all(|line| line.width() <= width), "{lines:?}");
            let letters = |text: &str| text.replace(' ', "");
            assert_eq!(letters(&lines.concat()), letters(text));
        }
        assert_eq!(fold("", 10), [""]);
    }
}
