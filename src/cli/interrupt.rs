//! Ctrl-C, which ends the reading and not the answer.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// Whether somebody wants the reading to end.
pub(in crate::cli) struct Interrupt {
    is_asked: Arc<AtomicBool>,
}

impl Interrupt {
    /// Begins to watch. The second Ctrl-C ends the program at once.
    pub(in crate::cli) fn watch() -> Self {
        static ASKED: OnceLock<Arc<AtomicBool>> = OnceLock::new();
        let is_asked = ASKED.get_or_init(|| {
            let asked = Arc::new(AtomicBool::new(false));
            watch(&asked);
            asked
        });
        is_asked.store(false, Ordering::Relaxed);
        Interrupt {
            is_asked: Arc::clone(is_asked),
        }
    }

    pub(in crate::cli) fn is_asked(&self) -> bool {
        self.is_asked.load(Ordering::Relaxed)
    }
}

/// Has Ctrl-C, and who ends programs, set the flag.
#[cfg(not(target_family = "wasm"))]
fn watch(asked: &Arc<AtomicBool>) {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::flag;
    for signal in [SIGINT, SIGTERM] {
        // Where it cannot be watched, it ends the program as it always did.
        let second = flag::register_conditional_shutdown(signal, 130, Arc::clone(asked));
        if second.is_ok() {
            let _ = flag::register(signal, Arc::clone(asked));
        }
    }
}

/// There are no signals in a browser.
#[cfg(target_family = "wasm")]
fn watch(_: &Arc<AtomicBool>) {}
