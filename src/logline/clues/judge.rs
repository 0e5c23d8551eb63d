//! What the clues of a text come to.
//!
//! A code beats a sentence. A reason is the other end's words about this end's data, so what it names is
//! nobody's error here. Of several causes the one that comes first in time counts, and the others are
//! its consequences. What the clues do not tell is left open.

mod closes;
mod order;
mod reason;

use std::time::Duration;

use super::letters::Found;
use super::{Clue, Evidence, evidence};
use crate::facts::causes::Cause;
use crate::facts::codes;
use crate::facts::lines::{Answer, Event, Producer, Way};
use crate::facts::vocabulary::{About, By, Kind, Means, Word};
use crate::frame::Sender;
use crate::logline::{ReadBy, Reading};
use closes::{Close, closes};
use order::{GENERAL_FAULT, rank, without_consequences};

/// How many sentences beside the main one are said of other clues.
const MOST_FURTHER: usize = 2;
/// Reads a text by its clues; `None` where it has none that says anything about a connection.
pub(in crate::logline) fn judge(text: &str) -> Option<Reading> {
    let evidence = evidence(text);
    let judgement = Judgement::of(&evidence)?;
    Some(judgement.reading())
}

/// Reads a text by its clues, and tells what it is about.
#[cfg(feature = "logs")]
pub(in crate::logline) fn judge_in_context(text: &str) -> (Option<Reading>, super::Context) {
    let evidence = evidence(text);
    let reading = Judgement::of(&evidence).map(|judgement| judgement.reading());
    (reading, super::Context::of(&evidence))
}

/// What is made of the clues.
struct Judgement<'e, 't> {
    evidence: &'e Evidence<'t>,
    closes: Vec<Close>,
    /// What happened, beside the closes: the first counts.
    causes: Vec<Clue>,
    /// What the words of a reason are about.
    about: Option<&'static Word>,
}

impl<'e, 't> Judgement<'e, 't> {
    fn of(evidence: &'e Evidence<'t>) -> Option<Self> {
        let closes = closes(evidence);
        let is_quoted = |clue: &Clue| {
            // What an API says with a code that it made up is this end's own.
            let quoting = closes
                .iter()
                .filter(|close| !codes::is_made_up(close.clue.code));
            let is_system = clue.kind == Kind::OsError;
            quoting
                .filter(|close| close.by != Some(By::Local))
                // No other end speaks of the end of TCP in a Close: a library made that one up.
                .filter(|close| close.by.is_some() || !is_system)
                .any(|close| clue.lies_in(close.reason_span))
        };
        let is_cause = |clue: &&Clue| match clue.word.map(|word| word.means) {
            Some(Means::Cause(_) | Means::Rule(_)) => !is_quoted(clue),
            _ => false,
        };
        let mut causes: Vec<Clue> = evidence.clues.iter().filter(is_cause).copied().collect();
        causes.sort_by_key(|clue| (rank(clue), clue.at));
        // What every fault is called says nothing beside what says which, nor beside another code that came.
        let says_more = causes
            .first()
            .is_some_and(|first| rank(first) < GENERAL_FAULT);
        let has_code = closes.iter().any(|close| {
            let code = close.clue.code;
            !codes::is_made_up(code) && code != 1002
        });
        if says_more || has_code {
            causes.retain(|clue| rank(clue) != GENERAL_FAULT || clue.kind != Kind::Fault);
        }
        causes = without_consequences(causes, evidence);
        let about = about(evidence, &closes);
        // Words that say what happened are not what a reason is about.
        let about = about.filter(|word| {
            let clues = evidence.clues.iter();
            let mut of_reason =
                clues.filter(|clue| clue.word.is_some_and(|known| std::ptr::eq(known, *word)));
            !of_reason.any(|reason| {
                let lies_in = |cause: &Clue| cause.at <= reason.at && reason.end() <= cause.end();
                closes.is_empty() && reason.kind == Kind::Reason && causes.iter().any(lies_in)
            })
        });
        let has_status = evidence.status.is_some_and(|(status, _)| status != 101);
        let says_something =
            !closes.is_empty() || !causes.is_empty() || has_status || evidence.refused.is_some();
        // The numbers and words of another system are none of a WebSocket.
        let is_elsewhere = is_elsewhere(evidence, &causes) && !evidence.names_websocket();
        let is_sure = closes.iter().any(|close| close.clue.is_explicit);
        (says_something && (!is_elsewhere || is_sure)).then_some(Judgement {
            evidence,
            closes,
            causes,
            about,
        })
    }

    fn reading(&self) -> Reading {
        let mut closes = self.closes.iter();
        let first = closes.next();
        let main = self.causes.first();
        let (event, word) = match (first, self.evidence.refused, self.evidence.status, main) {
            (Some(close), ..) => {
                let way = close.reported.way;
                (
                    Event::Close {
                        way,
                        answer: Answer::Untold,
                    },
                    self.made_up_of(close),
                )
            }
            (None, Some(_), ..) => (fault("close-code-not-allowed"), None),
            (None, None, Some((status, _)), _) if status != 101 => {
                let cause = match main.and_then(cause_of) {
                    // The status is said whatever else is; these say more than it does.
                    Some(cause @ (Cause::UpstreamClosedEarly | Cause::RefusedBeforeAccept)) => {
                        cause
                    }
                    // What the proxy saw of the server behind it.
                    Some(Cause::Reset | Cause::PeerGone) if self.is_of_a_proxy() => {
                        Cause::UpstreamClosedEarly
                    }
                    _ => Cause::UpgradeRefused,
                };
                let word = main.filter(|clue| cause_of(clue) == Some(cause));
                (
                    Event::Cause {
                        cause,
                        shows: self.shows(),
                    },
                    word.and_then(|clue| clue.word),
                )
            }
            (.., Some(clue)) => match clue.word.map(|word| word.means) {
                Some(Means::Rule(rule)) => (fault(rule), clue.word),
                _ => {
                    let cause = cause_of(clue).unwrap_or(Cause::ClosedUntold);
                    // The answer was 101, and refused all the same.
                    let is_101 = self
                        .evidence
                        .status
                        .is_some_and(|(status, _)| status == 101);
                    match cause {
                        Cause::UpgradeRefused if is_101 => (
                            Event::Cause {
                                cause: Cause::UpgradeInvalid,
                                shows: self.shows(),
                            },
                            None,
                        ),
                        cause => (
                            Event::Cause {
                                cause,
                                shows: self.shows(),
                            },
                            clue.word,
                        ),
                    }
                }
            },
            (.., None) => (
                Event::Cause {
                    cause: Cause::ClosedUntold,
                    shows: None,
                },
                None,
            ),
        };
        let mut further = self.further(word, event);
        // What a reason is about is said with it, and once.
        let is_about = |word: &&Word| self.about.is_some_and(|about| std::ptr::eq(about, *word));
        further.retain(|word| !is_about(word));
        Reading {
            producer: self.producer(),
            close: first.map(|close| close.reported.clone()),
            others: closes.map(|close| close.reported.clone()).collect(),
            status: self.status(),
            refused: self.evidence.refused.map(|(code, _)| code),
            word,
            further,
            about: self.about,
            lasted: self.lasted().map(|(lasted, _)| lasted),
            opened: super::opened::opened(self.evidence),
            named: self.named(),
            sender: self.sender(),
            names_websocket: self.evidence.names_websocket(),
            weight: first.map_or(0, |close| close.clue.weight),
            clues: self.clues(),
            ..Reading::saying(ReadBy::Clues, event)
        }
    }

    /// What a library made the code and the reason of, where the text does not say that they came: a reason that
    /// is nothing but its words for the end of TCP. `1000` and `1001` are what libraries take for that.
    fn made_up_of(&self, close: &Close) -> Option<&'static Word> {
        let is_candidate = close.by.is_none() && matches!(close.clue.code, 1000 | 1001);
        let (from, to) = close.reason_span;
        let mut causes = self.causes.iter().filter(|_| is_candidate);
        let clue = causes.find(|clue| {
            let is_end = clue.kind == Kind::OsError && cause_of(clue) == Some(Cause::PeerGone);
            let (before, behind) = (clue.at.wrapping_sub(from), to.wrapping_sub(clue.end()));
            let is_whole = before <= 1 && clue.end() <= to && (behind <= 1 || self.ends_line(clue));
            is_end && clue.at >= from && is_whole
        });
        clue?.word
    }

    /// Whether nothing but other members (`wasClean:0`) stands behind a clue.
    fn ends_line(&self, clue: &Clue) -> bool {
        let text = self.evidence.letters.text;
        let behind = text.get(clue.end()..).unwrap_or_default();
        let line = behind.split('\n').next().unwrap_or_default();
        line.split_whitespace()
            .all(|word| word.contains([':', '=']) || !word.contains(char::is_alphanumeric))
    }

    /// How long something had lasted. What a ping waited for is a limit, and no life of a connection.
    fn lasted(&self) -> Option<(Duration, Clue)> {
        let mut causes = self.causes.iter().filter_map(cause_of);
        let is_limit =
            causes.any(|cause| matches!(cause, Cause::KeepaliveTimeout | Cause::HandshakeTimeout));
        self.evidence.lasted.filter(|_| !is_limit)
    }

    /// Whether a proxy tells why it answered in a server's place.
    fn is_of_a_proxy(&self) -> bool {
        let mut found = self.evidence.found.iter();
        found.any(|found| found.word.id == "answered-by-the-proxy")
    }

    /// The status that came; of 101 only where the text says that something was wrong with it.
    fn status(&self) -> Option<u16> {
        let (status, _) = self.evidence.status?;
        let is_refused = self.causes.iter().filter_map(cause_of).any(|cause| {
            matches!(
                cause,
                Cause::UpgradeRefused | Cause::UpgradeInvalid | Cause::HandshakeFailed
            )
        });
        (status != 101 || is_refused).then_some(status)
    }

    /// The code that the writer's API shows where no code stands: a browser's is always 1006.
    fn shows(&self) -> Option<u16> {
        let is_browser = |producer: &Producer| {
            matches!(producer.id, "browser" | "firefox" | "chromium" | "safari")
        };
        self.producer()
            .filter(|producer| is_browser(producer))
            .map(|_| 1006)
    }

    /// What else happened, in other words than the main ones.
    fn further(&self, word: Option<&'static Word>, event: Event) -> Vec<&'static Word> {
        let mut said: Vec<Cause> = Vec::new();
        match event {
            Event::Cause { cause, .. } => said.push(cause),
            // What the number says already.
            Event::Close { .. } => match self.closes.first().map(|close| close.clue.code) {
                Some(1006) => said.extend([Cause::PeerGone, Cause::Reset]),
                Some(1015) => said.push(Cause::TlsFailed),
                // Where a Close came, none is missing.
                _ => {
                    let first = self.closes.first();
                    if first.is_some_and(|close| self.has_come(close)) {
                        said.extend([Cause::PeerGone, Cause::Reset]);
                    }
                }
            },
            Event::Fault { .. } => said.push(Cause::Violation),
        }
        said.extend([
            Cause::ClosedUntold,
            Cause::ErrorUntold,
            Cause::EndedNormally,
        ]);
        // Who uses a connection before it is open does not use it after its end.
        if word.is_some_and(|word| matches!(word.means, Means::Cause(Cause::UsedBeforeOpen))) {
            said.push(Cause::UsedAfterClose);
        }
        let was_open = match event {
            Event::Close { .. } => self
                .closes
                .first()
                .is_none_or(|close| !matches!(close.clue.code, 1006 | 1015)),
            Event::Fault { .. } => true,
            Event::Cause { cause, .. } => matches!(
                cause,
                Cause::Violation | Cause::InvalidFrameHeader | Cause::KeepaliveTimeout
            ),
        };
        let mut has_handshake = word.is_some_and(|word| word.kind == Kind::Handshake);
        let mut further: Vec<&'static Word> = Vec::new();
        for clue in &self.causes {
            let Some(known) = clue.word else { continue };
            let is_new = match known.means {
                // That it never opened is said once, and not where a code or a fault shows that it was open.
                Means::Cause(_) if known.kind == Kind::Handshake => !was_open && !has_handshake,
                // That a program went on after the end is no cause of a code.
                Means::Cause(Cause::UsedAfterClose) => {
                    !matches!(event, Event::Close { .. }) && !said.contains(&Cause::UsedAfterClose)
                }
                Means::Cause(cause) => !said.contains(&cause),
                // A fault in a text with a code is of that code.
                Means::Rule(_) => !matches!(event, Event::Fault { .. }),
                _ => false,
            };
            let is_main = word.is_some_and(|word| std::ptr::eq(word, known));
            if is_new && !is_main && further.len() < MOST_FURTHER {
                said.extend(cause_of(clue));
                has_handshake |= known.kind == Kind::Handshake;
                further.push(known);
            }
        }
        further
    }

    /// Whether a Close came from the other end: no library made up its code, or words for an end without one.
    fn has_come(&self, close: &Close) -> bool {
        let is_of_wire = matches!(close.clue.code, 1000..=1003 | 1007..=1014 | 3000..=4999);
        let mut causes = self.causes.iter();
        is_of_wire
            && close.reported.way != Way::Sent
            && !causes.any(|clue| {
                let is_end = matches!(cause_of(clue), Some(Cause::PeerGone | Cause::Reset));
                is_end && clue.lies_in(close.reason_span)
            })
    }

    fn producer(&self) -> Option<&'static Producer> {
        let producers = self
            .evidence
            .clues
            .iter()
            .filter_map(|clue| match clue.word?.means {
                Means::Producer(producer) => Some(producer),
                _ => None,
            });
        // A library says more than the application whose log it is in.
        let has_page = |producer: &&Producer| producer.implementation().is_some();
        let mut all = producers.clone();
        producers.clone().find(has_page).or_else(|| all.next())
    }

    /// The vendors that the text names.
    fn named(&self) -> Vec<&'static str> {
        let mut named = Vec::new();
        for clue in &self.evidence.clues {
            if let Some(Means::Vendor(vendor)) = clue.word.map(|word| word.means) {
                if !named.contains(&vendor) {
                    named.push(vendor);
                }
            }
        }
        named
    }

    /// Which end closed, where the text says client or server.
    fn sender(&self) -> Option<Sender> {
        match self.closes.first()?.by? {
            By::Client => Some(Sender::Client),
            By::Server => Some(Sender::Server),
            By::Other | By::Local => None,
        }
    }

    /// The clues, with the numbers among them.
    fn clues(&self) -> Vec<Clue> {
        let mut clues: Vec<Clue> = self.evidence.clues.clone();
        // What only says that something closed is a clue where there is no other.
        if self.closes.iter().any(|_| true) {
            clues.retain(|clue| {
                let cause = cause_of(clue);
                !matches!(cause, Some(Cause::ClosedUntold | Cause::ErrorUntold))
            });
        }
        let is_reason = |clue: &Clue| {
            clue.kind != Kind::Reason
                || self
                    .closes
                    .iter()
                    .any(|close| clue.lies_in(close.reason_span))
        };
        clues.retain(is_reason);
        for close in &self.closes {
            clues.push(Clue {
                kind: Kind::Code,
                at: close.clue.at,
                length: close.clue.end - close.clue.at,
                word: None,
            });
            let (from, to) = close.reason_span;
            if to > from
                && !clues
                    .iter()
                    .any(|clue| clue.kind == Kind::Reason && clue.lies_in((from, to)))
            {
                clues.push(Clue {
                    kind: Kind::Reason,
                    at: from,
                    length: to - from,
                    word: None,
                });
            }
        }
        let numbers = [
            self.evidence.status.map(|(_, clue)| clue),
            self.evidence.refused.map(|(_, clue)| clue),
            self.lasted().map(|(_, clue)| clue),
        ];
        clues.extend(numbers.into_iter().flatten());
        clues.sort_by_key(|clue| (clue.at, clue.length));
        clues
    }
}

fn fault(rule: &'static str) -> Event {
    Event::Fault {
        rule,
        sends: None,
        shows: None,
    }
}

fn cause_of(clue: &Clue) -> Option<Cause> {
    match clue.word?.means {
        Means::Cause(cause) => Some(cause),
        _ => None,
    }
}

/// Whether the text is another system's. The words of a protocol that answered in place of HTTP, which a
/// library quotes, do not make it one.
fn is_elsewhere(evidence: &Evidence<'_>, causes: &[Clue]) -> bool {
    let is_foreign = |clue: &&Clue| clue.word.is_some_and(|word| word.id == "not-http");
    let quoted = causes.iter().find(is_foreign).map(Clue::end);
    let is_told = |found: &Found| {
        let is_elsewhere = matches!(found.word.means, Means::About(About::Elsewhere));
        is_elsewhere && quoted.is_none_or(|quoted| found.at < quoted)
    };
    evidence.is_about(About::Elsewhere) && evidence.found.iter().any(is_told)
}

/// What the words of the reason are about: of the first close, or of a message that gives one.
fn about(evidence: &Evidence<'_>, closes: &[Close]) -> Option<&'static Word> {
    let of_kind = |clue: &&Clue, kind: Kind| {
        let has_sentence =
            |word: &Word| word.sentence.is_some() || matches!(word.means, Means::Rule(_));
        clue.kind == kind && clue.word.is_some_and(has_sentence)
    };
    let Some(first) = closes.first() else {
        // What a Close would have said that was not sent.
        if evidence.clues.iter().any(closes::is_not_sent) {
            return None;
        }
        let text = evidence.letters.text.to_ascii_lowercase();
        let reason = text.find("reason")?;
        let is_behind = |clue: &&Clue| clue.at > reason && clue.at - reason < 80;
        let mut found = evidence
            .clues
            .iter()
            .filter(|clue| of_kind(clue, Kind::Reason));
        return found.find(is_behind)?.word;
    };
    if codes::is_made_up(first.clue.code) || first.is_only_named() {
        return None;
    }
    let inside = |kind: Kind| {
        let clues = evidence
            .clues
            .iter()
            .filter(move |clue| of_kind(clue, kind));
        // This end's own words are no news to it, but for those that tell of both ends.
        let is_told = |clue: &&Clue| {
            let word = clue.word.filter(|word| word.as_reason.is_some());
            first.by != Some(By::Local) || word.is_some()
        };
        let mut told = clues.filter(is_told);
        told.find(|clue| clue.lies_in(first.reason_span))
    };
    let kinds = [Kind::Timer, Kind::Fault, Kind::Reason];
    kinds.into_iter().find_map(inside)?.word
}
