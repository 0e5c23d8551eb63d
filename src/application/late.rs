//! HTTP that comes where frames belong: a server that agreed with 101, and then refuses all the same.

use crate::upgrade::{Head, HttpReader, Step};

/// So much of its body is kept.
const KEPT: usize = 200;

/// An HTTP response behind the one that agreed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LateHttp {
    /// Its status.
    pub status: u16,
    /// The words behind the status.
    pub reason: String,
    /// The beginning of its body.
    pub body: Vec<u8>,
}

/// Reads such a response.
#[derive(Debug)]
pub(crate) struct LateReader {
    http: Option<HttpReader>,
    late: LateHttp,
    /// How much of the body is still to come, where that is known.
    left: Option<u64>,
}

impl LateReader {
    /// Whether such a response begins here, which would be a frame with a reserved bit, of a kind that
    /// ends what it begins, unmasked and cut in two: no implementation sends that.
    pub(crate) fn begins(bytes: &[u8]) -> bool {
        bytes.starts_with(b"HTTP/1.")
    }

    pub(crate) fn new() -> Self {
        LateReader {
            http: Some(HttpReader::default()),
            late: LateHttp::default(),
            left: None,
        }
    }

    /// What has been read of it.
    pub(crate) fn late(&self) -> &LateHttp {
        &self.late
    }

    /// Takes bytes. Gives how many belong to it: frames may follow the others.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> usize {
        let mut taken = 0;
        if let Some(http) = &mut self.http {
            match http.feed(bytes) {
                Step::Done => return bytes.len(),
                Step::Broken => {
                    self.http = None;
                    return bytes.len();
                }
                Step::Head(head, length) => {
                    self.http = None;
                    taken = length;
                    if let Head::Response(response) = head {
                        self.late.status = response.status;
                        self.late.reason = response.reason.clone();
                    }
                    let front = String::from_utf8_lossy(bytes.get(..length).unwrap_or_default());
                    let header = front.to_ascii_lowercase();
                    let length = header.split("content-length:").nth(1);
                    let length = length.and_then(|rest| rest.split("\r\n").next());
                    self.left = length.and_then(|length| length.trim().parse().ok());
                }
            }
        }
        let rest = bytes.get(taken..).unwrap_or_default();
        let count = match self.left {
            Some(left) => (rest.len() as u64).min(left) as usize,
            None => rest.len(),
        };
        let body = rest.get(..count).unwrap_or_default();
        let room = KEPT.saturating_sub(self.late.body.len());
        let kept = body.get(..body.len().min(room)).unwrap_or_default();
        self.late.body.extend_from_slice(kept);
        self.left = self.left.map(|left| left - count as u64);
        taken + count
    }
}
