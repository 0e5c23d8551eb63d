//! What the application said last, for programs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::capture::rounded;
use crate::application::{Application, Moment, Quoted};
use crate::session::{Origin, Record};

/// What was heard on a connection.
#[derive(Serialize)]
pub(super) struct ApplicationFields<'a> {
    /// Null where it is not known.
    protocol: Option<&'static str>,
    /// The protocol that this one carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    inside: Option<&'static str>,
    said: Vec<SaidFields<'a>>,
    timers: BTreeMap<&'static str, f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    late_http_status: Option<u16>,
}

#[derive(Serialize)]
struct SaidFields<'a> {
    /// Null where the text that it stands in does not tell.
    sender: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_s: Option<f64>,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

impl<'a> ApplicationFields<'a> {
    /// With the time of each message, or else its offset.
    pub(super) fn of(application: &'a Application, at_s: impl Fn(Moment) -> Option<f64>) -> Self {
        let said = application.said.iter().map(|said| {
            let at_s = at_s(said.moment);
            SaidFields {
                sender: Some(said.sender.id()),
                at: at_s.is_none().then_some(said.moment.at),
                at_s,
                kind: said.row.map_or("said", |row| row.kind),
                code: said.code.as_deref(),
                text: said.text.as_deref(),
            }
        });
        let timers = application.layers().flat_map(|layer| &layer.timers);
        let inside = application.inside.as_ref();
        ApplicationFields {
            protocol: application.protocol.map(|protocol| protocol.id),
            inside: inside.and_then(|inside| Some(inside.protocol?.id)),
            said: said.collect(),
            timers: timers.map(|(name, _, seconds)| (*name, *seconds)).collect(),
            late_http_status: application.late.as_ref().map(|late| late.status),
        }
    }

    /// What was heard in a record, with the seconds since it began.
    pub(super) fn of_record(record: &'a Record) -> Option<Self> {
        let application = record.application.as_deref()?;
        Some(ApplicationFields::of(application, |moment| {
            let origin = Origin::new(moment.packet, moment.time?);
            Some(rounded(record.seconds(origin)))
        }))
    }

    /// With the offset of the message in the text that it stands in.
    pub(super) fn of_quoted(quoted: &'a Quoted) -> Self {
        let said = SaidFields {
            sender: quoted.sender.map(|sender| sender.id()),
            at: (quoted.length > 0).then_some(quoted.at as u64),
            at_s: None,
            kind: quoted.row.kind,
            code: quoted.code.as_deref(),
            text: quoted.text.as_deref(),
        };
        ApplicationFields {
            protocol: Some(quoted.protocol.id),
            inside: None,
            said: vec![said],
            timers: BTreeMap::new(),
            late_http_status: None,
        }
    }
}
