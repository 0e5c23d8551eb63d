//! How a language puts messages into words.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::time::Duration;

use super::{ENGLISH_POOL, Form, Message, PLURALS, Text, Value, say};

/// Texts by their numbers, in one string.
#[derive(Debug)]
pub struct Pool {
    /// All texts; the forms of one that depends on a number have a zero between them.
    pub(crate) text: &'static str,
    /// Where each begins, and at the end where the last one ends.
    pub(crate) places: &'static [usize],
}

impl Pool {
    pub(crate) fn get(&self, number: u16) -> Option<&'static str> {
        let number = usize::from(number);
        self.text
            .get(*self.places.get(number)?..*self.places.get(number + 1)?)
    }
}

/// What stands between the texts of a packed [`Pool`]; no text holds it.
const BETWEEN: char = '\u{1}';

/// What the texts of a language were translated from, in a few letters: a text is found by its number, and the
/// numbers of another version are others.
fn origin() -> String {
    sha1_smol::Sha1::from(ENGLISH_POOL.text)
        .digest()
        .to_string()
}

/// Where a line may end within a text that has no spaces between words, as a language's file marks it with U+200B.
/// It is never printed: whoever sets lines asks for it and takes it out.
pub const BREAK: char = '\u{200b}';

/// The places in the texts of a [`Pool`] where a line may end.
#[derive(Debug)]
pub struct Marks {
    /// For each text the bytes from one place to the next; what is longer than 254 goes on behind a 255.
    pub(crate) gaps: &'static [u8],
    /// Where the numbers of each text begin, and at the end where those of the last one end.
    pub(crate) places: &'static [usize],
}

impl Marks {
    /// The text with this number with [`BREAK`] wherever a line may end.
    fn put(&self, number: u16, text: &'static str) -> Cow<'static, str> {
        let number = usize::from(number);
        let span = self.places.get(number).zip(self.places.get(number + 1));
        let gaps = span.and_then(|(from, to)| self.gaps.get(*from..*to));
        let gaps = gaps.unwrap_or_default();
        if gaps.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut marked = String::with_capacity(text.len() + gaps.len() * BREAK.len_utf8());
        let (mut start, mut end) = (0, 0);
        for gap in gaps {
            end += usize::from(*gap);
            if *gap < 255 {
                marked.push_str(text.get(start..end).unwrap_or_default());
                marked.push(BREAK);
                start = end;
            }
        }
        marked.push_str(text.get(start..).unwrap_or_default());
        Cow::Owned(marked)
    }
}

/// How a language writes what is the same in all.
#[derive(Clone, Copy, Debug)]
pub struct Manners {
    /// Which form of a text goes with so many: the place in what the language's file lists.
    pub plural: fn(u64) -> usize,
    /// What stands between groups of three digits.
    pub digits: char,
    /// What stands before a fraction.
    pub point: &'static str,
    /// What ends a sentence.
    pub stop: &'static str,
}

/// A language that messages can be put into.
#[derive(Clone, Copy, Debug)]
pub struct Voice {
    /// Its ISO 639-1 code.
    pub id: &'static str,
    /// What it says for each text; an empty text stands for the English one.
    pub pool: &'static Pool,
    /// Where lines may end in them, in a language that has no spaces between words.
    pub marks: Option<&'static Marks>,
    /// How it writes numbers and sentences.
    pub manners: Manners,
}

/// English, in which all texts are written first.
pub static ENGLISH: Voice = Voice {
    id: "en",
    pool: &ENGLISH_POOL,
    marks: None,
    manners: Manners {
        plural: |number| if number == 1 { 0 } else { 1 },
        digits: ',',
        point: ".",
        stop: ".",
    },
};

impl Voice {
    /// All its texts in one: whose they are, what they were translated from, and each text.
    /// [`unpacked`](Voice::unpacked) reads it.
    pub fn packed(&self) -> String {
        let mut packed = format!("{}{BETWEEN}{}", self.id, origin());
        for text in (0..u16::MAX).map_while(|number| self.pool.get(number)) {
            packed.push(BETWEEN);
            packed.push_str(text);
        }
        packed
    }

    /// This voice with the texts that were [`packed`](Voice::packed), and without marks. `None` where they are
    /// another language's, or were packed by another version of the program.
    ///
    /// The texts stay until the program ends, as all texts do.
    pub fn unpacked(&self, packed: &str) -> Option<Voice> {
        let rest = packed.strip_prefix(self.id)?.strip_prefix(BETWEEN)?;
        let rest = rest.strip_prefix(origin().as_str())?;
        let (mut text, mut places) = (String::with_capacity(rest.len()), vec![0]);
        for part in rest.strip_prefix(BETWEEN)?.split(BETWEEN) {
            text.push_str(part);
            places.push(text.len());
        }
        if places.len() != ENGLISH_POOL.places.len() {
            return None;
        }
        let pool = Pool {
            text: text.leak(),
            places: places.leak(),
        };
        Some(Voice {
            pool: Box::leak(Box::new(pool)),
            marks: None,
            ..*self
        })
    }

    /// A text in this language; of one that depends on a number the form for many.
    pub fn text(&self, text: Text) -> &'static str {
        let (forms, _) = self.forms(text);
        match has_forms(text) {
            true => forms.rsplit('\0').next().unwrap_or(forms),
            false => forms,
        }
    }

    /// The same with [`BREAK`] wherever a line may end.
    pub(crate) fn breakable_text(&self, text: Text) -> Cow<'static, str> {
        match self.breakable_forms(text) {
            (Cow::Borrowed(_), _) => Cow::Borrowed(self.text(text)),
            (Cow::Owned(forms), _) if has_forms(text) => {
                Cow::Owned(forms.rsplit('\0').next().unwrap_or(&forms).to_owned())
            }
            (owned, _) => owned,
        }
    }

    fn breakable_forms(&self, text: Text) -> (Cow<'static, str>, &Voice) {
        let (forms, whose) = self.forms(text);
        let forms = match (text, whose.marks) {
            (Text::Ours(number), Some(marks)) => marks.put(number, forms),
            _ => Cow::Borrowed(forms),
        };
        (forms, whose)
    }

    /// What this language itself has for a text: nothing, or one form, or one for each kind of number.
    pub fn forms_of(&self, text: Text) -> impl Iterator<Item = &'static str> {
        let own = match text {
            Text::Ours(number) => self.pool.get(number).filter(|forms| !forms.is_empty()),
            Text::Given(_) => None,
        };
        own.into_iter().flat_map(|forms| forms.split('\0'))
    }

    /// The forms of a text, and whose they are: where the language has none they are English.
    fn forms(&self, text: Text) -> (&'static str, &Voice) {
        match text {
            Text::Given(text) => (text, self),
            Text::Ours(number) => match self.pool.get(number).filter(|text| !text.is_empty()) {
                Some(forms) => (forms, self),
                None => (ENGLISH_POOL.get(number).unwrap_or_default(), &ENGLISH),
            },
        }
    }

    /// A message in the words of this language.
    ///
    /// Values are put in in one pass: one that itself contains `{name}` stays as it is. A name without
    /// a value is left in place.
    pub fn say(&self, message: &Message) -> String {
        let mut said = String::new();
        self.put(message, false, &mut said);
        said
    }

    /// The same with [`BREAK`] wherever a line may end.
    pub(crate) fn breakable(&self, message: &Message) -> String {
        let mut said = String::new();
        self.put(message, true, &mut said);
        said
    }

    fn put(&self, message: &Message, is_breakable: bool, out: &mut String) {
        let (marked, whose);
        let forms = if is_breakable {
            (marked, whose) = self.breakable_forms(message.text);
            &*marked
        } else {
            let (forms, own) = self.forms(message.text);
            whose = own;
            forms
        };
        let text = match message.value("n") {
            _ if !has_forms(message.text) => Some(forms),
            Some(Value::Number(number)) => {
                let mut all = forms.split('\0');
                all.nth((whose.manners.plural)(*number))
            }
            _ => forms.rsplit('\0').next(),
        };
        let start = out.len();
        let mut rest = text.unwrap_or(forms);
        out.reserve(rest.len());
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, tail)) = after.split_once('}') else {
                out.push('{');
                rest = after;
                continue;
            };
            match message.value(name) {
                Some(value) => self.put_value(value, is_breakable, out),
                None => out.extend(["{", name, "}"]),
            }
            rest = tail;
        }
        out.push_str(rest);
        if matches!(message.form, Form::Begun | Form::Sentence) {
            capitalize(out, start);
        }
        if matches!(message.form, Form::Ended | Form::Sentence) {
            out.push_str(self.manners.stop);
        }
    }

    /// A value in the words of this language.
    pub fn value(&self, value: &Value) -> String {
        let mut said = String::new();
        self.put_value(value, false, &mut said);
        said
    }

    /// The same with [`BREAK`] wherever a line may end.
    pub(crate) fn breakable_value(&self, value: &Value) -> String {
        let mut said = String::new();
        self.put_value(value, true, &mut said);
        said
    }

    fn put_value(&self, value: &Value, is_breakable: bool, out: &mut String) {
        let text_of = |text: Text| match is_breakable {
            true => self.breakable_text(text),
            false => Cow::Borrowed(self.text(text)),
        };
        // Writing to a `String` cannot fail.
        let _ = match value {
            Value::Number(number) => out.write_str(&self.thousands(*number)),
            Value::Plain(number) => write!(out, "{number}"),
            Value::Byte(byte) => write!(out, "{byte:02x}"),
            Value::Seconds(seconds) => out.write_str(&self.seconds(*seconds)),
            Value::Time(time) => out.write_str(&self.time(*time)),
            Value::Text(text) => out.write_str(&text_of(*text)),
            Value::FirstSentence(text) => {
                let text = text_of(*text);
                let end = text.find(". ").map_or(text.len(), |end| end + 1);
                out.write_str(text.get(..end).unwrap_or(&text))
            }
            Value::Given(text) => out.write_str(text),
            Value::Message(message) => {
                self.put(message, is_breakable, out);
                Ok(())
            }
            Value::List(values, between) => {
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        out.push_str(between);
                    }
                    self.put_value(value, is_breakable, out);
                }
                Ok(())
            }
        };
    }

    /// A number as people read it: `1,048,576`. Numbers of four digits stay together,
    /// so that a close code is never written `1,007`.
    pub fn thousands(&self, number: u64) -> String {
        let digits = number.to_string();
        if digits.len() <= 4 {
            return digits;
        }
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index) % 3 == 0 {
                grouped.push(self.manners.digits);
            }
            grouped.push(digit);
        }
        grouped
    }

    /// A number with so many digits behind the point, or behind what stands there in this language.
    pub fn decimal(&self, number: f64, digits: usize) -> String {
        let text = format!("{number:.digits$}");
        text.replace('.', self.manners.point)
    }

    /// A time that was measured: `350 µs`, `41 ms`, `60.0 s`, `2.5 h`.
    pub fn seconds(&self, seconds: f64) -> String {
        match seconds {
            _ if seconds < 0.001 => format!("{:.0} µs", seconds * 1e6),
            _ if seconds < 1.0 => format!("{:.0} ms", seconds * 1e3),
            _ if seconds < 100.0 => format!("{} s", self.decimal(seconds, 1)),
            _ if seconds < 7200.0 => format!("{seconds:.0} s"),
            _ => format!("{} h", self.decimal(seconds / 3600.0, 1)),
        }
    }

    /// A time that somebody chose: `60 s`, `90 s`, `5 min`, `2 h`, `0.5 s`.
    pub fn time(&self, time: Duration) -> String {
        let seconds = time.as_secs();
        let milliseconds = time.subsec_millis();
        if milliseconds > 0 && seconds < 1000 {
            let digits = (1..3)
                .find(|digits| milliseconds % 10_u32.pow(3 - digits) == 0)
                .unwrap_or(3);
            let seconds = self.decimal(time.as_secs_f64(), digits as usize);
            return self.say(&say!(time.seconds, seconds));
        }
        self.say(&if seconds >= 7200 && seconds % 3600 == 0 {
            say!(time.hours, hours = Value::from(seconds / 3600))
        } else if seconds >= 180 && seconds % 60 == 0 {
            say!(time.minutes, minutes = Value::from(seconds / 60))
        } else {
            say!(time.seconds, seconds = Value::from(seconds))
        })
    }
}

/// Whether a text has a form for one and one for many.
fn has_forms(text: Text) -> bool {
    matches!(text, Text::Ours(number) if number < PLURALS)
}

/// Gives what begins at `start` a capital letter.
fn capitalize(text: &mut String, start: usize) {
    let first = text.get(start..).and_then(|text| text.chars().next());
    if let Some(first) = first.filter(|first| first.is_lowercase()) {
        let upper: String = first.to_uppercase().collect();
        text.replace_range(start..start + first.len_utf8(), &upper);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_from_five_digits_on() {
        assert_eq!(ENGLISH.thousands(1007), "1007");
        assert_eq!(ENGLISH.thousands(65_536), "65,536");
        assert_eq!(ENGLISH.thousands(1_048_576), "1,048,576");
    }

    #[test]
    fn marks_stand_where_the_file_has_them() {
        static MARKS: Marks = Marks {
            gaps: &[2, 3, 255, 0, 1],
            places: &[0, 2, 2, 5],
        };
        assert_eq!(MARKS.put(0, "abcdefg"), "ab\u{200b}cde\u{200b}fg");
        assert_eq!(MARKS.put(1, "abc"), "abc");
        let long: &'static str = "x".repeat(258).leak();
        let parts: Vec<usize> = MARKS.put(2, long).split(BREAK).map(str::len).collect();
        assert_eq!(parts, [255, 1, 2]);
        assert_eq!(MARKS.put(9, "no such text"), "no such text");
    }

    #[test]
    fn times_are_said_as_people_say_them() {
        let time = |milliseconds| ENGLISH.time(Duration::from_millis(milliseconds));
        for (milliseconds, said) in [
            (60_000, "60 s"),
            (90_000, "90 s"),
            (300_000, "5 min"),
            (7_200_000, "2 h"),
            (500, "0.5 s"),
            (1_250, "1.25 s"),
        ] {
            assert_eq!(time(milliseconds), said);
        }
        assert_eq!(ENGLISH.seconds(0.0412), "41 ms");
        assert_eq!(ENGLISH.seconds(60.02), "60.0 s");
    }
}
