//! What the application said last, joined with the end: the message, the timers of its protocol and the
//! Close or the end of TCP are one story.
//!
//! What a protocol says ends a connection is its cause; what it says of one request is only told; and
//! where no protocol is known, what was said last is told as just that.

use super::last_words::last_word;
use super::{End, Explanation};
use crate::application::{Application, Moment, Said};
use crate::escape::{escape, escape_bytes};
use crate::facts::causes::Cause;
use crate::facts::codes::SentBy;
use crate::facts::protocols::Role;
use crate::facts::registry::{Entry, Registries};
use crate::frame::Sender;
use crate::session::seconds;
use crate::words::{Advice, Message, Text, Value, say, text};

/// A complaint that is older than this at the end has nothing to do with it, in seconds.
pub(super) const RECENT: f64 = 10.0;
/// Who leaves so soon behind a complaint may well leave for it, in seconds.
const SHORTLY: f64 = 1.0;
/// An end that says goodbye so long after it was sent away leaves by itself, in seconds.
pub(super) const LONG_AGO: f64 = 60.0;

/// The end of a connection, as the application may have brought it about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene<'a> {
    pub(super) application: &'a Application,
    /// Who closed, or ended TCP.
    pub(super) closer: Option<Sender>,
    /// The code of its Close; `None` outside where there was no Close, inside where it has no code.
    pub(super) code: Option<Option<u16>>,
    /// The reason in it.
    pub(super) reason: &'a [u8],
    /// When, in nanoseconds; `None` where there is no clock.
    pub(super) ended: Option<i64>,
    /// When it began.
    pub(super) began: i64,
    /// Whether a frame breaks a rule for which a receiver closes.
    pub(super) has_fault: bool,
    /// Until when messages of the client, and of the server, may be hidden in what was not seen: a time and the
    /// packet behind it.
    pub(super) hidden: [Option<(i64, u64)>; 2],
}

/// What is to be said of it.
#[derive(Debug)]
pub(super) struct Story {
    pub(super) cause: Cause,
    pub(super) statements: Vec<Message>,
    pub(super) advice: Vec<&'static Advice>,
    /// Whether it stands in the place of what the code of the Close means.
    pub(super) is_answer: bool,
    /// Whether the code of the Close only says that there was a reason, which this is.
    pub(super) is_reason: bool,
}

/// The registries with the one of the protocol chosen, where that knows the code and nobody chose another.
pub(super) fn registries_of(
    application: Option<&Application>,
    close: Option<(Sender, Option<u16>)>,
    registries: Registries,
) -> Registries {
    let vendor = application.and_then(|application| application.protocol?.vendor);
    let (Some(vendor), Some((sender, Some(code))), None) = (vendor, close, registries.vendor())
    else {
        return registries;
    };
    let is_elsewhere = application.is_some_and(|application| application.elsewhere.is_some());
    if is_elsewhere || registries.definite(code).is_some() {
        return registries;
    }
    let chosen = registries.choosing(vendor);
    let chosen = chosen.filter(|chosen| {
        let entry = chosen.definite_from(code, Some(sender));
        // A client's own number may be one of the service's, in another sense.
        entry.is_some_and(|entry| is_from(entry, sender))
    });
    chosen.unwrap_or(registries)
}

impl Scene<'_> {
    /// What the messages say of the end; `None` where they say nothing.
    pub(super) fn story(&self, registries: Registries) -> Option<Story> {
        self.late()
            .or_else(|| self.decisive(registries))
            .or_else(|| self.silence(registries))
            .or_else(|| self.ping_left(registries))
            .or_else(|| self.beats_missing(registries))
            .or_else(|| self.unread_message())
            .or_else(|| self.again())
            .or_else(|| self.unread())
            .or_else(|| self.unheard())
            .or_else(|| self.unanswered())
            .or_else(|| self.complaint())
            .or_else(|| self.last_words())
            .or_else(|| self.goodbye())
            .or_else(|| self.untold())
    }

    /// Whether the messages, or HTTP in the place of frames, tell the cause.
    pub(super) fn tells_cause(&self, registries: Registries) -> bool {
        self.application.late.is_some()
            || self.decisive(registries).is_some()
            || self.silence(registries).is_some()
            || self.last_words().is_some()
    }

    /// The message for which the connection ends, where nobody knows who closed.
    pub(super) fn said(self, registries: Registries) -> Vec<Message> {
        let scene = Scene {
            closer: None,
            ..self
        };
        let story = scene.decisive(registries);
        story.map_or(Vec::new(), |story| story.statements)
    }

    fn at(&self, moment: Moment) -> Option<Value> {
        let time = moment
            .time
            .filter(|_| self.ended.is_some() || self.began != 0)?;
        Some(Value::Seconds(seconds(self.began, time)))
    }

    /// HTTP in the place of frames.
    fn late(&self) -> Option<Story> {
        let late = self.application.late.as_ref()?;
        let protocol = self.application.protocol;
        let means = protocol.and_then(|protocol| protocol.late_http);
        let (status, reason) = (late.status, escape(&late.reason));
        let mut statements = vec![match means {
            Some(means) => Message::from(means),
            None => say!(said.late_http_unknown),
        }];
        statements.push(match late.body.as_slice() {
            [] => say!(said.late_http, status, reason),
            body => say!(
                said.late_http_body,
                status,
                reason,
                body = escape_bytes(body)
            ),
        });
        if means.is_some() {
            statements.push(match self.application.query("EIO") {
                Some(version) => say!(said.asked_version, version = escape(version)),
                None => say!(said.asked_no_version),
            });
        }
        Some(Story {
            // It was not refused: there is a 101, which its sender did not keep.
            cause: Cause::UpgradeInvalid,
            statements,
            advice: protocol.map_or(Vec::new(), |protocol| protocol.late_advice.iter().collect()),
            is_answer: true,
            is_reason: false,
        })
    }

    /// A message for which the connection ends.
    pub(super) fn decisive(&self, registries: Registries) -> Option<Story> {
        let said = &self.application.said;
        let all = || {
            said.iter()
                .filter(|said| said.role.is_decisive() && self.may_end_for(said))
        };
        let first = all().next()?;
        // An error says more than the dismissal that follows it.
        let of_sender = |said: &&Said| said.sender == first.sender;
        let error = all()
            .filter(|said| said.role != Role::Dismissal)
            .rfind(of_sender);
        let said = error.or_else(|| all().rfind(of_sender))?;
        if let (Some(goodbye), Some(elapsed)) = (self.own_goodbye(), self.elapsed(said.moment)) {
            if elapsed > LONG_AGO && goodbye.sender != said.sender {
                return None;
            }
        }
        let row = said.row?;
        let silence = self.silence_that_is_said(said);
        let mut statements = vec![match silence {
            Some(silence) => silence.means(said.sender),
            None => means(said, row.means?),
        }];
        statements.extend(self.words(said));
        if said.role == Role::Dismissal {
            // Why it sends the other end away, it may have said in a protocol inside of this one.
            let last = self.last_word(said.sender);
            statements.extend(last.and_then(last_word));
        }
        statements.extend(self.then(said, registries));
        Some(Story {
            cause: silence.map_or(Cause::Application, |silence| silence.cause()),
            statements,
            advice: match silence {
                Some(silence) => silence.advice(),
                None => self.advice_for(said),
            },
            is_answer: true,
            is_reason: false,
        })
    }

    /// What to check for a message.
    fn advice_for(&self, said: &Said) -> Vec<&'static Advice> {
        let Some(row) = said.row else {
            return Vec::new();
        };
        let (code, text) = (said.code.as_deref(), said.text.as_deref());
        let mut protocols = self.application.layers().filter_map(|layer| layer.protocol);
        match protocols.find(|protocol| protocol.messages.contains(row)) {
            Some(protocol) if self.application.elsewhere.is_none() => {
                protocol.advice_for(row, code, text)
            }
            _ => row.advice_for(code, text),
        }
    }

    /// The words of a message, and when they came.
    fn words(&self, said: &Said) -> Option<Message> {
        let (sender, name) = (said.sender, said.row?.name);
        let text = said.text.clone();
        let code = said
            .code
            .clone()
            .filter(|code| said.text.as_ref() != Some(code));
        let is_called = said.called.is_some() && said.called == said.text.as_deref();
        // A condition that stands in the words already is said once.
        let code = code.filter(|code| {
            is_called
                || !text
                    .as_deref()
                    .is_some_and(|text| text.contains(code.as_str()))
        });
        // A number is named where the words do not name it.
        let code = code.map(|code| match said.called {
            Some(called) if text.is_some() && !is_called => format!("{code}, {called}"),
            _ => code,
        });
        let words = match (self.at(said.moment), text, code) {
            (None, Some(text), None) => say!(said.words, name, sender, text),
            (None, Some(text), Some(code)) if is_called => {
                say!(said.words_called, name, sender, code, text)
            }
            (None, Some(text), Some(code)) => say!(said.words_code, name, sender, text, code),
            (None, None, Some(code)) => say!(said.code, name, sender, code),
            (Some(at), Some(text), None) => say!(said.words_at, at, name, sender, text),
            (Some(at), Some(text), Some(code)) if is_called => {
                say!(said.words_called_at, at, name, sender, code, text)
            }
            (Some(at), Some(text), Some(code)) => {
                say!(said.words_code_at, at, name, sender, text, code)
            }
            (Some(at), None, Some(code)) => say!(said.code_at, at, name, sender, code),
            (Some(at), None, None) => say!(said.name_at, at, name, sender),
            (None, None, None) => return None,
        };
        Some(words)
    }

    /// How the connection ended behind a message.
    fn then(&self, said: &Said, registries: Registries) -> Vec<Message> {
        let Some(closer) = self.closer else {
            return Vec::new();
        };
        let elapsed = self.elapsed(said.moment);
        // What came in the same breath needs no time.
        let is_after = |elapsed: &f64| *elapsed >= 0.001 || self.code.is_none();
        let after = elapsed.filter(is_after).map(Value::Seconds);
        let mut all = Vec::new();
        match (self.code, after) {
            (Some(Some(code)), _) if entry(registries, code, closer).is_some() => {
                if let Some(entry) = entry(registries, code, closer) {
                    let (title, name) = (entry.registry.title, entry.row.name);
                    let meaning = entry.row.words.meaning;
                    let sender = End::Known(closer);
                    all.push(say!(
                        close.means_at_vendor,
                        sender,
                        code,
                        title,
                        name,
                        meaning
                    ));
                }
            }
            (Some(Some(code)), None) => all.push(say!(said.then_closed, closer, code)),
            (Some(Some(code)), Some(after)) => {
                all.push(say!(said.then_closed_after, closer, code, after));
            }
            (Some(None), None) => all.push(say!(said.then_closed_empty, closer)),
            (Some(None), Some(after)) => {
                all.push(say!(said.then_closed_empty_after, closer, after));
            }
            (None, Some(after)) => all.push(say!(said.then_tcp, closer, after)),
            (None, None) => {}
        }
        let grace = said.row.and_then(|row| row.grace);
        if let (Some((limit, called)), Some(elapsed)) = (grace, elapsed) {
            if closer == said.sender && (elapsed - f64::from(limit)).abs() < 1.5 {
                let limit = Value::Time(std::time::Duration::from_secs(limit.into()));
                all.push(say!(said.grace, closer, limit, called));
            }
        }
        all
    }

    /// An error of one request, told last.
    fn complaint(&self) -> Option<Story> {
        self.application.protocol?;
        let mut said = self.application.said.iter().rev();
        let said =
            said.find(|said| said.row.is_some() && said.role == Role::Complaint && said.is_last)?;
        let elapsed = self.elapsed(said.moment);
        if elapsed.is_some_and(|elapsed| elapsed > RECENT) {
            return None;
        }
        let row = said.row?;
        // An end that leaves as it should, and did not complain itself, need not leave for that.
        let is_graceful = self.closer == Some(said.sender.other())
            && matches!(self.code, Some(None | Some(1000 | 1001)));
        let is_at_once = elapsed.is_none_or(|elapsed| elapsed <= SHORTLY);
        if is_graceful && (self.own_goodbye().is_some() || row.part.is_some() && !is_at_once) {
            return None;
        }
        let mut statements: Vec<Message> = self.neutral(said.sender).into_iter().collect();
        let is_answer = !statements.is_empty();
        statements.push(means(said, row.means?));
        statements.extend(self.words(said));
        let advice = self.advice_for(said);
        Some(Story {
            cause: Cause::Application,
            statements,
            advice: if is_graceful && !is_at_once {
                Vec::new()
            } else {
                advice
            },
            is_answer,
            is_reason: self.closer == Some(said.sender)
                && matches!(self.code, Some(Some(1008 | 1011))),
        })
    }

    /// That an end closed with a code that names no cause, where the same end had something to say.
    pub(super) fn neutral(&self, speaker: Sender) -> Option<Message> {
        let sender = self.closer.filter(|closer| *closer == speaker)?;
        match self.code? {
            None => Some(say!(said.closed_neutral_empty, sender)),
            Some(code @ (1000 | 1001)) => Some(say!(said.closed_neutral, sender, code)),
            Some(_) => None,
        }
    }

    /// An end that said goodbye.
    fn goodbye(&self) -> Option<Story> {
        let protocol = self.application.protocol?;
        let own = self.own_goodbye();
        let said = own.or_else(|| {
            let mut said = self.application.said.iter().rev();
            // That the one end leaves a channel does not let the other close.
            let is_whole = |said: &Said| said.row.is_some_and(|row| row.part.is_none());
            let said = said.find(|said| is_whole(said) && self.is_goodbye(said))?;
            let elapsed = self.elapsed(said.moment);
            elapsed
                .is_none_or(|elapsed| elapsed <= RECENT)
                .then_some(said)
        })?;
        let row = said.row?;
        let is_without_close = self.code.is_none() && self.closer.is_some();
        let mut statements = vec![means(said, row.means?)];
        if said.text.is_some() {
            statements.extend(self.words(said));
        }
        if is_without_close {
            statements.push(say!(said.without_close, protocol = protocol.title));
        }
        Some(Story {
            cause: Cause::Application,
            statements,
            advice: Vec::new(),
            is_answer: is_without_close,
            is_reason: false,
        })
    }

    /// A Close that says nothing, of a protocol that could have said something.
    fn untold(&self) -> Option<Story> {
        self.application.protocol?;
        let closer = self.closer?;
        if self.application.is_partial {
            return None;
        }
        if let Some(statement) = self.about_protocol() {
            return Some(Story {
                cause: Cause::Application,
                statements: vec![statement],
                advice: Vec::new(),
                is_answer: true,
                is_reason: false,
            });
        }
        // That it said nothing before is not known where that was not seen.
        if self.may_hide(closer, None) {
            return None;
        }
        let mut layers = self.application.layers().filter_map(|layer| layer.protocol);
        let means = layers.find_map(|protocol| match closer {
            Sender::Client => {
                let least = protocol.untold_client_after;
                let is_so = least.is_none_or(|least| self.was_silent(closer.other(), least));
                protocol.untold_client.filter(|_| is_so)
            }
            Sender::Server => match self.has_pinged(protocol) {
                true => protocol.untold_server,
                false => protocol.untold_server_unpinged.or(protocol.untold_server),
            },
        })?;
        let neutral = match self.code {
            // Who ended TCP is said; the protocol adds what it may mean.
            None => None,
            Some(None | Some(1000)) => Some(self.neutral(closer)?),
            Some(Some(_)) => return None,
        };
        let is_answer = neutral.is_some();
        Some(Story {
            cause: Cause::Application,
            statements: neutral.into_iter().chain([Message::from(means)]).collect(),
            advice: Vec::new(),
            is_answer,
            is_reason: false,
        })
    }
}

/// What a message means, with the ends that it may name.
fn means(said: &Said, means: Text) -> Message {
    let values = vec![
        ("sender", Value::from(said.sender)),
        ("other", Value::from(said.sender.other())),
    ];
    Message::new(means, values)
}

/// What a registry says of a private code for certain.
pub(super) fn entry(registries: Registries, code: u16, closer: Sender) -> Option<Entry> {
    let entry = registries.definite_from(code, Some(closer))?;
    (code >= 3000 && is_from(entry, closer)).then_some(entry)
}

fn is_from(entry: Entry, sender: Sender) -> bool {
    match entry.row.sent_by {
        SentBy::Client => sender == Sender::Client,
        SentBy::Server => sender == Sender::Server,
        SentBy::Either => true,
        SentBy::Nobody => false,
    }
}

impl Explanation {
    /// Takes over what the messages tell: as the answer, or behind it.
    pub(super) fn take_story(&mut self, story: Story) {
        if story.is_answer {
            self.cause = story.cause;
            self.advice = story.advice;
            let before = std::mem::replace(&mut self.statements, story.statements);
            self.statements.extend(before);
            return;
        }
        for statement in story.statements {
            self.say(statement);
        }
        if self.entry.is_none() && story.is_reason {
            // Of a protocol that is known nobody asks which service may mean the number in another way.
            let in_another_sense = text!(close.in_another_sense, code, vendors);
            self.notes.retain(|note| note.text != in_another_sense);
            self.used_by.clear();
            let general = std::mem::replace(&mut self.advice, story.advice);
            self.advice.extend(general);
        } else if self.advice.is_empty() {
            self.advice = story.advice;
        }
    }
}
