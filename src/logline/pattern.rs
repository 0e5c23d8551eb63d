//! A line beside a pattern: text as the producer writes it, with holes for what varies.
//!
//! `websocket: close <code> (<text>): <reason>` is such a pattern. A hole for text takes as little
//! as it can, up to the first place where what follows it stands, so that reading a line takes
//! time in proportion to its length, whatever the line holds. Only the holes of [`Hole::named`] are
//! holes; any other `<` is itself.
//!
//! Done here and not with regular expressions: a contributor copies the line and puts holes into
//! it, and nothing is compiled before the first line is read.

/// What a pattern found in a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Found<'t> {
    /// The close code.
    pub(super) code: Option<u16>,
    /// The code of the Close in the other direction.
    pub(super) answer: Option<u16>,
    /// An HTTP status.
    pub(super) status: Option<u16>,
    /// The name that a library has for a close code.
    pub(super) name: Option<&'t str>,
    /// The reason.
    pub(super) reason: Option<&'t str>,
    /// The reason of the Close in the other direction.
    pub(super) answer_reason: Option<&'t str>,
}

/// A place in a pattern where something varies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hole {
    /// A close code: up to five digits that are a number of their own.
    Code,
    /// The code of the answer.
    Answer,
    /// An HTTP status: three digits from 100 to 599.
    Status,
    /// Digits, with or without separators.
    Number,
    /// A word of letters, digits and underscores, with a number in brackets behind it or without.
    Name,
    /// A reason.
    Reason,
    /// The reason of the answer.
    AnswerReason,
    /// Any text, even none.
    Text,
    /// The end of the line.
    End,
}

impl Hole {
    /// The hole of a name, with its name and what closes it.
    fn named(text: &str) -> Option<(Hole, usize)> {
        const HOLES: [(&str, Hole); 9] = [
            ("<code>", Hole::Code),
            ("<answer>", Hole::Answer),
            ("<status>", Hole::Status),
            ("<number>", Hole::Number),
            ("<name>", Hole::Name),
            ("<reason>", Hole::Reason),
            ("<answer-reason>", Hole::AnswerReason),
            ("<text>", Hole::Text),
            ("<end>", Hole::End),
        ];
        let (name, hole) = HOLES.iter().find(|(name, _)| text.starts_with(name))?;
        Some((*hole, name.len()))
    }

    /// Whether it takes any text, up to what follows.
    fn is_text(self) -> bool {
        matches!(self, Hole::Reason | Hole::AnswerReason | Hole::Text)
    }
}

/// A part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'p> {
    /// Text that stands in the line as it is.
    Literal(&'p str),
    /// Something that varies.
    Hole(Hole),
}

/// The parts of a pattern, in order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pieces<'p>(pub(super) &'p str);

impl<'p> Iterator for Pieces<'p> {
    type Item = Piece<'p>;

    fn next(&mut self) -> Option<Piece<'p>> {
        if self.0.is_empty() {
            return None;
        }
        if let Some((hole, length)) = Hole::named(self.0) {
            self.0 = self.0.get(length..).unwrap_or_default();
            return Some(Piece::Hole(hole));
        }
        let end = self
            .0
            .match_indices('<')
            .map(|(at, _)| at)
            .find(|at| self.0.get(*at..).and_then(Hole::named).is_some())
            .unwrap_or(self.0.len());
        let (literal, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        Some(Piece::Literal(literal))
    }
}

/// How often the beginning of a pattern is tried in one line. A line that repeats it more often
/// is no message of a program, and trying on would cost the square of its length.
const MOST_TRIES: usize = 16;

/// What a pattern finds at the first place where it fits. A pattern begins with a literal,
/// or with a number before one.
pub(super) fn find<'t>(pattern: &str, text: &'t str) -> Option<Found<'t>> {
    let mut pieces = Pieces(pattern);
    let first = pieces.next()?;
    let (leading, literal, rest) = match first {
        Piece::Literal(literal) => (None, literal, pieces.0),
        Piece::Hole(hole) => match pieces.next()? {
            Piece::Literal(literal) => (Some(hole), literal, pieces.0),
            Piece::Hole(_) => return None,
        },
    };
    for (at, _) in text.match_indices(literal).take(MOST_TRIES) {
        let mut found = Found::default();
        let begins = match leading {
            None => !is_inside_word(text, at, literal),
            Some(hole) => {
                number_before(text, at).is_some_and(|number| set(hole, number, &mut found))
            }
        };
        let found = begins.then(|| fit(rest, text, at + literal.len(), found));
        if let Some(Some(found)) = found {
            return Some(found);
        }
    }
    None
}

/// Whether a literal that begins with a letter stands behind another letter: `unreceived`.
fn is_inside_word(text: &str, at: usize, literal: &str) -> bool {
    let begins = literal.starts_with(|first: char| first.is_ascii_alphanumeric());
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    begins && before.is_some_and(char::is_alphanumeric)
}

/// The number of digits that end at `end`, which nothing else of a word or number precedes.
fn number_before(text: &str, end: usize) -> Option<&str> {
    let before = text.get(..end)?;
    let kept = before.trim_end_matches(|character: char| character.is_ascii_digit());
    let is_free = !kept.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '.' | '_'));
    is_free.then_some(text.get(kept.len()..end)?)
}

/// Fits the rest of a pattern to the text from `at` on.
fn fit<'t>(pattern: &str, text: &'t str, mut at: usize, mut found: Found<'t>) -> Option<Found<'t>> {
    let mut pieces = Pieces(pattern);
    while let Some(piece) = pieces.next() {
        let rest = text.get(at..)?;
        at += match piece {
            Piece::Literal(literal) => rest.starts_with(literal).then_some(literal.len())?,
            Piece::Hole(Hole::End) => rest.trim_end().is_empty().then_some(0)?,
            Piece::Hole(hole) if hole.is_text() => {
                let length = match pieces.clone().next() {
                    Some(Piece::Literal(literal)) => rest.find(literal)?,
                    _ => rest.len(),
                };
                let taken = rest.get(..length)?.trim();
                match hole {
                    Hole::Reason => found.reason = Some(taken),
                    Hole::AnswerReason => found.answer_reason = Some(taken),
                    _ => {}
                }
                length
            }
            Piece::Hole(Hole::Name) => {
                let length = name_length(rest);
                found.name = Some(rest.get(..length).filter(|name| !name.is_empty())?);
                length
            }
            Piece::Hole(hole) => {
                let length = number_length(rest, hole == Hole::Number)?;
                set(hole, rest.get(..length)?, &mut found).then_some(length)?
            }
        };
    }
    Some(found)
}

/// Puts a number where its hole says. Gives whether it can be such a number.
fn set(hole: Hole, digits: &str, found: &mut Found<'_>) -> bool {
    let number = digits.parse::<u16>().ok();
    let place = match hole {
        Hole::Code => &mut found.code,
        Hole::Answer => &mut found.answer,
        Hole::Status => &mut found.status,
        _ => return !digits.is_empty(),
    };
    let is_status = |number: &u16| (100..=599).contains(number);
    *place = number.filter(|number| hole != Hole::Status || is_status(number));
    place.is_some()
}

/// The length of the number at the front: digits that no letter follows and no decimals.
/// With separators, as in `65,536` or `1.048.576`, where a number may have some.
fn number_length(text: &str, may_be_grouped: bool) -> Option<usize> {
    let is_part = |character: char| {
        character.is_ascii_digit() || (may_be_grouped && matches!(character, ',' | '.' | '\u{a0}'))
    };
    let number = text.split(|character| !is_part(character)).next()?;
    let number = number.trim_end_matches([',', '.', '\u{a0}']);
    let behind = text.get(number.len()..)?;
    let mut next = behind.chars();
    let goes_on = match next.next() {
        Some('.') => next.next().is_some_and(|digit| digit.is_ascii_digit()),
        Some(letter) => letter.is_alphanumeric() || letter == '_',
        None => false,
    };
    let is_number = number.starts_with(|first: char| first.is_ascii_digit());
    (is_number && (may_be_grouped || !goes_on)).then_some(number.len())
}

/// The length of the name at the front: `StatusGoingAway`, `StatusCode(4001)`.
fn name_length(text: &str) -> usize {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let word = text.len() - text.trim_start_matches(is_part).len();
    let behind = text.get(word..).unwrap_or_default();
    let digits = behind
        .strip_prefix('(')
        .and_then(|inside| inside.split_once(')'))
        .map(|(digits, _)| digits)
        .filter(|digits| digits.len() <= 5 && digits.bytes().all(|byte| byte.is_ascii_digit()));
    word + digits.map_or(0, |digits| digits.len() + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_take_what_they_stand_for() {
        let found = find(
            "received <code> (<text>)<reason>; then sent <answer> (<text>)<answer-reason>",
            "E: received 1011 (internal error) no pong; then sent 1000 (OK)",
        )
        .expect("it fits");
        assert_eq!((found.code, found.answer), (Some(1011), Some(1000)));
        assert_eq!(
            (found.reason, found.answer_reason),
            (Some("no pong"), Some(""))
        );
    }

    #[test]
    fn a_number_is_a_code_only_as_a_whole() {
        for text in [
            "close 1006ms",
            "close 100600",
            "close 1006.5",
            "close 70000",
            "close ",
            "close -1",
            "close 1006_a",
        ] {
            assert_eq!(find("close <code>", text), None, "{text}");
        }
        for text in ["close 1006", "close 1006.", "close 1006, x", "(close 1006)"] {
            let found = find("close <code>", text).map(|found| found.code);
            assert_eq!(found, Some(Some(1006)), "{text}");
        }
    }

    #[test]
    fn a_word_is_not_found_inside_another() {
        assert_eq!(find("sent <code> (", "absent 1000 (x"), None);
        assert!(find("sent <code> (", "absent; sent 1000 (x").is_some());
    }

    #[test]
    fn a_pattern_may_begin_with_its_number() {
        let found = find("<code>=SHUTDOWN,<reason>}", "{1001=SHUTDOWN,Idle}").expect("fits");
        assert_eq!((found.code, found.reason), (Some(1001), Some("Idle")));
        assert_eq!(find("<code>=SHUTDOWN,<reason>}", "x1001=SHUTDOWN,}"), None);
    }

    #[test]
    fn what_is_no_hole_is_itself() {
        let text = "<CloseCode.NO_STATUS_RCVD: 1005>";
        let found = find("<CloseCode.<text>: <code>>", text);
        assert_eq!(found.and_then(|found| found.code), Some(1005));
    }

    #[test]
    fn a_name_may_hold_a_number() {
        for (text, name) in [
            ("= StatusCode(4001) and", "StatusCode(4001)"),
            ("= Away,", "Away"),
            ("= f(x)", "f"),
        ] {
            let found = find("= <name>", text).and_then(|found| found.name);
            assert_eq!(found, Some(name));
        }
    }

    #[test]
    fn a_line_of_beginnings_is_given_up() {
        let text = "sent 1000 (".repeat(100_000);
        assert_eq!(find("sent <code> (<text>)<reason>; no close", &text), None);
    }
}
