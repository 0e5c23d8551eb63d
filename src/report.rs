//! The answer to a command before any drawing.
//!
//! `explain`, `compare` and `list` answer with a [`Report`]; `decode-frame`
//! streams, so its answer is drawn as it comes. Here also stands what an exit
//! status means.

use std::time::Duration;

use crate::codes::{self, Code, Layer, PointsTo, Range, Reconnect, SentBy};
use crate::field::Implementation;
use crate::field::table::Table;
use crate::field::timers::Matches;
use crate::registry::{Entry, Registries, Row, Use};
use crate::source::Source;
use crate::topic::Topic;
use crate::words::{named, say, spoken, translated, word};

/// What a run came to, as its exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Answered, and nothing is wrong: 0.
    Fine,
    /// Answered, and there are findings: 1.
    Findings,
    /// Could not answer: 2.
    NoAnswer,
}

impl Status {
    /// The exit status.
    pub fn code(self) -> u8 {
        match self {
            Status::Fine => 0,
            Status::Findings => 1,
            Status::NoAnswer => 2,
        }
    }
}

/// The answer to a command.
#[derive(Debug)]
pub enum Report {
    /// What each topic means.
    Explain(Vec<Explained>),
    /// How codes differ.
    Compare(Comparison),
    /// Topics, one line each.
    List(Vec<Topic>),
    /// What implementations do with each topic.
    Implementations(Vec<(Topic, Table)>),
    /// What makes a library show each number.
    ShownBy(Implementation, Vec<i32>),
    /// Which timers end a connection with each code after a time.
    After(Duration, Vec<(u16, Matches)>),
}

/// A topic, and who else uses its number.
#[derive(Debug)]
pub struct Explained {
    /// The topic.
    pub topic: Topic,
    /// The vendors that use the number; of a range, the vendors that have codes in it.
    pub used_by: Vec<Use>,
}

impl Explained {
    /// A topic with what the registries know of its number.
    pub fn of(topic: Topic, registries: Registries) -> Self {
        let used_by = match topic {
            Topic::Code(code) => registries.used_by(code.number),
            Topic::Number(number, _) => registries.used_by(number),
            Topic::Range(_, (from, to)) if from <= 4999 && 3000 <= to => registries
                .all()
                .filter(|registry| {
                    let lies_in = |row: &Row| row.from <= to && from <= row.to;
                    registry.rows.iter().any(lies_in)
                })
                .map(|registry| Use {
                    vendor: registry.vendor,
                    name: registry.title,
                    entry: None,
                })
                .collect(),
            Topic::Range(..)
            | Topic::Rule(_)
            | Topic::Entry(_)
            | Topic::Registry(_)
            | Topic::Implementation(_) => Vec::new(),
        };
        Explained { topic, used_by }
    }
}

/// How a client should meet a code of a registry, in a few English words, to be
/// [`translated`].
pub fn reconnect_words(reconnect: Reconnect) -> &'static str {
    match reconnect {
        Reconnect::Yes => word!("yes"),
        Reconnect::No => word!("not by itself: it would be closed again, or was meant to end"),
        Reconnect::Backoff => word!("after a random delay that grows"),
        Reconnect::AfterFix => word!("after the fix: before that it would be closed again"),
    }
}

/// How codes differ, how to tell them apart, and when to send which.
#[derive(Debug)]
pub struct Comparison {
    /// The codes, in the order given.
    pub topics: Vec<Topic>,
    /// The facts, those that differ and those that do not.
    pub facts: Vec<Fact>,
    /// How to tell apart the pairs that people confuse.
    pub pairs: Vec<TellApart>,
    /// What to look for, for each code that is in another pair too.
    pub signs: Vec<(String, String)>,
}

/// How to tell two of the codes apart.
#[derive(Debug)]
pub struct TellApart {
    /// What the two are called.
    pub ids: [String; 2],
    /// The sentences.
    pub lines: &'static [&'static str],
}

/// One fact about each of several codes.
#[derive(Debug)]
pub struct Fact {
    /// Its name in JSON.
    pub field: &'static str,
    /// Its English name in a table; `None` where a table says it with another fact.
    pub label: Option<&'static str>,
    /// A value for each code.
    pub values: Vec<FactValue>,
}

impl Fact {
    /// Whether people are told different things.
    pub fn reads_differently(&self) -> bool {
        self.values
            .windows(2)
            .any(|pair| pair[0].shown != pair[1].shown)
    }

    /// Whether it tells the codes apart.
    pub fn differs(&self) -> bool {
        self.values
            .windows(2)
            .any(|pair| pair[0].raw != pair[1].raw)
    }
}

/// The value of a fact, for programs and for people.
#[derive(Debug)]
pub struct FactValue {
    /// For programs, and to compare by.
    pub raw: RawValue,
    /// For people.
    pub shown: String,
}

/// The value of a fact for programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawValue {
    /// Yes or no.
    Bool(bool),
    /// A word that never changes.
    Word(&'static str),
    /// A text.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
    /// There is no value.
    None,
}

impl Comparison {
    /// Compares `topics`, which are codes, numbers or ranges.
    pub fn of(topics: Vec<Topic>) -> Self {
        type Row = (&'static str, Option<&'static str>, fn(&Facts) -> FactValue);
        let rows: [Row; 8] = [
            ("on_wire", Some(word!("on the wire")), |facts| FactValue {
                raw: RawValue::Bool(facts.on_wire),
                shown: facts.on_wire_shown.clone(),
            }),
            ("bytes", None, |facts| FactValue {
                raw: facts.bytes.clone().map_or(RawValue::None, RawValue::Text),
                shown: String::new(),
            }),
            ("sent_by", Some(word!("sent by")), |facts| FactValue {
                raw: RawValue::Word(facts.sent_by.id()),
                shown: facts.sent_by.to_string(),
            }),
            ("points_to", Some(word!("points to")), |facts| FactValue {
                raw: RawValue::Word(facts.points_to.id()),
                shown: facts.points_to.to_string(),
            }),
            ("reconnect", Some(word!("reconnect")), |facts| FactValue {
                raw: facts
                    .reconnect
                    .map_or(RawValue::None, |reconnect| RawValue::Word(reconnect.id())),
                shown: translated(facts.reconnect_shown).to_owned(),
            }),
            ("reconnect_how", None, |facts| FactValue {
                raw: RawValue::Word(translated(facts.reconnect_shown)),
                shown: String::new(),
            }),
            ("arises_in", Some(word!("arises in")), |facts| FactValue {
                raw: RawValue::Word(facts.arises_in.id()),
                shown: facts.arises_in.to_string(),
            }),
            ("source", Some(word!("source")), |facts| FactValue {
                raw: RawValue::Texts(facts.sources.iter().map(Source::to_string).collect()),
                shown: Source::join(facts.sources),
            }),
        ];
        let all: Vec<Facts> = topics.iter().filter_map(Facts::of).collect();
        let facts = rows
            .into_iter()
            .map(|(field, label, value)| Fact {
                field,
                label,
                values: all.iter().map(value).collect(),
            })
            .collect();
        let (pairs, signs) = tell_apart(&topics);
        Comparison {
            topics,
            facts,
            pairs,
            signs,
        }
    }

    /// When to send each of the codes.
    pub fn choices(&self) -> impl Iterator<Item = (&Topic, &'static str)> {
        self.topics
            .iter()
            .filter_map(|topic| Some((topic, topic.choose()?)))
    }
}

/// The facts of a code or a range in one shape.
struct Facts {
    on_wire: bool,
    on_wire_shown: String,
    bytes: Option<String>,
    sent_by: SentBy,
    points_to: PointsTo,
    reconnect: Option<Reconnect>,
    reconnect_shown: &'static str,
    arises_in: Layer,
    sources: &'static [Source],
}

impl Facts {
    /// `None` for a rule and for a registry.
    fn of(topic: &Topic) -> Option<Self> {
        match topic {
            Topic::Code(code) => Some(Facts::of_code(code)),
            Topic::Number(number, range) => {
                let [high, low] = number.to_be_bytes();
                Some(Facts {
                    bytes: Some(format!("{high:02x}{low:02x}")),
                    on_wire_shown: if range.on_wire {
                        say!(
                            "yes: {high} {low}",
                            high = format_args!("{high:02x}"),
                            low = format_args!("{low:02x}")
                        )
                    } else {
                        say!("no: a strict receiver answers with 1002")
                    },
                    ..Facts::of_range(range)
                })
            }
            Topic::Range(range, _) => Some(Facts::of_range(range)),
            Topic::Entry(entry) => Some(Facts::of_entry(entry)),
            Topic::Rule(_) | Topic::Registry(_) | Topic::Implementation(_) => None,
        }
    }

    fn of_entry(entry: &Entry) -> Self {
        let row = entry.row;
        let bytes = entry.number.map(|number| number.to_be_bytes());
        let on_wire = row.sent_by != SentBy::Nobody && codes::may_stand_in_close(row.from);
        Facts {
            on_wire,
            on_wire_shown: match bytes {
                _ if !on_wire => say!("never: the local library makes it up"),
                Some([high, low]) => say!(
                    "yes: {high} {low}",
                    high = format_args!("{high:02x}"),
                    low = format_args!("{low:02x}")
                ),
                None => say!("yes"),
            },
            bytes: bytes.map(|[high, low]| format!("{high:02x}{low:02x}")),
            sent_by: row.sent_by,
            points_to: PointsTo::Agreement,
            reconnect: Some(row.reconnect),
            reconnect_shown: reconnect_words(row.reconnect),
            arises_in: Layer::Application,
            sources: entry.registry.sources,
        }
    }

    fn of_code(code: &Code) -> Self {
        let [high, low] = code.bytes();
        Facts {
            on_wire: code.on_wire,
            on_wire_shown: match (code.on_wire, code.arises_in) {
                (true, _) => say!(
                    "yes: {high} {low}",
                    high = format_args!("{high:02x}"),
                    low = format_args!("{low:02x}")
                ),
                (false, _) if code.number == 1004 => say!("no: it is reserved"),
                (false, _) => say!("never: the local library makes it up"),
            },
            bytes: Some(format!("{high:02x}{low:02x}")),
            sent_by: code.sent_by,
            points_to: code.points_to,
            reconnect: Some(code.reconnect),
            reconnect_shown: code.phrases.reconnect,
            arises_in: code.arises_in,
            sources: code.sources,
        }
    }

    fn of_range(range: &Range) -> Self {
        Facts {
            on_wire: range.on_wire,
            on_wire_shown: translated(range.wire).to_owned(),
            bytes: None,
            sent_by: if range.on_wire {
                SentBy::Either
            } else {
                SentBy::Nobody
            },
            points_to: if range.on_wire {
                PointsTo::Agreement
            } else {
                PointsTo::Sender
            },
            reconnect: None,
            reconnect_shown: if range.on_wire {
                word!("as the service documents it")
            } else {
                word!("after the fix: the sender must choose another code")
            },
            arises_in: Layer::Application,
            sources: range.sources,
        }
    }
}

/// What is known of the pairs that people confuse, and for every code that is in another pair
/// what to look for: each is said once, however many codes there are.
fn tell_apart(topics: &[Topic]) -> (Vec<TellApart>, Vec<(String, String)>) {
    let mut pairs: Vec<TellApart> = Vec::new();
    let mut is_alone = vec![false; topics.len()];
    for (index, one) in topics.iter().enumerate() {
        for (other_index, other) in topics.iter().enumerate().skip(index + 1) {
            if let Some(pair) = same_number(one, other) {
                pairs.push(pair);
            }
            let (Some(first), Some(second)) = (number_of(one), number_of(other)) else {
                continue;
            };
            match codes::tell_apart(first, second) {
                Some(lines) if pairs.iter().any(|pair| pair.lines == lines) => {}
                Some(lines) => pairs.push(TellApart {
                    ids: [one.id(), other.id()],
                    lines,
                }),
                None => {
                    is_alone[index] = true;
                    is_alone[other_index] = true;
                }
            }
        }
    }
    let mut signs = Vec::new();
    for (topic, is_alone) in topics.iter().zip(is_alone) {
        if let Topic::Entry(entry) = topic {
            let title = entry.registry.title;
            signs.push((topic.id(), named(title, entry.row.words.meaning)));
            continue;
        }
        // How a number came about says more than its range.
        let accident = match topic {
            Topic::Number(number, _) => {
                codes::accident(*number).map(|found| found.explain(*number))
            }
            _ => None,
        };
        let sign = match (accident, topic.look_for()) {
            (Some(explained), _) => Some(explained),
            (None, Some(look_for)) if is_alone => Some(translated(look_for).to_owned()),
            _ => None,
        };
        signs.extend(sign.map(|sign| (topic.id(), sign + spoken().full_stop())));
    }
    (pairs, signs)
}

/// That two codes are one number, at different vendors or at a vendor and in general.
fn same_number(one: &Topic, other: &Topic) -> Option<TellApart> {
    let number = |topic: &Topic| match topic {
        Topic::Entry(entry) => entry.number,
        other => number_of(other),
    };
    let is_entry = [one, other]
        .iter()
        .any(|topic| matches!(topic, Topic::Entry(_)));
    (is_entry && number(one).is_some() && number(one) == number(other)).then(|| TellApart {
        ids: [one.id(), other.id()],
        lines: &[
            word!("The bytes are the same: only the service at the other end tells which is meant, and often the reason."),
        ],
    })
}

/// The number that stands for a topic in a comparison; of a vendor's codes there is nothing to
/// say but what the vendor says.
fn number_of(topic: &Topic) -> Option<u16> {
    match topic {
        Topic::Code(code) => Some(code.number),
        Topic::Number(number, _) => Some(*number),
        // A number of the range that has no row of its own.
        Topic::Range(range, _) => {
            (range.from..=range.to).find(|number| codes::lookup(*number).is_none())
        }
        Topic::Rule(_) | Topic::Entry(_) | Topic::Registry(_) | Topic::Implementation(_) => None,
    }
}
