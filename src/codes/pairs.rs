//! Codes that people confuse, and how to tell them apart in practice.
//!
//! Every other pair is answered from what each row says to look for.

use super::{lookup, range_of};

/// Sentences that tell two codes apart.
#[derive(Debug)]
pub struct Pair {
    /// The two codes, as a person would name them. A number without a row of its own stands for its range.
    pub codes: [u16; 2],
    /// What to look for, most telling first.
    pub tell_apart: &'static [&'static str],
}

/// The curated pairs.
pub static PAIRS: &[Pair] = &[
    Pair {
        codes: [1000, 1001],
        tell_apart: &[
            "Both are clean. 1000 says that the work is done; 1001 says that this end goes away whether or not it is.",
            "Ask what happened on the closing side: a call to close in its application gives 1000; a shutdown, an idle timer or a closed browser tab mostly gives 1001 (cowboy's idle timer and Sanic's and Bandit's shutdown say 1000).",
            "In a capture one byte differs: 03 e8 and 03 e9. Many 1001 in the same second mean a deploy, or a proxy that reloads.",
        ],
    },
    Pair {
        codes: [1000, 1005],
        tell_apart: &[
            "On the wire: `88 02 03 e8` carries 1000; `88 00` (from a client `88 80` and four bytes of mask) carries nothing, and the library that received it reports 1005.",
            "In code: `close(1000)` gives 1000. `close()` gives 1005 from browsers, ws, Deno and Node, and 1000 from many server libraries (python websockets, aiohttp, faye). Both are normal.",
            "A log cannot always tell: Tomcat, Undertow, Java-WebSocket, .NET, faye, Ratchet and Qt show an empty Close as 1000.",
        ],
    },
    Pair {
        codes: [1001, 1006],
        tell_apart: &[
            "With 1001 a Close frame came (03 e9; Undertow says 1001 without one): the other end had time to say that it leaves. With 1006 none came: it had no time, or something between cut the connection.",
            "Both after a silence? A server's own idle timer says 1001 (Jetty, Tomcat, Deno); a proxy's timer says nothing, so you see 1006 (nginx, load balancers).",
            "Tomcat shows both for one event: 1001 goes out on the wire, and its own onClose reports 1006.",
        ],
    },
    Pair {
        codes: [1001, 1012],
        tell_apart: &[
            "1001 does not say whether the server comes back; 1012 says that it will, though uvicorn sends it at every stop.",
            "1012 comes from uvicorn when it stops and from Phoenix when it drains; 1001 also comes from idle timers and from browsers.",
            "In a capture: 03 e9 and 03 f4. A receiver that knows only RFC 6455 refuses 1012 or shows 1002; 1001 is known to all.",
        ],
    },
    Pair {
        codes: [1002, 1003],
        tell_apart: &[
            "1002 is about how the bytes were framed, 1003 about what type of message they made: with 1003 the receiver understood the frame and would not take its type.",
            "Decode the last frame the other end received. `wsclose decode-frame` finds a broken rule: 1002 is right. It finds none, and the opcode is 1 where the service takes binary, or 2 where it takes text: 1003.",
            "1002 usually means a library or proxy at fault, 1003 the application's call (send of a Blob in place of a string).",
        ],
    },
    Pair {
        codes: [1002, 1005],
        tell_apart: &[
            "1002 travels: the Close frame's body begins 03 ea. 1005 may not: the Close frame has an empty body, `88 00`, and the library that received it made the number up.",
            "1002 follows a fault in the frames just before it; before 1005 everything is in order.",
            "1002 needs a fix. 1005 needs none: it is how `close()` without arguments looks from the other end.",
        ],
    },
    Pair {
        codes: [1002, 1007],
        tell_apart: &[
            "1002 is about the envelope (header, mask, length, order), 1007 about the letter in it (a text message that is not UTF-8).",
            "Decode the frames before the Close: a broken framing rule means 1002, `text-not-utf8` means 1007. The first fault in the stream decides.",
            "The code alone can mislead: Chromium says 1002 where others say 1007 for bad UTF-8, and libraries split between both for data that cannot be inflated.",
        ],
    },
    Pair {
        codes: [1003, 1007],
        tell_apart: &[
            "1003: the type of the message is not taken at all. 1007: the type is taken, but the bytes do not fit it.",
            "Look at the opcode of the message before the Close: a binary message cannot cause a 1007 for UTF-8, so 2 points to 1003; 1 with bytes that are not UTF-8 points to 1007.",
            "Sending binary data as text gives 1007 from a library that checks, and 1003 only if the application reads the content and objects.",
        ],
    },
    Pair {
        codes: [1005, 1006],
        tell_apart: &[
            "Neither may travel; both are made by the library that reports them. 1005: a Close frame came, without a code. 1006: no Close frame came.",
            "In a capture look for a Close (first byte 88) from the other end. With an empty body it is 1005, and normal. If there is none it is 1006: TCP was cut, or your own end closed for a fault.",
            "In a browser `wasClean` tells: true with 1005, false with 1006.",
            "Libraries mix them up: uvicorn (except with ws=\"websockets\") and simple-websocket show a vanished client as 1005; WebSocket-Node and aiohttp's client show an empty Close as 1006. There only the capture decides.",
        ],
    },
    Pair {
        codes: [1006, 1015],
        tell_apart: &[
            "Neither may travel. 1015: TLS failed, before any HTTP or WebSocket byte. 1006: TCP ended at some later moment, or the cause is hidden.",
            "In a capture 1015 is a TLS alert right after ClientHello or the certificate; for 1006 look at what came last before FIN or RST. In TLS 1.3 the alert may be encrypted: look for a short record, then FIN.",
            "Browsers report both as 1006, so that a page cannot probe the network: open the console for a certificate error, or run `openssl s_client -connect HOST:443 -servername HOST`.",
        ],
    },
    Pair {
        codes: [1007, 1008],
        tell_apart: &[
            "1007 is found by the library: bytes that are not UTF-8. 1008 is mostly decided by the application: content, rate, login.",
            "Check the last text message you sent for UTF-8. If it is valid, suspect compression, the reason of your Close, or a service that uses 1007 in its own way; read the reason text.",
            "1007 comes at once after a bad message; 1008 may come with no message at all, for instance when a token expires.",
        ],
    },
    Pair {
        codes: [1007, 1015],
        tell_apart: &[
            "1007 travels in a Close frame (03 ef) after messages were exchanged. 1015 may not: TLS failed and no frame was ever sent.",
            "If the connection opened, TLS is not the cause; a 1015 seen then was sent by mistake. If it never opened it is not 1007.",
            "1007: look at the text you sent. 1015: look at certificate, name, chain and TLS version.",
        ],
    },
    Pair {
        codes: [1008, 1009],
        tell_apart: &[
            "1009 is about one number, the size of a message; 1008 is about any other rule.",
            "Compare the largest message before the Close with the limit in the reason or in the server's configuration. If smaller messages pass and the large one closes each time, treat it as 1009, whatever the code says.",
            "ws and undici say 1008 for too many fragments, and 1009 for too many bytes.",
        ],
    },
    Pair {
        codes: [1008, 3000],
        tell_apart: &[
            "3000 is registered as \"Unauthorized\"; read like HTTP 401 it means not logged in. 1008 says that some rule was broken, and login is only one of them.",
            "In a capture: 03 f0 and 0b b8. When it comes within the first seconds, before your first real message, both usually mean the token.",
            "SockJS and websocketpp use 3000 for other things, and 1008 may stand for any rule: with both, the reason decides.",
        ],
    },
    Pair {
        codes: [1008, 3003],
        tell_apart: &[
            "3003 is registered as \"Forbidden\"; read like HTTP 403 it means that you are known and may not do this. 1008 is any rule of the application: rights, rate, content.",
            "In a capture: 03 f0 and 0b bb. Repeat the request with an account that has more permissions: if it passes, it was the permission (3003); if it closes too, look for rate or content (1008).",
            "With 3003 a new login with the same account changes nothing; with 1008 it may.",
        ],
    },
    Pair {
        codes: [1006, 1011],
        tell_apart: &[
            "1011 travels (03 f3): the server failed but lived to say so, or got no answer to its ping. 1006 does not: it died, was cut off, or its framework drops TCP when a handler fails.",
            "The same exception can give either: python websockets and Hypercorn send 1011, uvicorn, aiohttp and tornado cut TCP, and the client sees 1006.",
            "With 1011 read the server's log; with 1006 read it too, and the proxy's, and measure how long the connection was silent.",
        ],
    },
    Pair {
        codes: [1011, 1014],
        tell_apart: &[
            "1011: the server you talk to failed. 1014: it is a gateway and the server behind it failed.",
            "In a capture: 03 f3 and 03 f6. For 1011 look in that server's log; for 1014 the gateway's log names the upstream.",
            "A gateway that cannot send 1014 to its clients (gorilla, tungstenite, wsproto and autobahn refuse it) may say 1011 instead.",
        ],
    },
    Pair {
        codes: [1012, 1013],
        tell_apart: &[
            "1012: the server restarts; come back after 5 to 30 seconds. 1013: it has too much to do; come back after minutes, or elsewhere.",
            "1012 goes to all clients of a server within seconds, at a deploy. 1013 goes to some, while load is high.",
            "In a capture: 03 f4 and 03 f5.",
        ],
    },
    Pair {
        codes: [1008, 1013],
        tell_apart: &[
            "1008 is about you: your rate, your rights, your content. 1013 is about the server: it is overloaded whoever you are.",
            "Ask whether other clients are closed too: if yes treat it as 1013; if only you, as 1008.",
            "After 1013 waiting helps; after 1008 nothing does until you change something.",
        ],
    },
    Pair {
        codes: [1000, 4000],
        tell_apart: &[
            "1000 means the same everywhere: finished, on purpose. 4000 to 4999 mean what this one service says, and often an error.",
            "In a capture 1000 is 03 e8, usually without a reason; private codes begin 0f a0 to 13 87 and usually carry a reason. Read it.",
            "Libraries treat 1000 as success; a private code arrives as an error in many of them, even if the application means a normal end.",
        ],
    },
];

/// The curated sentences that tell two codes apart, in either order; `None` where the pair has none.
pub fn tell_apart(one: u16, other: u16) -> Option<&'static [&'static str]> {
    let pair = PAIRS.iter().find(|pair| pair.is_of(one, other))?;
    Some(pair.tell_apart)
}

impl Pair {
    /// Whether the pair is about these two codes, in either order.
    pub fn is_of(&self, one: u16, other: u16) -> bool {
        let [first, second] = self.codes.map(Subject::of);
        let (one, other) = (Subject::of(one), Subject::of(other));
        (first == one && second == other) || (first == other && second == one)
    }
}

/// What a pair is about: a code, or a whole range where the number has no row.
#[derive(PartialEq, Eq)]
enum Subject {
    Code(u16),
    Range(u16),
}

impl Subject {
    fn of(number: u16) -> Self {
        match lookup(number) {
            Some(code) => Subject::Code(code.number),
            None => Subject::Range(range_of(number).from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_found_in_either_order_and_for_any_private_code() {
        assert_eq!(tell_apart(1005, 1002), tell_apart(1002, 1005));
        assert_eq!(tell_apart(4444, 1000), tell_apart(1000, 4000));
    }

    #[test]
    fn a_pair_without_sentences_has_none() {
        assert_eq!(tell_apart(1003, 1013), None);
    }
}
