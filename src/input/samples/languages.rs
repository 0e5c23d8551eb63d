//! What the languages print, made by them unless it is said otherwise.

use super::Sample;
use super::bytes::*;

/// The samples.
pub(super) const LANGUAGES: &[Sample] = &[
    // print_r in PHP
    (
        "indexed",
        "Array\n\
         (\n\
         \x20   [1] => 136\n\
         \x20   [2] => 2\n\
         \x20   [3] => 3\n\
         \x20   [4] => 232\n\
         )\n",
        CLOSE,
    ),
    // print_r of a list in PHP
    (
        "indexed",
        "Array\n\
         (\n\
         \x20   [0] => 129\n\
         \x20   [1] => 3\n\
         \x20   [2] => 97\n\
         \x20   [3] => 98\n\
         \x20   [4] => 99\n\
         )\n",
        SHORT,
    ),
    // var_dump in PHP
    (
        "indexed",
        "array(4) {\n\
         \x20 [0]=>\n\
         \x20 int(136)\n\
         \x20 [1]=>\n\
         \x20 int(2)\n\
         \x20 [2]=>\n\
         \x20 int(3)\n\
         \x20 [3]=>\n\
         \x20 int(232)\n\
         }\n",
        CLOSE,
    ),
    // var_dump of signed bytes in PHP
    (
        "indexed",
        "array(4) {\n\
         \x20 [1]=>\n\
         \x20 int(-120)\n\
         \x20 [2]=>\n\
         \x20 int(2)\n\
         \x20 [3]=>\n\
         \x20 int(3)\n\
         \x20 [4]=>\n\
         \x20 int(-24)\n\
         }\n",
        CLOSE,
    ),
    // var_export in PHP
    (
        "indexed",
        "array (\n\
         \x20 0 => 136,\n\
         \x20 1 => 2,\n\
         \x20 2 => 3,\n\
         \x20 3 => 232,\n\
         )",
        CLOSE,
    ),
    // json_encode in PHP
    (
        "indexed",
        "{\"1\":129,\"2\":5,\"3\":104,\"4\":101,\"5\":108,\"6\":108,\"7\":111,\"8\":137,\"9\":4,\"10\":92,\"11\":120,\"12\":52,\"13\":49,\"14\":136,\"15\":2,\"16\":3,\"17\":232}",
        FRAMES,
    ),
    // JSON.stringify of a Uint8Array in Node
    (
        "indexed",
        "{\"0\":129,\"1\":5,\"2\":104,\"3\":101,\"4\":108,\"5\":108,\"6\":111,\"7\":137,\"8\":4,\"9\":92,\"10\":120,\"11\":52,\"12\":49,\"13\":136,\"14\":2,\"15\":3,\"16\":232}\n",
        FRAMES,
    ),
    // JSON.stringify of a Uint8Array in Node
    (
        "indexed",
        "{\"0\":130,\"1\":80,\"2\":0,\"3\":0,\"4\":0,\"5\":0,\"6\":0,\"7\":0,\"8\":0,\"9\":0,\"10\":0,\"11\":0,\"12\":0,\"13\":0,\"14\":0,\"15\":0,\"16\":0,\"17\":0,\"18\":0,\"19\":0,\"20\":0,\"21\":0,\"22\":0,\"23\":0,\"24\":0,\"25\":0,\"26\":0,\"27\":0,\"28\":0,\"29\":0,\"30\":0,\"31\":0,\"32\":0,\"33\":0,\"34\":0,\"35\":0,\"36\":0,\"37\":0,\"38\":0,\"39\":0,\"40\":0,\"41\":0,\"42\":0,\"43\":0,\"44\":0,\"45\":0,\"46\":0,\"47\":0,\"48\":0,\"49\":0,\"50\":0,\"51\":0,\"52\":0,\"53\":0,\"54\":0,\"55\":0,\"56\":0,\"57\":0,\"58\":0,\"59\":0,\"60\":0,\"61\":0,\"62\":0,\"63\":0,\"64\":0,\"65\":0,\"66\":0,\"67\":0,\"68\":0,\"69\":0,\"70\":0,\"71\":0,\"72\":0,\"73\":0,\"74\":0,\"75\":0,\"76\":0,\"77\":0,\"78\":0,\"79\":0,\"80\":0,\"81\":0}\n",
        ZEROS,
    ),
    // an object in Node
    ("indexed", "{ '0': 136, '1': 2, '2': 3, '3': 232 }\n", CLOSE),
    // an object in Node
    (
        "indexed",
        "{\n\
         \x20 '0': 129,\n\
         \x20 '1': 5,\n\
         \x20 '2': 104,\n\
         \x20 '3': 101,\n\
         \x20 '4': 108,\n\
         \x20 '5': 108,\n\
         \x20 '6': 111,\n\
         \x20 '7': 137,\n\
         \x20 '8': 4,\n\
         \x20 '9': 92,\n\
         \x20 '10': 120,\n\
         \x20 '11': 52,\n\
         \x20 '12': 49,\n\
         \x20 '13': 136,\n\
         \x20 '14': 2,\n\
         \x20 '15': 3,\n\
         \x20 '16': 232\n\
         }\n",
        FRAMES,
    ),
    // inspect of a hash in Ruby
    ("indexed", "{0=>136, 1=>2, 2=>3, 3=>232}\n", CLOSE),
    // dump in Symfony (by hand)
    (
        "indexed",
        "array:4 [\n\
         \x20 0 => 136\n\
         \x20 1 => 2\n\
         \x20 2 => 3\n\
         \x20 3 => 232\n\
         ]",
        CLOSE,
    ),
    // PHP source (by hand)
    ("indexed", "[0 => 136, 1 => 2, 2 => 3, 3 => 232];", CLOSE),
    // Chrome and Firefox, an object in the console (by hand)
    ("indexed", "{0: 136, 1: 2, 2: 3, 3: 232}", CLOSE),
    // Firefox, an object in the console (by hand)
    ("indexed", "Object { 0: 136, 1: 2, 2: 3, 3: 232 }", CLOSE),
    // Elixir, a map (by hand)
    ("indexed", "%{0 => 136, 1 => 2, 2 => 3, 3 => 232}", CLOSE),
    // bin2hex in PHP
    ("hex", "810568656c6c6f89045c783431880203e8", FRAMES),
    // var_dump of bin2hex in PHP
    (
        "hex-quoted",
        "string(34) \"810568656c6c6f89045c783431880203e8\"\n",
        FRAMES,
    ),
    // var_dump of base64_encode in PHP
    (
        "base64",
        "string(24) \"gQVoZWxsb4kEXHg0MYgCA+g=\"\n",
        FRAMES,
    ),
    // var_dump of addcslashes in PHP
    (
        "escaped-octal",
        "string(42) \"\\201\\005hello\\211\\004\\\\x41\\210\\002\\003\\350\"\n",
        FRAMES,
    ),
    // rawurlencode in PHP
    ("percent", "%82%0Cabcdef%2012%20%09%0A%00", TEXT),
    // all bytes escaped in Lua
    (
        "escaped-decimal",
        "\\129\\005\\104\\101\\108\\108\\111\\137\\004\\092\\120\\052\\049\\136\\002\\003\\232\n",
        FRAMES,
    ),
    // all bytes escaped in Lua
    (
        "escaped-decimal",
        "\\130\\012\\097\\098\\099\\100\\101\\102\\032\\049\\050\\032\\009\\010\\000\n",
        TEXT,
    ),
    // all bytes escaped in Lua
    ("escaped-decimal", "\\129\\003\\097\\098\\099\n", SHORT),
    // numbers in Lua
    (
        "decimal",
        "129\t5\t104\t101\t108\t108\t111\t137\t4\t92\t120\t52\t49\t136\t2\t3\t232\n",
        FRAMES,
    ),
    // show of a ByteString in Haskell (by hand)
    (
        "escaped-decimal",
        "\"\\129\\ENQhello\\137\\EOT\\\\x41\\136\\STX\\ETX\\232\"",
        FRAMES,
    ),
    // String.escaped in OCaml (by hand)
    (
        "escaped-decimal",
        "\"\\129\\005hello\\137\\004\\\\x41\\136\\002\\003\\232\"",
        FRAMES,
    ),
    // inspect in Ruby
    (
        "escaped",
        "\"\\x81\\x05hello\\x89\\x04\\\\x41\\x88\\x02\\x03\\xE8\"\n",
        FRAMES,
    ),
    // inspect of text in UTF-8 in Ruby
    (
        "escaped",
        "\"\\x81\\u0005hello\\x89\\u0004\\\\x41\\x88\\u0002\\u0003\\xE8\"\n",
        FRAMES,
    ),
    // dump in Ruby
    ("escaped", "\"\\x82\\fabcdef 12 \\t\\n\\x00\"\n", TEXT),
    // bytes in Ruby
    (
        "decimal",
        "[129, 5, 104, 101, 108, 108, 111, 137, 4, 92, 120, 52, 49, 136, 2, 3, 232]\n",
        FRAMES,
    ),
    // inspect in Elixir
    (
        "decimal",
        "<<129, 5, 104, 101, 108, 108, 111, 137, 4, 92, 120, 52, 49, 136, 2, 3, 232>>\n",
        FRAMES,
    ),
    // inspect with base: :hex in Elixir
    (
        "hex-0x",
        "<<0x81, 0x5, 0x68, 0x65, 0x6C, 0x6C, 0x6F, 0x89, 0x4, 0x5C, 0x78, 0x34, 0x31,\n\
         \x20 0x88, 0x2, 0x3, 0xE8>>\n",
        FRAMES,
    ),
    // inspect with binaries: :as_strings in Elixir
    (
        "escaped",
        "\"\\x81\\x05hello\\x89\\x04\\\\x41\\x88\\x02\\x03\\xE8\"\n",
        FRAMES,
    ),
    // ~p in Erlang
    (
        "decimal",
        "<<129,5,104,101,108,108,111,137,4,92,120,52,49,136,2,3,232>>\n",
        FRAMES,
    ),
    // Base.encode16 in Elixir
    ("hex", "810568656C6C6F89045C783431880203E8\n", FRAMES),
    // %v in Go
    (
        "decimal",
        "[129 5 104 101 108 108 111 137 4 92 120 52 49 136 2 3 232]\n",
        FRAMES,
    ),
    // %x in Go
    ("hex", "810568656c6c6f89045c783431880203e8\n", FRAMES),
    // % x in Go
    (
        "hex",
        "81 05 68 65 6c 6c 6f 89 04 5c 78 34 31 88 02 03 e8\n",
        FRAMES,
    ),
    // %q in Go
    (
        "escaped",
        "\"\\x81\\x05hello\\x89\\x04\\\\x41\\x88\\x02\\x03\\xe8\"\n",
        FRAMES,
    ),
    // %#v in Go
    (
        "hex-0x",
        "[]byte{0x81, 0x5, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x89, 0x4, 0x5c, 0x78, 0x34, 0x31, 0x88, 0x2, 0x3, 0xe8}\n",
        FRAMES,
    ),
    // %# x in Go
    (
        "hex-0x",
        "0x81 0x05 0x68 0x65 0x6c 0x6c 0x6f 0x89 0x04 0x5c 0x78 0x34 0x31 0x88 0x02 0x03 0xe8\n",
        FRAMES,
    ),
    // hex.Dump in Go
    (
        "hexdump",
        "00000000  81 05 68 65 6c 6c 6f 89  04 5c 78 34 31 88 02 03  |..hello..\\x41...|\n\
         00000010  e8                                                |.|\n",
        FRAMES,
    ),
    // hex.Dump in Go
    (
        "hexdump",
        "00000000  88 02 03 e8                                       |....|\n",
        CLOSE,
    ),
    // an array in PHP, Swift or Ruby (by hand)
    ("decimal", "[136, 2, 3, 232]", CLOSE),
    // bytes in Kotlin (by hand)
    ("decimal", "[-120, 2, 3, -24]", CLOSE),
    // C# source in decimal (by hand)
    ("decimal", "new byte[] { 136, 2, 3, 232 };", CLOSE),
    // Chrome, a Uint8Array with its properties in the console (by hand)
    (
        "decimal",
        "Uint8Array(4) [136, 2, 3, 232, buffer: ArrayBuffer(4), byteLength: 4, byteOffset: 0, length: 4, Symbol(Symbol.toStringTag): 'Uint8Array']",
        CLOSE,
    ),
    // xxd -C -i FILE
    (
        "hex-0x",
        "unsigned char F_BIN[] = {\n\
         \x20 0x81, 0x05, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x89, 0x04, 0x5c, 0x78, 0x34,\n\
         \x20 0x31, 0x88, 0x02, 0x03, 0xe8\n\
         };\n\
         unsigned int F_BIN_LEN = 17;\n",
        FRAMES,
    ),
];
