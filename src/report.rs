//! The answer to a command before any drawing.
//!
//! `explain`, `compare` and `list` answer with a [`Report`]; `decode-frame`
//! streams, so its answer is drawn as it comes. Here also stands what an exit
//! status means.
//!
//! ```
//! use wsclose::facts::registry::Registries;
//! use wsclose::report::Explained;
//! use wsclose::topic::Topic;
//!
//! let explained = Explained::of(Topic::of_number(4014), Registries::default());
//! assert!(explained.used_by.iter().any(|user| user.vendor == "discord-gateway"));
//! ```

use std::time::Duration;

use crate::explain::Narrowed;
use crate::facts::codes::{self, Code, Layer, PointsTo, Range, Reconnect, SentBy};
use crate::facts::field::Implementation;
use crate::facts::field::table::Table;
use crate::facts::field::timers::Matches;
use crate::facts::registry::{Entry, Registered, Registries};
use crate::facts::source::Source;
use crate::topic::Topic;
use crate::words::{Message, Text, Value, named, say, text};

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
#[non_exhaustive]
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
    /// The causes of each code that facts leave.
    Narrowed(Vec<Narrowed>),
}

/// A topic, and who else uses its number.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Explained {
    /// The topic.
    pub topic: Topic,
    /// The vendors that use the number; of a range, the vendors that have codes in it.
    pub used_by: Vec<User>,
}

/// A vendor that uses a number, or has codes in a range.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct User {
    /// The vendor.
    pub vendor: &'static str,
    /// What the vendor calls the number; of a range, the vendor's own name.
    pub name: &'static str,
    /// What it says in full, where the number is an application's.
    pub entry: Option<Entry>,
}

impl Explained {
    /// A topic with what the registries know of its number.
    pub fn of(topic: Topic, registries: Registries) -> Self {
        let used_by = match topic {
            Topic::Code(code) => users(code.number, registries),
            Topic::Number(number, _) => users(number, registries),
            Topic::Range(_, (from, to)) if from <= 4999 && 3000 <= to => registries
                .all()
                .filter(|registry| {
                    let lies_in = |row: &Registered| row.from <= to && from <= row.to;
                    registry.rows.iter().any(lies_in)
                })
                .map(|registry| User {
                    vendor: registry.vendor,
                    name: registry.title,
                    entry: None,
                })
                .collect(),
            Topic::Range(..)
            | Topic::Rule(_)
            | Topic::Entry(_)
            | Topic::Registry(_)
            | Topic::Implementation(_)
            | Topic::Cause(_)
            | Topic::Intermediary(_)
            | Topic::Protocol(_) => Vec::new(),
        };
        Explained { topic, used_by }
    }
}

fn users(number: u16, registries: Registries) -> Vec<User> {
    let uses = registries.used_by(number).into_iter();
    uses.map(|entry| User {
        vendor: entry.registry.vendor,
        name: entry.row.name,
        // Of a protocol code the general meaning is mostly meant.
        entry: (3000..=4999).contains(&number).then_some(entry),
    })
    .collect()
}

/// How a client should meet a code of a registry, in a few words.
pub fn reconnect_words(reconnect: Reconnect) -> Text {
    match reconnect {
        Reconnect::Yes => text!(word.yes),
        Reconnect::No => text!(reconnect.no),
        Reconnect::Backoff => text!(reconnect.backoff),
        Reconnect::AfterFix => text!(reconnect.after_fix),
    }
}

/// How codes differ, how to tell them apart, and when to send which.
#[derive(Debug)]
#[non_exhaustive]
pub struct Comparison {
    /// The codes, in the order given.
    pub topics: Vec<Topic>,
    /// The facts, those that differ and those that do not.
    pub facts: Vec<Fact>,
    /// How to tell apart the pairs that people confuse.
    pub pairs: Vec<TellApart>,
    /// What to look for, for each code that is in another pair too.
    pub signs: Vec<(String, Message)>,
    /// Whether only the facts are asked for.
    pub is_short: bool,
}

/// How to tell two of the codes apart.
#[derive(Debug)]
pub struct TellApart {
    /// What the two are called.
    pub ids: [String; 2],
    /// The sentences.
    pub lines: &'static [Text],
}

/// One fact about each of several codes.
#[derive(Debug)]
pub struct Fact {
    /// Its name in JSON.
    pub field: &'static str,
    /// Its name in a table; `None` where a table says it with another fact.
    pub label: Option<Text>,
    /// A value for each code.
    pub values: Vec<FactValue>,
}

impl Fact {
    /// Whether people are told different things.
    pub fn reads_differently(&self) -> bool {
        // Texts of several rows may be the same words.
        let said: Vec<String> = self
            .values
            .iter()
            .map(|value| value.words.to_string())
            .collect();
        said.windows(2).any(|pair| pair[0] != pair[1])
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
    pub words: Message,
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
    /// A sentence.
    Said(Text),
    /// Several texts.
    Texts(Vec<String>),
    /// There is no value.
    None,
}

impl Comparison {
    /// Compares `topics`, which are codes, numbers or ranges.
    pub fn of(topics: Vec<Topic>) -> Self {
        type Row = (&'static str, Option<Text>, fn(&Facts) -> FactValue);
        let rows: [Row; 8] = [
            ("on_wire", Some(text!(fact.on_wire)), |facts| FactValue {
                raw: RawValue::Bool(facts.on_wire),
                words: facts.on_wire_words.clone(),
            }),
            ("bytes", None, |facts| FactValue {
                raw: facts.bytes.clone().map_or(RawValue::None, RawValue::Text),
                words: Text::Given("").into(),
            }),
            ("sent_by", Some(text!(fact.sent_by)), |facts| FactValue {
                raw: RawValue::Word(facts.sent_by.id()),
                words: facts.sent_by.words().into(),
            }),
            ("points_to", Some(text!(fact.points_to)), |facts| {
                FactValue {
                    raw: RawValue::Word(facts.points_to.id()),
                    words: facts.points_to.words().into(),
                }
            }),
            ("reconnect", Some(text!(fact.reconnect)), |facts| {
                FactValue {
                    raw: facts
                        .reconnect
                        .map_or(RawValue::None, |reconnect| RawValue::Word(reconnect.id())),
                    words: facts.reconnect_words.into(),
                }
            }),
            ("reconnect_how", None, |facts| FactValue {
                raw: RawValue::Said(facts.reconnect_words),
                words: Text::Given("").into(),
            }),
            ("arises_in", Some(text!(fact.arises_in)), |facts| {
                FactValue {
                    raw: RawValue::Word(facts.arises_in.id()),
                    words: facts.arises_in.words().into(),
                }
            }),
            ("source", Some(text!(fact.source)), |facts| FactValue {
                raw: RawValue::Texts(facts.sources.iter().map(Source::to_string).collect()),
                words: Source::join(facts.sources),
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
            is_short: false,
        }
    }

    /// When to send each of the codes.
    pub fn choices(&self) -> impl Iterator<Item = (&Topic, Text)> {
        self.topics
            .iter()
            .filter_map(|topic| Some((topic, topic.choose()?)))
    }
}

/// The facts of a code or a range in one shape.
struct Facts {
    on_wire: bool,
    on_wire_words: Message,
    bytes: Option<String>,
    sent_by: SentBy,
    points_to: PointsTo,
    reconnect: Option<Reconnect>,
    reconnect_words: Text,
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
                    on_wire_words: if range.on_wire {
                        say!(
                            wire.yes_as,
                            high = Value::Byte(high),
                            low = Value::Byte(low)
                        )
                    } else {
                        say!(wire.no_strict)
                    },
                    ..Facts::of_range(range)
                })
            }
            Topic::Range(range, _) => Some(Facts::of_range(range)),
            Topic::Entry(entry) => Some(Facts::of_entry(entry)),
            Topic::Rule(_)
            | Topic::Registry(_)
            | Topic::Implementation(_)
            | Topic::Cause(_)
            | Topic::Intermediary(_)
            | Topic::Protocol(_) => None,
        }
    }

    fn of_entry(entry: &Entry) -> Self {
        let row = entry.row;
        let bytes = entry.number.map(|number| number.to_be_bytes());
        let on_wire = row.sent_by != SentBy::Nobody && codes::may_stand_in_close(row.from);
        Facts {
            on_wire,
            on_wire_words: match bytes {
                _ if !on_wire => say!(wire.made_up),
                Some([high, low]) => say!(
                    wire.yes_as,
                    high = Value::Byte(high),
                    low = Value::Byte(low)
                ),
                None => say!(word.yes),
            },
            bytes: bytes.map(|[high, low]| format!("{high:02x}{low:02x}")),
            sent_by: row.sent_by,
            points_to: PointsTo::Agreement,
            reconnect: Some(row.reconnect),
            reconnect_words: reconnect_words(row.reconnect),
            arises_in: Layer::Application,
            sources: entry.registry.sources,
        }
    }

    fn of_code(code: &Code) -> Self {
        let [high, low] = code.bytes();
        Facts {
            on_wire: code.on_wire,
            on_wire_words: match (code.on_wire, code.arises_in) {
                (true, _) => say!(
                    wire.yes_as,
                    high = Value::Byte(high),
                    low = Value::Byte(low)
                ),
                (false, _) if code.number == 1004 => say!(wire.reserved),
                (false, _) => say!(wire.made_up),
            },
            bytes: Some(format!("{high:02x}{low:02x}")),
            sent_by: code.sent_by,
            points_to: code.points_to,
            reconnect: Some(code.reconnect),
            reconnect_words: code.phrases.reconnect,
            arises_in: code.arises_in,
            sources: code.sources,
        }
    }

    fn of_range(range: &Range) -> Self {
        Facts {
            on_wire: range.on_wire,
            on_wire_words: range.wire.into(),
            bytes: None,
            sent_by: if range.on_wire {
                SentBy::Either
            } else {
                SentBy::Nobody
            },
            points_to: range.points_to(),
            reconnect: None,
            reconnect_words: if range.on_wire {
                text!(reconnect.as_documented)
            } else {
                text!(reconnect.other_code)
            },
            arises_in: Layer::Application,
            sources: range.sources,
        }
    }
}

/// What is known of the pairs that people confuse, and for every code that is in another pair
/// what to look for: each is said once, however many codes there are.
fn tell_apart(topics: &[Topic]) -> (Vec<TellApart>, Vec<(String, Message)>) {
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
            (None, Some(look_for)) if is_alone => Some(Message::from(look_for)),
            _ => None,
        };
        signs.extend(sign.map(|sign| (topic.id(), sign.ended())));
    }
    (pairs, signs)
}

/// What is said of one number with two meanings.
static SAME_BYTES: [Text; 1] = [text!(compare.same_bytes)];

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
        lines: &SAME_BYTES,
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
        Topic::Rule(_)
        | Topic::Entry(_)
        | Topic::Registry(_)
        | Topic::Implementation(_)
        | Topic::Cause(_)
        | Topic::Intermediary(_)
        | Topic::Protocol(_) => None,
    }
}
