//! That a work grows in proportion to its input, whatever stands in it: measured by what the thread ran on a processor,
//! not by the clock, beside itself on a quarter of the input.

use std::time::Duration;

/// The time that this thread has run, where the system tells it: Linux. Elsewhere nothing is measured.
fn thread_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let ran = stat.split_whitespace().next();
    Duration::from_nanos(ran.and_then(|ran| ran.parse().ok()).unwrap_or(0))
}

/// Does the work on a text that repeats `part`, of `most` bytes and of a quarter of them. In proportion the whole takes
/// four times as long, and with the square of it sixteen times; below some milliseconds nothing is told from noise.
pub(crate) fn is_in_proportion(part: &str, most: usize, work: impl Fn(&str)) {
    let cost = |bytes: usize| {
        let text = part.repeat(bytes / part.len());
        let before = thread_time();
        work(&text);
        thread_time() - before
    };
    let (quarter, whole) = (cost(most / 4), cost(most));
    let least = Duration::from_millis(10);
    assert!(
        whole <= 9 * quarter.max(least),
        "{part}: {whole:?} for {most} bytes, {quarter:?} for a quarter of them"
    );
}
