//! When connections ended: how old they were, how long they had been silent, how many at once.
//!
//! A connection's age is known where its opening and its close have an id in common that no other
//! connection had at the same time. Where times or ids are missing nothing is said.

use std::collections::HashMap;
use std::time::Duration;

use super::identity::Id;
use crate::logline::{Moment, Time};

/// How many ids are remembered.
const MOST_OPEN: usize = 14_000;
/// How many ages are kept of a group.
const MOST_SAMPLES: usize = 256;
/// Lines that tell of the opening of one connection come so close to each other.
const SAME_OPENING: Duration = Duration::from_secs(2);
/// The least number of ages of which something is claimed.
const LEAST: usize = 5;
/// So many closes at once are a burst.
const LEAST_BURST: u64 = 8;
/// Closes of a burst follow each other so soon.
const BURST_GAP: Duration = Duration::from_secs(1);
/// A burst is over after so long.
const LONGEST_BURST: Duration = Duration::from_secs(30);
/// How many bursts of a group are kept.
const MOST_BURSTS: usize = 5;

/// Where the bars of a histogram begin, in milliseconds: between the times that timers have.
const EDGES: [u64; 19] = [
    0, 500, 1_500, 3_500, 7_500, 12_500, 17_500, 25_000, 37_000, 52_000, 80_000, 140_000, 200_000,
    270_000, 330_000, 450_000, 750_000, 1_500_000, 4_500_000,
];

/// The connections that are open, by their ids.
#[derive(Clone, Debug, Default)]
pub(super) struct Open {
    by_id: HashMap<Id, Connection>,
}

#[derive(Clone, Debug)]
struct Connection {
    opened: Moment,
    /// When the last line came that tells of a message.
    said: Option<Moment>,
    /// Whether two had this id at the same time.
    is_shared: bool,
    is_open: bool,
}

/// How old a connection was when it ended, and how long it had been silent.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lasted {
    pub(super) age: Option<Duration>,
    pub(super) pause: Option<Duration>,
}

impl Open {
    /// Takes the opening of a connection.
    pub(super) fn opened(&mut self, ids: &[Id], time: Moment) {
        for id in ids {
            if let Some(known) = self.by_id.get_mut(id) {
                let is_same = time
                    .since(known.opened)
                    .is_some_and(|passed| passed <= SAME_OPENING);
                if known.is_open && !is_same {
                    known.is_shared = true;
                } else if !known.is_open {
                    known.is_open = true;
                    known.said = None;
                    known.opened = time;
                }
            } else if self.by_id.len() < MOST_OPEN {
                let connection = Connection {
                    opened: time,
                    said: None,
                    is_shared: false,
                    is_open: true,
                };
                self.by_id.insert(*id, connection);
            }
        }
    }

    /// Takes a line about a message.
    pub(super) fn said(&mut self, ids: &[Id], time: Moment) {
        for id in ids {
            if let Some(known) = self.by_id.get_mut(id).filter(|known| known.is_open) {
                known.said = Some(time);
            }
        }
    }

    /// Takes the end of a connection.
    pub(super) fn closed(&mut self, ids: &[Id], time: Moment) -> Lasted {
        let mut lasted = Lasted::default();
        for id in ids {
            let Some(known) = self.by_id.get_mut(id).filter(|known| known.is_open) else {
                continue;
            };
            known.is_open = false;
            if lasted.age.is_none() && !known.is_shared {
                lasted.age = time.since(known.opened);
                lasted.pause = known.said.and_then(|said| time.since(said));
            }
            // One that is shared stays so; the others make room.
            if !known.is_shared {
                self.by_id.remove(id);
            }
        }
        lasted
    }
}

/// What is known of the times of a group.
#[derive(Clone, Debug, Default)]
pub struct Rhythm {
    ages: Samples,
    pauses: Samples,
    run: Option<Run>,
    bursts: Vec<Burst>,
    /// How many closes have a time.
    timed: u64,
}

/// Times that passed, all counted in the bars of a histogram, and some kept.
#[derive(Clone, Debug, Default)]
struct Samples {
    bars: Vec<u64>,
    kept: Vec<u32>,
    /// Of how many one is kept.
    stride: u64,
    count: u64,
}

/// Many closes at once.
#[derive(Clone, Debug)]
pub struct Burst {
    /// When it began.
    pub at: Time,
    /// How many there were.
    pub count: u64,
    /// How long it took.
    pub took: Duration,
}

#[derive(Clone, Debug)]
struct Run {
    first: Time,
    last: Time,
    count: u64,
}

/// A bar of a histogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The shortest time that it counts.
    pub from: Duration,
    /// The first that it does not; none where it has no end.
    pub to: Option<Duration>,
    /// How many it counts.
    pub count: u64,
}

/// A time at which most connections ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    /// The time.
    pub at: Duration,
    /// How far the others were from it.
    pub spread: Duration,
    /// How many ended then.
    pub count: u64,
    /// Of how many that is known.
    pub of: u64,
    /// Whether it is counted from the last message, and not from the opening.
    pub is_pause: bool,
}

impl Rhythm {
    /// Takes a close.
    pub(super) fn take(&mut self, lasted: Lasted, time: Option<&Time>) {
        if let Some(age) = lasted.age {
            self.ages.take(age);
        }
        if let Some(pause) = lasted.pause {
            self.pauses.take(pause);
        }
        if let Some(time) = time {
            self.timed += 1;
            self.run(time);
        }
    }

    fn run(&mut self, time: &Time) {
        let goes_on = |run: &&mut Run| {
            let is_next = time.since(&run.last).is_some_and(|gap| gap <= BURST_GAP);
            let is_short = time
                .since(&run.first)
                .is_some_and(|took| took <= LONGEST_BURST);
            is_next && is_short
        };
        if let Some(run) = self.run.as_mut().filter(goes_on) {
            run.last = time.clone();
            run.count += 1;
            return;
        }
        self.end_run();
        self.run = Some(Run {
            first: time.clone(),
            last: time.clone(),
            count: 1,
        });
    }

    fn end_run(&mut self) {
        let Some(run) = self.run.take().filter(|run| run.count >= LEAST_BURST) else {
            return;
        };
        let took = run.last.since(&run.first).unwrap_or_default();
        self.bursts.push(Burst {
            at: run.first,
            count: run.count,
            took,
        });
        self.bursts
            .sort_by_key(|burst| std::cmp::Reverse(burst.count));
        self.bursts.truncate(MOST_BURSTS);
    }

    /// Takes the end of all logs, which lasted from `first` to `last`: what is as frequent all the time is
    /// no burst.
    pub(super) fn finish(&mut self, span: Option<Duration>) {
        self.end_run();
        let Some(span) = span else {
            self.bursts.clear();
            return;
        };
        let timed = self.timed;
        self.bursts.retain(|burst| {
            // A second at least: so precise are most clocks of logs.
            let took = burst.took.as_secs_f64().max(1.0);
            let rest = span.as_secs_f64() - took;
            let others = timed.saturating_sub(burst.count) as f64;
            let expected = others * took / rest;
            rest >= 4.0 * took && burst.count as f64 >= 5.0 * expected
        });
    }

    /// How long the connections had lasted; empty where that is not known of any.
    pub fn lasted(&self) -> Vec<Bar> {
        self.ages.bars()
    }

    /// How long they had been silent; empty where that is not known of any.
    pub fn paused(&self) -> Vec<Bar> {
        self.pauses.bars()
    }

    /// Of how many it is known how long they had lasted.
    pub fn paired(&self) -> u64 {
        self.ages.count
    }

    /// The time at which most of them ended; `None` where there is none.
    pub fn peak(&self) -> Option<Peak> {
        // What they were silent for says more, and what they lasted where they said nothing.
        let pause = self.pauses.peak().map(|peak| Peak {
            is_pause: true,
            ..peak
        });
        let age = self.ages.peak();
        match (pause, age) {
            (Some(pause), Some(age)) if age.count > pause.count => Some(age),
            (Some(pause), _) => Some(pause),
            (None, age) => age,
        }
    }

    /// Many at once, the most first.
    pub fn bursts(&self) -> &[Burst] {
        &self.bursts
    }
}

impl Samples {
    fn take(&mut self, passed: Duration) {
        let milliseconds = u64::try_from(passed.as_millis()).unwrap_or(u64::MAX);
        let bar = EDGES.partition_point(|edge| *edge <= milliseconds) - 1;
        self.bars.resize(EDGES.len(), 0);
        if let Some(count) = self.bars.get_mut(bar) {
            *count += 1;
        }
        self.stride = self.stride.max(1);
        if self.count % self.stride == 0 {
            if self.kept.len() == MOST_SAMPLES {
                let mut place = 0_usize;
                self.kept.retain(|_| {
                    place += 1;
                    place % 2 == 1
                });
                self.stride *= 2;
            }
            if self.count % self.stride == 0 {
                self.kept
                    .push(u32::try_from(milliseconds).unwrap_or(u32::MAX));
            }
        }
        self.count += 1;
    }

    /// From the first bar that counts any to the last.
    fn bars(&self) -> Vec<Bar> {
        let has_any = |count: &u64| *count > 0;
        let Some(first) = self.bars.iter().position(has_any) else {
            return Vec::new();
        };
        let last = self.bars.iter().rposition(has_any).unwrap_or(first);
        let at = |place: usize| EDGES.get(place).map(|edge| Duration::from_millis(*edge));
        let bars = self
            .bars
            .iter()
            .enumerate()
            .skip(first)
            .take(last + 1 - first);
        bars.map(|(place, count)| Bar {
            from: at(place).unwrap_or_default(),
            to: at(place + 1),
            count: *count,
        })
        .collect()
    }

    /// The narrowest time around which most of them lie.
    fn peak(&self) -> Option<Peak> {
        let mut kept = self.kept.clone();
        if kept.len() < LEAST {
            return None;
        }
        kept.sort_unstable();
        // A second, or a fiftieth of the time: so often timers are looked at.
        let end_of = |from: u32| from.saturating_add((from / 50).max(1000));
        let widths = kept.iter().enumerate().map(|(place, from)| {
            let behind = kept.partition_point(|sample| *sample <= end_of(*from));
            (behind - place, place)
        });
        let (count, place) =
            widths.max_by_key(|(count, place)| (*count, std::cmp::Reverse(*place)))?;
        let inside = kept.get(place..place + count)?;
        let middle = *inside.get(count / 2)?;
        // Most of them, and no chance: connections that end at once do so for another reason.
        if count < LEAST || count * 5 < kept.len() * 3 || middle < 4_500 {
            return None;
        }
        let spread = inside.iter().map(|sample| sample.abs_diff(middle)).max()?;
        // A clock without parts of a second is no more exact than one.
        let is_coarse = kept.iter().all(|sample| sample % 1000 == 0);
        let spread = if is_coarse { spread.max(1000) } else { spread };
        let share = count as f64 / kept.len() as f64;
        Some(Peak {
            at: Duration::from_millis(middle.into()),
            spread: Duration::from_millis(spread.into()),
            count: if self.stride == 1 {
                count as u64
            } else {
                (self.count as f64 * share) as u64
            },
            of: self.count,
            is_pause: false,
        })
    }
}
