//! A protocol inside WebSocket, for programs: what its messages say of the end, and how long an end may be
//! silent.

use std::collections::BTreeMap;

use serde::Serialize;

use super::SCHEMA;
use super::topics::{sources, urls};
use super::words::{AdviceFields, Id};
use crate::facts::protocols::{By, Limit, Protocol, Telling};
use crate::words::{Text, Voice};

#[derive(Serialize)]
pub(super) struct ProtocolLine {
    r#type: &'static str,
    schema: u8,
    id: &'static str,
    name: &'static str,
    aliases: &'static [&'static str],
    subprotocols: &'static [&'static str],
    /// The vendor whose registry has its close codes; null where there is none.
    vendor: Option<&'static str>,
    /// The messages that say something of the end.
    messages: Vec<MessageFields>,
    /// What a Close says that nothing was said before, of each end.
    untold: Vec<UntoldFields>,
    silences: Vec<SilenceFields>,
    /// Whether its messages were seen from real programs, and not read in a specification alone.
    measured: bool,
    source: Vec<String>,
    source_url: Vec<String>,
}

#[derive(Serialize)]
struct MessageFields {
    kind: &'static str,
    name: &'static str,
    role: &'static str,
    sender: &'static str,
    /// With `{sender}` and `{other}` in it.
    means: &'static str,
    means_id: Id,
    codes: BTreeMap<&'static str, &'static str>,
    #[serde(flatten)]
    advice: AdviceFields,
}

#[derive(Serialize)]
struct UntoldFields {
    sender: &'static str,
    means: &'static str,
    means_id: Id,
}

#[derive(Serialize)]
struct SilenceFields {
    silent: &'static str,
    /// The timers that are announced, whose sum or longest it is.
    announced: &'static [&'static str],
    /// Seconds, where nothing is announced.
    default_s: Option<u32>,
    default_name: Option<&'static str>,
    #[serde(flatten)]
    advice: AdviceFields,
}

impl ProtocolLine {
    pub(super) fn of(protocol: &'static Protocol, voice: &Voice) -> Self {
        let messages = protocol.messages.iter();
        let untold = [
            (By::Client, protocol.untold_client),
            (By::Server, protocol.untold_server),
        ];
        let limits = protocol.limits.iter();
        ProtocolLine {
            r#type: "protocol",
            schema: SCHEMA,
            id: protocol.id,
            name: protocol.title,
            aliases: protocol.words,
            subprotocols: protocol.subprotocols,
            vendor: protocol.vendor,
            messages: messages
                .filter_map(|message| Some(MessageFields::of(message, message.means?, voice)))
                .collect(),
            untold: untold
                .into_iter()
                .filter_map(|(end, said)| {
                    let said = said?;
                    Some(UntoldFields {
                        sender: end.id(),
                        means: voice.text(said),
                        means_id: said.id(),
                    })
                })
                .collect(),
            silences: limits
                .map(|limit| SilenceFields::of(limit, voice))
                .collect(),
            measured: protocol.is_measured(),
            source: sources(protocol.sources),
            source_url: urls(protocol.sources),
        }
    }
}

impl MessageFields {
    fn of(message: &'static Telling, means: Text, voice: &Voice) -> Self {
        MessageFields {
            kind: message.kind,
            name: message.name,
            role: message.role.id(),
            sender: message.sender.id(),
            means: voice.text(means),
            means_id: means.id(),
            codes: message.codes.iter().copied().collect(),
            advice: AdviceFields::of(message.advice, voice),
        }
    }
}

impl SilenceFields {
    fn of(limit: &'static Limit, voice: &Voice) -> Self {
        SilenceFields {
            silent: limit.silent.id(),
            announced: limit.of,
            default_s: limit.default.map(|(seconds, _)| seconds),
            default_name: limit.default.map(|(_, called)| called),
            advice: AdviceFields::of(limit.advice, voice),
        }
    }
}
