//! The program as it runs in a page.
//!
//! It is the command line as it is, built for `wasm32-wasip1`: a page gives it the arguments and one file in
//! memory, and shows what it writes, which is HTML. So the door, the sentences and the errors are the
//! program's own, and no glue between Rust and JavaScript is generated: the page's script has the dozen
//! calls that WASI asks for.

use std::io::{self, BufWriter, Read, Write};
use std::process::ExitCode;

use wsclose::cli::{self, Terminal};
use wsclose::render::{Language, Locale};

/// As wide as lines that stay as they are.
const WIDTH: usize = 96;

/// The texts of the page's language were made by another version of the program than this.
const OTHER_TEXTS: u8 = 70;

fn main() -> ExitCode {
    // A page hands over its language's texts as standard input; an English one has none.
    let mut texts = String::new();
    let read = io::stdin().read_to_string(&mut texts);
    if read.is_err() || (!texts.is_empty() && Language::learn(&texts).is_none()) {
        return ExitCode::from(OTHER_TEXTS);
    }
    // What is coloured at a terminal has a class in HTML.
    colored::control::set_override(true);
    let mut out = BufWriter::new(io::stdout().lock());
    let answered = cli::run(
        std::env::args_os(),
        &mut Terminal {
            out: &mut out,
            err: &mut io::stderr().lock(),
            width: WIDTH,
            stdin_is_terminal: true,
            err_width: || None,
            out_is_file: true,
            pager: None,
            own_registry: || None,
            locale: Locale::default(),
        },
    );
    match answered {
        Ok(status) => ExitCode::from(status.code()),
        Err(error) => {
            let _ = writeln!(io::stderr(), "wsclose: {error}");
            ExitCode::from(2)
        }
    }
}
