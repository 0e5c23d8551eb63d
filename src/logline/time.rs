//! The time at which a line was written, in the few forms in which logs print it.
//!
//! A time is kept as it is printed, and compared only with times that leave out the same: what a log
//! leaves out (the zone, the year, the day) is not guessed.

mod forms;

use std::cmp::Ordering;
use std::time::Duration;

use forms::{bare_clock, dated, epoch, epoch_number};

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
    /// `11/20/2026 5:39:02 PM`: .NET and others in the American way.
    Meridian,
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
            (
                "11/20/2026 5:39:02 PM|Fatal|x",
                "11/20/2026 5:39:02 PM",
                1_795_196_342,
            ),
            (
                "[1/02/2026 12:00:09 AM] x",
                "1/02/2026 12:00:09 AM",
                1_767_312_009,
            ),
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
