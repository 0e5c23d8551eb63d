//! The rows: every close code that RFC 6455 or IANA's registry names.
//!
//! Sorted by number; a law checks it. Words are for the person who *received*
//! the code. Statements about an implementation were measured or read in its source.

use super::{Code, Layer, Phrases, PointsTo, Reconnect, SentBy};
use crate::source::Source::{Erratum, Hybi, Registry, Rfc6455};
use crate::words::{Case, Words};

/// All named codes, sorted by number.
pub static CODES: &[Code] = &[
    Code {
        number: 1000,
        name: "Normal Closure",
        registered_as: None,
        aliases: &["close normal", "normal", "ok"],
        on_wire: true,
        sent_by: SentBy::Either,
        points_to: PointsTo::Nobody,
        arises_in: Layer::ClosingHandshake,
        reconnect: Reconnect::No,
        related: &[1001, 1005],
        sources: &[Rfc6455("7.4.1")],
        words: Words {
            meaning: "The end that closed first had finished what it opened the connection for. Nothing \
                      is wrong with the connection itself; if it should have stayed open, look for the call that closed it.",
            cases: &[
                Case {
                    cause: "The other end's application closed on purpose: a logout, a finished job, the end of a subscription.",
                    fix: "Nothing to repair. Open a new connection when you need one.",
                },
                Case {
                    cause: "Your own code closed first, and this is the answer: most endpoints answer with the code they received; aiohttp, autobahn, daphne, WebSocket-Node and websocket-client answer 1000 to any code.",
                    fix: "Find which Close frame came first; the second is only the answer. Then find the call to close in that program.",
                },
                Case {
                    cause: "The server limits the life of a connection and calls the end of it normal.",
                    fix: "Client: reconnect when it happens. Server: name the limit in the reason, so that nobody has to guess.",
                },
                Case {
                    cause: "The Close carried no code, and your library shows that as 1000 (Tomcat, Undertow, Java-WebSocket, .NET, faye, Ratchet, Qt).",
                    fix: "Look at the bytes: `88 02 03 e8` is 1000, `88 00` has no code and means what 1005 means.",
                },
                Case {
                    cause: "The number hides a fault: Qt shows a cut connection as 1000; websocket-client's WebSocketApp and Netty's client (reason \"Bye\") send 1000 for a protocol error, Sanic for a crashed handler, cowboy for its idle timer of 60 seconds.",
                    fix: "If it should not have ended, look at the frames and the log of that moment, as for 1002 and 1006.",
                },
            ],
        },
        phrases: Phrases {
            gist: "finished on purpose",
            reconnect: "not by itself: the connection did what it was for",
            look_for: "a Close frame whose body begins 03 e8; the log of the end that sent it first holds the call",
            choose: "you are done, and the other end need not do anything",
            diagnosis: "The {sender} closed with 1000: it says that it had finished, which is normal.",
        },
    },
    Code {
        number: 1001,
        name: "Going Away",
        registered_as: None,
        aliases: &["endpoint unavailable", "shutdown", "away"],
        on_wire: true,
        sent_by: SentBy::Either,
        points_to: PointsTo::Nobody,
        arises_in: Layer::ClosingHandshake,
        reconnect: Reconnect::Backoff,
        related: &[1000, 1006, 1012],
        sources: &[Rfc6455("7.4.1")],
        words: Words {
            meaning: "The end that closed is leaving: a server that shuts down, or a browser that leaves the page. \
                      It was not about anything you sent.",
            cases: &[
                Case {
                    cause: "From a client: the person closed the tab, reloaded, or followed a link.",
                    fix: "Nothing to repair. Server: free what the connection held, and log it as normal.",
                },
                Case {
                    cause: "From a server: it is being stopped or deployed. Tomcat and Deno close with 1001 then, python websockets on Ctrl-C (a bare SIGTERM sends nothing), Caddy at every stop and reload.",
                    fix: "Client: reconnect after a random delay that grows, so that not all clients come back in the same second. Server: drain before you stop.",
                },
                Case {
                    cause: "From a server: nothing arrived for a while. Jetty uses 1001 for its idle timeout, Tomcat and Undertow for one that you set, Deno when its own ping is not answered for 30 seconds.",
                    fix: "Send a ping at less than half of that timeout, or raise it. Jetty 12 waits 30 seconds by default, Jetty 9.4 waits 300. With Deno, find out why no pong came.",
                },
                Case {
                    cause: "From a server: a session reached its longest allowed life.",
                    fix: "Read the reason, and open the next session before the limit.",
                },
                Case {
                    cause: "No Close came: Undertow shows a peer that vanished as 1001 (\"UT002046: Closing WebSocket, peer went away\").",
                    fix: "Read it as 1006.",
                },
            ],
        },
        phrases: Phrases {
            gist: "this end is leaving",
            reconnect: "after a random delay that grows; a browser that left the page will not come back",
            look_for: "a Close frame whose body begins 03 e9, beside a deploy, an idle timer or a page that was left",
            choose: "you stop, or the person leaves the page, whatever the other end did",
            diagnosis: "The {sender} closed with 1001: it was leaving. A server does so when it stops, or when a silent connection reaches its timer; a browser when the page is left. It is not about what the {other} sent.",
        },
    },
    Code {
        number: 1002,
        name: "Protocol Error",
        registered_as: Some("Protocol error"),
        aliases: &["protocol"],
        on_wire: true,
        sent_by: SentBy::Either,
        points_to: PointsTo::Receiver,
        arises_in: Layer::Frames,
        reconnect: Reconnect::AfterFix,
        related: &[1003, 1007, 1006],
        sources: &[Rfc6455("7.4.1"), Rfc6455("5.2")],
        words: Words {
            meaning: "The end that closed read bytes that break the rules of the protocol: a header, a mask, a length \
                      or the order of frames. If a Close with 1002 reached you, the bytes came from your side, or were changed on the way.",
            cases: &[
                Case {
                    cause: "Something wrote into the stream that is not a frame: an HTTP error page after the upgrade, a proxy, two threads that write to one socket.",
                    fix: "Capture on both sides of each proxy and run `wsclose decode-frame` on both: the first frame that differs names the place. In your own code, let one writer own the socket.",
                },
                Case {
                    cause: "One end compresses and the other did not agree: RSV1 is set without permessage-deflate in the 101 response.",
                    fix: "Compare Sec-WebSocket-Extensions in request and response. Switch compression off on one side: if 1002 goes away, that was it.",
                },
                Case {
                    cause: "A mask is wrong: a client must mask every frame, a server none.",
                    fix: "Client: mask, with a fresh key for each frame. Server: do not. A library does this by itself; hand-written frames often get it wrong.",
                },
                Case {
                    cause: "A frame is built wrongly: reserved opcode, split ping, continuation without a start, a length in too many bytes.",
                    fix: "Decode the last frames you sent with `wsclose decode-frame`; it marks the byte and names the section. Then update or correct the library that wrote it.",
                },
                Case {
                    cause: "The receiver says 1002 for something else: Chromium for text that is not UTF-8, Bandit for its idle timeout, many for a close code they do not know, such as 1014.",
                    fix: "Look at the last message and the last Close you sent, not only at the framing.",
                },
                Case {
                    cause: "No Close with 1002 came: your own library puts 1002 in place of what it refused. uvicorn, Starlette, tungstenite, axum, faye and Tomcat do so for a bad Close code; then the other end is at fault.",
                    fix: "Look in a capture at who sent 03 ea. If it was your side, decode what the other end sent just before.",
                },
            ],
        },
        phrases: Phrases {
            gist: "a rule of framing was broken",
            reconnect: "after the fix: the same bytes will be refused again",
            look_for: "a Close frame whose body begins 03 ea, right after a frame of the other end that breaks a rule; the log says which",
            choose: "you cannot trust the frame boundaries any more: a header, mask, length or order is wrong",
            diagnosis: "The {sender} closed with 1002: bytes from the {other} broke a rule of the protocol (a header, a mask, a length, the order of frames).",
        },
    },
    Code {
        number: 1003,
        name: "Unsupported Data",
        registered_as: None,
        aliases: &[
            "cannot accept",
            "invalid message type",
            "bad data",
            "refuse",
            "unsupported",
            "unsupported type",
        ],
        on_wire: true,
        sent_by: SentBy::Either,
        points_to: PointsTo::Receiver,
        arises_in: Layer::Messages,
        reconnect: Reconnect::AfterFix,
        related: &[1002, 1007, 1008],
        sources: &[Rfc6455("7.4.1")],
        words: Words {
            meaning: "The end that closed got a message of a type it does not take: binary where it takes only text, or text \
                      where it takes only binary. If you received 1003, change what you send; the frames themselves were fine.",
            cases: &[
                Case {
                    cause: "A binary message went to an endpoint that takes only text. Spring's text handler answers \"Binary messages not supported\".",
                    fix: "Sender: send a string, not a Blob, Buffer or byte array. Receiver: add a handler for binary messages.",
                },
                Case {
                    cause: "A text message went to an endpoint that takes only binary.",
                    fix: "Sender: send bytes (opcode 2). Encoding the same content as a string (base64, JSON) does not help: the opcode decides.",
                },
                Case {
                    cause: "The type was right, but the application did not like the content and chose 1003 for it.",
                    fix: "Read the reason and the service's documentation; compare with a message that it accepts.",
                },
                Case {
                    cause: "The client sent a frame without a mask to faye's websocket-driver (or SockJS), which says 1003 where others say 1002.",
                    fix: "Mask every frame the client sends.",
                },
            ],
        },
        phrases: Phrases {
            gist: "a type of message that is not taken",
            reconnect: "after the fix: the same type of message will be refused again",
            look_for: "a Close frame whose body begins 03 eb, after a well-formed message whose opcode is not the usual one (1 text, 2 binary)",
            choose: "the message is well formed, but you take only the other type",
            diagnosis: "The {sender} closed with 1003: the {other} sent a type of message that it does not take, binary where it takes text, or text where it takes binary.",
        },
    },
    Code {
        number: 1004,
        name: "Reserved",
        registered_as: None,
        aliases: &["frame too large", "reserved 1004"],
        on_wire: false,
        sent_by: SentBy::Nobody,
        points_to: PointsTo::Sender,
        arises_in: Layer::ClosingHandshake,
        reconnect: Reconnect::AfterFix,
        related: &[1009, 1002],
        sources: &[Rfc6455("7.4.1")],
        words: Words {
            meaning: "1004 has no meaning. RFC 6455 keeps it for later and nobody has defined it; tables that call it \
                      \"frame too large\" repeat an early draft.",
            cases: &[
                Case {
                    cause: "The sender uses an old constant (\"FrameTooLarge\" survives in browser sources and in Pusher's client) and means a message that was too big.",
                    fix: "Sender: send 1009 for a message above a limit.",
                },
                Case {
                    cause: "The sender counts its own codes from 1000 and has reached 1004.",
                    fix: "Sender: use 4000 to 4999 for codes of your own; 1000 to 2999 belong to the standard.",
                },
            ],
        },
        phrases: Phrases {
            gist: "it has no meaning",
            reconnect: "after the fix: the sender must choose another code",
            look_for: "a Close frame whose body begins 03 ec; a strict receiver answers it with 1002",
            choose: "never; for a message above a limit send 1009",
            diagnosis: "The {sender} closed with 1004, which has no meaning; ask its author what was meant.",
        },
    },
    Code {
        number: 1005,
        name: "No Status Received",
        registered_as: Some("No Status Rcvd"),
        aliases: &[
            "no status rcvd",
            "no status",
            "no code",
            "empty",
            "close no status",
        ],
        on_wire: false,
        sent_by: SentBy::Nobody,
        points_to: PointsTo::Nobody,
        arises_in: Layer::ClosingHandshake,
        reconnect: Reconnect::No,
        related: &[1000, 1006],
        sources: &[Rfc6455("7.4.1"), Rfc6455("7.1.5")],
        words: Words {
            meaning: "A Close frame came, and it carried no code. Your own library made up the number to say so: 1005 may not \
                      travel. By itself it is a complete and normal close, usually `close()` called without arguments.",
            cases: &[
                Case {
                    cause: "The other end called `close()` without arguments, which in browsers, ws, tornado and tungstenite sends a Close with an empty body.",
                    fix: "Nothing to repair: an empty Close is legal. If it comes often and unexpected, look for the call to close in the other end's program; to be understood there, give a code and a reason, such as `close(1000, \"done\")`.",
                },
                Case {
                    cause: "Your own code called `close()` without arguments, and the other end echoed the empty Close.",
                    fix: "Nothing to repair. Pass a code if you want to see one.",
                },
                Case {
                    cause: "The other end is Socket.IO (Engine.IO): it never sends a code.",
                    fix: "Read its own disconnect reason (\"ping timeout\", \"transport close\"), not the code.",
                },
                Case {
                    cause: "Your server says 1005 for a peer that vanished: uvicorn (except with ws=\"websockets\"), with FastAPI and Starlette on it, and simple-websocket do so.",
                    fix: "Treat it there as 1006, and look for the Close frame in a capture before you believe it.",
                },
                Case {
                    cause: "A program tried to send 1005, for example a proxy that forwards the code it received, and got an exception or a 1002.",
                    fix: "Send a Close with an empty body (no code) in its place.",
                },
            ],
        },
        phrases: Phrases {
            gist: "a Close without a code",
            reconnect: "as after 1000: only if you still need the connection",
            look_for: "a Close frame with an empty body: 88 00 from a server, 88 80 and four bytes of mask from a client",
            choose: "never: to close without a reason send 1000, or a Close with an empty body",
            diagnosis: "The {sender} closed without naming a code, as `close()` without arguments does. Most libraries report that as 1005. It is a normal close.",
        },
    },
    Code {
        number: 1006,
        name: "Abnormal Closure",
        registered_as: None,
        aliases: &[
            "closed abnormally",
            "close abnormal",
            "no close",
            "abnormal",
        ],
        on_wire: false,
        sent_by: SentBy::Nobody,
        points_to: PointsTo::Path,
        arises_in: Layer::Transport,
        reconnect: Reconnect::Backoff,
        related: &[1005, 1015, 1011],
        sources: &[Rfc6455("7.4.1"), Rfc6455("7.1.5")],
        words: Words {
            meaning: "The connection ended without a Close frame that your library accepts. Nobody sent 1006: your own library made up the number. \
                      The cause is elsewhere: in its error event or console, in the other end's log, in a proxy's timer, or in the network.",
            cases: &[
                Case {
                    cause: "An idle timer cut a silent connection. 60 seconds is the default of nginx (proxy_read_timeout), Apache httpd and AWS ALB; Heroku takes 55, Azure Load Balancer 4 minutes (silently: you notice at the next write).",
                    fix: "Measure the time from the last message to the close. If it is always the same, ping at less than half of it (25 seconds is below all of these), or raise the timer in that proxy. If it ends at the same age with traffic too, it is a limit on the whole life (Cloud Run 5 minutes, API Gateway 2 hours): reconnect in time.",
                },
                Case {
                    cause: "The other process ended or its handler threw: a crash, a kill, a deploy, out of memory. uvicorn, aiohttp and tornado cut TCP without a Close when a handler raises.",
                    fix: "Read the other side's log at that very second. Server: catch errors and close with 1011; on shutdown close with 1001 or 1012 before you exit.",
                },
                Case {
                    cause: "The connection never opened: 401, 403, 404 or 502 in place of 101, a wrong path, a proxy that does not pass Upgrade on. Browsers hide all of these behind 1006.",
                    fix: "Look at the HTTP status in the browser's network panel or the proxy's access log. Pass the Upgrade and Connection headers through every proxy.",
                },
                Case {
                    cause: "TLS failed: an expired certificate, a wrong name, wss:// to a plain port. Browsers show 1006 for it, not 1015.",
                    fix: "Run `openssl s_client -connect HOST:443 -servername HOST` and read the verification result; then see `wsclose explain 1015`.",
                },
                Case {
                    cause: "The other end found a fault in what you sent and dropped TCP without a word, as Firefox 153, Node 20 and 22, Deno, Hypercorn, uWebSockets, tornado and autobahn do, and programs that drop a tungstenite stream at its first error.",
                    fix: "Decode the last frames you sent with `wsclose decode-frame`, and look at the other end's log for the name of the fault.",
                },
                Case {
                    cause: "The network went away: sleep, Wi-Fi to mobile, a NAT that forgot the connection. Neither end notices until it writes.",
                    fix: "Send pings, give up when a pong does not come, and reconnect after a random delay that grows.",
                },
                Case {
                    cause: "Your own program ended it: `terminate()`, an exit while the socket was open, or `close()` while it was still connecting.",
                    fix: "Close, wait for the close event, then exit.",
                },
                Case {
                    cause: "Your own end refused what it received and closed: browsers, ws, Bun, undici and python websockets then show 1006, whatever code they sent.",
                    fix: "Read the error event, the exception or the browser's console: it names the fault. The other end sent the bad bytes.",
                },
                Case {
                    cause: "A Close did come, and your library hides it: Hypercorn shows 1006 for every close by the client, WebSocket-Node and aiohttp's client for a Close without a code, Chromium when data follows the Close.",
                    fix: "Look for a Close (first byte 88) from the other end in a capture, and believe its code.",
                },
            ],
        },
        phrases: Phrases {
            gist: "the connection ended without a Close",
            reconnect: "after a random delay that grows (RFC 6455 section 7.2.3)",
            look_for: "no Close frame at all: the TCP stream ends in FIN or RST after data; note who ended it and how long it was silent",
            choose: "never: it is made by the end that noticed; to report a failure send 1011",
            diagnosis: "The {sender} put 1006 into a Close frame. It must not stand there: it is what a library reports when no Close came.",
        },
    },
    Code {
        number: 1007,
        name: "Invalid Frame Payload Data",
        registered_as: Some("Invalid frame payload data"),
        aliases: &[
            "not consistent",
            "bad payload",
            "no utf8",
            "invalid payload data",
            "invalid payload",
            "invalid",
        ],
        on_wire: true,
        sent_by: SentBy::Either,
        points_to: PointsTo::Receiver,
        arises_in: Layer::Messages,
        reconnect: Reconnect::AfterFix,
        related: &[1002, 1003, 1008],
        sources: &[Rfc6455("7.4.1"), Rfc6455("8.1")],
        words: Words {
            meaning: "The end that closed got a message whose bytes do not fit its type, nearly always a text message that is \
                      not UTF-8. If a Close with 1007 reached you, the fault is in what you sent.",
            cases: &[
                Case {
                    cause: "Binary data (an image, a protobuf, compressed bytes) was sent as a text message.",
                    fix: "Sender: send bytes as a binary message. Receiver: if you want JSON, ask for text.",
                },
                Case {
                    cause: "A character was cut in two: text was sliced by bytes, or built from chunks of a file or socket.",
                    fix: "Sender: cut between characters, or keep the unfinished bytes for the next chunk. A fragment may end inside a character, a message may not. Receiver: check the whole message, not each frame.",
                },
                Case {
                    cause: "Text in another encoding (Latin-1, Windows-1252, UTF-16) was passed on as it was.",
                    fix: "Sender: decode it with its real encoding and encode it as UTF-8.",
                },
                Case {
                    cause: "The reason of a Close was cut at 123 bytes in the middle of a character.",
                    fix: "Sender: cut the reason between two characters.",
                },
                Case {
                    cause: "A compressed message could not be inflated: ws and undici close with 1007 then, python websockets and Chromium with 1002.",
                    fix: "Switch permessage-deflate off on one side: if 1007 goes away, update the library that compresses.",
                },
                Case {
                    cause: "The service uses 1007 for errors of its own; Google's Gemini Live is reported to send it for a bad API key or setup message.",
                    fix: "Read the reason before you look at the encoding.",
                },
                Case {
                    cause: "No Close with 1007 came: uvicorn, Starlette, faye, WebSocket-Node and aiohttp's client report 1007 for bad text that they received themselves.",
                    fix: "Look in a capture at who sent 03 ef. If it was your side, the other end's text is at fault.",
                },
            ],
        },
        phrases: Phrases {
            gist: "bytes that do not fit the type of the message",
            reconnect: "after the fix: the same data will be refused again",
            look_for: "a Close frame whose body begins 03 ef, after a text message of the other end; check that message's bytes for UTF-8",
            choose: "the frames are fine, but a text message (or a reason) is not UTF-8",
            diagnosis: "The {sender} closed with 1007: a message from the {other} did not fit its type, nearly always a text message that is not UTF-8.",
        },
    },
    Code {
        number: 1008,
        name: "Policy Violation",
        registered_as: None,
        aliases: &["violated policy", "policy"],
        on_wire: true,
        sent_by: SentBy::Either,
        points_to: PointsTo::Receiver,
        arises_in: Layer::Application,
        reconnect: Reconnect::AfterFix,
        related: &[1003, 1009, 3000, 3003],
        sources: &[Rfc6455("7.4.1")],
        words: Words {
            meaning: "The end that closed refuses what you did for a reason of its own: a rule of the application, not of the \
                      protocol. It is the general code where no other fits, so only the reason text says what it was.",
            cases: &[
                Case {
                    cause: "Not allowed in: a token is missing, wrong or expired, or the Origin is not on the list.",
                    fix: "Client: renew the token before you reconnect. Server: refuse with HTTP 401 or 403 before the upgrade where you can, or say 3000 or 3003.",
                },
                Case {
                    cause: "Too much: messages too fast, too many connections or subscriptions.",
                    fix: "Client: slow down to the documented rate and wait before you come back. Server: put the limit into the reason.",
                },
                Case {
                    cause: "Sent something at the wrong time: data before the login message, or data to an endpoint that reads none (coder/websocket's CloseRead says \"unexpected data message\").",
                    fix: "Compare the order of your messages with the service's documentation.",
                },
                Case {
                    cause: "The library guards itself: ws and undici close with 1008 after too many fragments, Tomcat when the HTTP session ended.",
                    fix: "Send fewer and larger fragments; keep the session alive as long as the socket.",
                },
                Case {
                    cause: "The content is not allowed: a word, a link, a file or a field that the service rejects.",
                    fix: "Compare the message that was sent last with the rules of the service, and leave that content out.",
                },
            ],
        },
        phrases: Phrases {
            gist: "a rule of the application was broken",
            reconnect: "after the fix: with the same token, rate or content it will close again",
            look_for: "a Close frame whose body begins 03 f0, with a reason that names the rule; the frames before it are well formed",
            choose: "the message is correct in every way, but you will not serve it, and no other code says why",
            diagnosis: "The {sender} closed with 1008: something that the {other} did is against a rule of its application. The reason says which, if anything does.",
        },
    },
    Code {
        number: 1009,
        name: "Message Too Big",
        registered_as: None,
        aliases: &["too big", "size", "message too large"],
        on_wire: true,
        sent_by: SentBy::Either,
        points_to: PointsTo::Receiver,
        arises_in: Layer::Messages,
        reconnect: Reconnect::AfterFix,
        related: &[1008, 1004],
        sources: &[Rfc6455("7.4.1")],
        words: Words {
            meaning: "The end that closed got a message larger than it is willing to take. The limit is on its side, the large \
                      message came from yours: if you received 1009, it is about what you sent.",
            cases: &[
                Case {
                    cause: "The message is above the receiver's default limit, and many are small: 8 KiB of text in Tomcat, 32 KiB in coder/websocket, 64 KiB in Netty and Jetty, 1 MiB in python websockets, 4 MiB in aiohttp, 16 MiB in uvicorn.",
                    fix: "Receiver: raise the limit (max_size, SetReadLimit, maxPayload, maxFramePayloadLength…). Sender: split the data into several messages; splitting it into frames seldom helps, as most limits count the message (Netty's counts the frame).",
                },
                Case {
                    cause: "A gateway limits it: AWS API Gateway takes 128 KB a message and 32 KB a frame.",
                    fix: "Sender: stay below; send a link to large data. nginx has no such limit: client_max_body_size does not apply after the upgrade.",
                },
                Case {
                    cause: "A compressed message is small on the wire and above the limit once inflated.",
                    fix: "Receiver: the limit counts inflated bytes; set it for those. Sender: split before compressing.",
                },
                Case {
                    cause: "The length was never real: bytes out of step are read as a huge length. ws answers 1009 to any length above 2^53 - 1.",
                    fix: "Decode the last frames you sent with `wsclose decode-frame` and see whether the length in the header is meant.",
                },
            ],
        },
        phrases: Phrases {
            gist: "a message above the limit",
            reconnect: "after the fix: the same message will be refused again",
            look_for: "a Close frame whose body begins 03 f1, after or in the middle of the largest message of the other end; the reason often names the limit",
            choose: "the message is fine but larger than you take; say the limit in the reason",
            diagnosis: "The {sender} closed with 1009: a message from the {other} was larger than it takes. The limit is the {sender}'s.",
        },
    },
    Code {
        number: 1010,
        name: "Mandatory Extension",
        registered_as: Some("Mandatory Ext."),
        aliases: &[
            "mandatory ext",
            "no extension",
            "missing extension",
            "mandatory extension missing",
            "extension",
        ],
        on_wire: true,
        sent_by: SentBy::Client,
        points_to: PointsTo::Receiver,
        arises_in: Layer::OpeningHandshake,
        reconnect: Reconnect::AfterFix,
        related: &[1002],
        sources: &[Rfc6455("7.4.1")],
        words: Words {
            meaning: "The client needs an extension that the server did not accept in the opening handshake. Only a client sends \
                      it: a server that cannot do without an extension refuses the handshake itself.",
            cases: &[
                Case {
                    cause: "The client offered an extension (nearly always permessage-deflate) as a must, and the 101 response does not name it.",
                    fix: "Server: switch the extension on. Client: make it optional. The client should list the missing extensions in the reason.",
                },
                Case {
                    cause: "A proxy removed Sec-WebSocket-Extensions from the request or the response.",
                    fix: "Compare the headers on both sides of the proxy, and let it pass them.",
                },
                Case {
                    cause: "A server sent it by mistake.",
                    fix: "Server: refuse the opening handshake with an HTTP status, or close with 1011 or 1008.",
                },
            ],
        },
        phrases: Phrases {
            gist: "the client lacks an extension",
            reconnect: "after the fix: the server must accept the extension, or the client must do without it",
            look_for: "a Close frame whose body begins 03 f2 from the client, right after the 101; compare Sec-WebSocket-Extensions in request and response",
            choose: "you are the client and cannot work without an extension that the server did not accept",
            diagnosis: "The {sender} closed with 1010: the {other} did not accept an extension that it needs. The reason should list it.",
        },
    },
    Code {
        number: 1011,
        name: "Internal Error",
        registered_as: None,
        aliases: &[
            "unexpected condition",
            "internal server error",
            "internal server err",
            "server error",
            "unexpected error",
            "error",
        ],
        on_wire: true,
        sent_by: SentBy::Either,
        points_to: PointsTo::Sender,
        arises_in: Layer::Application,
        reconnect: Reconnect::Backoff,
        related: &[1006, 1012, 1013, 1014],
        sources: &[Rfc6455("7.4.1"), Erratum(3227)],
        words: Words {
            meaning: "The end that closed met something it had not expected and could not go on: usually an exception in the \
                      server's handler. If you received 1011, the fault is mostly on the other side, though a message of yours may have set it off; a reason about a ping or a timeout means that your side was silent.",
            cases: &[
                Case {
                    cause: "The server's handler raised an exception.",
                    fix: "Server: the stack trace is in its log at that second. Client: reconnect after a delay that grows; if one message brings it back each time, leave that message out and report it.",
                },
                Case {
                    cause: "The reason says \"keepalive ping timeout\": python websockets and uvicorn ping every 20 seconds and give up 20 seconds later.",
                    fix: "The end that received this 1011 did not answer a ping, or its answer was lost or read too late: a blocked event loop, a slow handler, a full buffer or a dead network. Look there first; raise ping_timeout only if the work must take that long.",
                },
                Case {
                    cause: "Something behind the server failed: a database, a model, a quota.",
                    fix: "Read the reason and the service's status page; reconnect with a delay that grows.",
                },
                Case {
                    cause: "A client sent it. RFC 6455 speaks only of servers; erratum 3227 widens it to either end, and most libraries allow it; a script in a web page cannot.",
                    fix: "Client: the exception is in its own log.",
                },
                Case {
                    cause: "The server is being stopped: Hypercorn says 1011 then.",
                    fix: "Client: reconnect after a delay that grows.",
                },
            ],
        },
        phrases: Phrases {
            gist: "the end that closed failed",
            reconnect: "after a random delay that grows",
            look_for: "a Close frame whose body begins 03 f3; the stack trace is in the log of the end that sent it",
            choose: "you failed, and the other end did nothing wrong",
            diagnosis: "The {sender} closed with 1011: it met an error and could not go on. The {sender}'s log has the cause; if the reason is about a ping or a timeout, look at why the {other} was silent.",
        },
    },
    Code {
        number: 1012,
        name: "Service Restart",
        registered_as: None,
        aliases: &["restart", "service restarting"],
        on_wire: true,
        sent_by: SentBy::Server,
        points_to: PointsTo::Sender,
        arises_in: Layer::Operation,
        reconnect: Reconnect::Backoff,
        related: &[1001, 1013],
        sources: &[Registry, Hybi("msg09670")],
        words: Words {
            meaning: "The server is restarting and will be back. It was not about anything you sent. The code is not in RFC 6455; \
                      it was proposed in 2012 and stands in IANA's registry.",
            cases: &[
                Case {
                    cause: "A deploy or a restart. uvicorn closes with 1012 when it stops, Phoenix when it drains for a deploy.",
                    fix: "Client: reconnect after a random 5 to 30 seconds, as the registration asks, so that not all clients come back at once. Server: drain connections in small batches.",
                },
                Case {
                    cause: "It comes again and again: something stops the server in an orderly way each time, such as a failed health check, a platform that replaces it or a file watcher. A crash would be 1006.",
                    fix: "Server: look at the supervisor's log (systemd, Kubernetes events) for the reason of each restart.",
                },
                Case {
                    cause: "Your client says 1002 or 1006 though the server sent 1012: Tomcat's client, faye, Qt and libwebsockets 4.1 turn it into 1002, WebKitGTK into 1006.",
                    fix: "Server: send 1001 if such receivers matter to you.",
                },
            ],
        },
        phrases: Phrases {
            gist: "the server restarts",
            reconnect: "after a random 5 to 30 seconds",
            look_for: "a Close frame whose body begins 03 f4 to many clients in the same seconds, beside a deploy",
            choose: "you are a server that will be back in a moment",
            diagnosis: "The {sender} closed with 1012: it restarts and will be back. It is not about what the {other} sent.",
        },
    },
    Code {
        number: 1013,
        name: "Try Again Later",
        registered_as: None,
        aliases: &["again", "service overload", "overloaded"],
        on_wire: true,
        sent_by: SentBy::Server,
        points_to: PointsTo::Sender,
        arises_in: Layer::Operation,
        reconnect: Reconnect::Backoff,
        related: &[1012, 1008],
        sources: &[Registry, Hybi("msg09670")],
        words: Words {
            meaning: "The server has more work than it can take and sheds this connection. Coming back at once makes it worse. \
                      The code is not in RFC 6455; IANA registered it in 2012.",
            cases: &[
                Case {
                    cause: "The server is overloaded, or a limit of the whole service is reached.",
                    fix: "Client: the registration asks to try another address, or the same one only when the user says so; a program without a user should wait minutes. Server: say in the reason how long to wait.",
                },
                Case {
                    cause: "The service uses it in its own way; Kraken is reported to say \"Market data unavailable\" with it.",
                    fix: "Read the reason, and retry as that service asks.",
                },
                Case {
                    cause: "Your client says 1002 or 1006 though the server sent 1013: the clients that do so with 1012 do so with 1013.",
                    fix: "Decode the Close frame itself: `03 f5` is 1013.",
                },
            ],
        },
        phrases: Phrases {
            gist: "the server is overloaded",
            reconnect: "after minutes, or to another address",
            look_for: "a Close frame whose body begins 03 f5 while the server is under load",
            choose: "you are a server that must shed load and want clients to stay away for a while",
            diagnosis: "The {sender} closed with 1013: it is overloaded and sheds connections. It is not about what the {other} sent.",
        },
    },
    Code {
        number: 1014,
        name: "Bad Gateway",
        registered_as: Some(
            "The server was acting as a gateway or proxy and received an invalid response from the upstream server. \
             This is similar to 502 HTTP Status Code.",
        ),
        aliases: &["gateway", "invalid upstream response"],
        on_wire: true,
        sent_by: SentBy::Server,
        points_to: PointsTo::Upstream,
        arises_in: Layer::Operation,
        reconnect: Reconnect::Backoff,
        related: &[1011, 1012, 1006],
        sources: &[Registry, Hybi("msg10748")],
        words: Words {
            meaning: "A gateway or proxy that speaks WebSocket got an unusable answer from the server behind it, like HTTP 502. \
                      It was not about anything you sent. The code is not in RFC 6455, and IANA's registry gives it a sentence in place of a name.",
            cases: &[
                Case {
                    cause: "The server behind the gateway is down, restarting, or answers with something other than 101.",
                    fix: "Gateway: its log names the upstream and the answer. Client: reconnect after a delay that grows.",
                },
                Case {
                    cause: "The gateway talks to the wrong port, scheme (http for https) or path.",
                    fix: "Gateway: connect to the upstream by hand from that machine and correct the address.",
                },
                Case {
                    cause: "Your log says 1002 or 1006 though the gateway sent 1014: your library refuses it.",
                    fix: "Gateway: send 1011 if such clients matter to you.",
                },
            ],
        },
        phrases: Phrases {
            gist: "the server behind the gateway failed",
            reconnect: "after a random delay that grows",
            look_for: "a Close frame whose body begins 03 f6, from a gateway whose log shows a failed upstream; nginx and other plain proxies never send it",
            choose: "you are a gateway and the server behind you gave no usable answer",
            diagnosis: "The {sender} closed with 1014: it is a gateway, and the server behind it gave no usable answer. The cause is in the gateway's log.",
        },
    },
    Code {
        number: 1015,
        name: "TLS Handshake",
        registered_as: Some("TLS handshake"),
        aliases: &[
            "tls handshake failure",
            "tls handshake error",
            "tls handshake fail",
            "tls",
            "tls failure",
        ],
        on_wire: false,
        sent_by: SentBy::Nobody,
        points_to: PointsTo::Path,
        arises_in: Layer::Tls,
        reconnect: Reconnect::AfterFix,
        related: &[1006],
        sources: &[Rfc6455("7.4.1")],
        words: Words {
            meaning: "The TLS handshake of a wss:// connection failed, so no WebSocket byte was ever exchanged. Your own library \
                      made up the number; nobody sent it. Look at certificates and TLS settings, not at frames.",
            cases: &[
                Case {
                    cause: "The certificate is expired, self-signed, or for another name.",
                    fix: "Server: renew it, for the very name in the URL. Client: trust the private authority that signed it; do not switch verification off.",
                },
                Case {
                    cause: "The server sends its certificate without the intermediate ones: it works in browsers that have them cached and fails elsewhere.",
                    fix: "Server: serve the full chain. `openssl s_client -connect HOST:443 -servername HOST` shows what is sent and the verification result.",
                },
                Case {
                    cause: "The two ends share no TLS version or cipher, or the server wants a client certificate.",
                    fix: "Allow TLS 1.2 and 1.3 on both sides; give the client its certificate.",
                },
                Case {
                    cause: "wss:// was spoken to a port without TLS, or a proxy that inspects TLS stands between.",
                    fix: "Check scheme and port; look at who issued the certificate that the client really saw.",
                },
                Case {
                    cause: "You see 1006, not 1015: browsers and most libraries report a failed TLS handshake as 1006 or as an error without a code.",
                    fix: "Look at the console or the exception text for the TLS error.",
                },
                Case {
                    cause: "The connection worked before, and then 1015 came: a program put it into a Close frame, and your library shows it as it is.",
                    fix: "Other end: send 1011 instead; 1015 may not be sent. TLS is not the cause.",
                },
            ],
        },
        phrases: Phrases {
            gist: "TLS failed before WebSocket began",
            reconnect: "after the fix: the certificate or the settings will fail again",
            look_for: "no frames at all: in a capture the TLS handshake ends in an alert, and no HTTP upgrade follows",
            choose: "never: it is made by the end whose TLS handshake failed",
            diagnosis: "The {sender} put 1015 into a Close frame. It must not stand there: it is what a library reports when TLS failed before any frame.",
        },
    },
    Code {
        number: 3000,
        name: "Unauthorized",
        registered_as: None,
        aliases: &["unauthorised"],
        on_wire: true,
        sent_by: SentBy::Either,
        points_to: PointsTo::Receiver,
        arises_in: Layer::Application,
        reconnect: Reconnect::AfterFix,
        related: &[1008, 3003],
        sources: &[Registry],
        words: Words {
            meaning: "Registered as \"Unauthorized\" in 2021, with a name and nothing more. Read like HTTP 401 it says that the other end \
                      does not know who you are; that likeness is our reading, not the registry's.",
            cases: &[
                Case {
                    cause: "A token or key is missing, wrong or expired.",
                    fix: "Client: log in again, then reconnect. Server: refuse with HTTP 401 before the upgrade where you can.",
                },
                Case {
                    cause: "The number means something else there: SockJS says \"Go away!\" with it, websocketpp a subprotocol error.",
                    fix: "Read the reason and that software's own list of codes.",
                },
            ],
        },
        phrases: Phrases {
            gist: "not logged in",
            reconnect: "after the fix: with new credentials",
            look_for: "a Close frame whose body begins 0b b8, soon after the login message or the opening",
            choose: "the other end has not said who it is, or its login expired",
            diagnosis: "The {sender} closed with 3000, registered as \"Unauthorized\": it does not know who the {other} is. Its reason and documentation say more.",
        },
    },
    Code {
        number: 3003,
        name: "Forbidden",
        registered_as: None,
        aliases: &[],
        on_wire: true,
        sent_by: SentBy::Either,
        points_to: PointsTo::Receiver,
        arises_in: Layer::Application,
        reconnect: Reconnect::AfterFix,
        related: &[1008, 3000],
        sources: &[Registry],
        words: Words {
            meaning: "Registered as \"Forbidden\" in 2023, with a name and nothing more. Read like HTTP 403 it says that the other end knows \
                      you and will not let you; that likeness is our reading, not the registry's.",
            cases: &[
                Case {
                    cause: "The account may not use this channel, room or operation.",
                    fix: "Client: ask for the permission; the same login will be refused again. Server: name the missing permission in the reason.",
                },
                Case {
                    cause: "The number means something else there: numbers from 3000 to 3999 are also used without registration.",
                    fix: "Read the reason and that software's own list of codes.",
                },
            ],
        },
        phrases: Phrases {
            gist: "logged in, but not allowed",
            reconnect: "after the fix: with other permissions",
            look_for: "a Close frame whose body begins 0b bb, after a request that the account may not make",
            choose: "you know the other end and it may not do this",
            diagnosis: "The {sender} closed with 3003, registered as \"Forbidden\": it will not let the {other} do this. Its reason and documentation say more.",
        },
    },
    Code {
        number: 3008,
        name: "Timeout",
        registered_as: None,
        aliases: &["timed out"],
        on_wire: true,
        sent_by: SentBy::Either,
        points_to: PointsTo::Agreement,
        arises_in: Layer::Application,
        reconnect: Reconnect::Backoff,
        related: &[1001, 1011],
        sources: &[Registry],
        words: Words {
            meaning: "Registered as \"Timeout\" in 2024, with a name and nothing more. Read like HTTP 408 it says that the other end waited \
                      for something from you too long; that likeness is our reading, not the registry's.",
            cases: &[
                Case {
                    cause: "You were silent longer than the application allows.",
                    fix: "Send what it waits for (data, a login, a heartbeat) sooner; reconnect after a short delay.",
                },
                Case {
                    cause: "A session reached its longest allowed life: AssemblyAI documents 3008 as \"Session Expired\".",
                    fix: "Open a new session before the limit.",
                },
                Case {
                    cause: "The number means something else there: Centrifugo says \"slow\" with it, a client that does not read fast enough.",
                    fix: "Read the reason and that software's own list of codes.",
                },
            ],
        },
        phrases: Phrases {
            gist: "it took too long",
            reconnect: "after a short delay that grows",
            look_for: "a Close frame whose body begins 0b c0 after a silence; measure how long",
            choose: "you waited for the other end as long as your application allows",
            diagnosis: "The {sender} closed with 3008, registered as \"Timeout\": it waited too long for the {other}. Its reason and documentation say more.",
        },
    },
];
