//! Writes a static site of all that can be explained, in every language:
//!
//! ```sh
//! cargo run --example site -- DIR [BASE]
//! ```
//!
//! Where `DIR` holds `playground.js`, which `playground/build` makes, there is a page that answers too.
//! `BASE` is where it is published (`https://you.github.io/wsclose/`); without it no page says where it is.
//! The site is read from a folder as well as from a host.

use std::path::Path;
use std::{env, fs};

use wsclose::render::Language;
use wsclose::render::site::{self, Kind, Options};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = env::args().skip(1);
    let usage = "usage: site DIR [https://HOST/]";
    let folder = arguments.next().ok_or(usage)?;
    let base = arguments.next();
    let folder = Path::new(&folder);
    let options = Options {
        has_playground: folder.join("playground.js").is_file(),
        base: base.map(|base| base.trim_end_matches('/').to_owned() + "/"),
    };
    fs::create_dir_all(folder)?;
    fs::write(folder.join("style.css"), site::STYLE)?;
    fs::write(folder.join("search.js"), site::SEARCH)?;
    if options.has_playground {
        fs::write(folder.join("play.js"), site::PLAY)?;
    }
    fs::write(folder.join("index.html"), site::languages(&options))?;
    let subjects = site::subjects();
    for language in Language::ALL {
        let root = folder.join(language.id());
        for kind in Kind::ALL {
            fs::create_dir_all(root.join(kind.folder()))?;
        }
        fs::write(root.join("index.html"), site::home(*language, &options))?;
        if options.has_playground {
            let page = site::playground(*language, &options);
            fs::write(root.join("playground.html"), page)?;
            if *language != Language::English {
                fs::write(root.join("texts.js"), site::texts(*language))?;
            }
        }
        fs::write(root.join("index.js"), site::search_index(*language))?;
        for subject in &subjects {
            let page = site::page(subject, *language, &options)?;
            fs::write(root.join(subject.address()), page)?;
        }
    }
    let pages = (subjects.len() + 1) * Language::ALL.len() + 1;
    println!("{pages} pages in {}", folder.display());
    Ok(())
}
