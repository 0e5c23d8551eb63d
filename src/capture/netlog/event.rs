//! An event of a net log, and what the events that are wanted hold.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::names::number;

/// Which source an event is of.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub(super) struct SourceId {
    pub(super) id: i64,
    #[serde(default, rename = "type")]
    pub(super) role: i64,
}

/// An event. What it holds is read only where it is wanted.
#[derive(Debug, Deserialize)]
pub(super) struct Event<'a> {
    #[serde(borrow)]
    params: Option<&'a RawValue>,
    #[serde(default)]
    phase: i64,
    pub(super) source: SourceId,
    #[serde(borrow)]
    time: Option<&'a RawValue>,
    #[serde(rename = "type")]
    pub(super) kind: i64,
}

impl<'a> Event<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// When, in milliseconds of the log's own clock.
    pub(super) fn time(&self) -> i64 {
        let text = self.time.map_or("", RawValue::get).trim_matches('"');
        let whole = text.parse().ok();
        whole
            .or_else(|| text.parse().ok().map(|time: f64| time as i64))
            .unwrap_or_default()
    }

    /// Whether something begins.
    pub(super) fn begins(&self) -> bool {
        self.phase == 1
    }

    /// Whether something ends.
    pub(super) fn ends(&self) -> bool {
        self.phase == 2
    }

    /// What it holds.
    pub(super) fn params(&self) -> Params {
        let params = self.params.map(|params| serde_json::from_str(params.get()));
        params.and_then(Result::ok).unwrap_or_default()
    }

    /// The source that it names besides its own.
    pub(super) fn dependency(&self) -> Option<SourceId> {
        const NAME: &str = "\"source_dependency\"";
        let params = self.params?.get();
        memchr::memmem::find(params.as_bytes(), NAME.as_bytes())?;
        self.params().source_dependency
    }
}

/// What the wanted events hold.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Params {
    pub(super) source_dependency: Option<SourceId>,
    pub(super) url: Option<String>,
    pub(super) net_error: Option<i64>,
    error_reason: Option<i64>,
    headers: Value,
    /// Of a request the line; of an error where it is in BoringSSL, a number.
    line: Value,
    pub(super) message: Option<String>,
    pub(super) internal_reason: Option<String>,
    pub(super) reason: Option<Value>,
    pub(super) code: Option<i64>,
    pub(super) new_state: Option<String>,
    #[serde(rename = "final")]
    is_final: Option<bool>,
    masked: Option<bool>,
    opcode: Option<i64>,
    payload_length: Option<Value>,
    reserved1: Option<bool>,
    reserved2: Option<bool>,
    reserved3: Option<bool>,
    pub(super) byte_count: Option<i64>,
    bytes: Option<String>,
    hex_encoded_bytes: Option<String>,
    local_address: Option<String>,
    source_address: Option<String>,
    remote_address: Option<String>,
    pub(super) certificates: Option<Vec<String>>,
    pub(super) stream_id: Option<u32>,
    pub(super) fin: Option<bool>,
    size: Option<i64>,
    error_code: Option<Value>,
    debug_data: Option<String>,
    pub(super) last_accepted_stream_id: Option<u32>,
    proxy_chain: Option<String>,
    proxy_server: Option<String>,
}

/// A frame header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FrameHeader {
    /// The first byte.
    pub(super) first: u8,
    pub(super) is_masked: bool,
    pub(super) length: u64,
}

impl FrameHeader {
    pub(super) fn opcode(self) -> u8 {
        self.first & 0x0f
    }

    /// Whether it is text that stands where a frame belongs, as `HT` of HTTP: a control frame is no fragment.
    pub(super) fn is_text(self) -> bool {
        let letters = [u64::from(self.first), self.length];
        self.opcode() >= 8
            && !self.is_masked
            && letters.iter().all(|byte| (0x20..0x7f).contains(byte))
    }

    /// Its bytes, with this masking key: no log has that.
    pub(super) fn bytes(self, key: [u8; 4]) -> Vec<u8> {
        let mask = u8::from(self.is_masked) << 7;
        let mut bytes = vec![self.first];
        match self.length {
            length @ 0..=125 => bytes.push(mask | length as u8),
            length @ 126..=0xffff => {
                bytes.push(mask | 126);
                bytes.extend((length as u16).to_be_bytes());
            }
            length => {
                bytes.push(mask | 127);
                bytes.extend(length.to_be_bytes());
            }
        }
        if self.is_masked {
            bytes.extend(key);
        }
        bytes
    }
}

impl Params {
    /// The bytes that went over a connection, where the log holds them.
    pub(super) fn raw(&self) -> Option<Vec<u8>> {
        match (&self.bytes, &self.hex_encoded_bytes) {
            (Some(text), _) => STANDARD.decode(text).ok(),
            (None, Some(text)) => hex::decode(text).ok(),
            (None, None) => None,
        }
    }

    /// An error code of HTTP/2: a number, or `8 (CANCEL)`.
    pub(super) fn error_code(&self) -> Option<u32> {
        match self.error_code.as_ref()? {
            Value::String(text) => text.split(' ').next()?.parse().ok(),
            value => value.as_u64().and_then(|code| u32::try_from(code).ok()),
        }
    }

    /// What a GOAWAY says besides. In the usual mode a log tells only how much that was.
    pub(super) fn debug(&self) -> &str {
        let text = self.debug_data.as_deref().unwrap_or_default();
        text.strip_prefix('[').map_or(text, |_| "")
    }

    /// How much data went over a stream.
    pub(super) fn size(&self) -> u64 {
        self.size.unwrap_or_default().max(0) as u64
    }

    /// A frame header; `None` where the event is none.
    pub(super) fn frame(&self) -> Option<FrameHeader> {
        let bit = |bit: Option<bool>, place: u8| u8::from(bit.unwrap_or_default()) << place;
        let opcode = self.opcode.filter(|opcode| (0..16).contains(opcode))?;
        let length = match self.payload_length.as_ref()? {
            Value::String(text) => text.parse().ok()?,
            value => value.as_u64().or_else(|| {
                number(value)
                    .filter(|length| *length >= 0.0)
                    .map(|length| length as u64)
            })?,
        };
        Some(FrameHeader {
            first: bit(self.is_final, 7)
                | bit(self.reserved1, 6)
                | bit(self.reserved2, 5)
                | bit(self.reserved3, 4)
                | opcode as u8,
            is_masked: self.masked.unwrap_or_default(),
            length,
        })
    }

    /// The fields of a head: their names and values. Older versions write them as an object.
    pub(super) fn fields(&self) -> Vec<(String, String)> {
        let split = |line: &str| {
            // The pseudo-header fields of HTTP/2 begin with a colon.
            let colon = line.get(1..)?.find(':')? + 1;
            let (name, value) = line.split_at(colon);
            Some((
                name.trim().to_ascii_lowercase(),
                value.get(1..)?.trim().to_owned(),
            ))
        };
        match &self.headers {
            Value::Array(lines) => {
                let lines = lines.iter().filter_map(Value::as_str);
                lines.filter_map(split).collect()
            }
            Value::Object(fields) => {
                let fields = fields.iter();
                let text = |value: &Value| value.as_str().map(str::to_owned);
                fields
                    .filter_map(|(name, value)| Some((name.to_ascii_lowercase(), text(value)?)))
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// The status line of a response: the status and the words behind it.
    pub(super) fn status(&self) -> Option<(u16, String)> {
        let line = self.headers.as_array()?.first()?.as_str()?;
        let line = line.strip_prefix("HTTP/")?;
        let mut words = line.splitn(3, ' ').skip(1);
        let status = words.next()?.trim().parse().ok()?;
        Some((status, words.next().unwrap_or_default().trim().to_owned()))
    }

    /// The method and the target of a request line.
    pub(super) fn request_line(&self) -> Option<(&str, &str)> {
        let mut words = self.line.as_str()?.split_ascii_whitespace();
        Some((words.next()?, words.next()?))
    }

    /// The addresses of a connection: its own and the other's.
    pub(super) fn addresses(&self) -> [Option<std::net::SocketAddr>; 2] {
        let local = self.local_address.as_ref().or(self.source_address.as_ref());
        let parse = |text: Option<&String>| text.and_then(|text| text.parse().ok());
        [parse(local), parse(self.remote_address.as_ref())]
    }

    /// The proxy that is used; `None` where there is none.
    pub(super) fn proxy(&self) -> Option<String> {
        let text = self.proxy_chain.as_ref().or(self.proxy_server.as_ref())?;
        let text = text.trim_matches(|c| matches!(c, '[' | ']' | ' '));
        let is_direct = text.is_empty() || text.to_ascii_lowercase().starts_with("direct");
        (!is_direct).then(|| text.to_owned())
    }

    /// Whether what came in the place of TLS is no TLS: BoringSSL's SSL_R_WRONG_VERSION_NUMBER.
    pub(super) fn is_no_tls(&self) -> bool {
        self.error_reason == Some(247)
    }
}
