//! The vendors' registries that are part of the program.
//!
//! Each is a file in `src/registries/`. Reading them costs more than all else that
//! `explain 1007` does, so what vendors say of protocol codes also stands here, in
//! an index that a law holds against the files.

use std::sync::OnceLock;

use super::{Owner, Registry, read};

/// A registry as it lies in the program.
#[derive(Debug)]
pub struct VendorFile {
    /// What one types to name it.
    pub vendor: &'static str,
    /// Its name.
    pub title: &'static str,
    /// The file.
    pub text: &'static str,
}

macro_rules! files {
    ($(($vendor:literal, $title:literal),)*) => {
        &[$(VendorFile {
            vendor: $vendor,
            title: $title,
            text: include_str!(concat!("../registries/", $vendor, ".toml")),
        },)*]
    };
}

/// The files, those that most people ask for first.
pub static FILES: &[VendorFile] = files![
    ("discord-gateway", "Discord Gateway"),
    ("graphql-transport-ws", "GraphQL over WebSocket"),
    ("graphql-ws", "GraphQL subscriptions, legacy"),
    ("pusher", "Pusher Channels"),
    ("discord-voice", "Discord Voice"),
    ("discord-rpc", "Discord RPC"),
    ("twitch-eventsub", "Twitch EventSub"),
    ("openai-realtime", "OpenAI Realtime"),
    ("gemini-live", "Gemini Live"),
    ("deepgram", "Deepgram Streaming"),
    ("assemblyai-v3", "AssemblyAI Streaming v3"),
    ("assemblyai-v2", "AssemblyAI Realtime v2"),
    ("azure-speech", "Azure Speech"),
    ("centrifugo", "Centrifugo"),
    ("obs-websocket", "obs-websocket 5"),
    ("sockjs", "SockJS"),
    ("spring", "Spring WebSocket"),
    ("liveblocks", "Liveblocks"),
    ("hocuspocus", "Hocuspocus"),
    ("colyseus", "Colyseus"),
    ("jupyter", "Jupyter real-time collaboration"),
    ("walletconnect", "WalletConnect relay"),
    ("websocketpp", "WebSocket++"),
];

/// All of the vendors' registries, read when first asked for.
pub fn vendors() -> &'static [Registry] {
    static VENDORS: OnceLock<Vec<Registry>> = OnceLock::new();
    VENDORS.get_or_init(|| {
        // A law proves that each can be read.
        let read = |file: &VendorFile| read(file.text.as_bytes(), Owner::Vendor).ok();
        FILES.iter().filter_map(read).collect()
    })
}

/// That a vendor uses a number outside of 3000 to 4999.
#[derive(Debug, PartialEq, Eq)]
pub struct ProtocolUse {
    /// The number.
    pub code: u16,
    /// The vendor.
    pub vendor: &'static str,
    /// What the vendor calls it.
    pub name: &'static str,
}

macro_rules! uses {
    ($(($code:literal, $vendor:literal, $name:literal),)*) => {
        &[$(ProtocolUse { code: $code, vendor: $vendor, name: $name },)*]
    };
}

/// What the files say of numbers outside of 3000 to 4999, by number and then as in [`FILES`].
pub static PROTOCOL_USES: &[ProtocolUse] = uses![
    (1000, "discord-gateway", "Normal Closure"),
    (1001, "discord-gateway", "Going Away"),
    (
        1001,
        "openai-realtime",
        "Session reached its maximum duration (reported)"
    ),
    (1002, "graphql-ws", "Unsupported subprotocol"),
    (1002, "azure-speech", "Bad request parameters"),
    (1002, "sockjs", "Cannot connect to server"),
    (1003, "azure-speech", "Bad request parameters"),
    (1003, "jupyter", "Session or room does not match"),
    (1006, "sockjs", "Server lost session"),
    (
        1007,
        "gemini-live",
        "Bad API key or setup message (reported)"
    ),
    (1007, "azure-speech", "Bad request parameters"),
    (
        1008,
        "gemini-live",
        "Model not found or not supported (reported)"
    ),
    (1008, "deepgram", "DATA-0000: audio cannot be decoded"),
    (1008, "assemblyai-v3", "Unauthorized Connection"),
    (1009, "hocuspocus", "Message Too Big"),
    (1011, "graphql-ws", "Connection refused or failed"),
    (
        1011,
        "gemini-live",
        "Internal error or quota used up (reported)"
    ),
    (1011, "deepgram", "NET-0001 or NET-0000: timeout"),
    (1011, "liveblocks", "Unexpected condition"),
    (1013, "assemblyai-v2", "Reconnect attempts exhausted"),
    (1013, "liveblocks", "Try again later"),
    (2000, "sockjs", "All transports failed"),
    (2007, "sockjs", "Transport timed out"),
];
