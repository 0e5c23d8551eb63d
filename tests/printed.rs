//! Bytes printed in every form and read again: the same bytes come back, or the text is refused.
//! No text is ever read as other bytes.
//!
//! The printers do what the programs do; that they do it right is told by the samples in
//! `src/input/samples`, which are the programs' own. Here it is the bytes that vary.

use std::fmt::Write;
use std::io::Cursor;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use fastrand::Rng;
use wsclose::conversation::{Conversation, Options, Verdict};
use wsclose::input::{self, Chosen, Error, Source, Stated};

#[path = "common/growth.rs"]
mod growth;

/// How well a form says where it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// A part is refused, or read as the bytes that are in it.
    Told,
    /// The last byte of a part may be another: `\21` of `\210`.
    Open,
    /// As `Told`, and a line that is missing in the middle is refused.
    Offsets,
}
use End::{Offsets, Open, Told};

/// How often the bytes of whole frames come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reads {
    Always,
    /// Now and then another form fits too, or the program itself leaves bytes out.
    Mostly,
    /// Only where luck has it: the form is refused for what it lacks.
    Hardly,
}
use Reads::{Always, Hardly, Mostly};

struct Printer {
    name: &'static str,
    end: End,
    reads: Reads,
    print: fn(&[u8]) -> String,
}

const fn printer(
    name: &'static str,
    end: End,
    reads: Reads,
    print: fn(&[u8]) -> String,
) -> Printer {
    Printer {
        name,
        end,
        reads,
        print,
    }
}

static PRINTERS: &[Printer] = &[
    printer("hex", Told, Always, |bytes| hex::encode(bytes)),
    printer("upper-case hex", Told, Always, |bytes| {
        hex::encode_upper(bytes)
    }),
    printer("spaced hex", Told, Always, |bytes| {
        join(bytes, " ", |byte| format!("{byte:02x}"))
    }),
    printer("BitConverter", Told, Always, |bytes| {
        join(bytes, "-", |byte| format!("{byte:02X}"))
    }),
    printer("wrapped hex", Told, Always, |bytes| {
        let line = |line: &[u8]| hex::encode(line) + "\r\n";
        bytes.chunks(8).map(line).collect()
    }),
    printer("hex in quotes", Told, Always, |bytes| {
        format!("\"{}\"", hex::encode(bytes))
    }),
    printer("bytes.fromhex", Told, Always, |bytes| {
        format!("bytes.fromhex('{}')", hex::encode(bytes))
    }),
    printer("0x list", Open, Always, |bytes| {
        join(bytes, ", ", |byte| format!("{byte:#04x}"))
    }),
    printer("xxd -i", Told, Always, |bytes| {
        let list = join(bytes, ", ", |byte| format!("{byte:#04x}"));
        format!(
            "unsigned char f[] = {{\n  {list}\n}};\nunsigned int f_len = {};\n",
            bytes.len()
        )
    }),
    printer("h list", Told, Always, |bytes| {
        join(bytes, " ", |byte| format!("{byte:02x}h"))
    }),
    printer("{:?} in Rust", Told, Mostly, |bytes| format!("{bytes:?}")),
    printer("{:#?} in Rust", Told, Mostly, |bytes| format!("{bytes:#?}")),
    printer("{:x?} in Rust", Told, Mostly, |bytes| format!("{bytes:x?}")),
    printer("{:02x?} in Rust", Told, Mostly, |bytes| {
        format!("{bytes:02x?}")
    }),
    printer("%v in Go", Told, Mostly, |bytes| {
        format!("[{}]", join(bytes, " ", u8::to_string))
    }),
    printer("Arrays.toString in Java", Told, Mostly, |bytes| {
        format!("[{}]", join(bytes, ", ", |byte| (*byte as i8).to_string()))
    }),
    printer("a Buffer in Node", Told, Mostly, |bytes| {
        let shown = bytes.get(..50).unwrap_or(bytes);
        let mut list = join(shown, " ", |byte| format!("{byte:02x}"));
        if bytes.len() > 50 {
            let _ = write!(list, " ... {} more bytes", bytes.len() - 50);
        }
        format!("<Buffer {list}>")
    }),
    printer("a Uint8Array in Node", Told, Always, |bytes| {
        format!(
            "Uint8Array({}) [\n  {}\n]",
            bytes.len(),
            join(bytes, ", ", u8::to_string)
        )
    }),
    printer("JSON of a Buffer", Told, Always, |bytes| {
        format!(
            "{{\"type\":\"Buffer\",\"data\":[{}]}}",
            join(bytes, ",", u8::to_string)
        )
    }),
    printer("JSON of a Uint8Array", Told, Always, |bytes| {
        let pair = |(index, byte): (usize, &u8)| format!("\"{index}\":{byte}");
        let pairs: Vec<String> = bytes.iter().enumerate().map(pair).collect();
        format!("{{{}}}", pairs.join(","))
    }),
    printer("print_r in PHP", Told, Always, |bytes| {
        let line = |(index, byte): (usize, &u8)| format!("    [{}] => {byte}\n", index + 1);
        let lines: String = bytes.iter().enumerate().map(line).collect();
        format!("Array\n(\n{lines})\n")
    }),
    printer("var_dump in PHP", Told, Always, |bytes| {
        let line = |(index, byte): (usize, &u8)| format!("  [{index}]=>\n  int({byte})\n");
        let lines: String = bytes.iter().enumerate().map(line).collect();
        format!("array({}) {{\n{lines}}}\n", bytes.len())
    }),
    printer("inspect in Elixir", Told, Always, |bytes| {
        format!("<<{}>>", join(bytes, ", ", u8::to_string))
    }),
    printer("byteArrayOf in Kotlin", Told, Always, |bytes| {
        format!(
            "byteArrayOf({})",
            join(bytes, ", ", |byte| (*byte as i8).to_string())
        )
    }),
    printer("repr in Python", Told, Mostly, |bytes| {
        format!("b'{}'", escaped(bytes, hex_escape))
    }),
    printer("%q in Go", Told, Mostly, |bytes| {
        format!("\"{}\"", escaped(bytes, hex_escape))
    }),
    printer("escape_ascii in Rust", Told, Mostly, |bytes| {
        bytes.escape_ascii().to_string()
    }),
    printer("all escaped in hex", Told, Always, |bytes| {
        join(bytes, "", |&byte| hex_escape(byte))
    }),
    printer("%q in bash", Told, Mostly, |bytes| {
        format!("$'{}'", escaped(bytes, |byte| format!("\\{byte:03o}")))
    }),
    printer("octal escapes", Open, Mostly, |bytes| {
        escaped(bytes, |byte| format!("\\{byte:03o}"))
    }),
    printer("all escaped in octal", Open, Mostly, |bytes| {
        join(bytes, "", |byte| format!("\\{byte:03o}"))
    }),
    printer("decimal escapes", Open, Mostly, |bytes| {
        escaped(bytes, |byte| format!("\\{byte:03}"))
    }),
    printer("all escaped in Lua", Open, Mostly, |bytes| {
        join(bytes, "", |byte| format!("\\{byte:03}"))
    }),
    printer("show in Haskell", Told, Mostly, |bytes| {
        format!("\"{}\"", haskell(bytes))
    }),
    printer("JSON in Latin-1", Open, Mostly, |bytes| {
        format!("\"{}\"", escaped(bytes, |byte| format!("\\u{byte:04x}")))
    }),
    printer("percent-encoding", Told, Mostly, |bytes| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let one = |byte: &u8| match plain(*byte) {
            true => char::from(*byte).to_string(),
            false => format!("%{byte:02X}"),
        };
        join(bytes, "", one)
    }),
    printer("base64", Told, Mostly, |bytes| {
        BASE64_STANDARD.encode(bytes)
    }),
    printer("base64url", Told, Mostly, |bytes| {
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }),
    printer("wrapped base64", Told, Mostly, |bytes| {
        let letters = BASE64_STANDARD.encode(bytes).into_bytes();
        let line = |line: &[u8]| String::from_utf8_lossy(line).into_owned() + "\n";
        letters.chunks(20).map(line).collect()
    }),
    printer("a data URL", Told, Always, |bytes| {
        format!(
            "data:application/octet-stream;base64,{}",
            BASE64_STANDARD.encode(bytes)
        )
    }),
    printer("xxd", Offsets, Mostly, |bytes| xxd(bytes, 2, 16, 39)),
    printer("xxd -g1", Offsets, Always, |bytes| xxd(bytes, 1, 16, 47)),
    printer("xxd -g4", Offsets, Mostly, |bytes| xxd(bytes, 4, 16, 35)),
    printer("xxd -c8", Offsets, Mostly, |bytes| xxd(bytes, 2, 8, 19)),
    printer("xxd -e", Offsets, Mostly, |bytes| xxd_swapped(bytes, 4)),
    printer("xxd -e -g2", Offsets, Mostly, |bytes| xxd_swapped(bytes, 2)),
    printer("xxd -b", Offsets, Always, |bytes| {
        dump(bytes, 6, &|at| format!("{at:08x}: "), &|line| {
            let bits = join(line, " ", |byte| format!("{byte:08b}"));
            format!("{bits:<53}  {}", shown(line))
        })
    }),
    printer("the viewer in Chrome", Offsets, Mostly, |bytes| {
        dump(bytes, 16, &|at| format!("{:08x}: ", at / 16), &|line| {
            let groups: Vec<String> = line.chunks(2).map(hex::encode).collect();
            format!("{:<40} {}", groups.join(" "), shown(line))
        })
    }),
    printer("hexdump -C", Offsets, Always, |bytes| {
        let text = squeezed(bytes, 16, &|at| format!("{at:08x}  "), &|line| {
            let mut cells = join(line, " ", |byte| format!("{byte:02x}"));
            if line.len() > 8 {
                cells.insert(24, ' ');
            }
            format!("{cells:<48}  |{}|", shown(line))
        });
        format!("{text}{:08x}\n", bytes.len())
    }),
    printer("hexdump", Offsets, Mostly, |bytes| {
        words(
            bytes,
            2,
            |at| format!("{at:07x}"),
            |word| format!(" {word:04x}"),
        )
    }),
    printer("hexdump -x", Offsets, Mostly, |bytes| {
        words(
            bytes,
            2,
            |at| format!("{at:07x}"),
            |word| format!("   {word:04x}"),
        )
    }),
    printer("hexdump -d", Offsets, Mostly, |bytes| {
        words(
            bytes,
            2,
            |at| format!("{at:07x}"),
            |word| format!("   {word:05}"),
        )
    }),
    printer("hexdump -b", Offsets, Mostly, |bytes| {
        words(
            bytes,
            1,
            |at| format!("{at:07x}"),
            |byte| format!(" {byte:03o}"),
        )
    }),
    printer("od", Offsets, Mostly, |bytes| {
        words(bytes, 2, octal, |word| format!(" {word:06o}"))
    }),
    printer("od -x", Offsets, Mostly, |bytes| {
        words(bytes, 2, octal, |word| format!(" {word:04x}"))
    }),
    printer("od -tx4", Offsets, Mostly, |bytes| {
        words(bytes, 4, octal, |word| format!(" {word:08x}"))
    }),
    printer("od -d", Offsets, Mostly, |bytes| {
        words(bytes, 2, octal, |word| format!(" {word:>5}"))
    }),
    printer("od -tu4", Offsets, Mostly, |bytes| {
        words(bytes, 4, octal, |word| format!(" {word:>10}"))
    }),
    printer("od -Ax -tu4", Offsets, Mostly, |bytes| {
        words(
            bytes,
            4,
            |at| format!("{at:06x}"),
            |word| format!(" {word:>10}"),
        )
    }),
    printer("od -td2", Offsets, Mostly, |bytes| {
        words(bytes, 2, octal, |word| format!(" {:>6}", word as i16))
    }),
    printer("od -td4", Offsets, Mostly, |bytes| {
        words(bytes, 4, octal, |word| format!(" {:>11}", word as i32))
    }),
    printer("od -b", Offsets, Mostly, |bytes| {
        words(bytes, 1, octal, |byte| format!(" {byte:03o}"))
    }),
    printer("od -tx1", Offsets, Always, |bytes| {
        words(bytes, 1, octal, |byte| format!(" {byte:02x}"))
    }),
    printer("od -Ad -tx1", Offsets, Always, |bytes| {
        words(
            bytes,
            1,
            |at| format!("{at:07}"),
            |byte| format!(" {byte:02x}"),
        )
    }),
    printer("od -Ax -tx1", Offsets, Always, |bytes| {
        words(
            bytes,
            1,
            |at| format!("{at:06x}"),
            |byte| format!(" {byte:02x}"),
        )
    }),
    printer("od -tu1", Offsets, Always, |bytes| {
        words(bytes, 1, octal, |byte| format!(" {byte:>3}"))
    }),
    printer("od -td1", Offsets, Always, |bytes| {
        words(bytes, 1, octal, |byte| format!(" {:>4}", byte as i8))
    }),
    printer("od -c", Offsets, Mostly, |bytes| {
        words(bytes, 1, octal, |byte| character(byte as u8))
    }),
    printer("od -a", Offsets, Hardly, |bytes| {
        words(bytes, 1, octal, |byte| named(byte as u8))
    }),
    printer("od -An -tx1", Told, Always, |bytes| {
        bare(bytes, 1, |byte| format!(" {byte:02x}"))
    }),
    printer("od -An -x", Told, Hardly, |bytes| {
        bare(bytes, 2, |word| format!(" {word:04x}"))
    }),
    printer("od -An -d", Told, Mostly, |bytes| {
        bare(bytes, 2, |word| format!(" {word:>5}"))
    }),
    printer("od -An -tu1", Open, Mostly, |bytes| {
        bare(bytes, 1, |byte| format!(" {byte:>3}"))
    }),
    printer("od -An -b", Told, Mostly, |bytes| {
        bare(bytes, 1, |byte| format!(" {byte:03o}"))
    }),
    printer("Wireshark, hex and text", Offsets, Always, |bytes| {
        dump(bytes, 16, &|at| format!("{at:04x}   "), &|line| {
            let cells = join(line, " ", |byte| format!("{byte:02x}"));
            format!("{cells:<47}   {}", shown(line))
        })
    }),
    printer("Wireshark, hex", Offsets, Always, |bytes| {
        dump(bytes, 16, &|at| format!("{at:04x}   "), &|line| {
            join(line, " ", |byte| format!("{byte:02x}"))
        })
    }),
    printer("tcpdump -X", Offsets, Mostly, |bytes| {
        dump(bytes, 16, &|at| format!("\t0x{at:04x}:  "), &|line| {
            let groups: Vec<String> = line.chunks(2).map(hex::encode).collect();
            format!("{:<39}  {}", groups.join(" "), shown(line))
        })
    }),
    printer("a log line", Told, Mostly, |bytes| {
        format!(
            "12:00:01.5 recv: {}",
            join(bytes, ":", |byte| format!("{byte:02x}"))
        )
    }),
    printer("a log line of Python", Told, Mostly, |bytes| {
        format!("DEBUG:websockets:< b'{}'", escaped(bytes, hex_escape))
    }),
    printer("Follow as a hex dump", Offsets, Mostly, follow_hex),
    printer("hex under a heading", Told, Mostly, |bytes| {
        let lines: Vec<String> = bytes.chunks(16).map(hex::encode).collect();
        format!("server -> client:\n{}\n", lines.join("\n"))
    }),
    printer("Follow as C arrays", Told, Mostly, |bytes| {
        let list = join(bytes, ", ", |byte| format!("{byte:#04x}"));
        format!("char peer1_0[] = {{ /* Packet 8 */\n{list} }};\n")
    }),
    printer("Follow as YAML", Told, Mostly, |bytes| {
        format!(
            "packets:\n  - packet: 4\n    peer: 1\n    data: !!binary |\n      {}\n",
            BASE64_STANDARD.encode(bytes)
        )
    }),
    printer("curl --trace", Told, Mostly, |bytes| {
        let heading = format!("<= Recv data, {0} bytes ({0:#x})\n", bytes.len());
        heading + &curl(bytes)
    }),
    printer("the lines of curl --trace", Offsets, Mostly, curl),
    printer("a log of Netty", Told, Mostly, |bytes| {
        let border =
            "+--------+-------------------------------------------------+----------------+\n";
        let heading = format!(
            "[id: 0x1, L:/10.0.0.1:5000 - R:/10.0.0.2:8080] READ: {}B\n",
            bytes.len()
        );
        let rows = dump(bytes, 16, &|at| format!("|{at:08x}|"), &|line| {
            let cells = join(line, " ", |byte| format!("{byte:02x}"));
            format!(" {cells:<47} |{:<16}|", shown(line))
        });
        format!("{heading}{border}{rows}{border}")
    }),
    printer("ngrep -x", Told, Mostly, |bytes| {
        let rows = dump(bytes, 16, &|_| "  ".to_owned(), &|line| {
            let halves: Vec<String> = line
                .chunks(8)
                .map(|half| join(half, " ", |byte| format!("{byte:02x}")))
                .collect();
            format!("{:<54}{:<16}", halves.join("    "), shown(line))
        });
        format!("T 10.0.0.2:8080 -> 10.0.0.1:50000 [AP] #4\n{rows}\n")
    }),
    printer("x/64xb in gdb", Offsets, Mostly, |bytes| {
        dump(
            bytes,
            8,
            &|at| format!("0x{:x} <buf+{at}>:", 0x7ffe_0000 + at),
            &|line| join(line, "", |byte| format!("\t{byte:#04x}")),
        )
    }),
    printer("Format-Hex", Told, Mostly, |bytes| {
        let head = "\n           00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F\n\n";
        let rows = dump(bytes, 16, &|at| format!("{at:08X}   "), &|line| {
            let cells = join(line, " ", |byte| format!("{byte:02X}"));
            format!("{cells:<47}  {}", shown(line))
        });
        head.to_owned() + &rows
    }),
    printer("strace", Told, Mostly, |bytes| {
        let string = escaped(bytes, |byte| format!("\\{byte:03o}"));
        format!(
            "recvfrom(3, \"{string}\", 65536, 0, NULL, NULL) = {}\n",
            bytes.len()
        )
    }),
    printer("websocket-client", Told, Mostly, |bytes| {
        format!(
            "++Rcv raw: b'{}'\n++Rcv decoded: fin=1 opcode=1\n",
            escaped(bytes, hex_escape)
        )
    }),
    printer("JSON with a list", Told, Mostly, |bytes| {
        format!("{{\"id\":1000,\"payload\":{bytes:?}}}")
    }),
    printer("tcpdump -X of a packet", Told, Mostly, |bytes| {
        packet(bytes, 8080, 50_000, 1)
    }),
    printer("BIO_dump in OpenSSL", Offsets, Mostly, |bytes| {
        dump(bytes, 16, &|at| format!("{at:04x} - "), &|line| {
            let mut cells = join(line, " ", |byte| format!("{byte:02x}"));
            if line.len() > 8 {
                cells.replace_range(23..24, "-");
            }
            format!("{cells:<48}  {}", shown(line))
        })
    }),
    printer("print_hex_dump in Linux", Offsets, Mostly, |bytes| {
        dump(
            bytes,
            16,
            &|at| format!("[   12.345678] skb: {at:08x}: "),
            &|line| {
                let cells = join(line, " ", |byte| format!("{byte:02x}"));
                format!("{cells:<47}  {}", shown(line))
            },
        )
    }),
    printer("hex with text beside it", Told, Mostly, |bytes| {
        dump(bytes, 16, &|_| String::new(), &|line| {
            let cells = join(line, " ", |byte| format!("{byte:02x}"));
            format!("{cells:<47}  {}", shown(line))
        })
    }),
    printer("socat -x", Told, Mostly, |bytes| {
        let cells = join(bytes, " ", |byte| format!("{byte:02x}"));
        let length = bytes.len();
        format!("> 2026/12/01 02:49:58.000935  length={length} from=0 to=9\n {cells}\n")
    }),
    printer("\\x and X4 in C#", Open, Mostly, |bytes| {
        format!("\"{}\"", escaped(bytes, |byte| format!("\\x{byte:04X}")))
    }),
    printer("Intel HEX", Open, Mostly, |bytes| {
        let record = |(index, line): (usize, &[u8])| {
            let at = u16::try_from(16 * index).unwrap().to_be_bytes();
            let mut record = vec![line.len() as u8, at[0], at[1], 0];
            record.extend(line);
            let sum = record
                .iter()
                .fold(0_u8, |sum, byte| sum.wrapping_sub(*byte));
            record.push(sum);
            format!(":{}\n", hex::encode_upper(record))
        };
        let records: String = bytes.chunks(16).enumerate().map(record).collect();
        records + ":00000001FF\n"
    }),
    printer("cat -v", Told, Hardly, |bytes| {
        let caret = |byte: u8| match byte {
            0..=31 => format!("^{}", char::from(byte + 64)),
            127 => "^?".to_owned(),
            _ => char::from(byte).to_string(),
        };
        let one = |byte: &u8| match byte {
            128.. => format!("M-{}", caret(byte - 128)),
            _ => caret(*byte),
        };
        join(bytes, "", one)
    }),
];

/// The lines of a dump of curl.
fn curl(bytes: &[u8]) -> String {
    dump(bytes, 16, &|at| format!("{at:04x}: "), &|line| {
        let cells = join(line, " ", |byte| format!("{byte:02x}"));
        format!("{cells:<47} {}", shown(line))
    })
}

/// The lines of a hex dump of Wireshark's Follow.
fn follow_hex(bytes: &[u8]) -> String {
    follow_from(bytes, 0)
}

fn follow_from(bytes: &[u8], begun: usize) -> String {
    dump(bytes, 16, &|at| format!("{:08X}  ", begun + at), &|line| {
        let halves = |print: &dyn Fn(&[u8]) -> String, between: &str| {
            let halves: Vec<String> = line.chunks(8).map(print).collect();
            halves.join(between)
        };
        let cells = halves(&|half| join(half, " ", |byte| format!("{byte:02x}")), "  ");
        format!("{cells:<48}  {}", halves(&shown, " "))
    })
}

/// What `tcpdump -X` prints of a packet with these bytes.
fn packet(bytes: &[u8], from: u16, to: u16, sequence: u32) -> String {
    let total = 40 + u16::try_from(bytes.len()).unwrap();
    let mut packet = vec![0x45, 0];
    packet.extend(total.to_be_bytes());
    packet.extend(*b"\x12\x34\x40\0\x40\x06\0\0\x0a\0\0\x01\x0a\0\0\x02");
    packet.extend(from.to_be_bytes());
    packet.extend(to.to_be_bytes());
    packet.extend(sequence.to_be_bytes());
    packet.extend(*b"\0\0\0\x01\x50\x18\x20\0\0\0\0\0");
    packet.extend(bytes);
    let rows = dump(&packet, 16, &|at| format!("\t0x{at:04x}:  "), &|line| {
        let groups: Vec<String> = line.chunks(2).map(hex::encode).collect();
        format!(
            "{:<39}  {}",
            groups.join(" "),
            shown(line).replace(' ', ".")
        )
    });
    format!("00:00:01.0 IP 10.0.0.1.{from} > 10.0.0.2.{to}: Flags [P.], length 4\n{rows}")
}

fn join(bytes: &[u8], between: &str, print: impl Fn(&u8) -> String) -> String {
    let all: Vec<String> = bytes.iter().map(print).collect();
    all.join(between)
}

fn hex_escape(byte: u8) -> String {
    format!("\\x{byte:02x}")
}

/// Text with a backslash before backslashes and quotes, and what is no graphic character escaped.
fn escaped(bytes: &[u8], escape: fn(u8) -> String) -> String {
    join(bytes, "", |&byte| match byte {
        b'\\' | b'\'' | b'"' => format!("\\{}", char::from(byte)),
        b' '..=b'~' => char::from(byte).to_string(),
        _ => escape(byte),
    })
}

fn haskell(bytes: &[u8]) -> String {
    const NAMES: [&str; 32] = [
        "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "a", "b", "t", "n", "v", "f", "r", "SO",
        "SI", "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC",
        "FS", "GS", "RS", "US",
    ];
    let mut text = String::new();
    for (at, &byte) in bytes.iter().enumerate() {
        let next = bytes.get(at + 1).copied().unwrap_or_default();
        match byte {
            0..=31 => {
                let _ = write!(text, "\\{}", NAMES[usize::from(byte)]);
                if byte == 14 && next == b'H' {
                    text.push_str("\\&");
                }
            }
            127 => text.push_str("\\DEL"),
            b'"' | b'\\' => {
                let _ = write!(text, "\\{}", char::from(byte));
            }
            b' '..=b'~' => text.push(char::from(byte)),
            _ => {
                let _ = write!(text, "\\{byte}");
                if next.is_ascii_digit() {
                    text.push_str("\\&");
                }
            }
        }
    }
    text
}

/// What stands beside the bytes in a dump.
fn shown(bytes: &[u8]) -> String {
    join(bytes, "", |&byte| match byte {
        b' '..=b'~' => char::from(byte).to_string(),
        _ => ".".to_owned(),
    })
}

/// Lines of an offset and what `print` makes of the bytes.
fn dump(
    bytes: &[u8],
    width: usize,
    offset: &dyn Fn(usize) -> String,
    print: &dyn Fn(&[u8]) -> String,
) -> String {
    let line = |(number, line)| format!("{}{}\n", offset(number * width), print(line));
    bytes.chunks(width).enumerate().map(line).collect()
}

/// The same, with one `*` for lines that repeat the one before.
fn squeezed(
    bytes: &[u8],
    width: usize,
    offset: &dyn Fn(usize) -> String,
    print: &dyn Fn(&[u8]) -> String,
) -> String {
    let mut text = String::new();
    let mut before: Option<&[u8]> = None;
    let mut starred = false;
    for (number, line) in bytes.chunks(width).enumerate() {
        if before == Some(line) {
            if !starred {
                text.push_str("*\n");
            }
            starred = true;
        } else {
            text += &format!("{}{}\n", offset(number * width), print(line));
            starred = false;
        }
        before = Some(line);
    }
    text
}

/// A dump of words with the low byte first, and its end.
fn words(
    bytes: &[u8],
    size: usize,
    offset: fn(usize) -> String,
    print: fn(u64) -> String,
) -> String {
    let text = squeezed(bytes, 16, &|at| offset(at), &|line| {
        word_line(line, size, print)
    });
    format!("{text}{}\n", offset(bytes.len()))
}

/// The same without offsets.
fn bare(bytes: &[u8], size: usize, print: fn(u64) -> String) -> String {
    dump(bytes, 16, &|_| String::new(), &|line| {
        word_line(line, size, print)
    })
}

fn word_line(line: &[u8], size: usize, print: fn(u64) -> String) -> String {
    let word = |word: &[u8]| {
        let add = |sum, &byte: &u8| sum << 8 | u64::from(byte);
        print(word.iter().rev().fold(0, add))
    };
    line.chunks(size).map(word).collect()
}

fn octal(at: usize) -> String {
    format!("{at:07o}")
}

fn xxd(bytes: &[u8], group: usize, width: usize, columns: usize) -> String {
    dump(bytes, width, &|at| format!("{at:08x}: "), &|line| {
        let groups: Vec<String> = line.chunks(group).map(hex::encode).collect();
        format!("{:<columns$}  {}", groups.join(" "), shown(line))
    })
}

fn xxd_swapped(bytes: &[u8], group: usize) -> String {
    let columns = 16 * 2 + 16 / group - 1;
    dump(bytes, 16, &|at| format!("{at:08x}: "), &|line| {
        let one = |word: &[u8]| {
            let digits: Vec<u8> = word.iter().rev().copied().collect();
            format!("{:>1$}", hex::encode(digits), 2 * group)
        };
        let groups: Vec<String> = line.chunks(group).map(one).collect();
        format!("{:<columns$}  {}", groups.join(" "), shown(line))
    })
}

/// A cell of `od -c`.
fn character(byte: u8) -> String {
    let escape = match byte {
        0 => "\\0".to_owned(),
        7 => "\\a".to_owned(),
        8 => "\\b".to_owned(),
        9 => "\\t".to_owned(),
        10 => "\\n".to_owned(),
        11 => "\\v".to_owned(),
        12 => "\\f".to_owned(),
        13 => "\\r".to_owned(),
        b' '..=b'~' => char::from(byte).to_string(),
        _ => format!("{byte:03o}"),
    };
    format!("{escape:>4}")
}

/// A cell of `od -a`.
fn named(byte: u8) -> String {
    const NAMES: [&str; 33] = [
        "nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs", "ht", "nl", "vt", "ff", "cr",
        "so", "si", "dle", "dc1", "dc2", "dc3", "dc4", "nak", "syn", "etb", "can", "em", "sub",
        "esc", "fs", "gs", "rs", "us", "sp",
    ];
    let byte = byte & 0x7f;
    let name = match byte {
        0..=32 => NAMES[usize::from(byte)].to_owned(),
        127 => "del".to_owned(),
        _ => char::from(byte).to_string(),
    };
    format!("{name:>4}")
}

/// What came of reading a text.
struct Outcome {
    /// The bytes that were given out.
    found: Vec<u8>,
    /// Whether it ended well.
    result: Result<(), String>,
    /// Whether it was said that frames alone decided between two readings.
    is_by_frames: bool,
}

fn read(text: &str) -> Outcome {
    let source = Source::Reader(Box::new(Cursor::new(text.as_bytes().to_vec())));
    let mut found = Vec::new();
    let mut is_by_frames = false;
    let mut hear = |chosen: Chosen| {
        is_by_frames = chosen.is_by_frames;
        Ok(())
    };
    let result = input::read(source, Stated::default(), &mut hear, &mut |piece| {
        found.extend_from_slice(piece);
        Ok(())
    });
    let result = match result {
        Ok(_) => Ok(()),
        Err(Error::Read(error) | Error::Sink(error)) => panic!("{error}"),
        Err(error) => Err(error.to_string()),
    };
    Outcome {
        found,
        result,
        is_by_frames,
    }
}

/// Whether bytes are whole frames that break no rule.
fn are_sound(bytes: &[u8]) -> bool {
    let mut conversation = Conversation::new(Options::default());
    conversation.feed(&mut bytes.to_vec(), |_| {});
    let summary = conversation.finish(|_| {});
    summary.findings == 0 && summary.verdict == Verdict::Clean
}

/// A few whole frames, one behind the other.
fn frames(random: &mut Rng) -> Vec<u8> {
    frame_list(random).concat()
}

/// A few whole frames.
fn frame_list(random: &mut Rng) -> Vec<Vec<u8>> {
    let mut list = Vec::new();
    for _ in 0..random.usize(1..4) {
        let (first, payload) = match random.u8(..5) {
            0 => (0x88, vec![0x03, 0xe8 + random.u8(..12)]),
            1 => (0x89, vec![random.u8(..); random.usize(..4)]),
            2 => (
                0x82,
                (0..random.usize(..60)).map(|_| random.u8(..)).collect(),
            ),
            3 => (0x82, vec![0; random.usize(..70)]),
            _ => (0x81, text(random)),
        };
        let is_masked = random.bool();
        let mut bytes = vec![first];
        bytes.push(payload.len() as u8 | if is_masked { 0x80 } else { 0 });
        if is_masked {
            bytes.extend(random.u32(..).to_ne_bytes());
        }
        bytes.extend(payload);
        list.push(bytes);
    }
    list
}

fn text(random: &mut Rng) -> Vec<u8> {
    const PARTS: [&str; 10] = [
        "hello",
        " ",
        "{\"a\":1}",
        "12",
        "cafe",
        "\\x41",
        "\"",
        "€",
        "M-^",
        "[136, 2]",
    ];
    let parts = (0..random.usize(..8)).map(|_| PARTS[random.usize(..PARTS.len())]);
    parts.collect::<String>().into_bytes()
}

/// Bytes that are hard on some form: of few values, of digits, of text, or any.
fn hard(random: &mut Rng) -> Vec<u8> {
    const ALPHABETS: [&[u8]; 7] = [
        b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09",
        b"\x0a\x0b\x10\x14\x1e\x28\x63",
        b"0123456789",
        b"0123456789abcdef",
        b" .:|*x0\\",
        b"\x88\x02\x00\xff\x80\x7f ",
        b"\x00 ",
    ];
    let longest = if random.bool() { 7 } else { 70 };
    let length = random.usize(1..longest);
    if random.bool() {
        return (0..length).map(|_| random.u8(..)).collect();
    }
    let alphabet = ALPHABETS[random.usize(..ALPHABETS.len())];
    (0..length)
        .map(|_| alphabet[random.usize(..alphabet.len())])
        .collect()
}

#[test]
fn what_is_printed_is_read_or_refused() {
    let mut random = Rng::with_seed(6455);
    for printer in PRINTERS {
        let (mut count, mut whole) = (0, 0);
        for round in 0..200 {
            let is_frames = round % 2 == 0;
            let bytes = if is_frames {
                frames(&mut random)
            } else {
                hard(&mut random)
            };
            let text = (printer.print)(&bytes);
            let Outcome {
                found,
                result,
                is_by_frames,
            } = read(&text);
            if result.is_ok() {
                // Where frames decide that is said, and they decide only for whole ones.
                let is_told = is_by_frames && !are_sound(&bytes);
                assert!(
                    found == bytes || is_told || may_differ(printer, &bytes),
                    "{}: {text}\n{bytes:02x?}\n{found:02x?}",
                    printer.name
                );
            }
            if is_frames {
                count += 1;
                whole += usize::from(result.is_ok());
            }
            if printer.reads == Always && is_frames {
                assert_eq!(result, Ok(()), "{}: {text}", printer.name);
            }
        }
        println!("{}: {whole} of {count}", printer.name);
        match printer.reads {
            Always => assert_eq!(whole, count),
            Mostly => assert!(3 * whole > count, "{}: {whole} of {count}", printer.name),
            Hardly => assert!(2 * whole < count, "{}: {whole} of {count}", printer.name),
        }
    }
}

/// What no reader can know: bytes that are all graphic characters come out of some printers as they
/// are, and may say anything.
fn may_differ(printer: &Printer, bytes: &[u8]) -> bool {
    const AS_THEY_ARE: [&str; 12] = [
        "\\x and X4 in C#",
        "cat -v",
        "a log line of Python",
        "repr in Python",
        "%q in Go",
        "%q in bash",
        "escape_ascii in Rust",
        "octal escapes",
        "decimal escapes",
        "show in Haskell",
        "JSON in Latin-1",
        "percent-encoding",
    ];
    // Before a text without quotes, spaces are layout.
    const WITHOUT_QUOTES: [&str; 3] = ["escape_ascii in Rust", "octal escapes", "decimal escapes"];
    // Hex goes before base64.
    let is_hex = printer.name.contains("base64")
        && (printer.print)(bytes)
            .trim()
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit());
    let is_graphic = bytes.iter().all(|byte| matches!(byte, b' '..=b'~'));
    // One number is hex too. A frame has two bytes at least.
    let is_one = printer.name.starts_with("od -An") && bytes.len() == 1;
    // Spaces leave nothing beside them that could prove them.
    let is_blank = printer.name.starts_with("BIO_dump") && bytes.iter().all(|byte| *byte == b' ');
    is_hex
        || is_blank
        || is_one
        || (AS_THEY_ARE.contains(&printer.name) && is_graphic)
        || (WITHOUT_QUOTES.contains(&printer.name) && bytes.starts_with(b" "))
}

/// How both ends' frames are printed one after another, each whole or in two pieces.
type PrintBoth = fn(&[(bool, Vec<u8>)]) -> String;

/// The forms that tell who sent what: whether the client did, and the bytes.
static BOTH: &[(&str, PrintBoth)] = &[
    ("Follow as a hex dump", |pieces| {
        let mut counts = [0, 0];
        let mut text = String::new();
        for (is_client, bytes) in pieces {
            let count = &mut counts[usize::from(*is_client)];
            for line in follow_from(bytes, *count).lines() {
                let _ = writeln!(text, "{}{line}", if *is_client { "" } else { "    " });
            }
            *count += bytes.len();
        }
        text
    }),
    ("Follow, raw", |pieces| {
        let head = "=====\nFollow: tcp,raw\nFilter: tcp.stream eq 0\nNode 0: a:1\nNode 1: b:2\n";
        let line = |(is_client, bytes): &(bool, Vec<u8>)| {
            format!(
                "{}{}\n",
                if *is_client { "" } else { "\t" },
                hex::encode(bytes)
            )
        };
        head.to_owned() + &pieces.iter().map(line).collect::<String>()
    }),
    ("tcpdump -X", |pieces| {
        let mut next = [1, 1];
        let mut text = String::new();
        for (is_client, bytes) in pieces {
            let sequence = &mut next[usize::from(*is_client)];
            let (from, to) = if *is_client {
                (50_000, 8080)
            } else {
                (8080, 50_000)
            };
            text += &packet(bytes, from, to, *sequence);
            *sequence += u32::try_from(bytes.len()).unwrap();
        }
        text
    }),
    ("strings under headings", |pieces| {
        let piece = |(is_client, bytes): &(bool, Vec<u8>)| {
            let heading = if *is_client { "cl -> sr" } else { "sr -> cl" };
            let string = escaped(bytes, |byte| format!("\\{byte:03o}"));
            format!("{heading}\n\n\"{string}\"\n\n")
        };
        pieces.iter().map(piece).collect()
    }),
    ("TX and RX", |pieces| {
        let line = |(is_client, bytes): &(bool, Vec<u8>)| {
            let mark = if *is_client { "TX" } else { "RX" };
            format!(
                "{mark}: {}\n",
                join(bytes, " ", |byte| format!("{byte:02x}"))
            )
        };
        pieces.iter().map(line).collect()
    }),
    ("hex under headings", |pieces| {
        let piece = |(is_client, bytes): &(bool, Vec<u8>)| {
            let heading = if *is_client {
                "client → server:"
            } else {
                "server → client:"
            };
            let cells = join(bytes, " ", |byte| format!("{byte:02x}"));
            format!("{heading}\n{cells}\n")
        };
        pieces.iter().map(piece).collect()
    }),
    ("strace of a client", |pieces| {
        let line = |(is_client, bytes): &(bool, Vec<u8>)| {
            let string = escaped(bytes, |byte| format!("\\{byte:03o}"));
            let call = if *is_client { "sendto" } else { "recvfrom" };
            format!(
                "71 {call}(3, \"{string}\", 65536, 0, NULL, 0) = {}\n",
                bytes.len()
            )
        };
        pieces.iter().map(line).collect()
    }),
];

#[test]
fn both_ends_come_back_frame_by_frame() {
    let mut random = Rng::with_seed(1006);
    for (name, print) in BOTH {
        let mut whole = 0;
        for _ in 0..100 {
            let list = frame_list(&mut random);
            let mut pieces = Vec::new();
            for frame in &list {
                let is_client = frame[1] & 0x80 != 0;
                let (one, other) = frame.split_at(random.usize(..frame.len()));
                for piece in [one, other] {
                    if !piece.is_empty() {
                        pieces.push((is_client, piece.to_vec()));
                    }
                }
            }
            let text = print(&pieces);
            let Outcome { found, result, .. } = read(&text);
            if result.is_ok() {
                assert_eq!(found, list.concat(), "{name}: {text}");
                whole += 1;
            }
        }
        println!("{name}: {whole} of 100");
        assert!(whole > 60, "{name}: {whole} of 100");
    }
}

/// A packet that overtook others waits for them, and one that was sent again is not there twice.
#[test]
fn packets_are_put_in_order() {
    let mut random = Rng::with_seed(793);
    for _ in 0..100 {
        let bytes = frames(&mut random);
        let (mut packets, mut at) = (Vec::new(), 0);
        while at < bytes.len() {
            let length = random.usize(1..=bytes.len() - at);
            let piece = &bytes[at..at + length];
            packets.push(packet(piece, 50_000, 8080, 7 + u32::try_from(at).unwrap()));
            at += length;
        }
        let again = packets[random.usize(..packets.len())].clone();
        packets.push(again);
        random.shuffle(&mut packets);
        let outcome = read(&packets.concat());
        assert_eq!(outcome.result, Ok(()), "{packets:?}");
        assert_eq!(outcome.found, bytes, "{packets:?}");
    }
}

#[test]
fn a_part_is_refused_or_read_as_what_is_in_it() {
    let mut random = Rng::with_seed(7692);
    for printer in PRINTERS
        .iter()
        .filter(|printer| printer.end != Open && printer.reads != Hardly)
    {
        for _ in 0..100 {
            let bytes = frames(&mut random);
            let text = (printer.print)(&bytes);
            let mut end = random.usize(..=text.len());
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            let Outcome { found, result, .. } = read(&text[..end]);
            // `array(4)` is a whole list too, and `da` is hex, as are the digits of an offset.
            let is_head = match printer.name {
                // Nothing but what comes later tells the order, or that these are bits.
                "xxd -e" | "xxd -e -g2" | "xxd -b" => !text[..end].contains('\n'),
                // Six zeros and a number that is cut are hex too.
                "od -Ax -tu4" => !text[..end].contains('\n'),
                "x/64xb in gdb" => end < 12,
                // The time alone is hex, and so is a line without the text beside it.
                "print_hex_dump in Linux" => end < 34,
                "hex with text beside it" => !text[..end].contains('\n'),
                _ if printer.end == Offsets => end < 11,
                name if name.starts_with("od -An") => end < 12,
                // The time alone is hex with colons.
                name if name.starts_with("a log line") => end < 18,
                // `ch` is a number too, and the numbers above the columns are hex.
                "Follow as C arrays" => end < 4,
                "Format-Hex" => !text[..end].contains("00000000"),
                // A port may be bytes behind words.
                "a log of Netty" | "ngrep -x" | "tcpdump -X of a packet" | "var_dump in PHP" => {
                    !text[..end].contains('\n')
                }
                "a data URL" => !text[..end].contains(':'),
                _ => false,
            };
            assert!(
                is_head || result.is_err() || bytes.starts_with(&found),
                "{}: {}\n{bytes:02x?}\n{found:02x?}",
                printer.name,
                &text[..end]
            );
        }
    }
}

#[test]
fn a_line_that_is_missing_in_a_dump_is_refused() {
    let mut random = Rng::with_seed(1002);
    for printer in PRINTERS.iter().filter(|printer| printer.end == Offsets) {
        let mut tried = 0;
        for _ in 0..30 {
            let bytes: Vec<u8> = (0..random.usize(49..100)).map(|_| random.u8(..)).collect();
            let text = (printer.print)(&bytes);
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            let removed = random.usize(1..lines.len() - 2);
            lines.remove(removed);
            let text = lines.concat();
            let outcome = read(&text);
            assert!(
                outcome.result.is_err() || outcome.is_by_frames,
                "{}: {text}",
                printer.name
            );
            tried += 1;
        }
        assert!(tried == 30, "{}", printer.name);
    }
}

/// A text of many lines costs as much as its length, whatever it is written in.
#[test]
fn many_lines_cost_in_proportion() {
    for part in [
        "8105 68656c6c6f\n",
        "810568656c6c6f\n",
        "0x81, 0x05, 0x68,\n",
        "129, 5, 104,\n",
        "81-05-68\n",
        "\\x81\\x05h\n",
        "gQVo\n",
    ] {
        growth::is_in_proportion(part, 1 << 20, |text| {
            let source = Source::Reader(Box::new(Cursor::new(text.to_owned())));
            // Whether it is read or refused, it is done in time.
            let _ = input::read(source, Stated::default(), &mut |_| Ok(()), &mut |_| Ok(()));
        });
    }
}
