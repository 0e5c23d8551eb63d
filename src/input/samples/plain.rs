//! Hex, escapes and base64.

use super::Sample;
use super::bytes::*;

/// The samples.
pub(super) const PLAIN: &[Sample] = &[
    // xxd -p
    ("hex", "810568656c6c6f89045c783431880203e8\n", FRAMES),
    // xxd -p -c 8
    ("hex", "810568656c6c6f89\n045c783431880203\ne8\n", FRAMES),
    // hexdump -v -e '1/1 "%02x "'
    (
        "hex",
        "81 05 68 65 6c 6c 6f 89 04 5c 78 34 31 88 02 03 e8 ",
        FRAMES,
    ),
    (
        "hex",
        "8802:03-E8_81,00;\t82\r\n 00",
        b"\x88\x02\x03\xe8\x81\0\x82\0",
    ),
    // xxd -i
    (
        "hex-0x",
        "  0x81, 0x05, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x89, 0x04, 0x5c, 0x78, 0x34,\n  0x31, 0x88, \
         0x02, 0x03, 0xe8\n",
        FRAMES,
    ),
    ("hex-0x", "{0X88, 0x02,\n0x3 0xE8, };", b"\x88\x02\x03\xe8"),
    ("hex-0x", "[0x880203e8]", b"\x88\x02\x03\xe8"),
    // print in Python
    (
        "escaped",
        r"b'\x81\x05hello\x89\x04\\x41\x88\x02\x03\xe8'",
        FRAMES,
    ),
    // printf %q in bash, without its $'...'
    (
        "escaped-octal",
        r"\201\005hello\211\004\\x41\210\002\003\350",
        FRAMES,
    ),
    (
        "escaped",
        "\"\\x81\\x05\"\n  \"\u{e9}\\u20ac\"\n",
        b"\x81\x05\xc3\xa9\xe2\x82\xac",
    ),
    // base64
    ("base64", "gQVoZWxsb4kEXHg0MYgCA+g=\n", FRAMES),
    // base64 -w 8, and without padding
    ("base64", "gQVoZWxs\nb4kEXHg0\nMYgCA+g\n", FRAMES),
];
