//! Turns the languages' files, `src/words/<id>.po`, into tables for `src/words/catalogue.rs`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Writes `words/<id>.rs` into `out` for each file of a language.
pub(crate) fn write(out: &Path) -> Result<(), String> {
    let sources = Path::new("src/words");
    println!("cargo:rerun-if-changed={}", sources.display());
    let out = out.join("words");
    fs::create_dir_all(&out).map_err(|error| error.to_string())?;
    for entry in fs::read_dir(sources).map_err(|error| error.to_string())? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.extension().is_some_and(|extension| extension == "po") {
            let table = table(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let name = path.with_extension("rs");
            let name = name.file_name().ok_or("a file has a name")?;
            fs::write(out.join(name), table).map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}

/// The sentences of one language as the source of a table.
fn table(path: &Path) -> Result<String, String> {
    println!("cargo:rerun-if-changed={}", path.display());
    let catalogue = polib::po_file::parse(path).map_err(|error| error.to_string())?;
    let mut rows = Vec::new();
    for message in catalogue.messages() {
        let forms = match message.msgstr_plural() {
            Ok(forms) => forms.join("\0"),
            Err(_) => message
                .msgstr()
                .map_err(|error| error.to_string())?
                .to_owned(),
        };
        if !forms.is_empty() {
            // As in `catalogue.rs`: both of a pair, with a zero between them.
            let key = match message.msgid_plural() {
                Ok(many) => format!("{}\0{many}", message.msgid()),
                Err(_) => message.msgid().to_owned(),
            };
            rows.push((hash(&key), forms));
        }
    }
    rows.sort();
    if let Some(pair) = rows.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(format!(
            "two sentences with one hash: {:?} and {:?}",
            pair[0].1, pair[1].1
        ));
    }
    let (mut hashes, mut places, mut text) = (String::new(), String::new(), String::new());
    for (hash, forms) in &rows {
        let _ = write!(hashes, "{hash:#x},");
        let _ = write!(places, "{},", text.len());
        text.push_str(forms);
    }
    let _ = write!(places, "{}", text.len());
    Ok(format!(
        "super::catalogue::Catalogue {{ hashes: &[{hashes}], places: &[{places}], text: {text:?} }}"
    ))
}

/// FNV-1a, 64 bits, as in `src/words/catalogue.rs`.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
