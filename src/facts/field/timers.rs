//! Timers that end a connection: which of the defaults match a time.
//!
//! A connection that ends after a round time was mostly ended by a timer, and the time names it.
//!
//! ```
//! use std::time::Duration;
//! use wsclose::facts::field::timers::{duration, matching};
//!
//! // It closed with 1006 a minute after its last traffic.
//! let after = duration("60s").unwrap();
//! assert_eq!(after, Duration::from_secs(60));
//! let found = matching(1006, after);
//! for timer in &found.timers {
//!     println!("{}", timer.who);
//! }
//! assert!(found.timers.iter().any(|timer| timer.who.english().starts_with("nginx")));
//! ```

use std::time::Duration;

use super::{Implementation, TIMERS};
use crate::facts::source::Source;
use crate::words::Text;

/// From when a timer runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum From {
    /// Since the last byte that it counts.
    Traffic,
    /// Since the connection was made.
    Open,
    /// Since the configuration was reloaded.
    Reload,
    /// Since its own Close, which was never answered.
    Close,
}

impl From {
    /// The word for it in the table and in JSON.
    pub fn id(self) -> &'static str {
        match self {
            From::Traffic => "traffic",
            From::Open => "open",
            From::Reload => "reload",
            From::Close => "close",
        }
    }
}

/// A timer as it is unless set.
#[derive(Clone, Copy, Debug)]
pub struct Timer {
    /// How long it runs, at least.
    pub seconds: u32,
    /// How long it runs at most: it may be looked at only every so often.
    pub most: u32,
    /// From when.
    pub from: From,
    /// Whose it is.
    pub who: Text,
    /// The place of the implementation that it belongs to, where it has a page.
    pub(super) implementation: Option<u16>,
    /// What is seen when it ends; empty where that is not known.
    pub codes: &'static [u16],
    /// Its setting, where there is one.
    pub setting: Option<Text>,
    /// What to do about it.
    pub change: Text,
    /// How it is known.
    pub source: Source,
}

impl Timer {
    /// How long it runs, at least.
    pub fn duration(&self) -> Duration {
        Duration::from_secs(self.seconds.into())
    }

    /// How long it runs at most, where that is longer.
    pub fn longest(&self) -> Option<Duration> {
        let is_range = self.most > self.seconds;
        is_range.then(|| Duration::from_secs(self.most.into()))
    }

    /// Whether `code` is seen when it ends.
    pub fn ends_with(&self, code: u16) -> bool {
        self.codes.is_empty() || self.codes.contains(&code)
    }

    /// The implementation that it belongs to.
    pub fn page(&self) -> Option<Implementation> {
        self.implementation.map(Implementation)
    }
}

/// All timers, the shortest first.
pub fn timers() -> impl DoubleEndedIterator<Item = &'static Timer> {
    TIMERS.iter()
}

/// The timers that run as long as a silence that was measured, and end it without a Close.
pub fn of_silence(silence: Duration) -> Vec<&'static Timer> {
    // A capture's clock is exact, and most timers are looked at every now and then.
    let tolerance = Duration::from_millis(500).max(silence / 50);
    timers()
        .filter(|timer| timer.from == From::Traffic && timer.ends_with(1006))
        .filter(|timer| distance(timer, silence) <= tolerance)
        .collect()
}

/// The timers that match a time.
#[derive(Debug)]
pub struct Matches {
    /// By how much a timer may differ from the time.
    pub tolerance: Duration,
    /// Those that match, the nearest first.
    pub timers: Vec<&'static Timer>,
    /// Where none matches: the nearest shorter and the nearest longer one.
    pub nearest: Vec<&'static Timer>,
}

/// The timers that may have ended a connection with `code` after `after`.
pub fn matching(code: u16, after: Duration) -> Matches {
    // Clocks and people round; and a timer is often looked at once in a while only.
    let tolerance = Duration::from_secs(2).max(after / 10);
    let mut found: Vec<&Timer> = timers()
        .filter(|timer| timer.ends_with(code) && distance(timer, after) <= tolerance)
        .collect();
    found.sort_by_key(|timer| {
        (
            timer.from == From::Close,
            distance(timer, after),
            timer.from,
        )
    });
    let mut nearest = Vec::new();
    if found.is_empty() {
        let known: Vec<&Timer> = timers()
            .filter(|timer| timer.ends_with(code) && timer.from != From::Close)
            .collect();
        let is_below = |timer: &&&Timer| u64::from(timer.seconds) <= after.as_secs();
        nearest.extend(known.iter().rev().find(is_below).copied());
        nearest.extend(known.iter().find(|timer| !is_below(timer)).copied());
    }
    Matches {
        tolerance,
        timers: found,
        nearest,
    }
}

/// By how much a time misses a timer.
fn distance(timer: &Timer, after: Duration) -> Duration {
    let longest = timer.longest().unwrap_or(timer.duration());
    after.clamp(timer.duration(), longest).abs_diff(after)
}

/// The duration that `text` spells: `60`, `60s`, `1m`, `1m30s`, `90 s`, `1.5m`, `500ms`, `2 hours`.
/// A number alone counts seconds. `None` where it spells none.
pub fn duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut total: u64 = 0;
    let mut is_first = true;
    while !rest.is_empty() {
        let digits = rest
            .find(|character: char| !character.is_ascii_digit() && character != '.')
            .unwrap_or(rest.len());
        let (number, behind) = rest.split_at_checked(digits)?;
        let behind = behind.trim_start();
        let letters = behind
            .find(|character: char| !character.is_alphabetic())
            .unwrap_or(behind.len());
        let (unit, behind) = behind.split_at_checked(letters)?;
        let milliseconds = match unit.to_ascii_lowercase().as_str() {
            "ms" | "millisecond" | "milliseconds" => 1,
            "" if is_first && behind.is_empty() => 1000,
            "s" | "sec" | "secs" | "second" | "seconds" => 1000,
            "m" | "min" | "mins" | "minute" | "minutes" => 60_000,
            "h" | "hr" | "hrs" | "hour" | "hours" => 3_600_000,
            "d" | "day" | "days" => 86_400_000,
            _ => return None,
        };
        total = total.checked_add(part(number, milliseconds)?)?;
        is_first = false;
        rest = behind.trim_start();
    }
    (!is_first).then(|| Duration::from_millis(total))
}

/// `number`, which may have a fraction, of so many milliseconds each; what is smaller than one is cut.
fn part(number: &str, milliseconds: u64) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() || number.ends_with('.') {
        return None;
    }
    let mut total = whole.parse::<u64>().ok()?.checked_mul(milliseconds)?;
    let mut worth = milliseconds;
    for digit in fraction.chars() {
        worth /= 10;
        total = total.checked_add(worth * u64::from(digit.to_digit(10)?))?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_in_the_common_spellings() {
        for (text, milliseconds) in [
            ("60", 60_000),
            ("60s", 60_000),
            ("60 s", 60_000),
            ("1m", 60_000),
            ("1m30s", 90_000),
            ("1 min 30 sec", 90_000),
            ("1.5m", 90_000),
            ("40.25", 40_250),
            ("0.0001h", 360),
            ("500ms", 500),
            ("2h", 7_200_000),
            ("1 day", 86_400_000),
        ] {
            let read = duration(text).map(|duration| duration.as_millis());
            assert_eq!(read, Some(milliseconds), "{text}");
        }
        for text in [
            "",
            "s",
            "-1",
            "1x",
            "1m30",
            "1..5",
            "m1",
            "1e400",
            "9999999999999999999",
            "∞",
            "1 2",
        ] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn the_nearest_timer_comes_first_and_a_close_that_nobody_answers_last() {
        let found = matching(1006, Duration::from_secs(60));
        assert!(
            found
                .timers
                .iter()
                .any(|timer| timer.who == Text::Given("nginx"))
        );
        let froms: Vec<bool> = found
            .timers
            .iter()
            .map(|timer| timer.from == From::Close)
            .collect();
        assert!(froms.is_sorted(), "{froms:?}");
        assert!(matching(1011, Duration::from_secs(60)).timers.is_empty());
        assert_eq!(matching(1006, Duration::from_secs(77)).nearest.len(), 2);
    }
}
