//! How far a long input has been read: one line on standard error, redrawn in place.
//!
//! It is drawn where somebody watches, once the work has taken a second, and
//! erased before anything else is printed to the same screen. Two escape
//! sequences and a division, so no library: those that are well kept hold
//! locks, start threads or write past the writers that a run is given.

use std::cell::{Cell, RefCell};
use std::io::{self, Read, Write};
use std::rc::Rc;
use std::time::{Duration, Instant};

use unicode_width::UnicodeWidthStr;

use crate::words::{Message, Value, Voice, bytes, say};

/// Work that takes no longer than this has no bar.
const PATIENCE: Duration = Duration::from_secs(1);
/// It is not drawn more often than this.
const BETWEEN: Duration = Duration::from_millis(100);
/// After so many bytes the clock is looked at.
const STEP: u64 = 256 * 1024;
/// A bar is at most so wide, and shorter than this it says nothing.
const BAR: std::ops::RangeInclusive<usize> = 10..=40;

/// The bar of one input.
pub(super) struct Progress<'a> {
    err: &'a mut dyn Write,
    /// The columns of standard error while it is a terminal.
    width: fn() -> Option<usize>,
    is_wanted: bool,
    voice: &'static Voice,
    read: Rc<Cell<u64>>,
    /// The size of the input, where it is known.
    total: Option<u64>,
    began: Instant,
    /// The number of bytes read at which the clock is looked at again.
    next: u64,
    drawn_at: Option<Duration>,
    is_drawn: bool,
}

/// What a bar depends on but for the input.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The columns of standard error while it is a terminal.
    pub(super) err_width: fn() -> Option<usize>,
    /// Whether the answer goes to a file.
    pub(super) out_is_file: bool,
    /// Whether little is printed before the end.
    pub(super) is_quiet: bool,
    /// In which language it is said.
    pub(super) voice: &'static Voice,
}

impl Place {
    /// Whether somebody watches, and nothing else is printed where they do. What goes through a
    /// pipe may well end on the same screen, by way of a pager or `grep`.
    fn is_wanted(self) -> bool {
        (self.is_quiet || self.out_is_file) && (self.err_width)().is_some()
    }
}

impl<'a> Progress<'a> {
    /// A bar that begins now. `read` counts what was read.
    pub(super) fn new(
        err: &'a mut dyn Write,
        place: Place,
        read: Rc<Cell<u64>>,
        total: Option<u64>,
    ) -> Self {
        Progress {
            err,
            width: place.err_width,
            is_wanted: place.is_wanted(),
            voice: place.voice,
            read,
            total,
            began: Instant::now(),
            next: STEP,
            drawn_at: None,
            is_drawn: false,
        }
    }

    /// Draws the bar if it is time to. Nearly always a comparison and no more.
    pub(super) fn tick(&mut self) {
        if self.is_wanted && self.read.get() >= self.next {
            self.next = self.read.get() + STEP;
            self.update(self.began.elapsed());
        }
    }

    /// Draws the bar if so much time asks for it.
    fn update(&mut self, elapsed: Duration) {
        let is_due = match self.drawn_at {
            Some(last) => elapsed >= last + BETWEEN,
            None => elapsed >= PATIENCE,
        };
        if !is_due {
            return;
        }
        // Asked each time: terminals change their size. The last column stays free, for some
        // terminals go to the next line behind it.
        let Some(width) = (self.width)() else {
            return;
        };
        let line = line(
            self.read.get(),
            self.total,
            elapsed,
            width.saturating_sub(1),
            self.voice,
        );
        self.drawn_at = Some(elapsed);
        self.is_drawn = true;
        // Nobody is left to tell if standard error is closed.
        let _ = write!(self.err, "\r{line}\u{1b}[K").and_then(|()| self.err.flush());
    }

    /// Takes the bar from the screen.
    pub(super) fn erase(&mut self) {
        if self.is_drawn {
            self.is_drawn = false;
            let _ = write!(self.err, "\r\u{1b}[K").and_then(|()| self.err.flush());
        }
    }

    /// Says something on standard error.
    pub(super) fn say(&mut self, message: &Message) {
        self.erase();
        let _ = writeln!(self.err, "wsclose: {}", self.voice.say(message));
    }
}

/// The bar and its numbers in at most `width` columns.
fn line(read: u64, total: Option<u64>, elapsed: Duration, width: usize, voice: &Voice) -> String {
    let rate = (read as f64 / elapsed.as_secs_f64().max(0.001)) as u64;
    let size = |bytes| size(bytes, voice);
    // A file may grow while it is read.
    let Some(total) = total.filter(|total| *total > 0 && read <= *total) else {
        let rate = say!(progress.rate, read = size(read), rate = size(rate));
        return fitting(&[voice.say(&rate), voice.value(&size(read))], width);
    };
    let percent = (u128::from(read) * 100 / u128::from(total)) as usize;
    let percent_text = format!("{percent:>3} %");
    let (read, total, rate) = (size(read), size(total), size(rate));
    let all = voice.say(&say!(
        progress.percent_and_rate,
        percent_text = percent_text.as_str(),
        read = read.clone(),
        total = total.clone(),
        rate
    ));
    let room = width.saturating_sub(all.width() + 2);
    if room < *BAR.start() {
        let done = say!(
            progress.percent,
            percent_text = percent_text.as_str(),
            read,
            total
        );
        return fitting(&[all, voice.say(&done), percent_text], width);
    }
    let bar = room.min(*BAR.end());
    let full = bar * percent / 100;
    format!("{}{}  {all}", "━".repeat(full), "╌".repeat(bar - full))
}

/// The first of `texts` that fits, or nothing.
fn fitting(texts: &[String], width: usize) -> String {
    let mut texts = texts.iter();
    let fits = texts.find(|text| text.width() <= width);
    fits.cloned().unwrap_or_default()
}

/// A number of bytes in a few characters.
fn size(number: u64, voice: &Voice) -> Value {
    let mut size = number as f64;
    let mut unit = None;
    for next in ["KiB", "MiB", "GiB", "TiB", "PiB"] {
        if size < 1024.0 {
            break;
        }
        size /= 1024.0;
        unit = Some(next);
    }
    match unit {
        Some(unit) => format!("{} {unit}", voice.decimal(size, 1)).into(),
        None => bytes(number).into(),
    }
}

/// Counts what is read.
pub(super) struct Counted {
    pub(super) inner: Box<dyn Read>,
    pub(super) read: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(bytes)?;
        self.read.set(self.read.get() + count as u64);
        Ok(count)
    }
}

/// The answer, where it goes to the screen on which the bar is drawn: what is printed first
/// erases it.
pub(super) struct Above<'a, 'p> {
    pub(super) out: &'a mut dyn Write,
    pub(super) progress: &'a RefCell<Progress<'p>>,
}

impl Write for Above<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.progress.borrow_mut().erase();
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::ENGLISH;

    const NOBODY: Place = Place {
        err_width: || None,
        out_is_file: true,
        is_quiet: true,
        voice: &ENGLISH,
    };
    const WATCHED: Place = Place {
        err_width: || Some(80),
        ..NOBODY
    };

    #[test]
    fn it_is_drawn_where_somebody_watches_and_nothing_else_is_printed() {
        assert!(!NOBODY.is_wanted());
        assert!(WATCHED.is_wanted());
        for (out_is_file, is_quiet, wanted) in [
            (true, false, true),
            (false, true, true),
            (false, false, false),
        ] {
            let place = Place {
                out_is_file,
                is_quiet,
                ..WATCHED
            };
            assert_eq!(place.is_wanted(), wanted, "{out_is_file} {is_quiet}");
        }
    }

    /// What is written when so many milliseconds have passed at each step.
    fn drawn(place: Place, moments: &[u64]) -> String {
        let mut err = Vec::new();
        let read = Rc::new(Cell::new(3 << 20));
        let mut progress = Progress::new(&mut err, place, read, Some(12 << 20));
        for moment in moments {
            progress.update(Duration::from_millis(*moment));
        }
        progress.erase();
        progress.erase();
        String::from_utf8(err).expect("it is text")
    }

    #[test]
    fn it_comes_after_a_second_not_too_often_and_goes() {
        assert_eq!(drawn(WATCHED, &[0, 500, 999]), "");
        let once = drawn(WATCHED, &[1000, 1050, 1099]);
        assert_eq!(once.matches(" 25 %").count(), 1);
        assert!(once.ends_with("\r\u{1b}[K"));
        assert_eq!(once.matches("\u{1b}[K").count(), 2, "erased once");
        assert!(!once.contains('\n'));
        let often: Vec<u64> = (0..5000).collect();
        assert_eq!(drawn(WATCHED, &often).matches(" 25 %").count(), 40);
    }

    #[test]
    fn the_clock_is_looked_at_after_many_bytes_and_only_where_somebody_watches() {
        for (place, looked) in [(WATCHED, true), (NOBODY, false)] {
            let mut err = Vec::new();
            let read = Rc::new(Cell::new(0));
            let mut progress = Progress::new(&mut err, place, read.clone(), None);
            read.set(STEP - 1);
            progress.tick();
            assert_eq!(progress.next, STEP);
            read.set(STEP);
            progress.tick();
            assert_eq!(progress.next, if looked { 2 * STEP } else { STEP });
        }
    }

    #[test]
    fn what_is_printed_erases_it_first() {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let read = Rc::new(Cell::new(1));
        let progress = RefCell::new(Progress::new(&mut err, WATCHED, read, None));
        progress.borrow_mut().update(PATIENCE);
        let mut above = Above {
            out: &mut out,
            progress: &progress,
        };
        above.flush().expect("memory can be written to");
        assert!(progress.borrow().is_drawn, "nothing was printed");
        above
            .write_all(b"answer")
            .expect("memory can be written to");
        assert!(!progress.borrow().is_drawn);
        assert_eq!(out, b"answer");
    }

    #[test]
    fn it_fits_any_terminal() {
        let hour = Duration::from_secs(3600);
        for read in [0, 1, 1023, 1024, 3 << 30, u64::MAX] {
            for total in [None, Some(0), Some(1), Some(12 << 30), Some(u64::MAX)] {
                for width in 0..200 {
                    let line = line(read, total, hour, width, &ENGLISH);
                    assert!(line.chars().count() <= width, "{line}");
                }
            }
        }
        assert_eq!(
            line(
                3 << 30,
                Some(12 << 30),
                Duration::from_secs(2),
                56,
                &ENGLISH
            ),
            "━━━━╌╌╌╌╌╌╌╌╌╌╌╌   25 %  3.0 GiB of 12.0 GiB · 1.5 GiB/s"
        );
        assert_eq!(
            line(3 << 20, None, Duration::from_secs(2), 60, &ENGLISH),
            "3.0 MiB read · 1.5 MiB/s"
        );
    }
}
