//! What happened when a line carries no close code: a meaning, causes and fixes for each.

use super::Origin;
use crate::words::{Case, Words, word};

/// Something that happened to a connection, and for which no end sent a code.
#[derive(Debug)]
pub struct Event {
    /// Its name in JSON: `handshake-refused`.
    pub id: &'static str,
    /// What happened, in a few words.
    pub title: &'static str,
    /// Whether nothing is wrong by itself.
    pub is_clean: bool,
    /// What settles it.
    pub origin: Origin,
    /// Meaning, causes and fixes.
    pub words: Words,
}

/// All events.
pub static EVENTS: [&Event; 21] = [
    &ENDED,
    &ENDED_NORMALLY,
    &USED_AFTER_CLOSE,
    &CODE_NOT_SENDABLE,
    &PING_UNANSWERED,
    &IDLE_TIMEOUT,
    &PROTOCOL_ERROR,
    &INVALID_FRAME_HEADER,
    &HANDSHAKE_REFUSED,
    &REFUSED_BEFORE_ACCEPT,
    &HANDSHAKE_FAILED,
    &HANDSHAKE_TIMEOUT,
    &SUBPROTOCOL_NOT_CHOSEN,
    &CLOSED_WHILE_CONNECTING,
    &COULD_NOT_CONNECT,
    &INTERRUPTED_WHILE_LOADING,
    &PROXY_IDLE_TIMEOUT,
    &PROXY_CLIENT_TIMEOUT,
    &PROXY_RESET,
    &PROXY_CLIENT_GONE,
    &UPSTREAM_CLOSED_EARLY,
];

pub(super) static ENDED: Event = Event {
    id: "ended-without-close",
    title: word!("the connection ended without a Close frame"),
    is_clean: false,
    origin: Origin::Documented("RFC 6455 section 7.1.5"),
    words: Words {
        meaning: "TCP ended, or was reset, and no Close frame had come. Nobody sent a code; where an API has to give one it is 1006. \
                  This end only noticed: the cause is at the other end or on the way.",
        cases: &[
            Case {
                cause: "A proxy or load balancer cut a silent connection: 60 seconds is the default of nginx, Apache httpd and AWS ALB.",
                fix: "Measure the time from the last message to this line. If it is always the same, ping at less than half of it, or raise that timer.",
            },
            Case {
                cause: "The other process ended or its handler threw: a crash, a kill, a deploy. uvicorn, aiohttp and tornado cut TCP without a Close then.",
                fix: "Read the other end's log at that very second. Server: close with 1011 on an error, and with 1001 or 1012 before you exit.",
            },
            Case {
                cause: "The other end drops the connection without the closing handshake, as clients do when their process is killed or the page's tab is lost.",
                fix: "If it happens only when users leave, nothing is wrong: log it at a lower level. Else close and wait for the answer before you exit.",
            },
            Case {
                cause: "The network went away: sleep, a change of network, a NAT that forgot the connection.",
                fix: "Ping, give up when no pong comes, and reconnect after a random delay that grows.",
            },
        ],
    },
};

pub(super) static ENDED_NORMALLY: Event = Event {
    id: "ended-normally",
    title: word!("the closing handshake is complete"),
    is_clean: true,
    origin: Origin::Read("tungstenite 0.30.0 src/error.rs"),
    words: Words {
        meaning: "Both ends have sent their Close and the connection is over. The library says so as an error because there is nothing more to read.",
        cases: &[
            Case {
                cause: "One end closed, the other answered, and the program went on reading.",
                fix: "Take it as the end of the loop and not as a failure.",
            },
            Case {
                cause: "The code of the Close is in a message before this line.",
                fix: "Log the Close frame when it is read: its code and reason say why the connection ended.",
            },
        ],
    },
};

pub(super) static USED_AFTER_CLOSE: Event = Event {
    id: "used-after-close",
    title: word!("the program used a connection that was closed already"),
    is_clean: false,
    origin: Origin::Documented("RFC 6455 section 5.5.1"),
    words: Words {
        meaning: "The program read or wrote after the connection had ended, or after it had sent its own Close. This line is a consequence: what ended the connection was said before it, if at all.",
        cases: &[
            Case {
                cause: "Another task or thread closed the connection while this one still used it.",
                fix: "Let one task own the connection; the others hand it what to send, and stop when it says that it is over.",
            },
            Case {
                cause: "An earlier error or Close was not looked at, and the loop went on.",
                fix: "Leave the loop at the first error, and log that one: it is the cause.",
            },
            Case {
                cause: "A timer (a ping, a heartbeat) outlived the connection.",
                fix: "Stop the timer in the close handler.",
            },
        ],
    },
};

pub(super) static CODE_NOT_SENDABLE: Event = Event {
    id: "code-not-sendable",
    title: word!("the program asked for a close code that the library does not send"),
    is_clean: false,
    origin: Origin::Documented(word!("RFC 6455 section 7.4.1 and the WebSockets Standard")),
    words: Words {
        meaning: "The library refused the number that the program gave to its close function, and no Close was sent by that call. 1005, 1006 and 1015 may not travel at all; \
                  a script in a web page may send only 1000 and 3000 to 4999.",
        cases: &[
            Case {
                cause: "A code that was received, or reported by an API, is passed on: 1005 and 1006 come from a library and not from the other end.",
                fix: "Map them before you pass them on: 1005 to a Close without a code, 1006 and 1015 to 1011, or to 1014 in a gateway.",
            },
            Case {
                cause: "A page, or a runtime with the same rule, wants to send 1001, 1008 or 1011.",
                fix: "Use 1000, or a code from 4000 on that both ends agree on.",
            },
            Case {
                cause: "A variable holds no code: 0, -1, an HTTP status.",
                fix: "Close with 1000 for a normal end and 1011 for a failure.",
            },
        ],
    },
};

pub(super) static PING_UNANSWERED: Event = Event {
    id: "ping-unanswered",
    title: word!("no pong came in time"),
    is_clean: false,
    origin: Origin::Documented("RFC 6455 section 5.5.2"),
    words: Words {
        meaning: "This end sent a ping, waited for the pong, and gave the connection up. The other end was gone, blocked, or behind a network that no longer carries anything.",
        cases: &[
            Case {
                cause: "The other end is gone without a word: a closed laptop, a lost network, a killed process behind a NAT.",
                fix: "Nothing to mend at this end: let the client reconnect after a random delay that grows.",
            },
            Case {
                cause: "The other end is busy: a blocked event loop or a slow handler answers pings late.",
                fix: "Look at what it was doing at that time; move long work off the thread that reads the connection.",
            },
            Case {
                cause: "A large message fills the line, and the pong waits behind it.",
                fix: "Raise the time that is allowed for a pong, or send smaller messages.",
            },
        ],
    },
};

pub(super) static IDLE_TIMEOUT: Event = Event {
    id: "idle-timeout",
    title: word!("the idle timer of this program ran out"),
    is_clean: false,
    origin: Origin::Read("apache/tomcat 84ac9af org.apache.tomcat.websocket.WsSession"),
    words: Words {
        meaning: "Nothing was received, or nothing was sent, for as long as this program's own idle timer allows, and it closed the connection with 1001.",
        cases: &[
            Case {
                cause: "The connection carries nothing for long times, and neither end pings.",
                fix: "Ping at less than half of the timer. In a web page, where scripts cannot ping, send a small message of your own.",
            },
            Case {
                cause: "The timer is shorter than the quiet times of this application.",
                fix: "Raise it where the program sets it: `setMaxIdleTimeout` of the session or of the container.",
            },
        ],
    },
};

pub(super) static PROTOCOL_ERROR: Event = Event {
    id: "protocol-error",
    title: word!("the program refused what it received"),
    is_clean: false,
    origin: Origin::Documented("RFC 6455 section 7.1.7"),
    words: Words {
        meaning: "What came from the other end is not what the protocol allows at that place; the words in the line name the fault. If the connection was open, 1002 is the code for it.",
        cases: &[
            Case {
                cause: "The other end, or a proxy between, puts wrong bytes on the connection.",
                fix: "Capture them and run `wsclose decode-frame`: it names every broken rule and its place.",
            },
            Case {
                cause: "The opening handshake failed, and what follows is HTTP and not frames.",
                fix: "Look at the first line of the response: it has to be `HTTP/1.1 101`.",
            },
        ],
    },
};

pub(super) static INVALID_FRAME_HEADER: Event = Event {
    id: "invalid-frame-header",
    title: word!("Chromium refused the header of a frame"),
    is_clean: false,
    origin: Origin::Measured("Chromium 156"),
    words: Words {
        meaning: "Chromium says so of a control frame that is fragmented or has more than 125 bytes, of a length written in too many bytes, and of a length with its top bit set. It sends 1002; the page sees 1006.",
        cases: &[
            Case {
                cause: "The server, or something else in its process, writes bytes to the connection that are no frames: an HTTP response, a print, a second WebSocket server on the same HTTP server.",
                fix: "Capture what follows the 101 and look at it: `48 54 54 50` is \"HTTP\". Let one WebSocket server handle each upgrade.",
            },
            Case {
                cause: "The server makes its frames itself and writes the length wrongly.",
                fix: "Run the frames through `wsclose decode-frame --from server`: it names the rule and the byte.",
            },
            Case {
                cause: "The reason of the server's Close is longer than 123 bytes, and its library sends it as it is.",
                fix: "Server: cut the reason at 123 bytes, at the end of a character.",
            },
        ],
    },
};

pub(super) static HANDSHAKE_REFUSED: Event = Event {
    id: "handshake-refused",
    title: word!("the server answered the opening handshake with an HTTP status other than 101"),
    is_clean: false,
    origin: Origin::Documented("RFC 6455 section 4.2.2"),
    words: Words {
        meaning: "The connection never opened, so there is no close code: the server, or a proxy before it, answered with an HTTP status. A browser's script sees only 1006 for it.",
        cases: &[
            Case {
                cause: "401 or 403: the token, the cookie or the Origin was refused. uvicorn answers 403 whenever the application closes before it accepts, and for a path that has no route.",
                fix: "Look at the server's log for that request; send the token the way the server reads it; allow the page's origin.",
            },
            Case {
                cause: "404: a wrong path, or a proxy that does not send this path to the WebSocket server.",
                fix: "Ask for the same path with `curl -i` past the proxy, straight at the server; mind a missing slash at its end.",
            },
            Case {
                cause: "400 or 426: the Upgrade and Connection headers did not arrive. A proxy takes them away unless it is told to pass them on.",
                fix: "In nginx: `proxy_http_version 1.1`, and set the headers Upgrade and Connection. Behind a CDN switch WebSockets on.",
            },
            Case {
                cause: "200: something answers as for a web page: a static file server, a single-page application's fallback, a login page.",
                fix: "Route this path to the WebSocket server before the fallback.",
            },
            Case {
                cause: "301, 302, 307 or 308: a redirect, which WebSocket clients seldom follow.",
                fix: "Use the address that it points to, with ws: or wss: for http: or https:.",
            },
            Case {
                cause: "429: too many attempts in a short time.",
                fix: "Wait as long as Retry-After says, and reconnect with a delay that grows.",
            },
            Case {
                cause: "502, 503 or 504: a proxy did not reach the server behind it.",
                fix: "Check that the server runs and listens where the proxy sends to; then reconnect with a delay that grows.",
            },
        ],
    },
};

pub(super) static REFUSED_BEFORE_ACCEPT: Event = Event {
    id: "refused-before-accept",
    title: word!("the application refused the connection before it was open"),
    is_clean: false,
    origin: Origin::Read("Kludex/uvicorn d26c85c uvicorn/protocols/websockets"),
    words: Words {
        meaning: "The ASGI application closed before it accepted, or raised. The server then answers with an HTTP status, usually 403, whatever code the application gave: the client never sees that code, and a browser shows 1006.",
        cases: &[
            Case {
                cause: "No route fits the path: Starlette and FastAPI close then.",
                fix: "Compare the path in the line before this one with the routes, prefixes and slashes included.",
            },
            Case {
                cause: "The application checks a token or the origin first, and closes with a code of its own.",
                fix: "If the client is to see the code, accept first and then close with it.",
            },
            Case {
                cause: "A dependency or a middleware raised before accept.",
                fix: "Look for the traceback above this line.",
            },
        ],
    },
};

pub(super) static HANDSHAKE_FAILED: Event = Event {
    id: "handshake-failed",
    title: word!("the opening handshake failed"),
    is_clean: false,
    origin: Origin::Documented("RFC 6455 section 4.1"),
    words: Words {
        meaning: "The connection never opened, so there is no close code. The line does not say why: the name may not resolve, nothing may listen there, TLS may have failed, or the answer was not 101.",
        cases: &[
            Case {
                cause: "The server or a proxy answered with an HTTP status other than 101.",
                fix: "Find the status: the network panel of the browser, the response that the library hands out (gorilla's Dial gives it), or `curl -i -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==' URL`.",
            },
            Case {
                cause: "The answer is 101 and lacks a header, or a proxy changed one.",
                fix: "Compare the response with RFC 6455 section 4.2.2: Upgrade, Connection and Sec-WebSocket-Accept have to be there.",
            },
            Case {
                cause: "Nothing listens at that address, the name is wrong, or TLS failed.",
                fix: "Try the address with `curl -v`; for wss: look at the certificate.",
            },
        ],
    },
};

pub(super) static HANDSHAKE_TIMEOUT: Event = Event {
    id: "handshake-timeout",
    title: word!("the opening handshake took too long"),
    is_clean: false,
    origin: Origin::Read("websockets/ws a2f4e7c lib/websocket.js"),
    words: Words {
        meaning: "TCP was there, and no answer to the upgrade came within the time that this program allows. There is no close code.",
        cases: &[
            Case {
                cause: "The server accepts connections and does not get to them: it is overloaded, or starting.",
                fix: "Look at the server's load and its accept queue; reconnect with a delay that grows.",
            },
            Case {
                cause: "A proxy waits for the server behind it, or holds back the 101.",
                fix: "Connect past the proxy; if that works, look at the proxy's settings for upgrades.",
            },
        ],
    },
};

pub(super) static SUBPROTOCOL_NOT_CHOSEN: Event = Event {
    id: "subprotocol-not-chosen",
    title: word!("the server chose none of the subprotocols that were offered"),
    is_clean: false,
    origin: Origin::Documented("RFC 6455 section 4.1"),
    words: Words {
        meaning: "The client offered subprotocols, and the 101 names none of them. Chromium fails the connection then and the page sees 1006; Firefox is reported to go on.",
        cases: &[
            Case {
                cause: "The server does not look at Sec-WebSocket-Protocol.",
                fix: "Server: answer with one of the offered names. Client: offer none where none is needed.",
            },
            Case {
                cause: "A token is sent as a subprotocol because scripts cannot set headers.",
                fix: "Server: repeat one of the offered values in the answer; offer a plain name beside the token and repeat that one.",
            },
        ],
    },
};

pub(super) static CLOSED_WHILE_CONNECTING: Event = Event {
    id: "closed-while-connecting",
    title: word!("this program closed the connection before it was open"),
    is_clean: false,
    origin: Origin::Documented(word!("the WebSockets Standard, close()")),
    words: Words {
        meaning: "`close()` was called while the connection was still being made. Nothing is wrong with the network or the server; the close event says 1006.",
        cases: &[
            Case {
                cause: "A component is mounted, taken away and mounted again: React's StrictMode does so in development.",
                fix: "Close in the clean-up only once the connection is open, or keep one connection outside of the component.",
            },
            Case {
                cause: "A timeout of the program, or a new attempt to connect, ends the one under way.",
                fix: "Give the handshake more time, and make sure that only one attempt is under way.",
            },
            Case {
                cause: "The page is left or reloaded meanwhile.",
                fix: "Nothing to mend.",
            },
        ],
    },
};

pub(super) static COULD_NOT_CONNECT: Event = Event {
    id: "could-not-connect",
    title: word!("the connection could not be made"),
    is_clean: false,
    origin: Origin::Read("chromium net/base/net_error_list.h"),
    words: Words {
        meaning: "The browser did not get as far as the opening handshake; the name in the line says where it stopped. The page sees 1006.",
        cases: &[
            Case {
                cause: "ERR_CONNECTION_REFUSED: nothing listens at that address and port.",
                fix: "Start the server, or correct the port; in a container publish it.",
            },
            Case {
                cause: "ERR_NAME_NOT_RESOLVED: the host name is wrong, or known only inside another network.",
                fix: "Look the name up on the machine on which the browser runs.",
            },
            Case {
                cause: "ERR_CERT_AUTHORITY_INVALID and other ERR_CERT or ERR_SSL names: TLS failed, and for a WebSocket there is no page on which to accept a certificate.",
                fix: "Open https:// with the same host and port in a tab to see the fault; install a certificate that the browser trusts.",
            },
            Case {
                cause: "ERR_CONNECTION_RESET, ERR_CONNECTION_CLOSED or ERR_TIMED_OUT: something on the way drops the connection: a firewall, a proxy, a port that speaks another protocol (wss: to a plain port).",
                fix: "Try the other of ws: and wss:, and try from another network.",
            },
        ],
    },
};

pub(super) static INTERRUPTED_WHILE_LOADING: Event = Event {
    id: "interrupted-while-loading",
    title: word!("Firefox ended the connection, or saw it end, with no more to say"),
    is_clean: false,
    origin: Origin::Measured("Firefox ESR 153.7"),
    words: Words {
        meaning: "Firefox prints this when the page is left while a connection is open, which is harmless, and also for every fault in a frame that it received: it then cuts TCP without a Close, and the page sees 1006.",
        cases: &[
            Case {
                cause: "The page was left or reloaded.",
                fix: "Nothing to mend; close the connection in `pagehide` if the line disturbs.",
            },
            Case {
                cause: "The server sent a frame that breaks a rule: bad UTF-8, a reserved bit, a control frame that is too long.",
                fix: "Try the same in Chromium, whose console names the fault, or decode a capture with `wsclose decode-frame`.",
            },
        ],
    },
};

pub(super) static PROXY_IDLE_TIMEOUT: Event = Event {
    id: "proxy-idle-timeout",
    title: word!("a proxy cut a connection that was silent for too long"),
    is_clean: false,
    origin: Origin::Read(
        "nginx/nginx 3f6f782 src/http/ngx_http_upstream.c, HAProxy doc/configuration.txt",
    ),
    words: Words {
        meaning: "The proxy's timer ran out because nothing came for as long as it allows, and it ended TCP on both sides. It sends no Close frame: both ends see 1006.",
        cases: &[
            Case {
                cause: "The connection is quiet for longer than the timer: nginx's proxy_read_timeout (60 seconds by default), HAProxy's timeout tunnel, or timeout client and timeout server where that is not set.",
                fix: "Ping at less than half of the timer, from either end; or raise proxy_read_timeout or timeout tunnel for this location.",
            },
            Case {
                cause: "The other end was gone already, and nobody noticed.",
                fix: "Ping and wait for the pong, so that a dead connection is found by an end and not by the proxy.",
            },
        ],
    },
};

pub(super) static PROXY_CLIENT_TIMEOUT: Event = Event {
    id: "proxy-client-timeout",
    title: word!("a proxy could not write to the client any longer"),
    is_clean: false,
    origin: Origin::Read("nginx/nginx 3f6f782 src/http/ngx_http_upstream.c"),
    words: Words {
        meaning: "Data for the client waited longer than the proxy's timer for writing, and it ended the connection. It sends no Close frame: the server sees 1006.",
        cases: &[
            Case {
                cause: "The client vanished: a closed laptop, a lost network.",
                fix: "Nothing to mend at the proxy; let clients reconnect after a random delay that grows.",
            },
            Case {
                cause: "The client reads more slowly than the server sends.",
                fix: "Server: watch how much waits to be sent (bufferedAmount, backpressure) and send less, or close slow clients yourself.",
            },
        ],
    },
};

pub(super) static PROXY_RESET: Event = Event {
    id: "proxy-peer-reset",
    title: word!("an end of the connection dropped it, as a proxy between saw it"),
    is_clean: false,
    origin: Origin::Measured("nginx 1.22.1"),
    words: Words {
        meaning: "The proxy was passing bytes between the two ends when one of them ended TCP hard. The proxy ends the other side too, without a Close frame: that end sees 1006.",
        cases: &[
            Case {
                cause: "The server behind the proxy crashed, was killed or was deployed anew.",
                fix: "Read its log at that second. On shutdown close with 1001 or 1012 before the process exits.",
            },
            Case {
                cause: "The client's process was killed, or its network changed.",
                fix: "If it is only this client, nothing is to mend.",
            },
            Case {
                cause: "The server refused a frame and dropped the connection without a Close.",
                fix: "Look for the fault in the server's log; decode the last frames that the client sent with `wsclose decode-frame`.",
            },
        ],
    },
};

pub(super) static PROXY_CLIENT_GONE: Event = Event {
    id: "proxy-client-gone",
    title: word!("the client dropped the connection, as a proxy saw it"),
    is_clean: false,
    origin: Origin::Documented(word!(
        "HAProxy doc/configuration.txt, session state at disconnection"
    )),
    words: Words {
        meaning: "The client ended TCP while the tunnel was open. If it sent a Close before, the server has seen its code; if not, the server sees 1006.",
        cases: &[
            Case {
                cause: "The user left the page, or the program ended.",
                fix: "Nothing to mend; count how many come at once before you look further.",
            },
            Case {
                cause: "Many at the same moment: a network, or another proxy before this one, went away.",
                fix: "Compare the times and the client addresses of these lines.",
            },
        ],
    },
};

pub(super) static UPSTREAM_CLOSED_EARLY: Event = Event {
    id: "upstream-closed-early",
    title: word!("the server behind nginx closed before it answered"),
    is_clean: false,
    origin: Origin::Read("nginx/nginx 3f6f782 src/http/ngx_http_upstream.c"),
    words: Words {
        meaning: "The server took the request and ended the connection without a complete answer. If the request was an upgrade, no WebSocket was ever open: the client gets 502, a browser shows 1006.",
        cases: &[
            Case {
                cause: "The server crashed or was restarted while it handled the request.",
                fix: "Read its log at that second.",
            },
            Case {
                cause: "The server speaks TLS, HTTP/2 or another protocol at that port.",
                fix: "Compare proxy_pass with what the server listens for; use `https://` in it where the server wants TLS.",
            },
        ],
    },
};

/// What an HTTP status in place of 101 says, first for the numbers that people meet most.
pub(super) fn status_says(status: u16) -> &'static str {
    match status {
        101 => word!("101 is the answer that was to come, so something else in it was wrong."),
        200..=299 => {
            word!(
                "Something answered as for a web page: the request did not reach a WebSocket server."
            )
        }
        301 | 302 | 303 | 307 | 308 => {
            word!("It is a redirect: use the address that it points to.")
        }
        400 | 426 => word!("Mostly the Upgrade and Connection headers got lost in a proxy."),
        401 | 403 | 407 => {
            word!(
                "The server knows the path and refuses: a token, a cookie, the origin. ASGI servers say 403 also where no route fits."
            )
        }
        404 | 405 | 410 => {
            word!("The path leads to no WebSocket endpoint, or a proxy sends it elsewhere.")
        }
        429 => word!("There were too many attempts: wait longer between them."),
        500 => word!("The server failed while it handled the request: its log has the cause."),
        502..=504 | 520..=530 => {
            word!(
                "It comes from a proxy or CDN that did not get an answer from the server behind it."
            )
        }
        _ => word!("The server's log has the cause."),
    }
}
