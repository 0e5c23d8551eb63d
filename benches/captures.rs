//! Captures: `wsclose decode-capture` beside tshark.
//!
//! ```text
//! cargo bench --bench captures               # 16 MiB of frames each, then linearity to 256 MiB
//! cargo bench --bench captures -- --quick    # an eighth of each
//! ```
//!
//! Every figure is of a whole process: the time by the clock, user and system time, and the most memory
//! it has had. The two programs take turns, and the medians are compared, so that a busy machine slows
//! both. The targets are for the time by the clock: a thread reads a large file beside the one that
//! looks at it. What is encrypted is 64 MiB, and both have its keys.

#[path = "captures/encrypted.rs"]
mod encrypted;
mod measure;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use fastrand::Rng;
use measure::{Run, measure, median, memory};

use crate::encrypted::Tls;

const MIB: u64 = 1 << 20;
const ROUNDS: usize = 3;
/// The most memory that the program may have for one connection, in KiB.
const MEMORY: u64 = 64 * 1024;
/// The most that it may have for as many as it follows.
const MEMORY_OF_MANY: u64 = 96 * 1024;
/// So many times as fast as tshark, for one connection.
const TARGET: f64 = 30.0;
/// The same, for as many as it follows.
const TARGET_OF_MANY: f64 = 12.0;

#[derive(Clone, Copy)]
enum Kind {
    /// Masked text of 20 to 120 bytes, a packet for each.
    Small,
    /// Masked binary of 64 KiB, in packets of 1460 bytes.
    Large,
    /// 10,000 connections side by side.
    Many,
    /// Masked text of 20 to 2,000 bytes, a record of TLS 1.3 with AES-128-GCM for each.
    Encrypted,
}

const ROWS: [(&str, Kind); 4] = [
    ("masked text of 20 to 120 bytes", Kind::Small),
    ("masked binary of 64 KiB", Kind::Large),
    ("10,000 interleaved connections", Kind::Many),
    (
        "masked text of 20 to 2,000 bytes, in TLS 1.3 with AES-128-GCM",
        Kind::Encrypted,
    ),
];

fn main() -> io::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["make", row, bytes, path] = words[..] {
        let (_, kind) = ROWS[row.parse::<usize>().expect("a row")];
        println!(
            "{}",
            make(kind, bytes.parse().expect("a number"), Path::new(path))?
        );
        return Ok(ExitCode::SUCCESS);
    }
    // `cargo test --all-targets` runs this program too, without `--bench`: then it is only tried.
    let divisor = match (words.contains(&"--bench"), words.contains(&"--quick")) {
        (false, _) => 256,
        (true, true) => 8,
        (true, false) => 1,
    };
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("captures");
    fs::create_dir_all(&directory)?;
    let has_tshark = Command::new("tshark").arg("-v").output().is_ok();
    println!("medians of {ROUNDS} rounds; the most memory of any round");
    let mut missed = 0;
    for (index, (what, kind)) in ROWS.iter().enumerate() {
        let is_one = !matches!(kind, Kind::Many);
        let path = directory.join(format!("{index}.pcap"));
        let size = if matches!(kind, Kind::Encrypted) {
            64
        } else {
            16
        };
        let frames = made(index, size * MIB / divisor, &path)?;
        let mib = fs::metadata(&path)?.len() as f64 / MIB as f64;
        println!("\n{what} ({mib:.1} MiB of capture, {frames} frames)");
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(measure(&mut wsclose(&path))?);
            if has_tshark && divisor < 256 {
                theirs.push(measure(&mut tshark(&path))?);
            }
        }
        assert_eq!(self::frames(&ours[0]), frames, "frames that were read");
        // What this program holds counts as what its next child holds.
        ours.iter_mut()
            .chain(&mut theirs)
            .for_each(|run| run.said = String::new());
        for (name, runs) in [("wsclose", &ours), ("tshark", &theirs)] {
            if runs.is_empty() {
                continue;
            }
            println!(
                "  {name:<8} {:>8.3} s  {:>8.1} MiB/s  {:>8.3} s of user and system  {:>8} KiB",
                median(runs, |run| run.wall),
                mib / median(runs, |run| run.wall),
                median(runs, |run| run.cpu),
                memory(runs)
            );
        }
        if !theirs.is_empty() {
            let ratio = median(&theirs, |run| run.wall) / median(&ours, |run| run.wall);
            let work = median(&theirs, |run| run.cpu) / median(&ours, |run| run.cpu);
            println!(
                "  {ratio:.0} times as fast by the clock, {work:.0} times by user and system time"
            );
            missed += note(ratio >= if is_one { TARGET } else { TARGET_OF_MANY });
        }
        let most = if is_one { MEMORY } else { MEMORY_OF_MANY };
        missed += note(memory(&ours) <= most);
        fs::remove_file(&path)?;
    }
    missed += linearity(divisor, &directory)?;
    fs::remove_dir_all(&directory)?;
    println!("{missed} targets missed");
    Ok(ExitCode::SUCCESS)
}

/// The same capture in several sizes: time for each MiB and memory stay the same.
fn linearity(divisor: u64, directory: &Path) -> io::Result<u32> {
    println!("\n{}, in several sizes", ROWS[0].0);
    let path = directory.join("linearity.pcap");
    let mut missed = 0;
    for mib in [1, 4, 16, 64, 256] {
        made(0, (mib * MIB / divisor).max(MIB / 16), &path)?;
        let size = fs::metadata(&path)?.len() as f64 / MIB as f64;
        let mut runs = Vec::new();
        for _ in 0..ROUNDS {
            runs.push(measure(&mut wsclose(&path))?);
        }
        let time = median(&runs, |run| run.cpu);
        println!(
            "  {size:>8.2} MiB  {time:>8.3} s  {:>7.3} ms for each MiB  {:>7} KiB",
            time * 1e3 / size,
            memory(&runs)
        );
        missed += note(memory(&runs) <= MEMORY);
    }
    fs::remove_file(&path)?;
    Ok(missed)
}

fn note(is_met: bool) -> u32 {
    if !is_met {
        println!("  MISSED");
    }
    u32::from(!is_met)
}

/// Where the keys of a capture are.
fn keys(path: &Path) -> PathBuf {
    path.with_extension("keys")
}

fn wsclose(path: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wsclose"));
    command.args(["decode-capture", "--json"]).arg(path);
    if keys(path).exists() {
        command.arg("--keylog").arg(keys(path));
    }
    command.stderr(Stdio::null());
    command
}

fn tshark(path: &Path) -> Command {
    let mut command = Command::new("tshark");
    command.arg("-r").arg(path);
    command.stderr(Stdio::null()).args([
        "-n",
        "-Y",
        "websocket",
        "-T",
        "fields",
        "-e",
        "websocket.opcode",
    ]);
    if keys(path).exists() {
        let keys = format!("tls.keylog_file:{}", keys(path).display());
        command.args(["-o", &keys]);
    }
    command
}

/// The frames that an answer counts.
fn frames(run: &Run) -> u64 {
    let all = run.said.split("\"frames\":{").skip(1).map(|both| {
        let both = both.split('}').next().unwrap_or_default();
        let counts = both
            .split(',')
            .filter_map(|one| one.split(':').nth(1)?.parse::<u64>().ok());
        counts.sum::<u64>()
    });
    all.sum()
}

/// Makes a file in a process of its own, so that this one stays small: what a child is said to
/// have had in memory includes what its parent had when it was started.
fn made(row: usize, bytes: u64, path: &Path) -> io::Result<u64> {
    let this = std::env::current_exe().expect("it is known");
    let output = Command::new(this)
        .args(["make", &row.to_string(), &bytes.to_string()])
        .arg(path)
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    Ok(said.trim().parse().expect("a number"))
}

/// A capture that is being written: Ethernet, IPv4, microseconds.
struct Pcap<W> {
    out: W,
    now: u64,
}

/// A connection in it: the client's port, and the next sequence number of each end.
struct Tcp {
    client: [u8; 4],
    port: u16,
    server_port: u16,
    next: [u32; 2],
}

const REQUEST: &[u8] = b"GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
const RESPONSE: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
const CLOSE_OF_CLIENT: &[u8] = &[0x88, 0x82, 0, 0, 0, 0, 3, 0xe8];
const CLOSE_OF_SERVER: &[u8] = &[0x88, 2, 3, 0xe8];
const ACK: u8 = 0x10;

impl<W: Write> Pcap<W> {
    fn new(mut out: W) -> io::Result<Self> {
        for word in [0xa1b2_c3d4u32, 0x0004_0002, 0, 0, 65_535, 1] {
            out.write_all(&word.to_le_bytes())?;
        }
        Ok(Pcap {
            out,
            now: 1_700_000_000_000_000,
        })
    }

    fn packet(&mut self, tcp: &mut Tcp, end: usize, flags: u8, payload: &[u8]) -> io::Result<()> {
        const SERVER: [u8; 4] = [10, 1, 0, 1];
        self.now += 20;
        let length = 54 + payload.len() as u32;
        for word in [
            (self.now / 1_000_000) as u32,
            (self.now % 1_000_000) as u32,
            length,
            length,
        ] {
            self.out.write_all(&word.to_le_bytes())?;
        }
        let (from, to) = if end == 0 {
            (tcp.client, SERVER)
        } else {
            (SERVER, tcp.client)
        };
        let ports = if end == 0 {
            [tcp.port, tcp.server_port]
        } else {
            [tcp.server_port, tcp.port]
        };
        let mut head = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0];
        head.extend((40 + payload.len() as u16).to_be_bytes());
        head.extend([0, 0, 0x40, 0, 64, 6, 0, 0]);
        head.extend(from);
        head.extend(to);
        head.extend(ports[0].to_be_bytes());
        head.extend(ports[1].to_be_bytes());
        head.extend(tcp.next[end].to_be_bytes());
        head.extend(tcp.next[1 - end].to_be_bytes());
        head.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
        self.out.write_all(&head)?;
        self.out.write_all(payload)?;
        // SYN and FIN count too.
        let counted = payload.len() as u32 + u32::from(flags & 3 != 0);
        tcp.next[end] = tcp.next[end].wrapping_add(counted);
        Ok(())
    }

    /// Opens a TCP connection.
    fn connect(&mut self, index: u32, server_port: u16) -> io::Result<Tcp> {
        let [_, _, high, low] = (index / 60_000).to_be_bytes();
        let mut tcp = Tcp {
            client: [10, 0, high, low + 1],
            port: (index % 60_000) as u16 + 2000,
            server_port,
            next: [index.wrapping_mul(77_777), index.wrapping_mul(33_333)],
        };
        self.packet(&mut tcp, 0, 0x02, b"")?;
        self.packet(&mut tcp, 1, 0x12, b"")?;
        self.packet(&mut tcp, 0, ACK, b"")?;
        Ok(tcp)
    }

    /// Opens a WebSocket.
    fn open(&mut self, index: u32) -> io::Result<Tcp> {
        let mut tcp = self.connect(index, 8080)?;
        self.packet(&mut tcp, 0, ACK, REQUEST)?;
        self.packet(&mut tcp, 1, ACK, RESPONSE)?;
        Ok(tcp)
    }

    /// Sends bytes in as many packets as they need.
    fn send(&mut self, tcp: &mut Tcp, end: usize, bytes: &[u8]) -> io::Result<()> {
        let mut segments = bytes.chunks(1460);
        segments.try_for_each(|segment| self.packet(tcp, end, ACK, segment))
    }

    fn close(&mut self, tcp: &mut Tcp) -> io::Result<()> {
        self.packet(tcp, 0, ACK, CLOSE_OF_CLIENT)?;
        self.packet(tcp, 1, ACK, CLOSE_OF_SERVER)?;
        self.end(tcp)
    }

    fn end(&mut self, tcp: &mut Tcp) -> io::Result<()> {
        self.packet(tcp, 1, ACK | 1, b"")?;
        self.packet(tcp, 0, ACK | 1, b"")
    }
}

/// Makes a capture with at least so many bytes of frames. Gives the number of frames.
fn make(kind: Kind, bytes: u64, path: &Path) -> io::Result<u64> {
    if matches!(kind, Kind::Encrypted) {
        return make_encrypted(bytes, path);
    }
    let mut pcap = Pcap::new(BufWriter::with_capacity(1 << 16, File::create(path)?))?;
    let mut random = Rng::with_seed(6455);
    let count = match kind {
        Kind::Many => (10_000 * bytes / (16 * MIB)).max(10) as u32,
        _ => 1,
    };
    let mut all = Vec::new();
    for index in 0..count {
        all.push(pcap.open(index)?);
    }
    let (mut written, mut frames) = (0, 0);
    while written < bytes {
        let place = frames as usize % all.len();
        let tcp = &mut all[place];
        let frame = match kind {
            Kind::Large => {
                let mut payload = vec![0; 1 << 16];
                random.fill(&mut payload);
                masked(0x82, payload, &mut random)
            }
            _ => {
                let length = 20 + random.usize(..=100);
                text(length, &mut random)
            }
        };
        pcap.send(tcp, 0, &frame)?;
        // The server acknowledges now and then.
        if frames % 4 == 0 {
            pcap.packet(tcp, 1, ACK, b"")?;
        }
        written += frame.len() as u64;
        frames += 1;
    }
    for tcp in &mut all {
        pcap.close(tcp)?;
        frames += 2;
    }
    pcap.out.flush()?;
    Ok(frames)
}

/// The same in TLS, with a file of its keys beside it.
fn make_encrypted(bytes: u64, path: &Path) -> io::Result<u64> {
    let mut pcap = Pcap::new(BufWriter::with_capacity(1 << 16, File::create(path)?))?;
    let mut random = Rng::with_seed(8446);
    let mut tcp = pcap.connect(0, 443)?;
    let mut tls = Tls::new();
    while let Some((end, sent)) = tls.shake_hands() {
        pcap.send(&mut tcp, end, &sent)?;
    }
    pcap.send(&mut tcp, 0, &tls.sealed(0, REQUEST))?;
    pcap.send(&mut tcp, 1, &tls.sealed(1, RESPONSE))?;
    let (mut written, mut frames) = (0, 0);
    while written < bytes {
        let length = 20 + random.usize(..=1980);
        let frame = text(length, &mut random);
        pcap.send(&mut tcp, 0, &tls.sealed(0, &frame))?;
        if frames % 4 == 0 {
            pcap.packet(&mut tcp, 1, ACK, b"")?;
        }
        written += frame.len() as u64;
        frames += 1;
    }
    pcap.send(&mut tcp, 0, &tls.sealed(0, CLOSE_OF_CLIENT))?;
    pcap.send(&mut tcp, 1, &tls.sealed(1, CLOSE_OF_SERVER))?;
    pcap.end(&mut tcp)?;
    pcap.out.flush()?;
    fs::write(keys(path), tls.keys())?;
    Ok(frames + 2)
}

/// A masked text of so many bytes.
fn text(length: usize, random: &mut Rng) -> Vec<u8> {
    let text = std::iter::repeat_with(|| random.u8(b' '..=b'~'));
    let text = text.take(length).collect();
    masked(0x81, text, random)
}

fn masked(first: u8, mut payload: Vec<u8>, random: &mut Rng) -> Vec<u8> {
    let key = random.u32(..).to_ne_bytes();
    wsclose::frame::unmask(&mut payload, key, 0);
    let header = match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(length @ ..=125), _) => vec![first, 0x80 | length],
        (_, Ok(length)) => [&[first, 0xfe], &length.to_be_bytes()[..]].concat(),
        _ => [&[first, 0xff], &(payload.len() as u64).to_be_bytes()[..]].concat(),
    };
    [&header, &key[..], &payload].concat()
}
