//! Lists of numbers, made by the programs unless they say otherwise.

use super::Sample;
use super::bytes::*;

/// The samples.
pub(super) const LISTS: &[Sample] = &[
    // xxd -i
    (
        "hex-0x",
        "  0x81, 0x05, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x89, 0x04, 0x5c, 0x78, 0x34,\n\
         \x20 0x31, 0x88, 0x02, 0x03, 0xe8\n",
        FRAMES,
    ),
    // xxd -i FILE
    (
        "hex-0x",
        "unsigned char f[] = {\n\
         \x20 0x81, 0x05, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x89, 0x04, 0x5c, 0x78, 0x34,\n\
         \x20 0x31, 0x88, 0x02, 0x03, 0xe8\n\
         };\n\
         unsigned int f_len = 17;\n",
        FRAMES,
    ),
    // list of hex() in Python
    (
        "hex-0x",
        "['0x81', '0x5', '0x68', '0x65', '0x6c', '0x6c', '0x6f', '0x89', '0x4', '0x5c', '0x78', '0x34', '0x31', '0x88', '0x2', '0x3', '0xe8']\n",
        FRAMES,
    ),
    // HexFormat in Java
    (
        "hex-0x",
        "0x81, 0x05, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x89, 0x04, 0x5c, 0x78, 0x34, 0x31, 0x88, 0x02, 0x03, 0xe8",
        FRAMES,
    ),
    // Arrays.toString in Java
    (
        "decimal",
        "[-127, 5, 104, 101, 108, 108, 111, -119, 4, 92, 120, 52, 49, -120, 2, 3, -24]\n",
        FRAMES,
    ),
    // {:?} in Rust
    (
        "decimal",
        "[129, 5, 104, 101, 108, 108, 111, 137, 4, 92, 120, 52, 49, 136, 2, 3, 232]\n",
        FRAMES,
    ),
    // {:x?} in Rust
    (
        "hex-list",
        "[81, 5, 68, 65, 6c, 6c, 6f, 89, 4, 5c, 78, 34, 31, 88, 2, 3, e8]\n",
        FRAMES,
    ),
    // {:02x?} in Rust
    (
        "hex-list",
        "[81, 05, 68, 65, 6c, 6c, 6f, 89, 04, 5c, 78, 34, 31, 88, 02, 03, e8]\n",
        FRAMES,
    ),
    // {:#?} in Rust
    (
        "decimal",
        "[\n\
         \x20   129,\n\
         \x20   5,\n\
         \x20   104,\n\
         ]\n",
        START,
    ),
    // {:#04x?} in Rust
    (
        "hex-0x",
        "[\n\
         \x20   0x81,\n\
         \x20   0x05,\n\
         \x20   0x68,\n\
         ]\n",
        START,
    ),
    // a Buffer in Node
    (
        "hex-list",
        "<Buffer 81 05 68 65 6c 6c 6f 89 04 5c 78 34 31 88 02 03 e8>\n",
        FRAMES,
    ),
    // a Uint8Array in Node
    (
        "decimal",
        "Uint8Array(17) [\n\
         \x20 129,   5, 104, 101, 108, 108,\n\
         \x20 111, 137,   4,  92, 120,  52,\n\
         \x20  49, 136,   2,   3, 232\n\
         ]\n",
        FRAMES,
    ),
    // an Int8Array in Node
    (
        "decimal",
        "Int8Array(17) [\n\
         \x20 -127,   5,  104,  101, 108,\n\
         \x20  108, 111, -119,    4,  92,\n\
         \x20  120,  52,   49, -120,   2,\n\
         \x20    3, -24\n\
         ]\n",
        FRAMES,
    ),
    // JSON.stringify of a Buffer in Node
    (
        "decimal",
        "{\"type\":\"Buffer\",\"data\":[129,5,104,101,108,108,111,137,4,92,120,52,49,136,2,3,232]}\n",
        FRAMES,
    ),
    // an ArrayBuffer in Node
    (
        "hex-list",
        "ArrayBuffer {\n\
         \x20 [Uint8Contents]: <81 05 68 65 6c 6c 6f 89 04 5c 78 34 31 88 02 03 e8>,\n\
         \x20 byteLength: 17\n\
         }\n",
        FRAMES,
    ),
    // an array in Node
    (
        "decimal",
        "[\n\
         \x20 129,   5, 104, 101, 108, 108,\n\
         \x20 111, 137,   4,  92, 120,  52,\n\
         \x20  49, 136,   2,   3, 232\n\
         ]\n",
        FRAMES,
    ),
    // list in Python
    (
        "decimal",
        "[129, 5, 104, 101, 108, 108, 111, 137, 4, 92, 120, 52, 49, 136, 2, 3, 232]\n",
        FRAMES,
    ),
    // tuple in Python
    (
        "decimal",
        "(129, 5, 104, 101, 108, 108, 111, 137, 4, 92, 120, 52, 49, 136, 2, 3, 232)\n",
        FRAMES,
    ),
    // array in Python
    (
        "decimal",
        "array('B', [129, 5, 104, 101, 108, 108, 111, 137, 4, 92, 120, 52, 49, 136, 2, 3, 232])\n",
        FRAMES,
    ),
    // signed array in Python
    (
        "decimal",
        "array('b', [-127, 5, 104, 101, 108, 108, 111, -119, 4, 92, 120, 52, 49, -120, 2, 3, -24])\n",
        FRAMES,
    ),
    // unpack in Perl
    (
        "decimal",
        "129,5,104,101,108,108,111,137,4,92,120,52,49,136,2,3,232\n",
        FRAMES,
    ),
    // od -An -tu1
    (
        "decimal",
        " 129   5 104 101 108 108 111 137   4  92 120  52  49 136   2   3\n\
         \x20232\n",
        FRAMES,
    ),
    // od -An -td1
    (
        "decimal",
        " -127    5  104  101  108  108  111 -119    4   92  120   52   49 -120    2    3\n\
         \x20 -24\n",
        FRAMES,
    ),
    // od -An -b
    (
        "octal",
        " 201 005 150 145 154 154 157 211 004 134 170 064 061 210 002 003\n\
         \x20350\n",
        FRAMES,
    ),
    // %v in Go (by hand)
    (
        "decimal",
        "[129 5 104 101 108 108 111 137 4 92 120 52 49 136 2 3 232]\n",
        FRAMES,
    ),
    // %#v in Go (by hand)
    (
        "hex-0x",
        "[]byte{0x81, 0x5, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x89, 0x4, 0x5c, 0x78, 0x34, 0x31, 0x88, 0x2, 0x3, 0xe8}\n",
        FRAMES,
    ),
    // C# source (by hand)
    (
        "hex-0x",
        "byte[] frame = new byte[] { 0x81, 0x5, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x89, 0x4, 0x5c, 0x78, 0x34, 0x31, 0x88, 0x2, 0x3, 0xe8 };",
        FRAMES,
    ),
    // C source (by hand)
    (
        "hex-0x",
        "static const uint8_t frame[17] = {\n\
         \x20 0x81, 0x5, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x89, 0x4, 0x5c, 0x78, 0x34, 0x31, 0x88, 0x2, 0x3, 0xe8,\n\
         };\n",
        FRAMES,
    ),
    // Java source (by hand)
    (
        "hex-0x",
        "new byte[] {(byte) 0x88, 0x02, 0x03, (byte)0xe8}",
        CLOSE,
    ),
    // NSData in Swift (by hand)
    ("hex-0x", "{length = 4, bytes = 0x880203e8}", CLOSE),
    // NSData in Swift, older (by hand)
    ("hex-list", "<880203e8>", CLOSE),
    // Kotlin source (by hand)
    ("decimal", "byteArrayOf(-120, 2, 3, -24)", CLOSE),
    // Kotlin source with conversions (by hand)
    (
        "hex-0x",
        "val b = byteArrayOf(0x88.toByte(), 0x02, 0x03, 0xe8.toByte())",
        CLOSE,
    ),
    // Elixir and Erlang (by hand)
    ("decimal", "<<136, 2, 3, 232>>", CLOSE),
    // Rust source (by hand)
    ("decimal", "let frame: [u8; 4] = [136, 2, 3, 232];", CLOSE),
    // Chrome, a Uint8Array in the console (by hand)
    ("decimal", "Uint8Array(4) [136, 2, 3, 232]", CLOSE),
    // PHP and Ruby (by hand)
    ("decimal", "[136, 2, 3, 232]", CLOSE),
    // Erlang, with a string in it (by hand)
    (
        "decimal",
        "<<129,5,\"hello\",137,4,92,\"x41\",136,2,3,232>>",
        FRAMES,
    ),
    // %03d (by hand)
    ("decimal", "136 002 003 232", CLOSE),
    // okio's ByteString (by hand)
    ("hex-list", "[hex=880203e8]", CLOSE),
    // okio's Buffer (by hand)
    ("hex-list", "[size=4 hex=880203e8]", CLOSE),
    // a debugger's words of four bytes (by hand)
    (
        "memory-words",
        "0xe8030288\t0xe8030288",
        b"\x88\x02\x03\xe8\x88\x02\x03\xe8",
    ),
    // printf %p and the like (by hand)
    ("memory-words", "0x0288, 0xe803", CLOSE),
    // an assembler (by hand)
    ("hex-h", "88h, 02h, 03h, 0E8h", CLOSE),
    // a data sheet (by hand)
    ("hex-h", "[88h 2h 3h E8h]", CLOSE),
    // BitConverter.ToString in C# (by hand)
    ("hex", "88-02-03-E8", CLOSE),
    // a web page, with no-break spaces (by hand)
    ("hex", "88 02 03 e8 ", CLOSE),
];
