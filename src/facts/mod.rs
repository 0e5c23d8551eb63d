//! What is known: one row for each fact, in a data file beside this one.
//!
//! - [`codes`]: close codes, their ranges, the pairs that people confuse, numbers that are no code.
//! - [`causes`]: why a connection ends or never is, and what an HTTP status says about an upgrade.
//! - [`rules`]: what is said of each rule that frames can break; the checks are in [`rules`](crate::rules).
//! - [`field`]: what real implementations do, their timers, and the reasons that give them away.
//! - [`intermediaries`]: proxies, load balancers and hosting services, and what has to be set there.
//! - [`registry`]: application codes, the vendors' and the user's own, in one form of file.
//! - [`protocols`]: protocols inside WebSocket, and what their messages say of the end.
//! - [`lines`]: the lines that programs print, and whose they are.
//! - [`vocabulary`]: the words by which the lines of other programs are read.
//! - [`names`]: how names are compared. [`source`]: where each of these comes from.
//!
//! `build.rs` turns the files into typed statics, which are used where they lie: nothing is read or
//! built when the program starts. `README.md` beside the files explains their keys.
//!
//! ```
//! use wsclose::facts::causes::Cause;
//! use wsclose::facts::codes::lookup;
//!
//! let code = lookup(1006).unwrap();
//! assert_eq!(code.name, "Abnormal Closure");
//! assert!(!code.words.advice.is_empty());
//! assert_eq!(Cause::IdleTimeout.row().id, "idle-timeout");
//! ```

pub mod causes;
pub mod codes;
pub mod field;
pub mod intermediaries;
pub mod lines;
pub mod names;
pub mod protocols;
pub mod registry;
pub mod rules;
pub mod source;
pub mod vocabulary;

pub(crate) use rows::advice;

/// The rows that `build.rs` makes of the TOML files.
mod rows {
    use super::causes::{CauseRow, Status};
    use super::codes::{Code, Layer, Pair, Phrases, PointsTo, Range, Reconnect, SentBy, Situation};
    use super::field::{Section, Trial};
    use super::intermediaries::Intermediary;
    use super::lines::{Answer, Event, Producer, ProducerRole, Shape, Way};
    use super::protocols::{
        By as Whose, Layout, Limit, Protocol, Role, Shown, Sign, Since, Telling, Timer, Together,
        Unread,
    };
    use super::registry::{Owner, Registered, Registry, WithoutCodes};
    use super::rules::RuleFacts;
    use super::source::Source;
    use super::vocabulary::{About, By, Kind, Means, Space, Word};
    use crate::words::{Advice, Setting, Text, When, Words};

    include!(concat!(env!("OUT_DIR"), "/rows.rs"));
}
