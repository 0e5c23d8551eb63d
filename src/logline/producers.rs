//! The programs whose lines are known.

use crate::frame::Sender;
use crate::words::word;

/// A program that prints lines.
#[derive(Debug, PartialEq, Eq)]
pub struct Producer {
    /// Its name in JSON: `python-websockets`.
    pub id: &'static str,
    /// Its name for people, with English words in some.
    pub name: &'static str,
    /// Which end it is; none where it can be either, or is neither.
    pub role: Option<Sender>,
    /// Whether it stands between the ends.
    pub is_proxy: bool,
}

const fn either(id: &'static str, name: &'static str) -> Producer {
    Producer {
        id,
        name,
        role: None,
        is_proxy: false,
    }
}

const fn client(id: &'static str, name: &'static str) -> Producer {
    Producer {
        id,
        name,
        role: Some(Sender::Client),
        is_proxy: false,
    }
}

const fn server(id: &'static str, name: &'static str) -> Producer {
    Producer {
        id,
        name,
        role: Some(Sender::Server),
        is_proxy: false,
    }
}

const fn proxy(id: &'static str, name: &'static str) -> Producer {
    Producer {
        id,
        name,
        role: None,
        is_proxy: true,
    }
}

pub(super) static AIOHTTP: Producer = either("aiohttp", "aiohttp");
pub(super) static AUTOBAHN: Producer = either("autobahn", "autobahn-python");
pub(super) static AZURE_SPEECH: Producer = client("azure-speech", "Azure Speech SDK");
pub(super) static BROWSER: Producer =
    client("browser", word!("a browser, or Node's own WebSocket"));
pub(super) static CHROMIUM: Producer = client("chromium", "Chromium");
pub(super) static CODER: Producer = either("coder-websocket", "coder/websocket (nhooyr)");
pub(super) static DENO: Producer = either("deno", "Deno");
pub(super) static DISCORD_PY: Producer = client("discord-py", "discord.py");
pub(super) static DOTNET: Producer = either("dotnet", ".NET");
pub(super) static FIREFOX: Producer = client("firefox", "Firefox");
pub(super) static GORILLA: Producer = either("gorilla", "gorilla/websocket");
pub(super) static HAPROXY: Producer = proxy("haproxy", "HAProxy");
pub(super) static JAVA_WEBSOCKET: Producer = either("java-websocket", "Java-WebSocket");
pub(super) static JETTY: Producer = either("jetty", "Jetty");
pub(super) static NETTY: Producer = either("netty", "Netty");
pub(super) static NGINX: Producer = proxy("nginx", "nginx");
pub(super) static OKHTTP: Producer = client("okhttp", "OkHttp");
pub(super) static PAWL: Producer = client("ratchet-pawl", "Ratchet Pawl");
pub(super) static SIGNALR: Producer = client("signalr", word!("SignalR for JavaScript"));
pub(super) static SIMPLE_WEBSOCKET: Producer = either("simple-websocket", "simple-websocket");
pub(super) static SLACK: Producer = client("slack-node", word!("Slack's SDK for Node"));
pub(super) static SPRING: Producer = either("spring", "Spring");
pub(super) static STARLETTE: Producer = server("starlette", word!("Starlette or FastAPI"));
pub(super) static TOMCAT: Producer = either("tomcat", "Tomcat (jakarta.websocket)");
pub(super) static TRIO: Producer = either("trio-websocket", "trio-websocket");
pub(super) static TUNGSTENITE: Producer = either("tungstenite", "tungstenite");
pub(super) static UNDERTOW: Producer = either("undertow", "Undertow");
pub(super) static UNDICI: Producer = client("undici", word!("undici (Node's own WebSocket)"));
pub(super) static UVICORN: Producer = server("uvicorn", "uvicorn");
pub(super) static WEBSOCKETS: Producer = either("python-websockets", "python websockets");
pub(super) static WEBSOCKET_CLIENT: Producer = client("websocket-client", "websocket-client");
pub(super) static WEBSOCKET_NODE: Producer = either("websocket-node", "WebSocket-Node");
pub(super) static WEBSOCKEX: Producer = either("websockex", "WebSockex (Elixir)");
pub(super) static WORKERD: Producer = either("workerd", "Cloudflare Workers");
pub(super) static WS: Producer = either("ws", "ws");
pub(super) static WSCAT: Producer = client("wscat", "wscat");
