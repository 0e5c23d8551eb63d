//! The program as a process: pipes, exit status, memory.

#![cfg(unix)]

mod common;

use std::ffi::OsString;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};

/// The program that is looked at: the one that `WSCLOSE` names, as it stands in a package, or cargo's own.
fn program() -> OsString {
    std::env::var_os("WSCLOSE").unwrap_or_else(|| env!("CARGO_BIN_EXE_wsclose").into())
}

fn wsclose(arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    common::bare(&mut command)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    for arguments in [
        &["list"][..],
        &["explain", "1006"],
        &["--help"],
        &["completions", "bash"],
    ] {
        let mut child = wsclose(arguments).spawn().expect("it starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    }
}

#[test]
fn a_reader_that_goes_away_ends_an_endless_stream() {
    let mut child = wsclose(&["decode-frame"]).spawn().expect("it starts");
    let mut out = child.stdout.take().expect("a pipe");
    let mut stdin = child.stdin.take().expect("a pipe");
    let frames = [0x89, 0x00].repeat(64 * 1024);
    stdin.write_all(&frames).expect("it reads");
    let mut first = [0; 10];
    out.read_exact(&mut first).expect("it answers");
    drop(out);
    // The program stops reading; how much it took before does not matter.
    while stdin.write_all(&frames).is_ok() {}
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_live_stream_is_answered_as_it_comes() {
    let mut child = wsclose(&["decode-frame", "--json"])
        .spawn()
        .expect("it starts");
    let mut out = child.stdout.take().expect("a pipe");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(&[0x89, 0x00]).expect("it reads");
    let mut begun = [0; 15];
    out.read_exact(&mut begun)
        .expect("it answers before the input ends");
    assert_eq!(&begun, br#"{"type":"frame""#);
    drop(stdin);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn a_full_disk_is_said() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
        return;
    };
    let output = wsclose(&["explain", "1006"])
        .stdout(full)
        .spawn()
        .and_then(Child::wait_with_output)
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("wsclose: cannot write"));
}

#[test]
fn a_home_that_cannot_be_written_does_not_matter() {
    let output = wsclose(&["explain", "1006"])
        .env_clear()
        .env("HOME", "/proc")
        .env("LANG", "C")
        .spawn()
        .and_then(Child::wait_with_output)
        .expect("it runs");
    assert!(output.status.success());
}

#[test]
fn a_locale_that_is_no_utf8_is_set_all_the_same() {
    use std::os::unix::ffi::OsStrExt;

    let hostile = std::ffi::OsStr::from_bytes(b"\xff");
    for name in ["WSCLOSE_LANG", "LC_ALL", "LC_MESSAGES"] {
        let output = wsclose(&["explain", "1006"])
            .env("LANG", "fr_FR.UTF-8")
            .env(name, hostile)
            .spawn()
            .and_then(Child::wait_with_output)
            .expect("it runs");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("When you see it"), "{name}: {said}");
    }
}

/// The most memory a process has had, in KiB.
#[cfg(target_os = "linux")]
fn peak_memory(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it runs");
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .expect("a line");
    let number = line.split_whitespace().nth(1).expect("a number");
    number.parse().expect("a number")
}

/// Feeds `piece` so many times and gives the peak of memory before the input ends.
#[cfg(target_os = "linux")]
fn memory_after(arguments: &[&str], head: &[u8], piece: &[u8], times: usize) -> u64 {
    let mut child = wsclose(arguments)
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(head).expect("it reads");
    for _ in 0..times {
        stdin.write_all(piece).expect("it reads");
    }
    let peak = peak_memory(&child);
    drop(stdin);
    child.wait().expect("it ends");
    peak
}

#[cfg(target_os = "linux")]
fn memory_is_bounded(mebibytes: usize) {
    // An unoptimized program is itself larger.
    let optimized = !cfg!(debug_assertions) || std::env::var_os("WSCLOSE").is_some();
    let bound = if optimized { 16 } else { 20 } * 1024;
    // Masked text frames of 100 bytes, many to the piece.
    let mut frame = vec![0x81, 0xe4, 1, 2, 3, 4];
    let mut payload = vec![b'a'; 100];
    wsclose::frame::unmask(&mut payload, [1, 2, 3, 4], 0);
    frame.extend(payload);
    let piece = frame.repeat((1 << 20) / frame.len());
    let small = memory_after(&["decode-frame", "--summary"], &[], &piece, mebibytes);
    assert!(small < bound, "{small} KiB for small frames");
    // One frame that claims 2^63 - 1 bytes, and a text in quiet UTF-8.
    let head = [0x81, 0x7f, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    let piece = "é".repeat(1 << 19).into_bytes();
    let large = memory_after(&["decode-frame"], &head, &piece, mebibytes);
    assert!(large < bound, "{large} KiB for a large frame");
    // Text in hex, the whole of it one line.
    let piece = "8900".repeat(1 << 18).into_bytes();
    let text = memory_after(&["decode-frame", "--summary"], &[], &piece, mebibytes);
    assert!(text < bound, "{text} KiB for hex");
    // Logs: closes that all differ, then a line without an end.
    let line = |n: u32| {
        format!(
            "websocket: close 4001: {}\n",
            char::from_u32(0x4e00 + n).unwrap_or('x')
        )
    };
    let piece: String = (0..20_000).map(line).collect();
    let groups = memory_after(&["scan-log"], &[], piece.as_bytes(), mebibytes);
    assert!(groups < bound, "{groups} KiB for groups");
    let piece = "websocket: close 1006 ".repeat(1 << 15).into_bytes();
    let line = memory_after(&["scan-log"], &[], &piece, mebibytes);
    assert!(line < bound, "{line} KiB for a long line");
    // Findings in every frame: less of it, for each is a line of JSON.
    let piece = [0x83, 0x00].repeat(1 << 15);
    let times = mebibytes.div_ceil(4);
    let broken = memory_after(&["decode-frame", "--json"], &[], &piece, times);
    assert!(broken < bound, "{broken} KiB for findings");
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_input() {
    memory_is_bounded(24);
}

/// Run by `.ci/run` on the static build: `WSCLOSE=PROGRAM cargo test --test process -- --ignored`.
#[test]
#[ignore = "feeds several GiB"]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_a_gibibyte() {
    memory_is_bounded(1024);
}

/// What the program costs before it knows what it is asked for is the system's and clap's, and differs with how it
/// is linked: `--version` tells it. What is known lies ready where it is found: behind that, a vendor's code costs no
/// more than the standard's, and neither does the table of a comparison. A whole comparison draws two pages: it costs
/// less than they do. Run by `.ci/run`, which has valgrind.
#[test]
#[ignore = "needs valgrind and a release build"]
#[cfg(target_os = "linux")]
fn what_is_looked_up_costs_no_search() {
    let version = instructions(&["--version"]);
    let cost = |asked: &[&str], most: u64| {
        let cost = instructions(asked) - version;
        println!("{asked:?}: {cost} instructions above the {version} of --version");
        assert!(cost <= most, "{asked:?}: {cost}");
        cost
    };
    let page = cost(&["explain", "1007"], 800_000);
    cost(&["explain", "4004"], 700_000);
    cost(&["explain", "discord-gateway:4004"], 700_000);
    cost(&["compare", "--short", "1002", "1005"], 700_000);
    cost(&["compare", "1002", "1005"], 2 * page);
}

#[test]
#[ignore = "needs valgrind and a release build"]
#[cfg(target_os = "linux")]
fn a_language_costs_less_than_two_milliseconds() {
    let explain = |id: &str| instructions(&["--lang", id, "explain", "1006"]);
    let english = explain("en");
    for language in wsclose::render::Language::ALL {
        let spoken = explain(language.id());
        println!("{language}: {spoken} instructions, English {english}");
        // One in each cycle, at 3 GHz: most run more.
        assert!(spoken <= english + 6_000_000, "{language}: {spoken}");
    }
}

#[cfg(target_os = "linux")]
fn instructions(arguments: &[&str]) -> u64 {
    let output = common::bare(&mut Command::new("valgrind"))
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program())
        .args(arguments)
        .output()
        .expect("valgrind is there");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = said
        .lines()
        .find(|line| line.contains("Collected :"))
        .expect("a count");
    let number = line
        .split(':')
        .nth(1)
        .expect("a number")
        .trim()
        .replace(',', "");
    number.parse().expect("a number")
}

/// Sends a signal to a child of this test.
#[cfg(target_os = "linux")]
fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([format!("-{name}"), child.id().to_string()])
        .status();
    assert!(sent.expect("there is kill").success());
}

/// What a child prints, line by line, as it comes.
#[cfg(target_os = "linux")]
fn lines_of(child: &mut Child) -> std::sync::mpsc::Receiver<String> {
    let out = child.stdout.take().expect("a pipe");
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for line in std::io::BufRead::lines(std::io::BufReader::new(out)) {
            let Ok(line) = line else { return };
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

#[cfg(target_os = "linux")]
const LONG: std::time::Duration = std::time::Duration::from_secs(30);

#[test]
#[cfg(target_os = "linux")]
fn a_log_is_followed_where_it_is_rotated_and_until_somebody_stops_it() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("followed");
    std::fs::create_dir_all(&folder).expect("it can be made");
    let log = folder.join("app.log");
    std::fs::write(&log, "websocket: close 1001 (going away)\n").expect("it can be written");
    let path = log.display().to_string();
    let mut child = wsclose(&["scan-log", "--follow", "--json", &path])
        .spawn()
        .expect("it starts");
    let lines = lines_of(&mut child);
    let next = || lines.recv_timeout(LONG).expect("a line");
    assert!(next().contains("\"type\":\"log-new\""));
    // It grows.
    let mut grown = std::fs::OpenOptions::new();
    let mut file = grown.append(true).open(&log).expect("it is there");
    writeln!(file, "x\nwebsocket: close 1011 (internal error)").expect("it can be written");
    let line = next();
    assert!(
        line.contains("\"code\":1011") && line.contains("\"line\":3"),
        "{line}"
    );
    // It is rotated.
    std::fs::rename(&log, folder.join("app.log.1")).expect("it can be moved");
    std::fs::write(&log, "websocket: close 1012 (service restart)\n").expect("it can be written");
    let line = next();
    assert!(
        line.contains("\"code\":1012") && line.contains("\"line\":1"),
        "{line}"
    );
    // It is cut and written anew.
    std::fs::write(&log, "websocket: close 1008\n").expect("it can be written");
    let line = next();
    assert!(
        line.contains("\"code\":1008") && line.contains("\"line\":1"),
        "{line}"
    );
    signal(&child, "INT");
    let rest: Vec<String> = std::iter::from_fn(|| lines.recv_timeout(LONG).ok()).collect();
    let summary = rest.last().expect("a summary");
    assert!(
        summary.contains("\"type\":\"log-summary\"") && summary.contains("\"closes\":4"),
        "{summary}"
    );
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
}

#[test]
#[cfg(target_os = "linux")]
fn ctrl_c_ends_the_reading_of_a_silent_pipe_with_what_was_found() {
    let mut child = wsclose(&["scan-log", "--follow", "--json"])
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin
        .write_all(b"websocket: close 1001 (going away)\nand the beginning of")
        .expect("it reads");
    let lines = lines_of(&mut child);
    let line = lines.recv_timeout(LONG).expect("a line");
    assert!(line.contains("\"type\":\"log-new\""), "{line}");
    signal(&child, "INT");
    let rest: Vec<String> = std::iter::from_fn(|| lines.recv_timeout(LONG).ok()).collect();
    let summary = rest.last().expect("a summary");
    assert!(
        summary.contains("\"closes\":1") && summary.contains("\"lines\":2"),
        "{summary}"
    );
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    drop(stdin);
}

#[test]
fn ctrl_c_ends_the_reading_of_a_live_capture_and_not_the_answer() {
    let capture =
        std::fs::read("tests/captures/a01_1000_client_ws_pyws.pcapng").expect("it is there");
    let mut child = wsclose(&["decode-capture", "-"])
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // All packets but the last: the connection is open, and the pipe stays so.
    stdin
        .write_all(&capture[..capture.len() / 2])
        .expect("it reads");
    std::thread::sleep(std::time::Duration::from_millis(700));
    let asked = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(asked.expect("it can be asked").success());
    let output = child.wait_with_output().expect("it ends");
    drop(stdin);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.code().is_some(), "{:?}", output.status);
    assert!(said.contains("connection 0"), "{said}");
}
