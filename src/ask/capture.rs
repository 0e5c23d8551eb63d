//! How the connections of a capture ended.

use std::fmt;
use std::io::{self, ErrorKind, Read};

use crate::capture::Reader;
use crate::capture::tracker::Totals;
use crate::explain::{Explanation, explain_connection};
use crate::facts::registry::Registries;
use crate::session::Record;
use crate::words::Message;

/// So much is read at a time.
const CHUNK: usize = 256 * 1024;

/// The WebSocket connections of a recording.
#[derive(Debug)]
#[non_exhaustive]
pub struct Captured {
    /// The connections, in the order in which they ended.
    pub connections: Vec<Connection>,
    /// How much there was.
    pub totals: Totals,
    /// What is wrong with the recording, and at which byte.
    pub damage: Option<(u64, Message)>,
}

/// A connection, and why it ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct Connection {
    /// Its place, from 0.
    pub index: u64,
    /// What was seen of it.
    pub record: Box<Record>,
    /// Why it ended, and what to do.
    pub explanation: Explanation,
}

/// Why a recording was not read.
#[derive(Debug)]
#[non_exhaustive]
pub enum CaptureError {
    /// Reading failed.
    Io(io::Error),
    /// It is no recording, or nothing of it can be read.
    NoCapture(Message),
}

/// In English.
impl fmt::Display for CaptureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CaptureError::Io(error) => error.fmt(f),
            CaptureError::NoCapture(message) => message.fmt(f),
        }
    }
}

impl std::error::Error for CaptureError {}

impl From<io::Error> for CaptureError {
    fn from(error: io::Error) -> Self {
        CaptureError::Io(error)
    }
}

/// Reads a recording to its end, and says of every WebSocket connection in it how it ended, and why: a packet
/// capture, flows of mitmproxy, and with the feature `serde` a HAR file or a net log.
///
/// The connections are kept until the end; where there may be very many, give a
/// [`capture::Reader`](crate::capture::Reader) a sink of your own.
///
/// # Errors
///
/// Where reading fails, or it is no recording.
///
/// ```
/// use wsclose::facts::causes::Cause;
/// use wsclose::read_capture;
///
/// let file = std::fs::File::open("tests/captures/c01_1006_sigkill_fin_ws_ws.pcapng")?;
/// let captured = read_capture(file)?;
///
/// let connection = &captured.connections[0];
/// assert_eq!(connection.explanation.cause, Cause::PeerGone);
/// assert_eq!(connection.explanation.client_sees, Some(1006));
/// for statement in &connection.explanation.statements {
///     println!("{statement}");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_capture(reader: impl Read) -> Result<Captured, CaptureError> {
    read_capture_with(reader, Reader::default(), Registries::default())
}

/// As [`read_capture`], with a [`Reader`] that has limits and keys, and with registries.
///
/// # Errors
///
/// Where reading fails, or it is no recording.
///
/// ```
/// use wsclose::capture::Reader;
/// use wsclose::facts::registry::Registries;
/// use wsclose::read_capture_with;
///
/// let folder = "tests/encrypted/ts01_tls13_aes128gcm_1000_client";
/// let mut reader = Reader::default();
/// reader.keys().log.feed(&std::fs::read(format!("{folder}.keys"))?);
/// reader.keys().log.finish();
/// let file = std::fs::File::open(format!("{folder}.pcap"))?;
/// let captured = read_capture_with(file, reader, Registries::default())?;
/// # #[cfg(feature = "tls")]
/// assert_eq!(captured.connections[0].explanation.client_sees, Some(1000));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_capture_with(
    mut input: impl Read,
    mut reader: Reader,
    registries: Registries,
) -> Result<Captured, CaptureError> {
    let mut connections = Vec::new();
    let mut keep = |record: Box<Record>| {
        let explanation = explain_connection(&record, registries);
        connections.push(Connection {
            index: connections.len() as u64,
            record,
            explanation,
        });
    };
    let mut chunk = vec![0; CHUNK];
    let mut damage = None;
    while damage.is_none() {
        match input.read(&mut chunk) {
            Ok(0) => break,
            Ok(count) => {
                let bytes = chunk.get(..count).unwrap_or_default();
                damage = reader.feed(bytes, &mut keep).err();
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    let end = reader.finish(&mut keep).map_err(CaptureError::NoCapture)?;
    Ok(Captured {
        connections,
        totals: end.totals,
        // What was met first is what is wrong.
        damage: damage
            .map(|damage| (damage.at, damage.message()))
            .or(end.damage),
    })
}
