//! What a topic says to a person: what it means, and for each cause what to do.

use super::{Text, text};

/// What a topic says to a person.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Words {
    /// What it means, in one or two sentences, worded for the person who received it.
    pub meaning: Text,
    /// The first thing to do, whatever the cause; `None` where the likeliest cause's fix is that.
    pub first: Option<Text>,
    /// When it is seen and what to do then, likeliest first.
    pub advice: &'static [Advice],
}

/// One reason for which something is seen, with its remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advice {
    /// Something a person can check.
    pub cause: Text,
    /// What to do when that is the cause.
    pub fix: Text,
    /// For which evidence it is meant.
    pub when: When,
    /// Where the fault is then, where it is not where the topic points.
    pub points_to: Option<PointsTo>,
    /// What is to be set at what stands between, if that is the remedy.
    pub setting: Option<Setting>,
}

/// For which evidence an advice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum When {
    /// For all.
    Always,
    /// For close codes in these ranges.
    Codes(&'static [(u16, u16)]),
    /// For something in particular, whose names begin like these: errors, alerts of TLS.
    About(&'static [&'static str]),
    /// Where `decode-frame` is asked: its options are the remedy.
    DecodeFrame,
    /// For a connection that never opened.
    NeverOpened,
    /// For one that was open.
    Opened,
    /// For one that was open until a timer ended it.
    Timer,
}

/// What a setting of a proxy is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Setting {
    /// To let an upgrade through.
    Upgrade,
    /// To allow a longer silence.
    Idle,
}

/// Where the fault is that something reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PointsTo {
    /// Nothing went wrong.
    Nobody,
    /// The end that received the code: what it sent.
    Receiver,
    /// The end that sent the code.
    Sender,
    /// A server behind the one that sent the code.
    Upstream,
    /// What carries the connection: a process, TCP, a proxy. The code alone does not tell which.
    Path,
    /// Certificates and settings of TLS.
    Tls,
    /// Whatever the two ends agreed on.
    Agreement,
    /// The end that sent the bytes.
    Bytes,
    /// The end that did not answer.
    Silent,
    /// Whose timer it was.
    Timer,
    /// The client.
    Client,
    /// The server, or what stands before it.
    Server,
    /// What stands between the ends.
    Proxy,
    /// The program that reports it.
    Own,
}

impl PointsTo {
    /// The word for it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            PointsTo::Nobody => "nobody",
            PointsTo::Receiver => "receiver",
            PointsTo::Sender => "sender",
            PointsTo::Upstream => "upstream",
            PointsTo::Path => "path",
            PointsTo::Tls => "tls",
            PointsTo::Agreement => "agreement",
            PointsTo::Bytes => "bytes",
            PointsTo::Silent => "silent",
            PointsTo::Timer => "timer",
            PointsTo::Client => "client",
            PointsTo::Server => "server",
            PointsTo::Proxy => "proxy",
            PointsTo::Own => "own",
        }
    }

    /// What it says, in a few words.
    pub fn words(self) -> Text {
        match self {
            PointsTo::Nobody => text!(points_to.nobody),
            PointsTo::Receiver => text!(points_to.receiver),
            PointsTo::Sender => text!(points_to.sender),
            PointsTo::Upstream => text!(points_to.upstream),
            PointsTo::Path => text!(points_to.path),
            PointsTo::Tls => text!(points_to.tls),
            PointsTo::Agreement => text!(points_to.agreement),
            PointsTo::Bytes => text!(points_to.bytes),
            PointsTo::Silent => text!(points_to.silent),
            PointsTo::Timer => text!(points_to.timer),
            PointsTo::Client => text!(points_to.client),
            PointsTo::Server => text!(points_to.server),
            PointsTo::Proxy => text!(points_to.proxy),
            PointsTo::Own => text!(points_to.own),
        }
    }
}

impl Advice {
    /// Whether it is meant for a close code.
    pub fn fits_code(&self, code: u16) -> bool {
        match self.when {
            When::Codes(ranges) => ranges
                .iter()
                .any(|(from, to)| (*from..=*to).contains(&code)),
            _ => true,
        }
    }
}
