//! What of a handshake that failed went over in clear, for the record of the connection.

use super::{HandshakeRecord, is_record};
use crate::certificate::Fault;
use crate::session::attempt::TlsFault;
use crate::session::tls::Alert;

/// What of a handshake that failed went over in clear, and the alert that ended it, as if that had
/// been in clear too.
pub(in crate::probe) fn in_clear(
    handshake: &HandshakeRecord,
    fault: &TlsFault,
) -> Vec<(bool, Vec<u8>, i64)> {
    let mut clear = Vec::new();
    for is_client in [true, false] {
        let parts = handshake
            .raw
            .iter()
            .filter(|(client, _, _)| *client == is_client);
        let mut whole: Vec<u8> = Vec::new();
        let mut first = None;
        for (_, bytes, time) in parts {
            first = first.or(Some(*time));
            whole.extend_from_slice(bytes);
        }
        let length = clear_length(&whole);
        whole.truncate(length);
        if let Some(time) = first.filter(|_| !whole.is_empty()) {
            clear.push((is_client, whole, time));
        }
    }
    clear.sort_by_key(|(_, _, time)| *time);
    let last = handshake.raw.last().map_or(0, |(_, _, time)| *time);
    let (is_client, description) = match fault {
        TlsFault::Certificates => (true, certificate_alert(handshake)),
        TlsFault::ClientCertificate => (false, 116),
        TlsFault::ClientCertificateRefused => (false, 42),
        TlsFault::Alert(name) => (false, alert_number(name)),
        _ => return clear,
    };
    let is_there = clear.iter().any(|(client, bytes, _)| {
        *client == is_client && bytes.windows(5).any(|head| head == [21, 3, 3, 0, 2])
    });
    if !is_there {
        clear.push((is_client, vec![21, 3, 3, 0, 2, 2, description], last));
    }
    clear
}

fn alert_number(name: &str) -> u8 {
    let named = |number: &u8| {
        let alert = Alert {
            is_fatal: true,
            description: *number,
        };
        alert.name() == Some(name)
    };
    (1..=u8::MAX)
        .find(named)
        .or_else(|| name.parse().ok())
        .unwrap_or(40)
}

fn certificate_alert(handshake: &HandshakeRecord) -> u8 {
    let faults = handshake
        .certificates
        .as_ref()
        .map(|judged| judged.faults.as_slice());
    match faults.and_then(<[Fault]>::first) {
        Some(Fault::Expired { .. } | Fault::NotYetValid { .. }) => 45,
        Some(Fault::WrongName { .. } | Fault::NameInCommonNameOnly { .. }) => 42,
        _ => 48,
    }
}

/// How many bytes at the front are records in clear; all, where they are no records.
fn clear_length(bytes: &[u8]) -> usize {
    if !is_record(bytes) {
        return bytes.len();
    }
    let mut at = 0;
    while let Some(&[kind @ (21 | 22), 3, _, high, low]) = bytes
        .get(at..at + 5)
        .and_then(|head| <&[u8; 5]>::try_from(head).ok())
    {
        let _ = kind;
        let end = at + 5 + usize::from(u16::from_be_bytes([high, low]));
        if end > bytes.len() {
            break;
        }
        at = end;
    }
    at
}
