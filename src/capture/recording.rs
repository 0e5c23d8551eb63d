//! Which kind of recording an input is, by its first bytes, and the readers of those that are no packets.

use std::borrow::Cow;

use crate::capture::flow::{self, Flows};
#[cfg(feature = "serde")]
use crate::capture::har::HarFile;
#[cfg(feature = "serde")]
use crate::capture::netlog::{self, NetLog};
use crate::session::{Options, Record, Source};
use crate::words::{Message, Value, say};

/// So many bytes tell every kind.
const TELLING: usize = 256;
/// The largest flow that is read, in MiB.
const LARGEST_FLOW: u64 = 64;

enum Kind {
    Undecided(Vec<u8>),
    Packets,
    #[cfg(feature = "serde")]
    Har(Box<HarFile>),
    #[cfg(feature = "serde")]
    NetLog(Box<NetLog>),
    Flows(Box<Flows>),
}

/// An input that may be something else than packets.
pub(crate) struct Recording {
    kind: Kind,
    options: Options,
}

impl Recording {
    pub(crate) fn new(options: Options) -> Self {
        Recording {
            kind: Kind::Undecided(Vec::new()),
            options,
        }
    }

    /// Takes the next bytes. Gives those that are of a packet capture.
    pub(crate) fn feed<'b>(
        &mut self,
        bytes: &'b [u8],
        sink: &mut impl FnMut(Box<Record>),
    ) -> Option<Cow<'b, [u8]>> {
        if let Kind::Undecided(held) = &mut self.kind {
            held.extend_from_slice(bytes);
            let is_whole = held.len() >= TELLING;
            let kind = decide(held, is_whole, self.options)?;
            let held = std::mem::take(held);
            self.kind = kind;
            return self.pass(Cow::Owned(held), sink);
        }
        self.pass(Cow::Borrowed(bytes), sink)
    }

    fn pass<'b>(
        &mut self,
        bytes: Cow<'b, [u8]>,
        sink: &mut impl FnMut(Box<Record>),
    ) -> Option<Cow<'b, [u8]>> {
        match &mut self.kind {
            Kind::Undecided(_) | Kind::Packets => return Some(bytes),
            #[cfg(feature = "serde")]
            Kind::Har(har) => har.feed(&bytes, sink),
            #[cfg(feature = "serde")]
            Kind::NetLog(netlog) => netlog.feed(&bytes, sink),
            Kind::Flows(flows) => flows.feed(&bytes, sink),
        }
        None
    }

    /// What it is; `None` where it is packets, or nothing that is known.
    pub(crate) fn source(&mut self, sink: &mut impl FnMut(Box<Record>)) -> Option<Source> {
        if let Kind::Undecided(held) = &mut self.kind {
            if let Some(kind) = decide(held, true, self.options) {
                let held = std::mem::take(held);
                self.kind = kind;
                match &mut self.kind {
                    #[cfg(feature = "serde")]
                    Kind::Har(har) => har.feed(&held, sink),
                    #[cfg(feature = "serde")]
                    Kind::NetLog(netlog) => netlog.feed(&held, sink),
                    Kind::Flows(flows) => flows.feed(&held, sink),
                    Kind::Undecided(_) | Kind::Packets => self.kind = Kind::Undecided(held),
                }
            }
        }
        match &self.kind {
            Kind::Undecided(_) | Kind::Packets => None,
            #[cfg(feature = "serde")]
            Kind::Har(_) => Some(Source::Har),
            #[cfg(feature = "serde")]
            Kind::NetLog(_) => Some(Source::NetLog),
            Kind::Flows(_) => Some(Source::Flow),
        }
    }

    /// The bytes of an input that was too short to tell.
    pub(crate) fn undecided(&mut self) -> Vec<u8> {
        match &mut self.kind {
            Kind::Undecided(held) => std::mem::take(held),
            _ => Vec::new(),
        }
    }

    /// Ends it. Gives what is wrong with it, and where.
    #[cfg_attr(
        not(feature = "serde"),
        allow(unused_variables, reason = "no net log is open")
    )]
    pub(crate) fn finish(
        &mut self,
        sink: &mut impl FnMut(Box<Record>),
    ) -> Result<Option<(u64, Message)>, Message> {
        Ok(match &mut self.kind {
            Kind::Undecided(_) | Kind::Packets => None,
            #[cfg(feature = "serde")]
            Kind::Har(har) => {
                har.rest(sink);
                let is_cut = !har.finish()?;
                is_cut.then(|| (har.at(), say!(recorded.har_cut)))
            }
            #[cfg(feature = "serde")]
            Kind::NetLog(netlog) => {
                let outcome = netlog.finish(sink);
                if !outcome.has_names && !outcome.is_cut {
                    return Err(say!(recorded.netlog_no_names));
                }
                let n = Value::Number(outcome.lost);
                let message = match outcome.is_cut {
                    true => Some(say!(recorded.netlog_cut)),
                    false => (outcome.lost > 0).then(|| say!(recorded.netlog_lost, n)),
                };
                message.map(|message| (outcome.bytes, message))
            }
            Kind::Flows(flows) => {
                flows.rest(sink);
                let outcome = flows.finish();
                let n = Value::Number(outcome.too_large);
                let message = match outcome {
                    _ if outcome.is_broken => {
                        Some(say!(recorded.flow_broken, count = outcome.flows))
                    }
                    _ if outcome.is_cut => Some(say!(recorded.flow_cut)),
                    _ if outcome.too_large > 0 => {
                        Some(say!(recorded.flow_too_large, n, limit = LARGEST_FLOW))
                    }
                    _ => None,
                };
                message.map(|message| (outcome.bytes, message))
            }
        })
    }
}

/// Whether an input that begins like this, and is no shorter than what tells, is packets or nothing known.
#[cfg(feature = "cli")]
pub(crate) fn is_packets(beginning: &[u8]) -> bool {
    matches!(
        decide(beginning, true, Options::default()),
        Some(Kind::Packets)
    )
}

/// What an input is that begins like this; `None` where that takes more of it.
fn decide(beginning: &[u8], is_whole: bool, options: Options) -> Option<Kind> {
    let flow = flow::is_beginning(beginning);
    if flow == Some(true) {
        return Some(Kind::Flows(Box::new(Flows::new(options))));
    }
    #[cfg(feature = "serde")]
    {
        let bytes = beginning.strip_prefix(b"\xef\xbb\xbf").unwrap_or(beginning);
        let is_json = bytes.trim_ascii_start().starts_with(b"{");
        match netlog::is_beginning(beginning) {
            Some(true) => return Some(Kind::NetLog(Box::new(NetLog::new(options)))),
            None if !is_whole => return None,
            _ if flow.is_none() && !is_whole => return None,
            _ if is_json => return Some(Kind::Har(Box::new(HarFile::new(options)))),
            _ => {}
        }
    }
    if beginning.is_empty() || flow.is_none() && !is_whole {
        return None;
    }
    Some(Kind::Packets)
}
