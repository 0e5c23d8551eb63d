//! Time, and somebody who loses patience: no step of a probe may take longer than it is given, and
//! Ctrl-C ends each.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

/// So often somebody looks whether it is to stop.
pub(super) const TICK: Duration = Duration::from_millis(50);

/// When everything has to be over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiter<'a> {
    stop: &'a AtomicBool,
    end: Instant,
}

impl<'a> Waiter<'a> {
    pub(super) fn new(stop: &'a AtomicBool, whole: Duration) -> Self {
        Waiter {
            stop,
            end: Instant::now() + whole,
        }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// When something that begins now and may take so long has to be over.
    pub(super) fn until(&self, patience: Duration) -> Instant {
        self.end.min(Instant::now() + patience)
    }

    /// Whether that time is over, or somebody stopped it.
    pub(super) fn is_over(&self, until: Instant) -> bool {
        self.is_stopped() || Instant::now() >= until
    }

    /// How long to wait at most before looking again. Never zero.
    pub(super) fn slice(&self, until: Instant) -> Duration {
        let left = until.saturating_duration_since(Instant::now());
        left.clamp(Duration::from_millis(1), TICK)
    }

    /// What a call gives that cannot be interrupted; `None` where it takes too long. The thread is left
    /// to itself then.
    pub(super) fn call<T: Send + 'static>(
        &self,
        patience: Duration,
        call: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let until = self.until(patience);
        let (send, receive) = sync_channel(1);
        let thread = std::thread::Builder::new().spawn(move || {
            let _ = send.send(call());
        });
        thread.ok()?;
        loop {
            match receive.recv_timeout(self.slice(until)) {
                Ok(value) => return Some(value),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) if self.is_over(until) => return None,
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}
