//! Lists of bytes with their indexes, as programs print an array or a typed array that they take
//! for a map: `{"0":136,"1":2}`, `Array ( [0] => 136 [1] => 2 )`.
//!
//! Nothing is read that could be a part: the indexes must begin with 0 or 1 and leave none out, and
//! a count before the list must be right.

use super::super::number::{Signs, decimal};
use super::super::text::{Mistake, Place, printable, printable_character};
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

/// Whether a text looks like such a list: a head, and an index with an arrow behind it.
pub(in super::super) fn may_be(sample: &str) -> bool {
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

/// Reads a list with indexes.
pub(in super::super) fn read(text: &str) -> Result<Vec<u8>, Mistake> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let head = Head::of(text).ok_or_else(|| {
        Mistake::new(say!(
            keyed.not_a_head,
            head = printable(text.trim()),
            example = "{\"0\":136,\"1\":2}"
        ))
    })?;
    let closing = head.closing;
    let mut pairs = Pairs::default();
    // The pair now being read, without white space, and where it begins.
    let (mut pair, mut begun) = (String::new(), 0);
    let mut is_closed = false;
    for (at, character) in text.get(head.length..).unwrap_or_default().char_indices() {
        let at = head.length + at;
        let opened = |opening| pair.rfind(opening) > pair.rfind(character);
        if is_closed {
            if !(character.is_whitespace() || matches!(character, ';' | ',')) {
                return Err(Mistake::new(say!(
                    keyed.after_end,
                    character = printable_character(character),
                    place = Place::of(text, at)
                )));
            }
        } else if character.is_whitespace() || character == ',' {
            if character == ',' || is_complete(&pair) {
                pairs.take(&std::mem::take(&mut pair), text, begun)?;
            }
        } else if character == closing
            && !(character == ')' && opened('('))
            && !(character == ']' && opened('['))
        {
            pairs.take(&std::mem::take(&mut pair), text, begun)?;
            is_closed = true;
        } else {
            if pair.is_empty() {
                begun = at;
            }
            pair.push(character);
            if pair.len() > LONGEST_PAIR {
                return Err(not_a_pair(&pair, Place::of(text, begun)));
            }
        }
    }
    if !is_closed {
        return Err(Mistake::new(say!(keyed.not_closed, closing)));
    }
    let count = pairs.bytes.len() as u64;
    match head.claimed {
        Some(claimed) if claimed != count => {
            Err(Mistake::new(say!(list.fewer_than_claimed, claimed, count)))
        }
        _ => Ok(pairs.bytes),
    }
}

/// The pairs so far.
#[derive(Default)]
struct Pairs {
    bytes: Vec<u8>,
    latest: Option<u64>,
    signs: Signs,
    /// Where the latest pair stands: so that no place is counted from the front.
    place: Option<(usize, Place)>,
}

impl Pairs {
    /// Takes a pair, which begins at `at` of `text`, if it is one.
    fn take(&mut self, pair: &str, text: &str, at: usize) -> Result<(), Mistake> {
        if pair.is_empty() {
            return Ok(());
        }
        let (before, place) = self.place.unwrap_or((0, Place::START));
        let place = place.after(text.get(before..at).unwrap_or_default());
        self.place = Some((at, place));
        if pair.starts_with("...") || pair.starts_with('…') {
            return Err(Mistake::new(say!(
                keyed.cut_off,
                place,
                pair = printable(pair)
            )));
        }
        let (key, value) = split(pair).ok_or_else(|| not_a_pair(pair, place))?;
        let plain =
            key.bytes().all(|byte| byte.is_ascii_digit()) && (key == "0" || !key.starts_with('0'));
        let key: Option<u64> = key.parse().ok().filter(|_| plain);
        let (Some(key), Some(byte)) = (key, decimal(value)) else {
            return Err(not_a_pair(pair, place));
        };
        match self.latest {
            None if key > 1 => return Err(Mistake::new(say!(keyed.first_index, place, key))),
            Some(latest) if latest.checked_add(1) != Some(key) => {
                return Err(Mistake::new(say!(keyed.index_order, key, place, latest)));
            }
            _ => {}
        }
        self.signs.check(value, byte, place)?;
        self.latest = Some(key);
        self.bytes.push(byte);
        Ok(())
    }
}

fn not_a_pair(pair: &str, pair_place: Place) -> Mistake {
    Mistake::new(say!(keyed.not_a_pair, pair = printable(pair), pair_place))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        read(text).unwrap_err().to_string()
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
            assert_eq!(read(text).unwrap(), [0x88, 2], "{text}");
            assert!(may_be(text), "{text}");
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
            assert!(!may_be(text), "{text}");
        }
    }
}
