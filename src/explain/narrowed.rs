//! The causes of a code among which facts decide: what shows it, what stands between, how long it was open.

use std::time::Duration;

use crate::facts::codes;
use crate::facts::field::Implementation;
use crate::facts::field::timers::{self, Matches, Timer};
use crate::facts::intermediaries::Intermediary;
use crate::words::{Advice, Message, Text, When, say, text};

/// What is known beside the code.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    /// What showed the code.
    pub from_api: Option<Implementation>,
    /// What stands between the ends.
    pub behind: Option<&'static Intermediary>,
    /// How long the connection was there, or silent.
    pub after: Option<Duration>,
    /// Whether it ever opened.
    pub opened: Option<bool>,
}

impl Facts {
    /// Whether the connection was open, as far as the facts tell: one that lasted was.
    fn was_open(&self) -> Option<bool> {
        self.opened.or(self.after.map(|_| true))
    }
}

/// The causes that are left, likeliest first.
#[derive(Debug)]
#[non_exhaustive]
pub struct Narrowed {
    /// The code.
    pub code: u16,
    /// What was known.
    pub facts: Facts,
    /// The timers that fit, the nearest first.
    pub timers: Vec<&'static Timer>,
    /// That none fits, where one was looked for.
    pub no_timer: Option<Message>,
    /// The causes with their fixes.
    pub advice: Vec<&'static Advice>,
    /// What the facts exclude, and why.
    pub left_out: Vec<(&'static Advice, Text)>,
}

/// Ranks the causes of a code by what else is known, and leaves out those that it excludes.
pub fn narrow(code: u16, facts: Facts) -> Narrowed {
    let (timers, no_timer) = timers_of(code, &facts);
    let all = codes::lookup(code).map_or(&[][..], |row| row.words.advice);
    let mut narrowed = Narrowed {
        code,
        facts,
        timers,
        no_timer,
        advice: Vec::new(),
        left_out: Vec::new(),
    };
    let was_open = facts.was_open();
    for advice in all {
        let excluded = match (advice.when, was_open) {
            (When::NeverOpened, Some(true)) => Some(text!(narrowed.was_open)),
            (When::Opened | When::Timer, Some(false)) => Some(text!(narrowed.never_opened)),
            _ => None,
        };
        match excluded {
            Some(because) => narrowed.left_out.push((advice, because)),
            None => narrowed.advice.push(advice),
        }
    }
    let fits = !narrowed.timers.is_empty();
    narrowed
        .advice
        .sort_by_key(|advice| match (advice.when, was_open) {
            (When::Timer, _) if fits => 0_u8,
            (When::NeverOpened, Some(false)) => 1,
            // A time that no timer has speaks against one.
            (When::Timer, _) if facts.after.is_some() => 3,
            _ => 2,
        });
    narrowed
}

/// The timers that run so long, of what stands between where that is known.
fn timers_of(code: u16, facts: &Facts) -> (Vec<&'static Timer>, Option<Message>) {
    if facts.was_open() == Some(false) {
        return (Vec::new(), None);
    }
    let Some(behind) = facts.behind else {
        let Some(time) = facts.after else {
            return (Vec::new(), None);
        };
        let Matches { timers, .. } = timers::matching(code, time);
        let none = timers.is_empty();
        return (timers, none.then(|| say!(narrowed.no_timer, time)));
    };
    let own = || behind.its_timers().filter(|timer| timer.ends_with(code));
    let name = behind.title;
    let Some(time) = facts.after else {
        return (own().collect(), None);
    };
    let fitting = timers::matching(code, time).timers;
    let fitting: Vec<&Timer> = fitting
        .into_iter()
        .filter(|timer| own().any(|own| std::ptr::eq(own, *timer)))
        .collect();
    let none = fitting.is_empty();
    (
        fitting,
        none.then(|| say!(narrowed.no_timer_of, name, time)),
    )
}
