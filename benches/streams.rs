//! Large streams: `wsclose decode-frame --summary` beside a reader made with tungstenite, and hex
//! beside `xxd -r -p`.
//!
//! ```text
//! cargo bench --bench streams               # about 1 GiB of streams, then linearity to 1 GiB
//! cargo bench --bench streams -- --quick    # an eighth of each
//! ```
//!
//! Every figure is of a whole process: user and system time, and the most memory it has had. The
//! two programs take turns, and the medians are compared, so that a busy machine slows both.

mod measure;

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use fastrand::Rng;
use measure::{Run, measure, median, memory};
use tungstenite::protocol::{Role, WebSocket, WebSocketConfig};
use tungstenite::{Error, Message};

const MIB: u64 = 1 << 20;
const ROUNDS: usize = 5;
/// The most memory that the program may have, in KiB.
const MEMORY: u64 = 8 * 1024;

/// A stream with what it is to be read as fast as.
struct Row {
    what: &'static str,
    bytes: u64,
    kind: Kind,
    peer: Peer,
    /// So many times as fast as the peer.
    target: f64,
}

#[derive(Clone, Copy)]
enum Kind {
    SmallText,
    LargeBinary,
    Utf8Text,
    Hex,
}

#[derive(Clone, Copy)]
enum Peer {
    Tungstenite(&'static str),
    Xxd,
}

const ROWS: [Row; 4] = [
    Row {
        what: "masked text of 20 to 120 bytes",
        bytes: 64 * MIB,
        kind: Kind::SmallText,
        peer: Peer::Tungstenite("server"),
        target: 2.5,
    },
    Row {
        what: "masked binary of 64 KiB",
        bytes: 512 * MIB,
        kind: Kind::LargeBinary,
        peer: Peer::Tungstenite("server"),
        target: 1.0,
    },
    Row {
        what: "UTF-8 text of 16 KiB",
        bytes: 256 * MIB,
        kind: Kind::Utf8Text,
        peer: Peer::Tungstenite("client"),
        target: 5.0,
    },
    Row {
        what: "hex",
        bytes: 128 * MIB,
        kind: Kind::Hex,
        peer: Peer::Xxd,
        target: 5.0,
    },
];

fn main() -> io::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["peer", role, path] => {
            println!("{}", peer(role, path)?);
            return Ok(ExitCode::SUCCESS);
        }
        ["make", row, bytes, path] => {
            let kind = ROWS[row.parse::<usize>().expect("a row")].kind;
            let bytes = bytes.parse().expect("a number");
            println!("{}", make(kind, bytes, Path::new(path))?);
            return Ok(ExitCode::SUCCESS);
        }
        _ => {}
    }
    // `cargo test --all-targets` runs this program too, without `--bench`: then it is only tried.
    let divisor = match (words.contains(&"--bench"), words.contains(&"--quick")) {
        (false, _) => 256,
        (true, true) => 8,
        (true, false) => 1,
    };
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("streams");
    fs::create_dir_all(&directory)?;
    println!("user and system time, medians of {ROUNDS} rounds; the most memory of any round");
    let mut missed = 0;
    for (index, row) in ROWS.iter().enumerate() {
        missed += compare(index, row, divisor, &directory)?;
    }
    missed += linearity(divisor, &directory)?;
    fs::remove_dir_all(&directory)?;
    println!("{missed} targets missed");
    Ok(ExitCode::SUCCESS)
}

/// Measures a row and its peer. Gives the number of targets that were missed.
fn compare(index: usize, row: &Row, divisor: u64, directory: &Path) -> io::Result<u32> {
    let path = directory.join(format!("{index}"));
    let frames = made(index, row.bytes / divisor, &path)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let run = measure(&mut wsclose(&path))?;
        said(&run, &format!("\"messages\":{frames},"));
        ours.push(run);
        let run = measure(&mut row.peer.command(&path))?;
        if let Peer::Tungstenite(_) = row.peer {
            assert_eq!(run.said.trim(), frames.to_string(), "messages");
        }
        theirs.push(run);
    }
    fs::remove_file(&path)?;
    let mib = (row.bytes / divisor) as f64 / MIB as f64;
    println!("\n{} ({mib} MiB, {frames} messages)", row.what);
    for (name, runs) in [("wsclose", &ours), (row.peer.name(), &theirs)] {
        println!(
            "  {name:<12} {:>8.3} s  {:>8.0} MiB/s  {:>8.3} s by the clock  {:>7} KiB",
            median(runs, |run| run.cpu),
            mib / median(runs, |run| run.cpu),
            median(runs, |run| run.wall),
            memory(runs),
        );
    }
    let ratio = median(&theirs, |run| run.cpu) / median(&ours, |run| run.cpu);
    let target = row.target;
    println!("  {ratio:.2} times as fast; the target is {target}");
    Ok(missed(ratio >= target) + missed(memory(&ours) <= MEMORY))
}

/// The same stream in several sizes: time for each MiB and memory stay the same.
fn linearity(divisor: u64, directory: &Path) -> io::Result<u32> {
    println!("\n{}, in several sizes", ROWS[0].what);
    let path = directory.join("linearity");
    let mut result = 0;
    for mib in [1, 16, 128, 1024] {
        let bytes = (mib * MIB / divisor).max(MIB / 16);
        let frames = made(0, bytes, &path)?;
        let mut runs = Vec::new();
        for _ in 0..ROUNDS {
            let run = measure(&mut wsclose(&path))?;
            said(&run, &format!("\"messages\":{frames},"));
            runs.push(run);
        }
        fs::remove_file(&path)?;
        let time = median(&runs, |run| run.cpu);
        let mib = bytes as f64 / MIB as f64;
        println!(
            "  {mib:>7.2} MiB  {time:>8.3} s  {:>7.3} ms for each MiB  {:>7} KiB",
            time * 1e3 / mib,
            memory(&runs)
        );
        result += missed(memory(&runs) <= MEMORY);
    }
    Ok(result)
}

fn missed(is_met: bool) -> u32 {
    if !is_met {
        println!("  MISSED");
    }
    u32::from(!is_met)
}

fn wsclose(path: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wsclose"));
    command
        .args(["decode-frame", "--json", "--summary", "--file"])
        .arg(path);
    command
}

impl Peer {
    fn name(self) -> &'static str {
        match self {
            Peer::Tungstenite(_) => "tungstenite",
            Peer::Xxd => "xxd -r -p",
        }
    }

    fn command(self, path: &Path) -> Command {
        let mut command;
        match self {
            Peer::Tungstenite(role) => {
                command = this_program();
                command.args(["peer", role]).arg(path);
            }
            Peer::Xxd => {
                command = Command::new("xxd");
                command.args(["-r", "-p"]).arg(path).arg("/dev/null");
            }
        }
        command
    }
}

fn this_program() -> Command {
    Command::new(std::env::current_exe().expect("it is known"))
}

fn said(run: &Run, expected: &str) {
    assert!(run.said.contains(expected), "{expected} in {}", run.said);
}

/// Reads a file as `role` does, and gives the number of messages.
fn peer(role: &str, path: &str) -> io::Result<u64> {
    let role = match role {
        "server" => Role::Server,
        _ => Role::Client,
    };
    let config = WebSocketConfig::default()
        .max_message_size(None)
        .max_frame_size(None);
    let mut socket = WebSocket::from_raw_socket(ReadOnly(File::open(path)?), role, Some(config));
    let mut messages = 0;
    loop {
        match socket.read() {
            Ok(Message::Text(_) | Message::Binary(_)) => messages += 1,
            Ok(_) => {}
            // The file ends without a Close.
            Err(Error::Protocol(
                tungstenite::error::ProtocolError::ResetWithoutClosingHandshake,
            )) => return Ok(messages),
            Err(error) => return Err(io::Error::other(error)),
        }
    }
}

/// A file that is only read, where a socket is asked for.
struct ReadOnly(File);

impl Read for ReadOnly {
    fn read(&mut self, place: &mut [u8]) -> io::Result<usize> {
        self.0.read(place)
    }
}

impl Write for ReadOnly {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Makes a file in a process of its own, so that this one stays small: what a child is said to
/// have had in memory includes what its parent had when it was started.
fn made(row: usize, bytes: u64, path: &Path) -> io::Result<u64> {
    let mut command = this_program();
    command.args(["make", &row.to_string(), &bytes.to_string()]);
    let run = measure(command.arg(path))?;
    Ok(run.said.trim().parse().expect("a number"))
}

/// Makes a stream of at least so many bytes, the same each time. Gives the number of messages.
fn make(kind: Kind, bytes: u64, path: &Path) -> io::Result<u64> {
    let mut out = BufWriter::with_capacity(1 << 16, File::create(path)?);
    let mut random = Rng::with_seed(6455);
    let (mut written, mut messages) = (0, 0);
    let mut hex = String::new();
    while written < bytes {
        let frame = match kind {
            Kind::SmallText | Kind::Hex => {
                let length = 20 + random.usize(..=100);
                let text = std::iter::repeat_with(|| random.u8(b' '..=b'~'));
                let text = text.take(length).collect();
                masked(0x81, text, &mut random)
            }
            Kind::LargeBinary => {
                let mut payload = vec![0; 1 << 16];
                random.fill(&mut payload);
                masked(0x82, payload, &mut random)
            }
            Kind::Utf8Text => {
                let text = sentences(1 << 14, &mut random);
                [&header(0x81, 0, text.len()), text.as_bytes()].concat()
            }
        };
        messages += 1;
        if let Kind::Hex = kind {
            // As `xxd -p` writes it: 60 digits to the line.
            hex.push_str(&hex::encode(&frame));
            while hex.len() >= 60 {
                out.write_all(&hex.as_bytes()[..60])?;
                out.write_all(b"\n")?;
                hex.drain(..60);
                written += 61;
            }
        } else {
            out.write_all(&frame)?;
            written += frame.len() as u64;
        }
    }
    out.write_all(hex.as_bytes())?;
    out.flush()?;
    Ok(messages)
}

/// Text of exactly so many bytes: Chinese, Japanese, Korean and English.
fn sentences(length: usize, random: &mut Rng) -> String {
    const PARTS: [&str; 8] = [
        "连接已经关闭，",
        "接続が切れました。",
        "연결이 끊어졌습니다. ",
        "the connection was closed, ",
        "{\"code\":1006,\"reason\":\"\"}",
        "服务器没有发送关闭帧。",
        "ping ",
        "サーバー restarted; ",
    ];
    let mut text = String::new();
    loop {
        let part = PARTS[random.usize(..PARTS.len())];
        if text.len() + part.len() > length {
            text.extend(std::iter::repeat_n(' ', length - text.len()));
            return text;
        }
        text.push_str(part);
    }
}

fn masked(first: u8, mut payload: Vec<u8>, random: &mut Rng) -> Vec<u8> {
    let key = random.u32(..).to_ne_bytes();
    wsclose::frame::unmask(&mut payload, key, 0);
    [&header(first, 0x80, payload.len()), &key[..], &payload].concat()
}

fn header(first: u8, mask: u8, length: usize) -> Vec<u8> {
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(length @ ..=125), _) => vec![first, mask | length],
        (_, Ok(length)) => [&[first, mask | 126], &length.to_be_bytes()[..]].concat(),
        _ => [&[first, mask | 127], &(length as u64).to_be_bytes()[..]].concat(),
    }
}
