//! The layers while they come: a line for each on a terminal, taken away before the answer is drawn.

use std::io::Write;

use crate::probe::Layer;
use crate::render::text::layer_line;
use crate::words::Voice;

/// The lines on standard error.
pub(super) struct LayerLines<'a> {
    err: &'a mut dyn Write,
    width: fn() -> Option<usize>,
    voice: &'static Voice,
    lines: usize,
}

impl<'a> LayerLines<'a> {
    pub(super) fn new(
        err: &'a mut dyn Write,
        width: fn() -> Option<usize>,
        voice: &'static Voice,
    ) -> Self {
        LayerLines {
            err,
            width,
            voice,
            lines: 0,
        }
    }

    /// Draws one.
    pub(super) fn layer(&mut self, layer: &Layer) {
        let Some(width) = (self.width)() else {
            return;
        };
        // Nobody is left to tell if standard error is closed.
        let line = layer_line(layer, self.voice, width.saturating_sub(1));
        let drawn = writeln!(self.err, "{line}").and_then(|()| self.err.flush());
        self.lines += usize::from(drawn.is_ok());
    }

    /// Takes them away.
    pub(super) fn erase(&mut self) {
        if self.lines > 0 {
            let _ =
                write!(self.err, "\u{1b}[{}A\u{1b}[J", self.lines).and_then(|()| self.err.flush());
            self.lines = 0;
        }
    }
}
