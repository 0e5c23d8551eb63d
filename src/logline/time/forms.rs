//! The forms in which logs print times, each read from the text that it stands in.

use super::{Form, Time};

/// How much of the front of a line is looked through.
const FRONT: usize = 512;

/// A number of seconds since 1970, in a JSON or a key=value line.
pub(super) fn epoch(line: &str) -> Option<Time> {
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
pub(super) fn epoch_number(text: &str) -> Option<Time> {
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

pub(super) fn dated(line: &str) -> Option<Time> {
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
            .or_else(|| meridian(rest))
            .or_else(|| common(rest))
            .or_else(|| syslog(rest))
    })
}

/// A time without a year or a day, at the front of a line: the letter of a level, or a bracket, may stand
/// before it.
pub(super) fn bare_clock(line: &str) -> Option<Time> {
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

/// Year, month and day, and the time of day, of `0000-00-00 00:00:00` with any separators.
fn date_and_clock(text: &str) -> Option<([i64; 3], &str)> {
    let date = [
        number(text, 0, 4)?,
        number(text, 5, 7)?,
        number(text, 8, 10)?,
    ];
    Some((date, text.get(11..19)?))
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
    let (date, clock) = date_and_clock(text)?;
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

/// `8/21/2018 12:56:48 AM`: the month first, as whoever writes AM and PM does, and no zeros before a digit.
fn meridian(text: &str) -> Option<Time> {
    let (date, rest) = text.split_once(' ')?;
    let (clock, rest) = rest.split_once(' ')?;
    let half = rest.get(..2)?;
    let is_longer = rest
        .get(2..)
        .is_some_and(|behind| behind.starts_with(|c: char| c.is_alphanumeric()));
    if date.len() > 10 || clock.len() > 12 || is_longer {
        return None;
    }
    let half_day = match half {
        "AM" | "am" => 0,
        "PM" | "pm" => 12,
        _ => return None,
    };
    let mut date = date.split('/').map(short_number);
    let (month, day, year) = (date.next()??, date.next()??, date.next()??);
    let (clock, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, ""));
    let mut clock = clock.split(':').map(short_number);
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    if !(1..=12).contains(&hour) || !(1000..=9999).contains(&year) || !is_digits(fraction) {
        return None;
    }
    let clock = format!("{:02}:{minute:02}:{second:02}", hour % 12 + half_day);
    let date = [year, month, day];
    let at = (seconds(date, &clock)?, nanoseconds(fraction));
    let length = text.len() - rest.len() + half.len();
    Some(Time {
        text: text.get(..length)?.to_owned(),
        form: Form::Meridian,
        at: Some(at),
        within: within_year(date, &clock, at.1),
        offset: 0,
    })
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number of at most four digits.
fn short_number(text: &str) -> Option<i64> {
    let fits = (1..=4).contains(&text.len()) && is_digits(text);
    fits.then(|| text.parse().ok()).flatten()
}

fn slashed(text: &str) -> Option<Time> {
    if !fits("0000/00/00 00:00:00", text) {
        return None;
    }
    let (date, clock) = date_and_clock(text)?;
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
