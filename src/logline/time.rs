//! The time at which a line was written, in the few forms in which logs print it.
//!
//! A time is kept as it is printed, and compared only with times that leave out the same: what a log
//! leaves out (the zone, the year, the day) is not guessed.

use std::cmp::Ordering;
use std::time::Duration;

/// The time of a line, as it is printed there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    /// As it is printed.
    pub text: String,
    form: Form,
    /// Seconds and nanoseconds since 1970, where the form has a year.
    at: Option<(i64, u32)>,
    /// Seconds and nanoseconds since the beginning of what is known of it: of a leap year, or of the day.
    within: (i64, u32),
    /// How far the clock that it was read from is ahead of UTC, in seconds.
    offset: i64,
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
    /// `20/Nov/2026 17:39:02`: the same without a zone.
    CommonLocal,
    /// `Nov 20 17:39:02`: syslog. It has no year.
    Syslog,
    /// `11-20 17:39:02.123`, `I1120 17:39:02.123`: Android and Kubernetes. They have no year.
    Numbered,
    /// `17:39:02.123`: no day.
    Clock,
    /// Seconds, or parts of them, since 1970, behind a name such as `"ts":`.
    Epoch,
}

impl Form {
    fn is_absolute(self) -> bool {
        matches!(self, Form::Zoned | Form::Common | Form::Epoch)
    }

    fn compares(self, other: Form) -> bool {
        self == other || self.is_absolute() && other.is_absolute()
    }
}

/// A time as it is compared, without its text.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    form: Form,
    at: (i64, u32),
}

impl Moment {
    /// How much time passed since an earlier one; `None` where that cannot be told, or it was later.
    pub fn since(self, earlier: Moment) -> Option<Duration> {
        if !self.form.compares(earlier.form) {
            return None;
        }
        let nanoseconds =
            |(seconds, part): (i64, u32)| i128::from(seconds) * 1_000_000_000 + i128::from(part);
        let passed = nanoseconds(self.at) - nanoseconds(earlier.at);
        Some(Duration::from_nanos(u64::try_from(passed).ok()?))
    }
}

/// How much of the front of a line is looked through.
const FRONT: usize = 512;

impl Time {
    /// The time of a line; `None` where it has none in a known form.
    pub fn of(line: &str) -> Option<Self> {
        epoch(line)
            .or_else(|| dated(line))
            .or_else(|| bare_clock(line))
    }

    /// Seconds since 1970 as a number in a log's own field: of any unit, with or without a fraction.
    pub fn of_number(text: &str) -> Option<Self> {
        let text = text.trim();
        let end = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        (end == text.len()).then(|| epoch_number(text)).flatten()
    }

    /// Whether it stands at the front of the line that it was read from, behind marks or a level at most.
    pub fn leads(&self, line: &str) -> bool {
        line.find(&self.text).is_some_and(|at| at <= 24)
    }

    /// Whether it says when it was wherever it is read.
    fn is_absolute(&self) -> bool {
        self.form.is_absolute()
    }

    /// Whether it can be compared with another: both say when it was, or leave out the same.
    fn compares(&self, other: &Time) -> bool {
        self.form.compares(other.form)
    }

    /// What of it is compared.
    pub fn moment(&self) -> Moment {
        Moment {
            form: self.form,
            at: self.at.unwrap_or(self.within),
        }
    }

    /// How much time passed since an earlier one; `None` where that cannot be told, or it was later.
    pub fn since(&self, earlier: &Time) -> Option<Duration> {
        self.moment().since(earlier.moment())
    }

    /// Whether it is printed with parts of a second.
    pub fn has_parts(&self) -> bool {
        self.moment().at.1 != 0
            || self.text.contains(['.', ','])
            || self.text.len() >= 13 && self.form == Form::Epoch
    }

    /// Which of the two was earlier, of a time in a log and one that somebody typed. Typed without a zone
    /// it is what the log's clock showed; typed without a day it is of any day. A log without years means
    /// the year of what was typed.
    pub fn against(&self, typed: &Time) -> Option<Ordering> {
        const DAY: i64 = 86_400;
        let wall = |time: &Time| time.at.map(|(seconds, part)| (seconds + time.offset, part));
        if typed.form == Form::Clock {
            let (seconds, part) = wall(self).unwrap_or(self.within);
            return Some((seconds.rem_euclid(DAY), part).cmp(&typed.within));
        }
        match (self.at, typed.at) {
            _ if self.compares(typed) => Some(self.moment().at.cmp(&typed.moment().at)),
            (Some(_), Some(_)) if !typed.is_absolute() => Some(wall(self)?.cmp(&wall(typed)?)),
            (None, Some(_)) if self.form != Form::Clock && !typed.is_absolute() => {
                Some(self.within.cmp(&typed.within))
            }
            _ => None,
        }
    }

    /// A moment, as seconds since 1970.
    pub fn at_seconds(seconds: i64) -> Self {
        Time {
            text: seconds.to_string(),
            form: Form::Epoch,
            at: Some((seconds, 0)),
            within: (0, 0),
            offset: 0,
        }
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
            (Some(early), Some(late)) if early.compares(&time) && late.compares(&time) => {
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
        epoch_number(behind.get(..behind.len() - behind.trim_start_matches(is_part).len())?)
    })
}

/// Seconds since 1970, or parts of them, by the number of digits.
fn epoch_number(text: &str) -> Option<Time> {
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
        within: (0, 0),
        offset: 0,
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

/// A time without a year or a day, at the front of a line: the letter of a level, or a bracket, may stand
/// before it.
fn bare_clock(line: &str) -> Option<Time> {
    let rest = line.trim_start_matches(['[', '(', ' ']);
    let yearless = |rest: &str, day: [i64; 2], from: usize| {
        let seconds = seconds(
            [2000, *day.first()?, *day.get(1)?],
            rest.get(from..from + 8)?,
        )?;
        Some((seconds - YEAR_2000, from + 8))
    };
    let unlettered = rest.strip_prefix(['I', 'W', 'E', 'F', 'D']).unwrap_or(rest);
    let (rest, form, seconds, end) = if fits("00-00 00:00:00", rest) {
        let (seconds, end) = yearless(rest, [number(rest, 0, 2)?, number(rest, 3, 5)?], 6)?;
        (rest, Form::Numbered, seconds, end)
    } else if unlettered.len() < rest.len() && fits("0000 00:00:00", unlettered) {
        let day = [number(unlettered, 0, 2)?, number(unlettered, 2, 4)?];
        let (seconds, end) = yearless(unlettered, day, 5)?;
        (unlettered, Form::Numbered, seconds, end)
    } else if fits("00:00:00", rest) {
        let seconds = seconds([2000, 1, 1], rest.get(..8)?)? - YEAR_2000;
        (rest, Form::Clock, seconds, 8)
    } else {
        return None;
    };
    let is_longer = rest
        .get(end..)?
        .starts_with(|c: char| c == ':' || c.is_alphanumeric());
    let fraction = fraction(rest, end).unwrap_or_default();
    let length = end
        + if fraction.is_empty() {
            0
        } else {
            fraction.len() + 1
        };
    (!is_longer).then(|| Time {
        text: rest.get(..length).unwrap_or_default().to_owned(),
        form,
        at: None,
        within: (seconds, nanoseconds(fraction)),
        offset: 0,
    })
}

/// When the year 2000 began, in seconds since 1970.
const YEAR_2000: i64 = 946_684_800;

/// What is left of a time of some year where the year is left out.
fn within_year(date: [i64; 3], clock: &str, part: u32) -> (i64, u32) {
    let [_, month, day] = date;
    let seconds = seconds([2000, month, day], clock).unwrap_or(YEAR_2000);
    (seconds - YEAR_2000, part)
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
    let date = [
        number(text, 0, 4)?,
        number(text, 5, 7)?,
        number(text, 8, 10)?,
    ];
    let clock = text.get(11..19)?;
    let seconds = seconds(date, clock)?;
    let mut end = 19;
    let fraction = fraction(text, end);
    end += fraction.map_or(0, |digits| digits.len() + 1);
    let at = (seconds, nanoseconds(fraction.unwrap_or_default()));
    let rest = text.get(end..)?;
    let (form, offset, length) = match spaced_zone(rest) {
        Some((offset, length)) => (Form::Zoned, offset, length),
        None => (Form::Dated, 0, 0),
    };
    Some(Time {
        text: text.get(..end + length)?.to_owned(),
        form,
        at: Some((at.0 - offset, at.1)),
        within: within_year(date, clock, at.1),
        offset,
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
    let clock = text.get(11..19)?;
    let seconds = seconds(date, clock)?;
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
        within: within_year(date, clock, nanoseconds(fraction)),
        offset: 0,
    })
}

fn common(text: &str) -> Option<Time> {
    if !fits("00/aaa/0000:00:00:00", text) && !fits("00/aaa/0000 00:00:00", text) {
        return None;
    }
    let date = [
        number(text, 7, 11)?,
        month(text.get(3..6)?)?,
        number(text, 0, 2)?,
    ];
    let clock = text.get(12..20)?;
    let seconds = seconds(date, clock)?;
    let zone = text
        .get(20..)
        .and_then(|rest| rest.strip_prefix(' '))
        .and_then(zone);
    let (offset, length) = zone.map_or((0, 0), |(offset, length)| (offset, length + 1));
    Some(Time {
        text: text.get(..20 + length)?.to_owned(),
        form: match zone {
            Some(_) => Form::Common,
            None => Form::CommonLocal,
        },
        at: Some((seconds - offset, 0)),
        within: within_year(date, clock, 0),
        offset,
    })
}

fn syslog(text: &str) -> Option<Time> {
    if !fits("aaa _0 00:00:00", text) {
        return None;
    }
    let date = [2000, month(text.get(..3)?)?, number(text, 4, 6)?];
    let seconds = seconds(date, text.get(7..15)?)?;
    Some(Time {
        text: text.get(..15)?.to_owned(),
        form: Form::Syslog,
        at: None,
        within: (seconds - YEAR_2000, 0),
        offset: 0,
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

/// The same, behind a space too where it cannot be anything else: ` +0000`, ` UTC`.
fn spaced_zone(text: &str) -> Option<(i64, usize)> {
    if let Some(behind) = text.strip_prefix(' ') {
        for name in ["UTC", "GMT", "Z"] {
            let after = behind.strip_prefix(name);
            if after.is_some_and(|after| !after.starts_with(|c: char| c.is_alphanumeric())) {
                return Some((0, 1 + name.len()));
            }
        }
        let is_number = fits("+0000", behind) || fits("-0000", behind) || fits("+00:00", behind);
        return zone(behind)
            .filter(|_| is_number)
            .map(|(offset, length)| (offset, length + 1));
    }
    zone(text)
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
