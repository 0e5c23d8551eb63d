//! A large log in which one line in a thousand matters: `wsclose scan-log` beside `grep -c` for the
//! same short texts that it looks for first.
//!
//! ```text
//! cargo bench --bench logs               # 1 GiB
//! cargo bench --bench logs -- --quick    # an eighth of it
//! ```
//!
//! Every figure is of a whole process, which has one thread: user and system time, and the most
//! memory. The two take turns, and the medians are compared, so that a busy machine slows both.

mod measure;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use fastrand::Rng;
use measure::{measure, median, memory};
use wsclose::logline::scan::ANCHORS;

const MIB: u64 = 1 << 20;
const ROUNDS: usize = 5;
/// In MiB for each second.
const TARGET: f64 = 300.0;
/// The most memory that the program may have, in KiB.
const MEMORY: u64 = 8 * 1024;

fn main() -> io::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    // Made in a process of its own: what a child is said to have had in memory includes its parent's.
    if let [word, bytes, path] = arguments.as_slice() {
        if word == "make" {
            println!(
                "{}",
                make(bytes.parse().expect("a number"), Path::new(path))?
            );
            return Ok(ExitCode::SUCCESS);
        }
    }
    // `cargo test --all-targets` runs this program too, without `--bench`: then it is only tried.
    let bytes = match (has("--bench"), has("--quick")) {
        (false, _) => 4 * MIB,
        (true, true) => 128 * MIB,
        (true, false) => 1024 * MIB,
    };
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("logs");
    fs::create_dir_all(&directory)?;
    let log = directory.join("log");
    let texts = directory.join("texts");
    fs::write(&texts, ANCHORS.join("\n"))?;
    let mut this = Command::new(std::env::current_exe()?);
    let made = measure(this.args(["make", &bytes.to_string()]).arg(&log))?;
    let closes = made.said.trim().to_owned();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let mut scan = Command::new(env!("CARGO_BIN_EXE_wsclose"));
        let run = measure(scan.args(["scan-log", "--json"]).arg(&log))?;
        let expected = format!("\"closes\":{closes},");
        assert!(run.said.contains(&expected), "{expected} in {}", run.said);
        ours.push(run);
        let mut grep = Command::new("grep");
        theirs.push(measure(
            grep.args(["-c", "-F", "-f"]).arg(&texts).arg(&log),
        )?);
    }
    fs::remove_dir_all(&directory)?;
    let mib = bytes as f64 / MIB as f64;
    println!(
        "{mib} MiB of log with {closes} closes; user and system time, medians of {ROUNDS} rounds"
    );
    for (name, runs) in [("wsclose", &ours), ("grep -c -F", &theirs)] {
        println!(
            "  {name:<12} {:>8.3} s  {:>8.0} MiB/s  {:>8.3} s by the clock  {:>7} KiB",
            median(runs, |run| run.cpu),
            mib / median(runs, |run| run.cpu),
            median(runs, |run| run.wall),
            memory(runs),
        );
    }
    let speed = mib / median(&ours, |run| run.cpu);
    let ratio = median(&theirs, |run| run.cpu) / median(&ours, |run| run.cpu);
    println!("  {ratio:.2} times as fast; the target is {TARGET} MiB/s");
    let is_met = speed >= TARGET && memory(&ours) <= MEMORY;
    println!("{} targets missed", u32::from(!is_met));
    Ok(ExitCode::SUCCESS)
}

/// Makes a log of at least so many bytes, the same each time. Gives the number of closes in it.
fn make(bytes: u64, path: &Path) -> io::Result<u64> {
    let mut out = BufWriter::with_capacity(1 << 16, File::create(path)?);
    let mut random = Rng::with_seed(1006);
    let (mut written, mut lines, mut closes) = (0, 0, 0);
    while written < bytes {
        lines += 1;
        let line = if lines % 1000 == 0 {
            closes += 1;
            close(&mut random)
        } else {
            other(&mut random)
        };
        out.write_all(line.as_bytes())?;
        written += line.len() as u64;
    }
    out.flush()?;
    Ok(closes)
}

fn clock(random: &mut Rng) -> String {
    let (hour, minute, second) = (random.u8(..24), random.u8(..60), random.u8(..60));
    format!("{hour:02}:{minute:02}:{second:02}")
}

/// A line that matters.
fn close(random: &mut Rng) -> String {
    let time = clock(random);
    match random.u8(..4) {
        0 => format!(
            "2026-11-20T{time}Z ERROR read: websocket: close 1006 (abnormal closure): unexpected EOF\n"
        ),
        1 => format!(
            "2026-11-20T{time}Z ERROR ConnectionClosedError: sent 1011 (internal error) keepalive ping timeout; no close frame received\n"
        ),
        2 => format!(
            "2026/11/20 {time} [info] 31#31: *7 upstream timed out (110: Connection timed out) while proxying upgraded connection, client: 10.0.0.1\n"
        ),
        _ => format!(
            "{{\"time\":\"2026-11-20T{time}Z\",\"msg\":\"websocket closed\",\"code\":4401,\"reason\":\"token expired\"}}\n"
        ),
    }
}

/// A line of something else, with numbers that could be codes.
fn other(random: &mut Rng) -> String {
    let time = clock(random);
    let (number, other) = (random.u32(1000..5000), random.u32(..100_000));
    match random.u8(..6) {
        0 => format!(
            "10.0.{}.7 - - [20/Nov/2026:{time} +0000] \"GET /items/{other} HTTP/1.1\" 200 {number} \"https://example.com/\" \"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\"\n",
            number % 256
        ),
        1 => format!(
            "Nov 20 {time} host sshd[{other}]: Connection closed by 10.0.0.9 port {number} [preauth]\n"
        ),
        2 => format!(
            "2026-11-20T{time}.123Z INFO request method=GET path=/items/{other} status=200 duration_ms={number}\n"
        ),
        3 => format!(
            "{{\"ts\":1795196342.{other},\"level\":\"info\",\"msg\":\"request\",\"status\":200,\"bytes\":{number}}}\n"
        ),
        4 => format!(
            "2026-11-20 {time},123 INFO  [pool-1-thread-4] c.e.OrderService - order {other} closed in {number} ms\n"
        ),
        _ => format!(
            "[ {other}.123] audit: type=1400 audit(1795196342.123:{number}): apparmor=\"DENIED\" operation=\"open\" pid={number}\n"
        ),
    }
}
