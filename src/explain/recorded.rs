//! Connections of which a client's own record tells, and not its bytes: why they could not be opened,
//! what the client's program says went wrong, and how much else the record can show.

use super::close;
use super::connection::{Reasoning, SHORTEST_SILENCE, SUSPICIOUS_SILENCE, between};
use crate::escape::escape;
use crate::facts::advice;
use crate::facts::causes::Cause;
use crate::facts::lines::Says;
use crate::frame::Sender;
use crate::logline;
use crate::rules;
use crate::session::Lasting;
use crate::words::{Value, say};

impl Reasoning<'_> {
    /// The client's program could not open it.
    pub(super) fn unopened(&mut self) -> bool {
        let record = self.record;
        let Some(failure) = &record.transport.failure else {
            return false;
        };
        let cause = match failure {
            error if error.contains("ERR_CERT") || error.contains("ERR_SSL") => Cause::TlsFailed,
            error if error.contains("CONNECTION_REFUSED") => Cause::Refused,
            _ => Cause::Unknown,
        };
        let message = match failure.as_str() {
            "" => say!(recorded.no_answer),
            error => say!(recorded.failed, error = escape(error)),
        };
        self.answer(cause, message);
        let is_unknown = self.found.cause == Cause::Unknown;
        let tls = advice::HAR_UNANSWERED_TLS
            .iter()
            .filter(|_| record.is_tls());
        let general = advice::HAR_UNANSWERED.iter().chain(tls);
        self.found.advice = general.filter(|_| is_unknown).collect();
        true
    }

    /// The client's program found a fault in what the server sent.
    pub(super) fn complained(&mut self) -> bool {
        let Some(error) = self.record.transport.errors.first() else {
            return false;
        };
        // What it says is a line that the program also prints.
        let rule = logline::read(error).and_then(|reading| match reading.says {
            Says::Fault { rule, .. } => rules::lookup(rule),
            _ => None,
        });
        self.say(say!(recorded.error, error = escape(error)));
        self.complains = Some(Sender::Client);
        if let Some(rule) = rule {
            self.found.cause = Cause::Violation;
            self.found.rule = Some(rule.id);
            self.found.topic = Some(rule.id.to_owned());
            self.found.advice = close::advice_for_rule(rule, None, false);
        }
        true
    }

    /// It opened, no fault is known, and a Close could not have been seen.
    pub(super) fn without_closes(&mut self) -> bool {
        let record = self.record;
        let lacks = record.transport.lacks;
        if !lacks.closes || record.end.is_some() {
            return false;
        }
        if lacks.messages {
            self.say(say!(recorded.upgrade_alone));
            let all = advice::HAR_UPGRADE_ALONE.iter().chain(advice::HAR);
            self.found.advice = all.collect();
            return true;
        }
        let lasted = record.seconds(record.transport.last);
        let duration = Value::Seconds(lasted);
        match record.transport.lasting {
            Lasting::UntilLast => {
                self.found.cause = Cause::StillOpen;
                self.say(say!(recorded.open_perhaps, duration));
                self.said_last();
                return true;
            }
            Lasting::Known => {
                self.say(say!(recorded.no_codes));
                self.say(say!(recorded.lasted, duration));
            }
            Lasting::AtLeast => {
                self.say(say!(recorded.no_codes));
                self.say(say!(recorded.lasted_at_least, duration));
            }
        }
        if let Some(silence) = record
            .quiet()
            .filter(|silence| *silence >= SHORTEST_SILENCE)
        {
            let value = Value::Seconds(silence);
            self.say(say!(recorded.silence, silence = value.clone()));
            if silence >= SUSPICIOUS_SILENCE {
                self.also(Cause::IdleTimeout, say!(decide.idle, silence = value));
            }
        }
        self.said_last();
        self.found.advice = advice::HAR.iter().collect();
        true
    }

    /// What either end said last, where only messages are known.
    fn said_last(&mut self) {
        let record = self.record;
        for sender in [Sender::Server, Sender::Client] {
            let Some((origin, text)) = &record.side(sender).last_text else {
                continue;
            };
            let text = escape(&String::from_utf8_lossy(text));
            let before = between(*origin, record.transport.last);
            self.say(match record.transport.lasting {
                Lasting::Known => say!(recorded.last_message, sender, before, text),
                Lasting::AtLeast | Lasting::UntilLast => {
                    say!(recorded.last_message_then, sender, text)
                }
            });
        }
    }

    /// What the client's application sees of a connection that could not be opened.
    pub(super) fn unopened_sees(&mut self) -> bool {
        let record = self.record;
        match &record.transport.failure {
            None => return false,
            Some(failure) if failure.is_empty() && record.is_tls() => {
                self.found.sees.push(say!(recorded.sees_either));
            }
            Some(_) => {
                self.found.client_sees = Some(1006);
                self.found.sees.push(say!(sees.never));
            }
        }
        true
    }
}
