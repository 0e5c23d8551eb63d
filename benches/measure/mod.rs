//! Whole processes, measured: user and system time, and the most memory.

use std::io::{self, Read};
use std::process::{Command, Stdio};
use std::time::Duration;

use wait4::Wait4;

pub(crate) struct Run {
    /// User and system time.
    pub(crate) cpu: Duration,
    pub(crate) wall: Duration,
    /// The most memory, in KiB.
    pub(crate) memory: u64,
    pub(crate) said: String,
}

/// Runs a program to its end, which is to be an answer: status 0 or 1.
pub(crate) fn measure(command: &mut Command) -> io::Result<Run> {
    let start = std::time::Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut said = String::new();
    if let Some(mut out) = child.stdout.take() {
        out.read_to_string(&mut said)?;
    }
    let used = child.wait4()?;
    let wall = start.elapsed();
    let is_answer = used.status.code().is_some_and(|code| code < 2);
    assert!(is_answer, "{command:?}: {}", used.status);
    Ok(Run {
        cpu: used.rusage.utime + used.rusage.stime,
        wall,
        // In bytes, of which the system counts KiB.
        memory: used.rusage.maxrss / 1024,
        said,
    })
}

/// The median, in seconds.
pub(crate) fn median(runs: &[Run], what: fn(&Run) -> Duration) -> f64 {
    let mut all: Vec<Duration> = runs.iter().map(what).collect();
    all.sort();
    all[all.len() / 2].as_secs_f64()
}

/// The most memory of all runs, in KiB.
pub(crate) fn memory(runs: &[Run]) -> u64 {
    runs.iter().map(|run| run.memory).max().unwrap_or(0)
}
