//! The time at which a line was written, in the few forms in which logs print it.
//!
//! A time is kept as it is printed, and compared only with times of the same form: what a log leaves
//! out (the zone, the year) is not guessed.

/// The time of a line, as it is printed there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    /// As it is printed.
    pub text: String,
    form: Form,
    /// Seconds and nanoseconds since 1970, where the form has a year.
    at: Option<(i64, u32)>,
}

/// A form in which times are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `2026-11-20T17:39:02Z`, with a zone.
    Zoned,
    /// `2026-11-20 17:39:02,123`, without.
    Dated,
    /// `2026/11/20 17:39:02`: nginx, and Go's log.
    Slashed,
    /// `20/Nov/2026:17:39:02 +0000`: the common log format.
    Common,
    /// `Nov 20 17:39:02`: syslog. It has no year.
    Syslog,
    /// Seconds, or parts of them, since 1970, behind a name such as `"ts":`.
    Epoch,
}

/// How much of the front of a line is looked through.
const FRONT: usize = 512;

impl Time {
    /// The time of a line; `None` where it has none in a known form.
    pub fn of(line: &str) -> Option<Self> {
        epoch(line).or_else(|| dated(line))
    }

    /// Nanoseconds since 1970, where the form has a year.
    pub fn nanoseconds(&self) -> Option<i64> {
        let (seconds, nanoseconds) = self.at?;
        seconds
            .checked_mul(1_000_000_000)?
            .checked_add(i64::from(nanoseconds))
    }

    /// Takes the earlier and the later of two times, if they can be compared; in the order in which
    /// they come, if only their form is the same.
    pub fn widen(first: &mut Option<Time>, last: &mut Option<Time>, time: Time) {
        match (first.as_ref(), last.as_ref()) {
            (Some(early), Some(late)) if early.form == time.form && late.form == time.form => {
                if time.at.is_some() && time.at < early.at {
                    *first = Some(time);
                } else if time.at.is_none() || time.at >= late.at {
                    *last = Some(time);
                }
            }
            (Some(_), Some(_)) => {}
            _ => {
                *first = Some(time.clone());
                *last = Some(time);
            }
        }
    }
}

/// A number of seconds since 1970, in a JSON or a key=value line.
fn epoch(line: &str) -> Option<Time> {
    const KEYS: [&str; 8] = [
        "\"ts\":",
        "\"time\":",
        "\"timestamp\":",
        "\"@timestamp\":",
        "\"epoch\":",
        "\"t\":",
        "ts=",
        "time=",
    ];
    KEYS.iter().find_map(|key| {
        let (before, behind) = line.split_once(key)?;
        if before.ends_with(|last: char| last.is_alphanumeric()) {
            return None;
        }
        let behind = behind.trim_start();
        let is_part = |c: char| c.is_ascii_digit() || c == '.';
        let text = behind.get(..behind.len() - behind.trim_start_matches(is_part).len())?;
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let unit = match whole.len() {
            10 => 1,
            13 => 1_000,
            16 => 1_000_000,
            19 => 1_000_000_000,
            _ => return None,
        };
        let number: i64 = whole.parse().ok()?;
        let at = match unit {
            1 => (number, nanoseconds(fraction)),
            unit => (
                number / unit,
                u32::try_from(number % unit * (1_000_000_000 / unit)).ok()?,
            ),
        };
        Some(Time {
            text: text.to_owned(),
            form: Form::Epoch,
            at: Some(at),
        })
    })
}

fn dated(line: &str) -> Option<Time> {
    let front = line.as_bytes();
    let front = front.get(..front.len().min(FRONT))?;
    (0..front.len()).find_map(|at| {
        // A time begins with a digit or the name of a month, and not inside of a word.
        let before = at.checked_sub(1).and_then(|before| front.get(before));
        if before.is_some_and(u8::is_ascii_alphanumeric) {
            return None;
        }
        let rest = line.get(at..)?;
        iso(rest)
            .or_else(|| slashed(rest))
            .or_else(|| common(rest))
            .or_else(|| syslog(rest))
    })
}

/// Whether a text begins like a template: `0` stands for a digit, `a` for a letter, `_` for a space
/// or a digit, `T` for a `T` or a space.
fn fits(template: &str, text: &str) -> bool {
    let mut bytes = text.bytes();
    template
        .bytes()
        .all(|expected| match (expected, bytes.next()) {
            (_, None) => false,
            (b'0', Some(byte)) => byte.is_ascii_digit(),
            (b'a', Some(byte)) => byte.is_ascii_alphabetic(),
            (b'_', Some(byte)) => byte == b' ' || byte.is_ascii_digit(),
            (b'T', Some(byte)) => byte == b'T' || byte == b' ',
            (expected, Some(byte)) => byte == expected,
        })
}

fn number(text: &str, from: usize, to: usize) -> Option<i64> {
    text.get(from..to)?.trim().parse().ok()
}

fn month(name: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let index = MONTHS.iter().position(|month| *month == name)?;
    i64::try_from(index + 1).ok()
}

fn iso(text: &str) -> Option<Time> {
    if !fits("0000-00-00T00:00:00", text) {
        return None;
    }
    let seconds = seconds(
        [
            number(text, 0, 4)?,
            number(text, 5, 7)?,
            number(text, 8, 10)?,
        ],
        text.get(11..19)?,
    )?;
    let mut end = 19;
    let fraction = fraction(text, end);
    end += fraction.map_or(0, |digits| digits.len() + 1);
    let at = (seconds, nanoseconds(fraction.unwrap_or_default()));
    let rest = text.get(end..)?;
    let (form, offset, length) = match zone(rest) {
        Some((offset, length)) => (Form::Zoned, offset, length),
        None => (Form::Dated, 0, 0),
    };
    Some(Time {
        text: text.get(..end + length)?.to_owned(),
        form,
        at: Some((at.0 - offset, at.1)),
    })
}

fn slashed(text: &str) -> Option<Time> {
    if !fits("0000/00/00 00:00:00", text) {
        return None;
    }
    let date = [
        number(text, 0, 4)?,
        number(text, 5, 7)?,
        number(text, 8, 10)?,
    ];
    let seconds = seconds(date, text.get(11..19)?)?;
    let fraction = fraction(text, 19).unwrap_or_default();
    let length = if fraction.is_empty() {
        0
    } else {
        fraction.len() + 1
    };
    Some(Time {
        text: text.get(..19 + length)?.to_owned(),
        form: Form::Slashed,
        at: Some((seconds, nanoseconds(fraction))),
    })
}

fn common(text: &str) -> Option<Time> {
    if !fits("00/aaa/0000:00:00:00", text) {
        return None;
    }
    let date = [
        number(text, 7, 11)?,
        month(text.get(3..6)?)?,
        number(text, 0, 2)?,
    ];
    let seconds = seconds(date, text.get(12..20)?)?;
    let (offset, length) = text
        .get(20..)
        .and_then(|rest| rest.strip_prefix(' '))
        .and_then(zone)
        .map_or((0, 0), |(offset, length)| (offset, length + 1));
    Some(Time {
        text: text.get(..20 + length)?.to_owned(),
        form: Form::Common,
        at: Some((seconds - offset, 0)),
    })
}

fn syslog(text: &str) -> Option<Time> {
    let is_one = fits("aaa _0 00:00:00", text) && month(text.get(..3)?).is_some();
    is_one.then(|| Time {
        text: text.get(..15).unwrap_or_default().to_owned(),
        form: Form::Syslog,
        at: None,
    })
}

/// The digits of a fraction of a second, which begins at `at` with a point or a comma.
fn fraction(text: &str, at: usize) -> Option<&str> {
    let behind = text.get(at..)?.strip_prefix(['.', ','])?;
    let length = behind.len()
        - behind
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .len();
    behind
        .get(..length)
        .filter(|digits| (1..=9).contains(&digits.len()))
}

fn nanoseconds(digits: &str) -> u32 {
    let padded: String = digits
        .chars()
        .chain(std::iter::repeat('0'))
        .take(9)
        .collect();
    padded.parse().unwrap_or(0)
}

/// The offset of a zone in seconds, and the length of its text.
fn zone(text: &str) -> Option<(i64, usize)> {
    if text.starts_with('Z') {
        return Some((0, 1));
    }
    let sign = match text.bytes().next()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (minutes, length) = if fits("00:00", text.get(1..)?) {
        (number(text, 4, 6)?, 6)
    } else if fits("0000", text.get(1..)?) {
        (number(text, 3, 5)?, 5)
    } else {
        return None;
    };
    Some((sign * (number(text, 1, 3)? * 3600 + minutes * 60), length))
}

/// Seconds since 1970 of a date and of a time of day written `17:39:02`.
fn seconds([year, month, day]: [i64; 3], clock: &str) -> Option<i64> {
    let (hour, minute, second) = (
        number(clock, 0, 2)?,
        number(clock, 3, 5)?,
        number(clock, 6, 8)?,
    );
    let is_time = hour < 24 && minute < 60 && second <= 60;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || !is_time {
        return None;
    }
    // Days since 1 March of the year 0, in which a leap day is the last of its year.
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    Some((days - 719_468) * 86_400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_kept_as_they_are_printed() {
        for (line, text, seconds) in [
            (
                "2026-11-20T17:39:02.123Z x",
                "2026-11-20T17:39:02.123Z",
                1_795_196_342,
            ),
            (
                "[2026-11-20T17:39:02+01:00] x",
                "2026-11-20T17:39:02+01:00",
                1_795_192_742,
            ),
            (
                "2026-11-20 17:39:02,123 ERROR",
                "2026-11-20 17:39:02,123",
                1_795_196_342,
            ),
            (
                "2026/11/20 17:39:02 [error]",
                "2026/11/20 17:39:02",
                1_795_196_342,
            ),
            (
                "a - [20/Nov/2026:17:39:02 +0000] x",
                "20/Nov/2026:17:39:02 +0000",
                1_795_196_342,
            ),
            (
                "{\"ts\":1795196342.5,\"m\":1}",
                "1795196342.5",
                1_795_196_342,
            ),
            ("{\"time\": 1795196342123}", "1795196342123", 1_795_196_342),
        ] {
            let time = Time::of(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(time.text, text);
            assert_eq!(time.at.map(|at| at.0), Some(seconds), "{line}");
        }
        let time = Time::of("Nov  3 17:39:02 host app: x").expect("syslog");
        assert_eq!((time.text.as_str(), time.at), ("Nov  3 17:39:02", None));
        for line in [
            "no time",
            "2026-13-20 17:39:02",
            "12026-11-20 17:39:02",
            "\"tests\":1795196342",
        ] {
            assert_eq!(Time::of(line), None, "{line}");
        }
    }

    #[test]
    fn only_times_of_one_form_are_compared() {
        let (mut first, mut last) = (None, None);
        for text in [
            "2026-11-20T17:00:00Z",
            "2026-11-20T19:30:00+02:00",
            "Nov 20 01:00:00",
            "2026-11-20T16:00:00Z",
        ] {
            Time::widen(&mut first, &mut last, Time::of(text).expect("a time"));
        }
        let text = |time: Option<Time>| time.map(|time| time.text).unwrap_or_default();
        assert_eq!(text(first), "2026-11-20T16:00:00Z");
        assert_eq!(text(last), "2026-11-20T19:30:00+02:00");
    }
}
