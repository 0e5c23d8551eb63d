//! Strings, base64 and log lines, made by the programs unless they say otherwise.

use super::Sample;
use super::bytes::*;

/// The samples.
pub(super) const STRINGS: &[Sample] = &[
    // a bytes in Python
    (
        "escaped",
        "b'\\x81\\x05hello\\x89\\x04\\\\x41\\x88\\x02\\x03\\xe8'\n",
        FRAMES,
    ),
    // a bytearray in Python
    (
        "escaped",
        "bytearray(b'\\x81\\x05hello\\x89\\x04\\\\x41\\x88\\x02\\x03\\xe8')\n",
        FRAMES,
    ),
    // C#, with `\x` and X4 (by hand)
    (
        "escaped-wide",
        "\"\\x0081\\x0005hello\\x0089\\x0004\\\\x41\\x0088\\x0002\\x0003\\x00E8\"\n",
        FRAMES,
    ),
    // escape_ascii in Rust
    (
        "escaped",
        "\\x81\\x05hello\\x89\\x04\\\\x41\\x88\\x02\\x03\\xe8",
        FRAMES,
    ),
    // Data::Dumper in Perl
    (
        "escaped-octal",
        "$VAR1 = \"\\201\\5hello\\211\\4\\\\x41\\210\\2\\3\\350\";\n",
        FRAMES,
    ),
    // printf %q in bash
    (
        "escaped-octal",
        "$'\\201\\005hello\\211\\004\\\\x41\\210\\002\\003\\350'\n",
        FRAMES,
    ),
    // %q in Go (by hand)
    (
        "escaped",
        "\"\\x81\\x05hello\\x89\\x04\\\\x41\\x88\\x02\\x03\\xe8\"\n",
        FRAMES,
    ),
    // inspect in Ruby (by hand)
    ("escaped", "\"\\x88\\x02\\x03\\xE8\"\n", CLOSE),
    // Wireshark, copy as escaped string (by hand)
    ("escaped", "\"\\x88\\x02\\x03\\xe8\"", CLOSE),
    // JSON and JavaScript, in ASCII (by hand)
    ("escaped", "\"\\u0001\\u0003a\\u0062c\"", PLAIN_TEXT),
    // quote in Python
    ("percent", "%81%05hello%89%04%5Cx41%88%02%03%E8\n", FRAMES),
    // encodeURIComponent, all escaped (by hand)
    ("percent", "%88%02%03%e8", CLOSE),
    // base64 -w 8, with CR LF
    (
        "base64",
        "gQVoZWxs\r\n\
         b4kEXHg0\r\n\
         MYgCA+g=\r\n",
        FRAMES,
    ),
    // toString("base64url") in Node
    ("base64", "gQVoZWxsb4kEXHg0MYgCA-g\n", FRAMES),
    // b64encode in Python
    ("base64", "b'gQVoZWxsb4kEXHg0MYgCA+g='\n", FRAMES),
    // a data URL (by hand)
    (
        "base64",
        "data:application/octet-stream;base64,iAID6A==\n",
        CLOSE,
    ),
    // a data URL in quotes, without padding (by hand)
    ("base64", "\"data:;base64,iAID6A\"", CLOSE),
    // hexlify in Python
    (
        "hex-quoted",
        "b'810568656c6c6f89045c783431880203e8'\n",
        FRAMES,
    ),
    // JSON (by hand)
    ("hex-quoted", "\"88 02 03 e8\"", CLOSE),
    // a bytea in psql
    ("bytea", "\\x880203e8\n", CLOSE),
    // a bytea in SQL (by hand)
    ("bytea", "'\\x880203e8'::bytea;", CLOSE),
    // a chat that bends quotes (by hand)
    ("escaped", "\u{201c}\\x88\\x02\\x03\\xe8\u{201d}", CLOSE),
    // Python source (by hand)
    ("hex-quoted", "frame = bytes.fromhex(\"880203e8\")\n", CLOSE),
    // Node source (by hand)
    ("hex-quoted", "hex.DecodeString(`880203e8`);", CLOSE),
    // a log line with hex (by hand)
    (
        "log",
        "2024-05-01T12:00:01.123Z DEBUG ws: recv 88 02 03 e8\n",
        CLOSE,
    ),
    // a log line with separated hex (by hand)
    ("log", "12:00:01 recv: 88:02:03:e8", CLOSE),
    // websockets in Python (by hand)
    (
        "log",
        "DEBUG:websockets.client:< b'\\x88\\x02\\x03\\xe8'\n",
        CLOSE,
    ),
    // console.log with a label in Node
    (
        "log",
        "received <Buffer 81 05 68 65 6c 6c 6f 89 04 5c 78 34 31 88 02 03 e8>\n",
        FRAMES,
    ),
    // an array behind a label in Node
    (
        "log",
        "received Uint8Array(17) [\n\
         \x20 129,   5, 104, 101, 108, 108,\n\
         \x20 111, 137,   4,  92, 120,  52,\n\
         \x20  49, 136,   2,   3, 232\n\
         ]\n",
        FRAMES,
    ),
    // a dump below its title (by hand)
    (
        "log",
        "payload:\n\
         00000000: 8105 6865 6c6c 6f89 045c 7834 3188 0203  ..hello..\\x41...\n\
         00000010: e8                                       .\n",
        FRAMES,
    ),
];
