//! What stands between the two ends, and what has to be set there so that a WebSocket passes and stays.
//!
//! Most connections that never open, or end after a minute, owe it to a proxy or load balancer on the way.
//!
//! ```
//! use wsclose::facts::intermediaries::find;
//!
//! let nginx = find("nginx").unwrap();
//! println!("{}", nginx.config.join("\n"));
//! assert!(nginx.config.iter().any(|line| line.contains("Upgrade")));
//! assert!(nginx.its_timers().any(|timer| timer.seconds == 60));
//! ```

use super::field::timers::{Timer, timers};
use super::field::{self, Implementation};
use super::lines::{SHAPES, Shape};
use super::names::{is, key};
use super::source::Source;
use crate::words::{Setting, Text};

pub use super::rows::INTERMEDIARIES;

/// A proxy, a load balancer or a hosting service.
#[derive(Debug)]
pub struct Intermediary {
    /// What one types to get it: `alb`.
    pub id: &'static str,
    /// Its name.
    pub title: &'static str,
    /// Other names by which it is found.
    pub also: &'static [&'static str],
    /// The id of the implementation that was measured, where one was.
    pub page: Option<&'static str>,
    /// How the owner of its timers begins.
    pub timers: &'static [&'static str],
    /// Whether an upgrade passes by itself.
    pub passes: Text,
    /// What is seen where an upgrade does not pass.
    pub refuses: Option<Text>,
    /// What to write, line by line.
    pub config: &'static [&'static str],
    /// What lets an upgrade through, in one line; `None` where it takes more, or nothing.
    pub upgrade: Option<&'static str>,
    /// What allows a longer silence, in one line; `None` where nothing does, or nothing is needed.
    pub idle: Option<&'static str>,
    /// Whether an upgrade passes with nothing set.
    pub is_open: bool,
    /// Where that is known from.
    pub source: Source,
}

impl Intermediary {
    /// All its names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        let also = self.also.iter().copied();
        [self.id, self.title].into_iter().chain(also)
    }

    /// Its timers, the shortest first.
    pub fn its_timers(&self) -> impl Iterator<Item = &'static Timer> {
        let known = self.timers;
        timers().filter(move |timer| {
            let who = timer.who.english();
            known.iter().any(|known| who.starts_with(known))
        })
    }

    /// The lines of its log that are known.
    pub fn log_lines(&self) -> impl Iterator<Item = &'static Shape> {
        let ids = [Some(self.id), self.page];
        SHAPES
            .iter()
            .filter(move |shape| ids.contains(&Some(shape.producer.id)))
    }

    /// What was measured of it.
    pub fn implementation(&self) -> Option<Implementation> {
        self.page.and_then(field::find)
    }
}

/// What each intermediary that has such a setting is to be told, in one line.
pub fn settings(of: Setting) -> impl Iterator<Item = (&'static Intermediary, &'static str)> {
    INTERMEDIARIES.iter().filter_map(move |it| {
        let line = match of {
            Setting::Upgrade => it.upgrade,
            Setting::Idle => it.idle,
        };
        Some((it, line?))
    })
}

/// Those that pass an upgrade on with nothing set.
pub fn open() -> impl Iterator<Item = &'static Intermediary> {
    INTERMEDIARIES.iter().filter(|it| it.is_open)
}

/// The intermediary of this name.
pub fn find(name: &str) -> Option<&'static Intermediary> {
    let name = key(name);
    let is_it = |known: &str| is(known, &name);
    INTERMEDIARIES
        .iter()
        .find(|row| !name.is_empty() && row.names().any(is_it))
}
