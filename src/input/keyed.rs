//! Lists of bytes with their indexes, as programs print an array or a typed array that they take
//! for a map: `{"0":136,"1":2}`, `Array ( [0] => 136 [1] => 2 )`.
//!
//! Nothing is read that could be a part: the indexes must begin with 0 or 1 and leave none out, and
//! a count before the list must be right.

use super::list::{Signs, decimal};
use super::output::Output;
use super::text::{Mistake, Place, shown};
use super::{Error, Sink, TextReader};
use crate::words::say;

/// What may stand before the list, without white space, with `#` for a number: the longer first.
/// The last character says what closes the list.
const HEADS: [&str; 8] = [
    "array(#){",
    "array:#[",
    "Object{",
    "Array(",
    "array(",
    "%{",
    "{",
    "[",
];

/// How much text is looked at to find where the list begins.
const LONGEST_HEAD: usize = 64;

/// The longest pair of an index and a byte, without white space.
const LONGEST_PAIR: usize = 64;

/// What stands before the list.
#[derive(Clone, Copy, Debug)]
struct Head {
    /// How many bytes of the text it is.
    length: usize,
    /// What ends the list.
    closing: char,
    /// How many bytes it says there are.
    claimed: Option<u64>,
}

impl Head {
    /// The head at the front of `text`.
    fn of(text: &str) -> Option<Self> {
        HEADS
            .into_iter()
            .find_map(|head| Self::matching(text, head))
    }

    fn matching(text: &str, head: &str) -> Option<Self> {
        let mut rest = text;
        let mut claimed = None;
        for expected in head.chars() {
            rest = rest.trim_start();
            if expected == '#' {
                let after = rest.trim_start_matches(|character: char| character.is_ascii_digit());
                claimed = Some(rest.strip_suffix(after)?.parse().ok()?);
                rest = after;
            } else {
                rest = rest.strip_prefix(expected)?;
            }
        }
        let closing = match head.chars().last()? {
            '(' => ')',
            '[' => ']',
            _ => '}',
        };
        Some(Self {
            length: text.len() - rest.len(),
            closing,
            claimed,
        })
    }
}

/// Whether the sample looks like such a list: a head, and an index with an arrow behind it.
pub(super) fn looks(sample: &str, _whole: bool) -> bool {
    let Some(head) = Head::of(sample) else {
        return false;
    };
    let rest = sample.get(head.length..).unwrap_or_default().trim_start();
    let key = rest.trim_start_matches(['[', '"', '\'']);
    let after = key.trim_start_matches(|character: char| character.is_ascii_digit());
    let arrow = after.trim_start_matches([']', '"', '\'']).trim_start();
    after.len() < key.len() && (arrow.starts_with("=>") || arrow.starts_with(':'))
}

/// The index and the byte of a pair without white space, each as it is written.
fn split(pair: &str) -> Option<(&str, &str)> {
    let (key, value) = pair.split_once("=>").or_else(|| pair.split_once(':'))?;
    let quotes = [("[", "]"), ("\"", "\""), ("'", "'")];
    let key = quotes
        .into_iter()
        .find_map(|(opening, closing)| key.strip_prefix(opening)?.strip_suffix(closing))
        .unwrap_or(key);
    let inner = value
        .strip_prefix("int(")
        .map(|rest| rest.strip_suffix(')'));
    Some((key, inner.unwrap_or(Some(value))?))
}

/// Whether nothing can follow in this pair.
fn is_complete(pair: &str) -> bool {
    split(pair).is_some_and(|(_, value)| !value.is_empty() && value != "-")
}

/// Where in the text the reader is.
enum State {
    /// Before the list, whose beginning is looked for in this text.
    Head(String),
    /// In the list.
    Pairs,
    /// After it.
    Tail,
}

/// Reads lists with indexes.
pub(super) struct KeyedReader {
    output: Output,
    state: State,
    head: Option<Head>,
    /// Where the next character stands.
    place: Place,
    /// The pair now being read, without white space, and where it begins.
    pair: String,
    pair_place: Place,
    /// The latest index.
    latest: Option<u64>,
    count: u64,
    signs: Signs,
}

impl KeyedReader {
    pub(super) fn new() -> Self {
        Self {
            output: Output::new(),
            state: State::Head(String::new()),
            head: None,
            place: Place::START,
            pair: String::new(),
            pair_place: Place::START,
            latest: None,
            count: 0,
            signs: Signs::default(),
        }
    }

    fn take(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        for character in text.chars() {
            if let State::Head(held) = &mut self.state {
                held.push(character);
                if held.len() >= LONGEST_HEAD {
                    self.begin(sink)?;
                }
            } else {
                self.take_character(character, sink)?;
            }
        }
        Ok(())
    }

    /// Finds the end of the head, and reads what was held to find it.
    fn begin(&mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        let State::Head(held) = &mut self.state else {
            return Ok(());
        };
        let held = std::mem::take(held);
        self.state = State::Pairs;
        if held.trim().is_empty() {
            return Ok(());
        }
        let Some(head) = Head::of(&held) else {
            return Err(Mistake::new(say!(
                keyed.not_a_head,
                head = shown(held.trim()),
                example = "{\"0\":136,\"1\":2}"
            ))
            .into());
        };
        self.head = Some(head);
        let (before, rest) = held.split_at_checked(head.length).unwrap_or(("", &held));
        self.place = self.place.after(before);
        rest.chars()
            .try_for_each(|character| self.take_character(character, sink))
    }

    fn take_character(&mut self, character: char, sink: &mut Sink<'_>) -> Result<(), Error> {
        let closing = self.head.map(|head| head.closing);
        let opened = |pair: &str, opening| pair.rfind(opening) > pair.rfind(character);
        if matches!(self.state, State::Tail) {
            if !(character.is_whitespace() || matches!(character, ';' | ',')) {
                let mut bytes = [0; 4];
                return Err(Mistake::new(say!(
                    keyed.after_end,
                    character = shown(character.encode_utf8(&mut bytes)),
                    place = self.place
                ))
                .into());
            }
        } else if character.is_whitespace() || character == ',' {
            if character == ',' || is_complete(&self.pair) {
                self.end_pair(sink)?;
            }
        } else if Some(character) == closing
            && !(character == ')' && opened(&self.pair, '('))
            && !(character == ']' && opened(&self.pair, '['))
        {
            self.end_pair(sink)?;
            self.state = State::Tail;
        } else {
            if self.pair.is_empty() {
                self.pair_place = self.place;
            }
            self.pair.push(character);
            if self.pair.len() > LONGEST_PAIR {
                return Err(self.no_pair().into());
            }
        }
        self.place = self.place.after_character(character);
        Ok(())
    }

    /// Ends the pair, if there is one.
    fn end_pair(&mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        let place = self.pair_place;
        if self.pair.is_empty() {
            return Ok(());
        }
        if self.pair.starts_with("...") || self.pair.starts_with('…') {
            return Err(Mistake::new(say!(keyed.cut_off, place, pair = shown(&self.pair))).into());
        }
        let Some((key, value)) = split(&self.pair) else {
            return Err(self.no_pair().into());
        };
        let plain =
            key.bytes().all(|byte| byte.is_ascii_digit()) && (key == "0" || !key.starts_with('0'));
        let key: Option<u64> = key.parse().ok().filter(|_| plain);
        let (Some(key), Some(byte)) = (key, decimal(value)) else {
            return Err(self.no_pair().into());
        };
        match self.latest {
            None if key > 1 => {
                return Err(Mistake::new(say!(keyed.first_index, place, key)).into());
            }
            Some(latest) if latest.checked_add(1) != Some(key) => {
                return Err(Mistake::new(say!(keyed.index_order, key, place, latest)).into());
            }
            _ => {}
        }
        self.signs.check(value, byte, place)?;
        self.latest = Some(key);
        self.count += 1;
        self.pair.clear();
        self.output.push(byte, sink)
    }

    fn no_pair(&self) -> Mistake {
        Mistake::new(say!(
            keyed.not_a_pair,
            pair = shown(&self.pair),
            pair_place = self.pair_place
        ))
    }

    /// Checks that the list is closed and has as many bytes as it says.
    fn check_end(&self) -> Result<(), Mistake> {
        let Some(head) = self.head else {
            return Ok(());
        };
        let count = self.count;
        if !matches!(self.state, State::Tail) {
            let closing = head.closing;
            return Err(Mistake::new(say!(keyed.not_closed, closing)));
        }
        match head.claimed {
            Some(claimed) if claimed != count => {
                Err(Mistake::new(say!(list.fewer_than_claimed, claimed, count)))
            }
            _ => Ok(()),
        }
    }
}

impl TextReader for KeyedReader {
    fn feed(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<(), Error> {
        let result = self.take(text, sink);
        self.output.flush(sink)?;
        result
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        let result = self.begin(sink);
        self.output.flush(sink)?;
        result?;
        Ok(self.check_end()?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{decoded, mistake};
    use super::*;

    fn wrong(text: &str) -> String {
        mistake(Box::new(KeyedReader::new()), text)
    }

    #[test]
    fn spaces_and_signs_do_not_matter() {
        for text in [
            "{\"0\":136,\"1\":2}",
            " { 0: 136,\n 1 : 2, } ;\n",
            "%{0=>136,1=>2}",
            "[0 => -120, 1 => 2]",
            "Array([0]=>136 [1]=>2)",
            "array(2){[0]=>int(136) [1]=>int(2)}",
            "array:2 [\n  0 => 136\n  1 => 2\n]",
        ] {
            let bytes = decoded(Box::new(KeyedReader::new()), text);
            assert_eq!(bytes, [0x88, 2], "{text}");
            assert!(looks(text, true), "{text}");
        }
    }

    #[test]
    fn a_part_of_a_list_is_refused() {
        for (text, message) in [
            (
                "{\"2\":136}",
                "the first index, at character 2, is 2, and not 0 or 1; bytes are missing",
            ),
            (
                "{\"0\":136,\"2\":2}",
                "index 2 at character 10 comes after 0; bytes are missing or out of order",
            ),
            (
                "array(3) {\n  [0]=>\n  int(136)\n}",
                "the list says that it has 3 bytes, but 1 are here; is it cut off?",
            ),
            (
                "{\"0\":136",
                "`}` is missing at the end of the list; is it cut off?",
            ),
            (
                "{0: 136, … }",
                "the list is cut off at character 10: the program that printed `…` there left \
                 bytes out; print them all, as hex if it can",
            ),
            (
                "{\"0\":300}",
                "`\"0\":300` at character 2 is no index with a decimal byte, from -128 to 255",
            ),
            (
                "{\"0\":1} x",
                "`x` at character 9 comes after the end of the list; give one list at a time",
            ),
        ] {
            assert_eq!(wrong(text), message);
        }
    }

    #[test]
    fn other_lists_have_no_indexes() {
        for text in [
            "[136, 2]",
            "{\"type\":\"Buffer\"}",
            "{88 02}",
            "array(136, 2)",
        ] {
            assert!(!looks(text, true), "{text}");
        }
    }
}
