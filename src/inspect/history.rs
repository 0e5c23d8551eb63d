//! The few facts about what an end has sent that a Close of the other may need.

use crate::frame::Opcode;
use crate::rules::{Finding, RSV1};
use crate::words::Value;

/// A message that has been seen, or one still open, as a later Close may point to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeenMessage {
    /// Text or binary.
    pub opcode: Opcode,
    /// The offset of its first frame.
    pub at: u64,
    /// Its bytes, as announced by its headers so far.
    pub length: u64,
}

/// The few facts about what an end has sent that a Close of the other may need.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct History {
    /// The frames it has sent.
    pub frames: u64,
    /// The findings that a strict receiver would close for: the first and the last of each rule.
    pub faults: Vec<Fault>,
    /// The largest message.
    pub largest: Option<SeenMessage>,
    /// The last message.
    pub last: Option<SeenMessage>,
}

/// A rule that an end broke, once or more often.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Fault {
    /// Where it was broken first.
    pub first: Finding,
    /// Where it was broken last.
    pub last: Finding,
    /// How often.
    pub count: u64,
}

impl History {
    /// What an end has sent that has sent nothing.
    pub(crate) const fn empty() -> Self {
        History {
            frames: 0,
            faults: Vec::new(),
            largest: None,
            last: None,
        }
    }

    /// Whether it sent what looks compressed to somebody who was not told of compression.
    pub(crate) fn has_compressed(&self) -> bool {
        let mut faults = self.faults.iter();
        faults.any(|fault| fault.first.value("bits") == Some(&Value::Text(RSV1)))
    }

    pub(super) fn note(&mut self, finding: &Finding) {
        if finding.rule.closes_with.is_none() {
            return;
        }
        let mut faults = self.faults.iter_mut();
        match faults.find(|fault| fault.last.rule.id == finding.rule.id) {
            Some(fault) => {
                fault.last = finding.clone();
                fault.count += 1;
            }
            None => self.faults.push(Fault {
                first: finding.clone(),
                last: finding.clone(),
                count: 1,
            }),
        }
    }

    pub(super) fn see(&mut self, message: SeenMessage) {
        self.last = Some(message);
        if self
            .largest
            .is_none_or(|largest| message.length > largest.length)
        {
            self.largest = Some(message);
        }
    }
}
