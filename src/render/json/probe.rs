//! A probed endpoint for programs: a line for each layer as it ends, then one with the answer.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value};

use super::application::ApplicationFields;
use super::capture::{
    AlternativeFields, FoundFields, alternatives, evidence, fix_ids, fixes, found_fields, rounded,
};
use super::words::{Id, ids, said};
use super::{SCHEMA, line};
use crate::explain::Explanation;
use crate::probe::{Fact, Layer, Outcome};
use crate::session::attempt::{Failure, ProxyFault};
use crate::words::{Message, Voice};

/// Writes one layer.
///
/// # Errors
///
/// When writing fails.
pub fn layer(layer: &Layer, voice: &Voice, out: &mut dyn Write) -> io::Result<()> {
    let fields = LayerLine {
        r#type: "layer",
        schema: SCHEMA,
        layer: LayerFields::of(layer, voice),
    };
    line(&fields, voice, out)
}

/// Writes the answer.
///
/// # Errors
///
/// When writing fails.
pub fn probe(
    outcome: &Outcome,
    explanation: &Explanation,
    voice: &Voice,
    out: &mut dyn Write,
) -> io::Result<()> {
    line(&ProbeLine::of(outcome, explanation, voice), voice, out)
}

#[derive(Serialize)]
struct LayerLine {
    r#type: &'static str,
    schema: u8,
    #[serde(flatten)]
    layer: LayerFields,
}

#[derive(Serialize)]
struct LayerFields {
    layer: &'static str,
    ok: bool,
    ms: f64,
    says: Vec<String>,
    #[serde(flatten)]
    facts: Map<String, Value>,
}

impl LayerFields {
    fn of(layer: &Layer, voice: &Voice) -> Self {
        let facts = layer.facts.iter().map(|(name, fact)| {
            let value = match fact {
                Fact::Text(text) => Value::from(text.as_str()),
                Fact::Texts(texts) => Value::from(texts.clone()),
                Fact::Number(number) => Value::from(*number),
                Fact::Is(is) => Value::from(*is),
            };
            ((*name).to_owned(), value)
        });
        LayerFields {
            layer: layer.id,
            ok: layer.is_ok,
            ms: (layer.seconds * 1e6).round() / 1e3,
            says: said(&layer.statements, voice),
            facts: facts.collect(),
        }
    }
}

#[derive(Serialize)]
struct ProbeLine<'a> {
    r#type: &'static str,
    schema: u8,
    url: Option<&'a str>,
    server: Option<String>,
    ms: f64,
    layers: Vec<LayerFields>,
    status: Option<u16>,
    cause: &'static str,
    rule: Option<&'static str>,
    close: Option<CloseField>,
    client_sees: Option<u16>,
    alternatives: Vec<AlternativeFields>,
    evidence: Vec<String>,
    evidence_ids: Vec<Id>,
    fixes: Vec<&'static str>,
    fix_ids: Vec<Id>,
    findings: Vec<FoundFields<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application: Option<ApplicationFields<'a>>,
    certificate_faults: Vec<&'static str>,
    compared: Vec<ComparedFields>,
    idle: Vec<IdleFields>,
    sent: Vec<String>,
}

#[derive(Serialize)]
struct CloseField {
    sender: &'static str,
    code: Option<u16>,
    reason: String,
}

#[derive(Serialize)]
struct ComparedFields {
    changed: &'static str,
    opened: bool,
    says: String,
}

#[derive(Serialize)]
struct IdleFields {
    traffic: &'static str,
    ended_after_s: Option<f64>,
    silence_s: f64,
    dead: bool,
}

impl<'a> ProbeLine<'a> {
    fn of(outcome: &'a Outcome, explanation: &Explanation, voice: &Voice) -> Self {
        let record = &outcome.record;
        let attempt = record.transport.attempt.as_deref();
        let of_proxy = attempt.and_then(|attempt| match &attempt.failure {
            Some(Failure::Proxy(ProxyFault::Answered(answer))) => Some(answer.status),
            _ => None,
        });
        let said_by = |message: &Message| voice.say(message);
        let compared = attempt
            .map(|attempt| &attempt.compared)
            .into_iter()
            .flatten();
        let idled = attempt.map(|attempt| &attempt.idled).into_iter().flatten();
        let faults = attempt
            .map(|attempt| &attempt.certificates)
            .into_iter()
            .flatten();
        let address = record.server_end.endpoint.address;
        ProbeLine {
            r#type: "probe",
            schema: SCHEMA,
            url: record.transport.url.as_deref(),
            server: address.map(|address| address.to_string()),
            ms: (outcome.seconds * 1e6).round() / 1e3,
            layers: outcome
                .layers
                .iter()
                .map(|it| LayerFields::of(it, voice))
                .collect(),
            status: record.handshake.upgrade.status().or(of_proxy),
            cause: explanation.cause.id(),
            rule: explanation.rule,
            close: record.closes.first().map(|close| CloseField {
                sender: close.sender.id(),
                code: close.close.code,
                reason: close.close.reason_lossy(),
            }),
            client_sees: explanation.client_sees,
            alternatives: alternatives(explanation, voice),
            evidence: said(evidence(explanation), voice),
            evidence_ids: ids(evidence(explanation)),
            fixes: fixes(explanation, voice),
            fix_ids: fix_ids(explanation),
            findings: found_fields(record, voice),
            application: ApplicationFields::of_record(record),
            certificate_faults: faults.map(|fault| fault.id).collect(),
            compared: compared
                .map(|other| ComparedFields {
                    changed: other.id,
                    opened: other.has_opened,
                    says: voice.value(&other.outcome),
                })
                .collect(),
            idle: idled
                .map(|idled| IdleFields {
                    traffic: idled.id,
                    ended_after_s: idled.ended.map(rounded),
                    silence_s: rounded(idled.silence),
                    dead: idled.is_dead,
                })
                .collect(),
            sent: outcome.sent.iter().map(said_by).collect(),
        }
    }
}
