//! What was given, as the door takes it, and the commands that can answer it.

use super::content::Content;
use crate::words::{Message, say};

/// What was given, as it was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Topics,
    Text,
    Bytes,
    Url,
    Content(Content),
}

impl Kind {
    /// The command that answers it.
    pub(super) fn command(self) -> &'static str {
        match self {
            Kind::Topics
            | Kind::Text
            | Kind::Content(Content::Paste | Content::Empty | Content::PacketList) => "explain",
            Kind::Bytes | Kind::Content(Content::Frames) => "decode-frame",
            Kind::Content(Content::Capture) => "decode-capture",
            Kind::Content(Content::Registry) => "list",
            Kind::Content(Content::Log) => "scan-log",
            Kind::Url => "probe",
        }
    }

    /// Whether a command that an option chose can take it.
    pub(super) fn suits(self, command: &str) -> bool {
        match command {
            "decode-frame" => !matches!(
                self,
                Kind::Url | Kind::Content(Content::Capture | Content::Registry)
            ),
            "scan-log" => matches!(self, Kind::Content(Content::Paste | Content::Log)),
            "decode-capture" => matches!(self, Kind::Content(Content::Capture)),
            "list" => matches!(
                self,
                Kind::Topics | Kind::Text | Kind::Content(Content::Registry)
            ),
            "compare" => self == Kind::Topics,
            "explain" => matches!(
                self,
                Kind::Topics | Kind::Text | Kind::Content(Content::Paste | Content::Log)
            ),
            other => other == self.command(),
        }
    }

    pub(super) fn words(self) -> Message {
        match self {
            Kind::Topics => say!(door.topics),
            Kind::Text => say!(door.text),
            Kind::Bytes => say!(door.bytes),
            Kind::Url => say!(door.url),
            Kind::Content(Content::Capture) => say!(door.capture),
            Kind::Content(Content::Registry) => say!(door.registry),
            Kind::Content(Content::Frames) => say!(door.frames),
            Kind::Content(Content::Paste | Content::Empty | Content::PacketList) => {
                say!(door.paste)
            }
            Kind::Content(Content::Log) => say!(door.log),
        }
    }
}
