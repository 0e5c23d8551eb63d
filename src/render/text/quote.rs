//! A person's own text, with marks below the words that an answer was read from.

use std::io;
use std::ops::Range;

use colored::Colorize;

use super::page::Page;
use super::wrap::columns;
use crate::escape::{escape, hide};
use crate::facts::vocabulary::Kind;
use crate::logline::Clue;

/// How many lines of a text are shown.
const MOST_LINES: usize = 3;
/// How much of a line is kept before what is marked in it, where it is too wide.
const LEAD: usize = 12;

/// Draws the lines of a text that say most, with the words marked that the answer was read from.
pub(super) fn quote(text: &str, clues: &[Clue], page: &mut Page<'_>) -> io::Result<()> {
    let hidden = hide(text);
    for line in chosen(&hidden, clues) {
        let marked = clues
            .iter()
            .filter(|clue| line.start < clue.end() && clue.at < line.end);
        let marked: Vec<Range<usize>> = marked.map(|clue| clue.at..clue.end()).collect();
        let (shown, marks) = drawn(&hidden, line, &marked, page.prose_width().saturating_sub(2));
        page.line(&format!("{} {shown}", "│".dimmed()))?;
        if !marks.trim().is_empty() {
            page.line(&format!("{} {}", "│".dimmed(), marks.trim_end().magenta()))?;
        }
    }
    Ok(())
}

/// The lines of a text that say most, in their order; the first where none says anything.
fn chosen(text: &str, clues: &[Clue]) -> Vec<Range<usize>> {
    let mut lines: Vec<(usize, Range<usize>)> = Vec::new();
    let mut from = 0;
    for line in text.split_inclusive('\n') {
        let span = from..from + line.trim_end().len();
        from += line.len();
        let inside = clues
            .iter()
            .filter(|clue| span.start <= clue.at && clue.at < span.end);
        let says = inside.map(|clue| weight(clue.kind)).sum();
        if span.start < span.end {
            lines.push((says, span));
        }
    }
    let mut best: Vec<usize> = (0..lines.len()).collect();
    best.sort_by_key(|index| std::cmp::Reverse(lines.get(*index).map_or(0, |(says, _)| *says)));
    best.retain(|index| lines.get(*index).is_some_and(|(says, _)| *says > 0));
    best.truncate(MOST_LINES);
    if best.is_empty() {
        best.extend((!lines.is_empty()).then_some(0));
    }
    best.sort_unstable();
    best.iter()
        .filter_map(|index| lines.get(*index).map(|(_, span)| span.clone()))
        .collect()
}

/// How much a clue says.
fn weight(kind: Kind) -> usize {
    match kind {
        Kind::Code | Kind::Status => 10,
        Kind::Producer | Kind::Vendor | Kind::Direction => 1,
        _ => 4,
    }
}

/// A line in at most so many columns, and the marks below it.
fn drawn(
    text: &str,
    line: Range<usize>,
    marked: &[Range<usize>],
    width: usize,
) -> (String, String) {
    let source = text.get(line.clone()).unwrap_or_default();
    let lead = source.len() - source.trim_start().len();
    let mut cells: Vec<(String, bool)> = Vec::new();
    for (at, character) in source.char_indices().skip_while(|(at, _)| *at < lead) {
        let at = line.start + at;
        let is_marked = marked.iter().any(|span| span.contains(&at));
        cells.push((escape(character.encode_utf8(&mut [0; 4])), is_marked));
    }
    let wide =
        |cells: &[(String, bool)]| cells.iter().map(|(cell, _)| columns(cell)).sum::<usize>();
    let is_too_wide = wide(&cells) > width;
    // Where the line is too wide, as much is shown from before the first mark on as fits.
    let first = cells
        .iter()
        .position(|(_, is_marked)| *is_marked)
        .unwrap_or(0);
    let from = match is_too_wide && wide(cells.get(..first).unwrap_or_default()) > width / 2 {
        true => first.saturating_sub(LEAD),
        false => 0,
    };
    let (mut shown, mut marks, mut used) = (String::new(), String::new(), 0);
    if from > 0 {
        shown.push('…');
        marks.push(' ');
        used += 1;
    }
    for (cell, is_marked) in cells.get(from..).unwrap_or_default() {
        let cell_width = columns(cell);
        if is_too_wide && used + cell_width + 1 > width {
            shown.push('…');
            break;
        }
        used += cell_width;
        shown.push_str(cell);
        marks.extend(std::iter::repeat_n(
            if *is_marked { '~' } else { ' ' },
            cell_width,
        ));
    }
    (shown, marks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stand_below_what_they_mark() {
        let text = "a ชื่อ 1006 b";
        let at = text.find("1006").unwrap();
        let (shown, marks) = drawn(text, 0..text.len(), std::slice::from_ref(&(at..at + 4)), 80);
        assert_eq!(
            columns(&shown[..shown.find("1006").unwrap()]),
            marks.find('~').unwrap()
        );
        assert_eq!(marks.matches('~').count(), 4);
    }

    #[test]
    fn a_wide_line_is_cut_around_its_marks() {
        let text = format!("{}close 1006 {}", "x".repeat(500), "y".repeat(500));
        let (shown, marks) = drawn(&text, 0..text.len(), std::slice::from_ref(&(506..510)), 40);
        assert!(columns(&shown) <= 40, "{shown}");
        assert!(shown.starts_with('…') && shown.ends_with('…'));
        assert_eq!(marks.find('~'), shown.chars().position(|c| c == '1'));
    }
}
