//! The causes for which connections end, one row each, and the sentences about them.
//!
//! Every sentence is whole, with `{name}` for what a connection fills in. Which of them apply is
//! for [`connection`](super::connection) to say.

use crate::words::{Case, word};

/// Why a connection ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// One end's library closed because the other broke a rule.
    Violation,
    /// A frame was begun and not ended.
    CutMidFrame,
    /// One end broke TCP off.
    Reset,
    /// One end ended TCP without a Close.
    PeerGone,
    /// A ping was not answered.
    KeepaliveTimeout,
    /// Something closed it after a silence.
    IdleTimeout,
    /// A message was larger than one end takes.
    TooBig,
    /// One end closed and the other did not answer.
    CloseUnanswered,
    /// TLS failed.
    TlsFailed,
    /// One end spoke TLS and the other did not.
    WrongScheme,
    /// The TCP connection was refused, or not answered.
    Refused,
    /// The server did not agree to the upgrade.
    UpgradeRefused,
    /// The server agreed in a way that the client must refuse.
    UpgradeInvalid,
    /// The packets do not tell.
    #[default]
    Unknown,
    /// The capture ended first.
    StillOpen,
    /// One end's application closed.
    Application,
}

/// What is said of a cause.
#[derive(Debug)]
pub struct CauseRow {
    /// Which one.
    pub cause: Cause,
    /// Its word in JSON and behind `--only`.
    pub id: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What to check and what to do then, likeliest first. Empty where a code or a rule says it.
    pub cases: &'static [Case],
}

impl Cause {
    /// Its row.
    pub fn row(self) -> &'static CauseRow {
        // Every cause has a row; a law checks that.
        let mut rows = CAUSES.iter();
        rows.find(|row| row.cause == self).unwrap_or(&UNKNOWN)
    }

    /// Its word in JSON.
    pub fn id(self) -> &'static str {
        self.row().id
    }
}

static UNKNOWN: CauseRow = CauseRow {
    cause: Cause::Unknown,
    id: "unknown",
    title: word!("the capture does not tell"),
    cases: &[
        Case {
            cause: "The connection is encrypted.",
            fix: "Capture on the plain side of the proxy that ends TLS, or decrypt the capture with SSLKEYLOGFILE (Wireshark, or `editcap --inject-secrets`) and follow the stream there.",
        },
        Case {
            cause: "The end is not in the capture, or only one direction is.",
            fix: "Capture at one of the two ends, on all interfaces (`tcpdump -i any`), and go on until the connection is gone.",
        },
    ],
};

/// The causes, worst first.
pub static CAUSES: [CauseRow; 16] = [
    CauseRow {
        cause: Cause::Violation,
        id: "violation",
        title: word!("closed for a broken rule"),
        cases: &[],
    },
    CauseRow {
        cause: Cause::CutMidFrame,
        id: "cut-mid-frame",
        title: word!("ended in the middle of a frame"),
        cases: &[
            Case {
                cause: "The process crashed or was killed while it was sending.",
                fix: "Look at its log and at the system's (out of memory, restart, deployment) at the time of the end.",
            },
            Case {
                cause: "The program closes its socket without waiting for what is still to be written.",
                fix: "Close the WebSocket, not the socket, and wait for the close event before the process ends.",
            },
        ],
    },
    CauseRow {
        cause: Cause::Reset,
        id: "reset",
        title: word!("reset without a Close"),
        cases: &[
            Case {
                cause: "The process ended with unread data in its socket, or closed it with SO_LINGER 0.",
                fix: "Look at the log of the end that reset, and at the system's, at the time of the reset.",
            },
            Case {
                cause: "Something between the ends had forgotten the connection and answers its packets with a reset.",
                fix: "Capture at the other end too: if that end sent no reset, something between did. Send pings more often than its timer runs.",
            },
        ],
    },
    CauseRow {
        cause: Cause::PeerGone,
        id: "peer-gone",
        title: word!("ended without a Close"),
        cases: &[
            Case {
                cause: "The process ended: crash, kill, restart, deployment. The system then ends its connections without a Close.",
                fix: "Look at the log of the end that went, and at the system's, at the time of the end.",
            },
            Case {
                cause: "The program dropped the socket instead of closing the WebSocket (`terminate()`, `abort()`, an object that went out of scope).",
                fix: "Close with a code: 1001 for a server that stops, 1000 for a client that is done.",
            },
            Case {
                cause: "That end is a proxy or balancer, which passes on an end or runs a timer.",
                fix: "Capture on the other side of it too, and look at its log; the clients then reconnect with a growing pause.",
            },
        ],
    },
    CauseRow {
        cause: Cause::KeepaliveTimeout,
        id: "keepalive-timeout",
        title: word!("a ping was not answered"),
        cases: &[
            Case {
                cause: "The end that did not answer was busy: its event loop was blocked, or its process stopped.",
                fix: "Look for long work at the time of the ping; move it off the thread that reads the socket.",
            },
            Case {
                cause: "The path was gone: a laptop slept, a network changed, a firewall dropped the flow.",
                fix: "Reconnect with a growing pause; nothing at the two ends is wrong.",
            },
            Case {
                cause: "The library that should answer does not read while the application handles a message.",
                fix: "Read all the time, and hand messages to a queue; or allow more time for the pong.",
            },
        ],
    },
    CauseRow {
        cause: Cause::IdleTimeout,
        id: "idle-timeout",
        title: word!("closed after a silence"),
        cases: &[
            Case {
                cause: "A proxy or balancer between the ends closes connections on which nothing is said for a while.",
                fix: "Send pings from the server (or messages from a browser) more often than its timer runs, half as long apart for a margin.",
            },
            Case {
                cause: "Its timer is shorter than the application needs.",
                fix: "Raise the timer for WebSocket routes: in nginx proxy_read_timeout and proxy_send_timeout.",
            },
        ],
    },
    CauseRow {
        cause: Cause::TooBig,
        id: "too-big",
        title: word!("a message was too big"),
        cases: &[
            Case {
                cause: "The message is as large as it should be, and the limit of the end that closed is smaller.",
                fix: "Raise the limit of the end that closed, or of the proxy before it.",
            },
            Case {
                cause: "The message should not be that large.",
                fix: "Split it, page it, or send the large part over HTTP.",
            },
        ],
    },
    CauseRow {
        cause: Cause::CloseUnanswered,
        id: "close-unanswered",
        title: word!("a Close was not answered"),
        cases: &[
            Case {
                cause: "The other end had stopped reading, or its process was gone, when the Close came.",
                fix: "Look at the end that did not answer, at the time of the Close.",
            },
            Case {
                cause: "Its program answers a Close by dropping the socket.",
                fix: "Let the library answer, and wait for its close event before the socket is dropped.",
            },
        ],
    },
    CauseRow {
        cause: Cause::TlsFailed,
        id: "tls-failed",
        title: word!("TLS failed"),
        cases: &[
            Case {
                cause: "The client does not trust the certificate: self-signed, expired, for another name, or without its intermediate certificates.",
                fix: "Try `openssl s_client -connect HOST:PORT -servername HOST`: it names the fault. Serve the whole chain, and renew it in time.",
            },
            Case {
                cause: "The two ends have no version or cipher in common.",
                fix: "Allow TLS 1.2 and 1.3 on both ends.",
            },
            Case {
                cause: "Something between the ends breaks TLS up and shows a certificate of its own.",
                fix: "Give the client that certificate authority, or go around it.",
            },
        ],
    },
    CauseRow {
        cause: Cause::WrongScheme,
        id: "wrong-scheme",
        title: word!("ws:// and wss:// mixed up"),
        cases: &[
            Case {
                cause: "The URL has the wrong scheme for the port.",
                fix: "Use wss:// for a port that speaks TLS and ws:// for one that does not.",
            },
            Case {
                cause: "A proxy passes TLS to a backend that expects plain HTTP, or the reverse.",
                fix: "Make both sides agree: in nginx proxy_pass http:// or https:// as the backend speaks.",
            },
        ],
    },
    CauseRow {
        cause: Cause::Refused,
        id: "refused",
        title: word!("the TCP connection was refused"),
        cases: &[
            Case {
                cause: "Nothing listens on that port, or only on another address (127.0.0.1 and not all).",
                fix: "Look on the server with `ss -ltn`; start the program, or let it listen on the address that clients use.",
            },
            Case {
                cause: "A firewall or security group rejects or drops it.",
                fix: "Allow the port for this client.",
            },
        ],
    },
    CauseRow {
        cause: Cause::UpgradeRefused,
        id: "upgrade-refused",
        title: word!("the upgrade was refused"),
        cases: &[],
    },
    CauseRow {
        cause: Cause::UpgradeInvalid,
        id: "upgrade-invalid",
        title: word!("the upgrade was answered wrongly"),
        cases: &[
            Case {
                cause: "The server computes the answer itself, and wrongly.",
                fix: "Use a library for the upgrade, or follow RFC 6455 section 4.2.2 to the letter.",
            },
            Case {
                cause: "A proxy or cache answered in the server's place, or changed the headers.",
                fix: "Capture behind it and compare the two answers.",
            },
        ],
    },
    CauseRow {
        cause: Cause::Unknown,
        id: "unknown",
        title: word!("the capture does not tell"),
        cases: UNKNOWN.cases,
    },
    CauseRow {
        cause: Cause::StillOpen,
        id: "still-open",
        title: word!("open when it was last seen"),
        cases: &[],
    },
    CauseRow {
        cause: Cause::Application,
        id: "application",
        title: word!("closed by the application"),
        cases: &[],
    },
];

/// What to do about an answer that is not 101.
pub(super) fn refusal_cases(status: Option<u16>) -> &'static [Case] {
    match status {
        Some(401 | 403) => &[
            Case {
                cause: "The server does not let this client in: no or a wrong token, cookie or Origin.",
                fix: "Send what it expects. Browsers cannot set headers on a WebSocket: use a cookie, a query parameter or a subprotocol.",
            },
            Case {
                cause: "A firewall or bot protection before the server refuses.",
                fix: "Compare `Server` and the body of the answer with those of the server itself.",
            },
        ],
        Some(404) => &[Case {
            cause: "The path is wrong, or a proxy routes it elsewhere.",
            fix: "Compare the target of the request with the route of the server, base path and trailing slash too.",
        }],
        Some(426) => &[Case {
            cause: "The server wants an upgrade and did not see one: a proxy removed `Upgrade` and `Connection`, or the version is wrong.",
            fix: "Proxy: pass both headers on (in nginx proxy_http_version 1.1, proxy_set_header Upgrade $http_upgrade and Connection \"upgrade\"). Client: Sec-WebSocket-Version 13.",
        }],
        Some(300..=399) => &[Case {
            cause: "The server sends the client elsewhere, to https://, to a login page or to another host; WebSocket clients do not follow.",
            fix: "Use the final URL at once.",
        }],
        Some(502..=504) => &[Case {
            cause: "A proxy could not reach the backend, or got no proper answer from it.",
            fix: "Look at the proxy's log, and whether the backend runs and listens where the proxy looks.",
        }],
        Some(500..=599) => &[Case {
            cause: "The server, or the program behind it, failed on the request.",
            fix: "Look at its log at the time of the request. If a proxy stands before it: does it speak HTTP/1.1 and pass `Upgrade` on?",
        }],
        Some(200..=299) => &[Case {
            cause: "The request reached a page or a web server that knows nothing of WebSocket at that path.",
            fix: "Check the path; behind a proxy, that it passes `Upgrade` and `Connection` on.",
        }],
        _ => &[Case {
            cause: "The server did not understand the request, or does not offer WebSocket there.",
            fix: "Check path, Host and the headers of the upgrade, and the server's log.",
        }],
    }
}

/// Sentences, with the names that are filled in.
pub(super) mod say {
    use crate::words::word;

    pub(in crate::diagnose) const VIOLATION: &str = word!(
        "The {closer} closed with {code} because of what the {guilty} sent in packet {packet}: {note} ({rule})."
    );
    pub(in crate::diagnose) const VIOLATION_PERHAPS: &str = word!(
        "The {closer} closed with {code}, very likely because of what the {guilty} sent in packet {packet}: {note} ({rule}). A strict receiver says {expected} for that."
    );
    pub(in crate::diagnose) const VIOLATION_SILENT: &str = word!(
        "The {closer} ended TCP without a Close, {after} after the {guilty} broke a rule in packet {packet}: {note} ({rule})."
    );
    pub(in crate::diagnose) const FAULT_UNUSED: &str = word!(
        "The {guilty} broke a rule in packet {packet}: {note} ({rule}). A strict receiver closes with {code} for that; here the connection went on."
    );
    pub(in crate::diagnose) const TOO_BIG: &str = word!(
        "The {closer} closed with 1009: a message from the {guilty} was larger than it takes."
    );
    pub(in crate::diagnose) const LARGEST: &str =
        word!("The largest message that the {guilty} had sent before has {length} bytes.");
    pub(in crate::diagnose) const KEEPALIVE_CLOSE: &str = word!(
        "The {closer} closed with {code} because its ping in packet {packet} was not answered within {after}."
    );
    pub(in crate::diagnose) const KEEPALIVE_GONE: &str = word!(
        "The {closer} ended TCP without a Close, {after} after its ping in packet {packet}, which was not answered."
    );
    pub(in crate::diagnose) const KEEPALIVE_DEAD: &str = word!(
        "The ping of the {pinger} in packet {packet} was never acknowledged, though it was sent {times} more times: the path to the {other} was gone, or the {other} was."
    );
    pub(in crate::diagnose) const PING_UNANSWERED: &str = word!(
        "The ping of the {pinger} in packet {packet} had no pong when the connection ended, {after} later."
    );
    pub(in crate::diagnose) const IDLE_LEGS: &str = word!(
        "The proxy between ended both legs after {silence} of silence, as it does when a timer runs out."
    );
    pub(in crate::diagnose) const IDLE_TIMER: &str = word!(
        "The {by} ended TCP without a Close after {silence} of silence. So long runs, unless set, the timer of {timers}."
    );
    pub(in crate::diagnose) const PEER_GONE: &str = word!(
        "The {by} ended TCP without a Close: its process ended, its program dropped the connection, or a proxy in its place did."
    );
    pub(in crate::diagnose) const PEER_GONE_LEG: &str = word!(
        "The proxy ended TCP without a Close because its other leg was gone: there the {far} ended TCP {after} before."
    );
    pub(in crate::diagnose) const PROXY_GONE: &str =
        word!("The proxy between ended both legs without a Close.");
    pub(in crate::diagnose) const RESET: &str =
        word!("The {by} reset the connection without a Close.");
    pub(in crate::diagnose) const CUT: &str = word!(
        "The {by} ended TCP in the middle of a {opcode} frame: {present} of its {length} bytes of payload had been sent."
    );
    pub(in crate::diagnose) const CUT_HEADER: &str =
        word!("The {by} ended TCP in the middle of the header of a frame.");
    pub(in crate::diagnose) const CLOSE_UNANSWERED: &str =
        word!("The {closer} closed with {code}, and the {other} never answered.");
    pub(in crate::diagnose) const CLOSE_EMPTY_UNANSWERED: &str =
        word!("The {closer} sent a Close without a code, and the {other} never answered.");
    pub(in crate::diagnose) const UPGRADE_REFUSED: &str = word!(
        "The server answered the upgrade with {status}, not with 101: the connection never was a WebSocket."
    );
    pub(in crate::diagnose) const UPGRADE_UNREADABLE: &str = word!(
        "The server answered the upgrade with bytes that are no HTTP response a client can read."
    );
    pub(in crate::diagnose) const UPGRADE_UNANSWERED: &str = word!(
        "The {by} ended TCP {after} after the upgrade was asked for, without an answer to it."
    );
    pub(in crate::diagnose) const TUNNEL_REFUSED: &str =
        word!("The proxy answered the CONNECT with {status}: the client never reached the server.");
    pub(in crate::diagnose) const UPGRADE_STRIPPED: &str = word!(
        "The request has a Sec-WebSocket-Key and no `Upgrade: websocket`: something before this server removed it."
    );
    pub(in crate::diagnose) const REDIRECT: &str = word!("It points to {location}.");
    pub(in crate::diagnose) const ANSWERED_BY: &str = word!("The answer calls itself {server}.");
    pub(in crate::diagnose) const UPGRADE_INVALID: &str =
        word!("The server answered 101, and a client must refuse it: {fault}.");
    pub(in crate::diagnose) const UPGRADE_FAULT: &str =
        word!("The server's 101 has a fault for which a strict client refuses it: {fault}.");
    pub(in crate::diagnose) const NO_ACCEPT: &str = word!("it has no Sec-WebSocket-Accept");
    pub(in crate::diagnose) const WRONG_ACCEPT: &str =
        word!("its Sec-WebSocket-Accept does not answer the request's key, which takes {expected}");
    pub(in crate::diagnose) const NO_UPGRADE: &str = word!("it does not say `Upgrade: websocket`");
    pub(in crate::diagnose) const EXTENSION: &str =
        word!("it agrees to the extension {name}, which was not offered");
    pub(in crate::diagnose) const EXTENSIONS: &str =
        word!("its Sec-WebSocket-Extensions cannot be used: {refusal}");
    pub(in crate::diagnose) const SUBPROTOCOL: &str =
        word!("it chose the subprotocol {name}, which was not offered");
    pub(in crate::diagnose) const TLS_ALERT: &str =
        word!("TLS failed: the {by} refused with the alert {alert}.");
    pub(in crate::diagnose) const TLS_GONE: &str =
        word!("TLS failed: the {by} ended TCP in the middle of the handshake, without an alert.");
    pub(in crate::diagnose) const TLS_AFTER_CERTIFICATE: &str = word!(
        "The server's certificate had just come: clients that do not trust one end like this."
    );
    pub(in crate::diagnose) const TLS_VERSION: &str = word!("The server chose {version}.");
    pub(in crate::diagnose) const TLS_SILENT: &str =
        word!("The server said nothing to the client's hello.");
    pub(in crate::diagnose) const SCHEME_PLAIN: &str =
        word!("The client spoke plain ws:// to a port that speaks TLS.");
    pub(in crate::diagnose) const SCHEME_SAID: &str =
        word!("The page behind the server's 400 says so.");
    pub(in crate::diagnose) const SCHEME_PLAIN_PERHAPS: &str = word!(
        "The client spoke plain ws:// to port {port}, where TLS is usual, and the server ended TCP without a byte, as TLS servers do."
    );
    pub(in crate::diagnose) const SCHEME_TLS: &str = word!(
        "The client spoke TLS (wss://) to a port that does not: the server answered in plain HTTP."
    );
    pub(in crate::diagnose) const REFUSED: &str = word!(
        "The server refused the TCP connection: nothing listens on {server}, or a firewall rejects it."
    );
    pub(in crate::diagnose) const UNREACHED: &str = word!(
        "Nothing answered on {server}: {count} SYN in {after}. The host is down, a firewall drops the packets, or the answers are not in the capture."
    );
    pub(in crate::diagnose) const STILL_OPEN: &str =
        word!("The connection was open when the capture ended.");
    pub(in crate::diagnose) const OPEN_WHEN_LEFT: &str =
        word!("The connection was open when it was last seen.");
    pub(in crate::diagnose) const UNACKNOWLEDGED: &str = word!(
        "The last bytes of the {end} were never acknowledged, though they were sent {times} more times: the path to the {other} was gone, or the {other} was."
    );
    pub(in crate::diagnose) const WAS_SENDING: &str = word!(
        "The {guilty} was sending a {opcode} frame then: {present} of its {length} bytes of payload had come."
    );
    pub(in crate::diagnose) const NOT_AWAITED: &str =
        word!("The {closer} waited only {after} for an answer before it ended TCP.");
    pub(in crate::diagnose) const UPGRADE_WAITS: &str =
        word!("The upgrade had no answer yet, {after} after it was asked for.");
    pub(in crate::diagnose) const NO_TIMES: &str =
        word!("The packets of the capture carry no times, so durations are not known.");
    pub(in crate::diagnose) const FORGOTTEN_MANY: &str =
        word!("It was forgotten to make room for others; --max-connections follows more.");
    pub(in crate::diagnose) const FORGOTTEN_IDLE: &str =
        word!("It was forgotten because nothing came for {after}; --forget-after waits longer.");
    pub(in crate::diagnose) const FORGOTTEN_REUSED: &str =
        word!("Its ports were used for another connection before its end came.");
    pub(in crate::diagnose) const ENCRYPTED: &str = word!(
        "The connection is encrypted ({version}); the {by} ended it with {kind} after {duration}."
    );
    pub(in crate::diagnose) const ENCRYPTED_OPEN: &str =
        word!("The connection is encrypted ({version}) and was open when the capture ended.");
    pub(in crate::diagnose) const NOTIFIED: &str =
        word!("The {by} said close_notify before: it ended TLS in order.");
    pub(in crate::diagnose) const PROBABLY_NOTIFIED: &str = word!(
        "The last record of the {by} is as long as an alert: it probably ended TLS in order, with close_notify."
    );
    pub(in crate::diagnose) const NOT_NOTIFIED: &str =
        word!("The {by} sent no close_notify before it: its process ended, or it was cut off.");
    pub(in crate::diagnose) const NO_FRAMES: &str =
        word!("The connection was upgraded, and no frame came after it.");
    pub(in crate::diagnose) const ENDED: &str =
        word!("The {by} ended TCP first, with {kind} in packet {packet}, after {duration}.");
    pub(in crate::diagnose) const SILENCE: &str =
        word!("Nothing had been sent for {silence} before.");
    pub(in crate::diagnose) const CROSSED: &str =
        word!("Both ends closed at once: neither Close answers the other.");
    pub(in crate::diagnose) const CUT_ANSWER: &str =
        word!("The {other} answered with {code}; the rest of its Close is not in the capture.");
    pub(in crate::diagnose) const CAPPED: &str = word!(
        "Bytes that waited for others before them were given up for memory; --max-bytes and --max-connection-bytes allow more."
    );
    pub(in crate::diagnose) const NOT_INFLATED: &str =
        word!("Its compressed messages were not inflated, for memory; --max-bytes allows more.");
    pub(in crate::diagnose) const FOUND_SURELY: &str = word!(
        "The upgrade is not in the capture; frames were found where segments begin, with high confidence."
    );
    pub(in crate::diagnose) const FOUND_FAIRLY: &str = word!(
        "The upgrade is not in the capture; frames were found where segments begin, with fair confidence."
    );
    pub(in crate::diagnose) const FOUND_AGAIN_SURELY: &str =
        word!("Behind a gap frames were found again where a segment begins, with high confidence.");
    pub(in crate::diagnose) const FOUND_AGAIN_FAIRLY: &str =
        word!("Behind a gap frames were found again where a segment begins, with fair confidence.");
    pub(in crate::diagnose) const ONE_DIRECTION: &str =
        word!("Nothing of the {end} is in the capture, so what it sent and received is not known.");
    pub(in crate::diagnose) const ONE_DIRECTION_CLOSE: &str = word!(
        "Nothing of the {end} is in the capture: it may have closed first, and this Close may be its answer."
    );
    pub(in crate::diagnose) const LEG: &str =
        word!("The other leg of the proxy is in the capture too: {client} to {server}.");
    pub(in crate::diagnose) const OTHER_LEG_FIRST: &str =
        word!("The other leg ended {after} before this one.");
    pub(in crate::diagnose) const OTHER_LEG_LATER: &str =
        word!("The other leg ended {after} after this one.");
    pub(in crate::diagnose) const SEES_RECEIVED: &str =
        word!("The {end} sees {code}, which it received.");
    pub(in crate::diagnose) const SEES_EMPTY: &str =
        word!("The {end} sees 1005: it received a Close without a code.");
    pub(in crate::diagnose) const SEES_NOTHING: &str =
        word!("The {end} sees 1006: it received no Close.");
    pub(in crate::diagnose) const SEES_FAILED: &str = word!(
        "The {end} sees 1006 with most libraries: the end that finds a fault reports no code."
    );
    pub(in crate::diagnose) const SEES_NEVER: &str =
        word!("The client sees 1006: the connection never opened.");
    pub(in crate::diagnose) const SEES_TLS: &str =
        word!("The client sees 1006; a few libraries say 1015.");
    pub(in crate::diagnose) const DECIDE_IDLE: &str = word!(
        "A timer after {silence} of silence fits too: it is one if other connections end after the same silence."
    );
    pub(in crate::diagnose) const DECIDE_TIMER: &str = word!(
        "After {silence} of silence runs, unless set, the timer of {timers}: it is one if other connections end after the same silence."
    );
    pub(in crate::diagnose) const DECIDE_LIMIT: &str = word!(
        "A limit of the {by} for messages fits too: it is one if smaller messages get through."
    );
    pub(in crate::diagnose) const DECIDE_TLS_PORT: &str = word!(
        "A port that speaks TLS may answer plain HTTP with 400 too: `openssl s_client -connect {server}` decides."
    );
    pub(in crate::diagnose) const DECIDE_GONE: &str =
        word!("A process that ended fits too: its log, or a capture at that end, decides.");
    pub(in crate::diagnose) const DECIDE_KEEPALIVE: &str =
        word!("A keepalive that ran out fits too: the log of the {pinger} decides.");
    pub(in crate::diagnose) const DECIDE_BETWEEN: &str =
        word!("Something between the ends may have done it: a capture at the {by} decides.");
    pub(in crate::diagnose) const DECIDE_FAULT: &str =
        word!("The broken rule may be the cause: the log of the {closer} decides.");
    pub(in crate::diagnose) const DECIDE_SCHEME: &str = word!(
        "A server that fails on the request fits too: `openssl s_client -connect {server}` decides."
    );
}
