//! The Close frame of one end: what its body says, and what is known in the field about its code.

use super::{Close, End, Frame, Hint, ends_inside_character};
use crate::facts::field::{Role, by_code, fingerprints};
use crate::frame::Sender;
use crate::rules;

impl End {
    /// Reads the body of a Close frame, as far as it is there, and judges it.
    pub(super) fn close(&mut self, frame: &mut Frame) {
        let header = frame.header;
        let head = frame.head.bytes();
        let body = rules::close_body(&header, head);
        frame.close = Some(Close {
            code: body.code,
            is_half: body.length == Some(1),
            reason: head.get(2..).unwrap_or_default().to_vec(),
        });
        if self.closed_at.is_some() {
            return;
        }
        rules::judge_close_body(&body, &mut frame.findings);
        if body.code == Some(1010) && frame.sender == Some(Sender::Server) {
            frame.hints.push(Hint::MandatoryExtensionFromServer);
        }
        if let Some(code) = body.code {
            tell_from_the_field(code, frame);
        }
        if !frame.is_truncated {
            if let Some(fault) = self.reason.take().and_then(|reason| reason.finish().err()) {
                let finding = ends_inside_character(frame, &fault, rules::reason_not_utf8);
                frame.findings.push(finding);
            }
        }
        self.closed_at = Some(header.at);
    }
}

/// What is known in the field about a Close with this code and the reason that came with it.
fn tell_from_the_field(code: u16, frame: &mut Frame) {
    let receiver = match frame.sender {
        Some(Sender::Client) => Role::Server,
        Some(Sender::Server) => Role::Client,
        None => Role::Both,
    };
    if by_code::portability(code, receiver).is_some() {
        frame.hints.push(Hint::NotPortable { code, receiver });
    }
    if fingerprints::accident(code).is_some() {
        frame.hints.push(Hint::KnownAccident { code });
    }
    let reason = frame.close.as_ref().map(|close| close.reason.as_slice());
    if let Some(reason) = reason.filter(|_| !frame.is_truncated) {
        let whose = fingerprints::of_reason(code, reason);
        frame.hints.extend(whose.map(Hint::ReasonFingerprint));
    }
}
