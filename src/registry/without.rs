//! Services that have no close codes of their own, so that nobody looks for a registry of them.

use crate::topic::key;

/// A service that says in another way why it closes.
#[derive(Debug, PartialEq, Eq)]
pub struct WithoutCodes {
    /// Its name.
    pub title: &'static str,
    /// Other names by which it is found.
    pub also: &'static [&'static str],
    /// How it says why a connection ends, in a sentence without a full stop.
    pub instead: &'static str,
    /// Where that can be read.
    pub source: &'static str,
}

/// The services that are known to have none.
pub static WITHOUT_CODES: &[WithoutCodes] = &[
    WithoutCodes {
        title: "Socket.IO",
        also: &["Socket.IO client", "Engine.IO client"],
        instead: "its `disconnect` event gives a reason in words, such as `ping timeout` or `transport close`",
        source: "https://socket.io/docs/v4/client-socket-instance/#disconnect",
    },
    WithoutCodes {
        title: "SignalR",
        also: &["ASP.NET SignalR", "Azure SignalR"],
        instead: "a Close message of its own protocol carries the error, and whether to reconnect",
        source: "https://github.com/dotnet/aspnetcore/blob/main/src/SignalR/docs/specs/HubProtocol.md",
    },
    WithoutCodes {
        title: "Action Cable",
        also: &["ActionCable"],
        instead: "a JSON message of type `disconnect` carries the reason, and whether to reconnect",
        source: "https://github.com/rails/rails/blob/main/actioncable/lib/action_cable/connection/base.rb",
    },
    WithoutCodes {
        title: "Phoenix",
        also: &[
            "Phoenix Channels",
            "Phoenix socket",
            "Phoenix LiveView",
            "LiveView",
        ],
        instead: "the messages `phx_error` and `phx_close` say that a channel ended",
        source: "https://github.com/phoenixframework/phoenix/blob/main/assets/js/phoenix/constants.js",
    },
    WithoutCodes {
        title: "Supabase Realtime",
        also: &["Supabase"],
        instead: "it speaks the protocol of Phoenix Channels, whose messages `phx_error` and `phx_close` say that a channel ended",
        source: "https://github.com/supabase/realtime",
    },
    WithoutCodes {
        title: "Ably",
        also: &["Ably Realtime", "ably-js"],
        instead: "numbers such as 80003 are error codes in its messages, not close codes",
        source: "https://github.com/ably/ably-js",
    },
    WithoutCodes {
        title: "Slack Socket Mode",
        also: &["Slack"],
        instead: "a JSON message of type `disconnect` carries the reason, such as `refresh_requested` or `too_many_websockets`",
        source: "https://github.com/slackapi/node-slack-sdk",
    },
    WithoutCodes {
        title: "Home Assistant",
        also: &["hass"],
        instead: "a message of type `auth_invalid` comes before it closes on a bad token",
        source: "https://developers.home-assistant.io/docs/api/websocket",
    },
    WithoutCodes {
        title: "WAMP",
        also: &["Web Application Messaging Protocol"],
        instead: "the messages ABORT and GOODBYE carry the reason as a URI, such as `wamp.close.system_shutdown`",
        source: "https://wamp-proto.org/spec.html",
    },
];

/// The service of this name, if it is known to have no close codes.
pub fn without_codes(name: &str) -> Option<&'static WithoutCodes> {
    let name = key(name);
    let is_it = |known: &&str| key(known) == name;
    WITHOUT_CODES
        .iter()
        .find(|service| is_it(&service.title) || service.also.iter().any(is_it))
}
