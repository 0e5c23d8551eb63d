//! Turns the tables that people read into what the program finds things in: [`field`] and [`words`].

use std::path::Path;
use std::process::ExitCode;

#[path = "build/field.rs"]
mod field;
#[path = "build/words.rs"]
mod words;

fn main() -> ExitCode {
    let out = std::env::var_os("OUT_DIR").unwrap_or_default();
    let out = Path::new(&out);
    match field::write(out).and_then(|()| words::write(out)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Cargo shows it to the person who builds.
            println!("cargo::error={error}");
            ExitCode::FAILURE
        }
    }
}
