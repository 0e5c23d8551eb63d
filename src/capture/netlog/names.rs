//! What the numbers in a net log stand for: its own constants say it, and they change with each version.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

/// The events that tell something of a WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    RequestAlive,
    StartJob,
    SendRequestHeaders,
    SendStreamHeaders,
    ReadResponseHeaders,
    TunnelRequest,
    TunnelResponse,
    ProxyResolved,
    Alive,
    StateChanged,
    ReceivedHeader,
    SentHeader,
    InvalidFrame,
    CloseTimeout,
    UpgradeFailure,
    Cancelled,
    SocketAlive,
    TcpConnect,
    BytesSent,
    BytesReceived,
    TlsBytesSent,
    TlsBytesReceived,
    TlsConnect,
    TlsError,
    ReadError,
    Certificates,
    SessionReady,
    SessionSendHeaders,
    SessionReceiveHeaders,
    SessionSendData,
    SessionReceiveData,
    SessionSendReset,
    SessionReceiveReset,
    SessionGoAway,
    SessionClose,
    /// Any other event; it may still join two sources.
    Other,
}

/// The event of this name.
fn kind(name: &str) -> Kind {
    match name {
        "REQUEST_ALIVE" => Kind::RequestAlive,
        "URL_REQUEST_START_JOB" => Kind::StartJob,
        "HTTP_TRANSACTION_SEND_REQUEST_HEADERS" => Kind::SendRequestHeaders,
        "HTTP_TRANSACTION_HTTP2_SEND_REQUEST_HEADERS"
        | "HTTP_TRANSACTION_QUIC_SEND_REQUEST_HEADERS" => Kind::SendStreamHeaders,
        "HTTP_TRANSACTION_READ_RESPONSE_HEADERS" => Kind::ReadResponseHeaders,
        "HTTP_TRANSACTION_SEND_TUNNEL_HEADERS" => Kind::TunnelRequest,
        "HTTP_TRANSACTION_READ_TUNNEL_RESPONSE_HEADERS" => Kind::TunnelResponse,
        "HTTP_STREAM_JOB_CONTROLLER_PROXY_SERVER_RESOLVED"
        | "HTTP_STREAM_JOB_PROXY_SERVER_RESOLVED"
        | "HTTP_STREAM_REQUEST_PROXY_SERVER_RESOLVED" => Kind::ProxyResolved,
        "WEBSOCKET_ALIVE" => Kind::Alive,
        "WEBSOCKET_STATE_CHANGED" => Kind::StateChanged,
        "WEBSOCKET_RECV_FRAME_HEADER" => Kind::ReceivedHeader,
        "WEBSOCKET_SENT_FRAME_HEADER" => Kind::SentHeader,
        "WEBSOCKET_INVALID_FRAME" => Kind::InvalidFrame,
        "WEBSOCKET_CLOSE_TIMEOUT" => Kind::CloseTimeout,
        "WEBSOCKET_UPGRADE_FAILURE" => Kind::UpgradeFailure,
        "CANCELLED" => Kind::Cancelled,
        "SOCKET_ALIVE" => Kind::SocketAlive,
        "TCP_CONNECT" => Kind::TcpConnect,
        "SOCKET_BYTES_SENT" => Kind::BytesSent,
        "SOCKET_BYTES_RECEIVED" => Kind::BytesReceived,
        "SSL_SOCKET_BYTES_SENT" => Kind::TlsBytesSent,
        "SSL_SOCKET_BYTES_RECEIVED" => Kind::TlsBytesReceived,
        "SSL_CONNECT" => Kind::TlsConnect,
        "SSL_HANDSHAKE_ERROR" => Kind::TlsError,
        "SOCKET_READ_ERROR" | "SSL_READ_ERROR" | "SOCKET_WRITE_ERROR" | "SSL_WRITE_ERROR" => {
            Kind::ReadError
        }
        "SSL_CERTIFICATES_RECEIVED" => Kind::Certificates,
        "HTTP2_SESSION_INITIALIZED" => Kind::SessionReady,
        "HTTP2_SESSION_SEND_HEADERS" => Kind::SessionSendHeaders,
        "HTTP2_SESSION_RECV_HEADERS" => Kind::SessionReceiveHeaders,
        "HTTP2_SESSION_SEND_DATA" => Kind::SessionSendData,
        "HTTP2_SESSION_RECV_DATA" => Kind::SessionReceiveData,
        "HTTP2_SESSION_SEND_RST_STREAM" => Kind::SessionSendReset,
        "HTTP2_SESSION_RECV_RST_STREAM" => Kind::SessionReceiveReset,
        "HTTP2_SESSION_RECV_GOAWAY" => Kind::SessionGoAway,
        "HTTP2_SESSION_CLOSE" => Kind::SessionClose,
        _ => Kind::Other,
    }
}

/// What an event may be of, from the request down to the socket; a request depends on what stands below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// A request of a page.
    Request,
    /// What looks for a stream for a request.
    Controller,
    /// One attempt of it.
    Job,
    /// What makes a connection, for the first job that can use it.
    Connecting,
    /// An HTTP/2 session, shared by many requests.
    Session,
    /// A connection.
    Socket,
    /// A WebSocket as the page has it.
    Channel,
    /// What is not followed.
    Other,
}

/// The source of this name.
fn role(name: &str) -> Role {
    match name {
        "URL_REQUEST" => Role::Request,
        "WEBSOCKET_CHANNEL" => Role::Channel,
        "HTTP2_SESSION" => Role::Session,
        "SOCKET" | "PROXY_CLIENT_SOCKET" => Role::Socket,
        "HTTP_STREAM_JOB_CONTROLLER" | "HTTP_STREAM_POOL_JOB_CONTROLLER" => Role::Controller,
        "HTTP_STREAM_JOB" | "HTTP_STREAM_POOL_JOB" => Role::Job,
        name if name.ends_with("CONNECT_JOB") || name.ends_with("STREAM_ATTEMPT") => {
            Role::Connecting
        }
        _ => Role::Other,
    }
}

/// The constants of a log, as far as they are needed.
#[derive(Debug, Default)]
pub(super) struct Names {
    kinds: HashMap<i64, Kind>,
    roles: HashMap<i64, Role>,
    errors: HashMap<i64, String>,
    /// What is to be added to a time to make it milliseconds since 1970.
    pub(super) offset: i64,
}

#[derive(Deserialize)]
struct Constants {
    #[serde(rename = "logEventTypes", default)]
    kinds: BTreeMap<String, i64>,
    #[serde(rename = "logSourceType", default)]
    roles: BTreeMap<String, i64>,
    #[serde(rename = "netError", default)]
    errors: BTreeMap<String, i64>,
    #[serde(rename = "timeTickOffset", default)]
    offset: serde_json::Value,
}

/// A number, which older versions write as a text.
pub(super) fn number(value: &serde_json::Value) -> Option<f64> {
    match value {
        serde_json::Value::String(text) => text.trim().parse().ok(),
        value => value.as_f64(),
    }
}

impl Names {
    /// The names in these constants; `None` where they are no constants of a net log.
    pub(super) fn of(constants: &[u8]) -> Option<Self> {
        let constants: Constants = serde_json::from_slice(constants).ok()?;
        if constants.kinds.is_empty() || constants.roles.is_empty() {
            return None;
        }
        let offset = number(&constants.offset).unwrap_or_default();
        let kinds = constants.kinds.into_iter();
        let roles = constants.roles.into_iter();
        let errors = constants.errors.into_iter();
        Some(Names {
            kinds: kinds.map(|(name, id)| (id, kind(&name))).collect(),
            roles: roles.map(|(name, id)| (id, role(&name))).collect(),
            errors: errors.map(|(name, id)| (id, name)).collect(),
            offset: offset as i64,
        })
    }

    pub(super) fn kind(&self, id: i64) -> Kind {
        self.kinds.get(&id).copied().unwrap_or(Kind::Other)
    }

    pub(super) fn role(&self, id: i64) -> Role {
        self.roles.get(&id).copied().unwrap_or(Role::Other)
    }

    /// The browser's name for an error: `net::ERR_CONNECTION_REFUSED`.
    pub(super) fn error(&self, number: i64) -> String {
        match self.errors.get(&number) {
            Some(name) => {
                let name = name.strip_prefix("ERR_").unwrap_or(name);
                format!("net::ERR_{name}")
            }
            None => format!("net error {number}"),
        }
    }
}
