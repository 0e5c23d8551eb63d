//! What an answer is drawn on: a writer with a width.
//!
//! The methods of a [`Page`] name the parts that an answer has. Here they are set in columns; where the
//! page has a pen it draws them.

use std::cell::RefCell;
use std::io::{self, Write};

use colored::{Color, Colorize};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::render::pen::{Block, Depth, Layout, Mark, Pen, unmarked};
use crate::words::{BREAK, ENGLISH, Say, Voice};

/// Prose is never set wider than this.
const WIDEST_PROSE: usize = 100;
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

/// How many columns `text` takes: as Unicode says, and without asking where all is ASCII.
pub(super) fn columns(text: &str) -> usize {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        text.len()
    } else {
        text.width()
    }
}

/// `text` and spaces up to `width` columns.
pub(super) fn padded(text: &str, width: usize) -> String {
    let gap = width.saturating_sub(columns(text));
    format!("{text}{:gap$}", "")
}

/// `text` in lines of at most `width` columns, broken wherever a line is full. A letter and its
/// marks, or an emoji and what changes it, stay together.
pub(super) fn chop(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut columns = 0;
    for character in text.chars() {
        line.push(character);
        // The width of a line is more than the sum of its characters', and asked for only where
        // the character has one: marks without end cost no time.
        let wider = match character.width() {
            Some(0) if character != EMOJI_FOLLOWS => columns,
            _ => line.width(),
        };
        if wider > width && columns > 0 && wider > columns && character != EMOJI_FOLLOWS {
            line.pop();
            lines.push(std::mem::take(&mut line));
            line.push(character);
            columns = line.width();
        } else {
            columns = wider;
        }
    }
    lines.push(line);
    lines
}

/// The same, broken behind a space or before an escape where one is near the end of a line.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text;
    loop {
        let full = chop(rest, width).first().map_or(0, String::len);
        let (line, after) = rest.split_at(soft_break(rest, full));
        lines.push(line.to_owned());
        if after.is_empty() {
            return lines;
        }
        rest = after;
    }
}

/// Where to break a text of which so many bytes fill a line.
fn soft_break(text: &str, full: usize) -> usize {
    let (line, after) = text.split_at(full);
    if after.is_empty() {
        return full;
    }
    if after.starts_with(' ') {
        return full + 1;
    }
    let mut before = ' ';
    let mut best = full;
    for (index, character) in text.char_indices() {
        let is_break = before == ' ' || character == '\\' && before != '\\';
        if is_break && (line.len() / 2..=full).contains(&index) {
            best = index;
        }
        before = character;
    }
    if best == 0 { full } else { best }
}

/// The variation selector that makes the character before it an emoji, which is wider.
const EMOJI_FOLLOWS: char = '\u{fe0f}';

/// `text` in lines of at most `width` columns, broken between words; a word that is longer is
/// broken inside. Marks where a line may end are taken out.
///
/// Done here and not by a library: it is most of what `explain` costs, and a dozen lines.
pub(super) fn fold(text: &str, width: usize) -> Vec<String> {
    let width = width.max(8);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut filled = 0;
    for (word, gap) in words(text) {
        let wide = columns(word);
        if filled > 0 && filled + gap + wide > width {
            lines.push(std::mem::take(&mut line));
            filled = 0;
        }
        if wide > width {
            let mut pieces = chop(word, width);
            line = pieces.pop().unwrap_or_default();
            lines.append(&mut pieces);
            filled = columns(&line);
            continue;
        }
        if filled > 0 && gap > 0 {
            line.push(' ');
            filled += gap;
        }
        line.push_str(word);
        filled += wide;
    }
    lines.push(line);
    lines
}

/// The words of a text, each with the number of spaces that stand before it unless it begins a
/// line: none where only a mark stands between two.
fn words(text: &str) -> impl Iterator<Item = (&str, usize)> {
    between_spaces(text).flat_map(|part| {
        let words = part.split(BREAK).enumerate();
        words.map(|(index, word)| (word, usize::from(index == 0)))
    })
}

/// The parts of a text between spaces. A number and its unit are one, and so are the sign of
/// repetition of Thai and the word that is repeated.
fn between_spaces(text: &str) -> impl Iterator<Item = &str> {
    const UNITS: [&str; 11] = [
        "µs", "ms", "s", "min", "h", "KiB", "MiB", "GiB", "Kio", "Mio", "Gio",
    ];
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let from = rest?;
        let mut end = 0;
        loop {
            let Some(space) = from.get(end..).and_then(|text| text.find(' ')) else {
                rest = None;
                return Some(from);
            };
            end += space;
            let behind = from.get(end + 1..).unwrap_or_default();
            let before = from.get(..end).unwrap_or_default();
            let is_one = match before.as_bytes().last() {
                Some(b'0'..=b'9') => {
                    let next = behind.split(' ').next().unwrap_or_default();
                    UNITS.contains(&next.trim_end_matches([')', ',', '.', ';', ':']))
                }
                _ => behind.starts_with('ๆ'),
            };
            if !is_one {
                rest = Some(behind);
                return Some(before);
            }
            end += 1;
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::ENGLISH;

    const TEXTS: [&str; 6] = [
        "a word, 日本語 and averyveryverylongword at the end",
        "ภาษาไทยที่นี่ไม่มีช่องว่างระหว่างคำเลยแม้แต่น้อย",
        "👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽 👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽",
        "中文没有空格所以只能在任意字符处断行",
        "e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}",
        "العربية لا لا لا لالالالالالالالالا",
    ];

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

    #[test]
    fn no_line_is_wider_than_asked_and_no_word_is_lost() {
        for text in TEXTS {
            for width in 8..60 {
                let lines = fold(text, width);
                assert!(lines.iter().all(|line| line.width() <= width), "{lines:?}");
                let letters = |text: &str| text.replace(' ', "");
                assert_eq!(letters(&lines.concat()), letters(text));
                let lines = chop(text, width);
                assert!(lines.iter().all(|line| line.width() <= width), "{lines:?}");
                assert_eq!(lines.concat(), text);
                let lines = wrap(text, width);
                let wide = |line: &String| line.trim_end().width() > width;
                assert!(!lines.iter().any(wide), "{lines:?}");
                assert_eq!(lines.concat(), text);
            }
        }
        assert_eq!(fold("", 10), [""]);
    }

    #[test]
    fn a_number_and_its_unit_stay_on_one_line() {
        let text = "after 29 ms, or 8 KiB (20 s) later";
        for width in 8..30 {
            let lines = fold(text, width);
            assert_eq!(lines.join(" "), text);
            let begins = |line: &String| line.starts_with(['m', 'K', 's']);
            assert!(!lines.iter().any(begins), "{lines:?}");
        }
        let text = "นานขึ้นเรื่อย ๆ";
        let lines = fold(text, 13);
        assert!(lines.iter().all(|line| !line.starts_with('ๆ')), "{lines:?}");
    }

    #[test]
    fn a_quoted_text_breaks_at_words_and_not_in_an_escape() {
        let text = r"4096 bytes more\x1b[31m and \u{202e}more";
        assert_eq!(
            wrap(text, 18),
            ["4096 bytes more", r"\x1b[31m and ", r"\u{202e}more"]
        );
    }

    #[test]
    fn a_line_begins_with_no_mark_of_the_line_before() {
        for text in TEXTS {
            for width in 2..40 {
                for line in chop(text, width).iter().skip(1) {
                    let first = line.chars().next().expect("a line is not empty");
                    assert_ne!(first.width(), Some(0), "{line:?}");
                    assert_ne!(first, '\u{1f3fd}', "a skin colour stays with its hand");
                }
            }
        }
    }

    #[test]
    fn columns_begin_below_each_other_behind_text_of_any_width() {
        for text in ["1007", "日本", "ที่", "👍🏽", "é", ""] {
            assert_eq!(padded(text, 6).width(), 6, "{text}");
        }
    }

    #[test]
    fn a_line_ends_at_marks_and_none_is_printed() {
        let text = "การเชื่อมต่อ\u{200b}ถูก\u{200b}ปิด\u{200b}โดย\u{200b}เซิร์ฟเวอร์ เพราะ\u{200b}ข้อความ\u{200b}ไม่ใช่ UTF-8";
        let plain = text.replace(BREAK, "");
        let pieces: Vec<&str> = text.split([BREAK, ' ']).collect();
        for width in 14..60 {
            let lines = fold(text, width);
            assert!(lines.iter().all(|line| line.width() <= width), "{lines:?}");
            assert!(!lines.concat().contains(BREAK), "{lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), plain.replace(' ', ""));
            for line in &lines {
                assert!(
                    pieces.iter().any(|piece| line.starts_with(piece)),
                    "{lines:?}"
                );
            }
        }
        assert_eq!(fold(text, 100), [plain]);
    }
}
