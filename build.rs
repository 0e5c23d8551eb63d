//! Turns the rows and sentences that people edit into what the program finds things in.
//!
//! Data lies in `src/facts` (rows), `src/words` (the sentences of the program) and
//! `src/render/languages` (what other languages say for both). All text ends in one string for each
//! language, and whatever names a text is a number: nothing is parsed or allocated when the program
//! starts. A file that cannot be read stops the build with its name and place.

use std::path::Path;
use std::process::ExitCode;

#[path = "build/catalogue.rs"]
mod catalogue;
#[path = "build/implementations.rs"]
mod implementations;
#[path = "build/languages.rs"]
mod languages;
#[path = "build/protocols.rs"]
mod protocols;
#[path = "build/rows.rs"]
mod rows;
#[path = "build/texts.rs"]
mod texts;
#[path = "build/vocabulary.rs"]
mod vocabulary;

fn main() -> ExitCode {
    match write() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Cargo shows it to the person who builds.
            println!("cargo::error={error}");
            ExitCode::FAILURE
        }
    }
}

fn write() -> Result<(), String> {
    println!("cargo::rerun-if-changed=build");
    let out = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    let out = Path::new(&out);
    let mut texts = texts::Texts::default();
    texts.read_sentences()?;
    rows::write(out, &mut texts)?;
    implementations::write(out, &mut texts)?;
    texts.write(out)?;
    languages::write(out, &texts)
}
