//! The page that answers in the browser.

use std::fmt::Write as _;

use super::Options;
use super::frame::Framed;
use crate::render::Language;
use crate::render::html::escaped;
use crate::words::{Text, say, text};

/// What runs the program in a page, and asks it.
pub const SCRIPT: &str = include_str!("play.js");

/// Nothing can be sent from this page: it may open no connection at all, and reads its scripts from beside
/// itself. Scripts of its own are what WebAssembly counts as.
const POLICY: &str = "default-src 'none'; connect-src 'none'; style-src 'self' file:; script-src 'self' file: 'wasm-unsafe-eval'; img-src 'self' data:; base-uri 'none'; form-action 'none'";

/// The page, in a language.
pub fn playground(language: Language, options: &Options) -> String {
    let voice = language.voice();
    let words = |text: Text| escaped(voice.text(text));
    let mut body = String::new();
    let _ = write!(
        body,
        "<h1>{title}</h1>\n<p class=\"lead\">{lead}</p>\n\
         <noscript><p class=\"strong\">{script}</p></noscript>\n\
         <div class=\"play-form\">\n<label for=\"given\">{label}</label>\n\
         <textarea id=\"given\" rows=\"6\" spellcheck=\"false\" autocapitalize=\"off\" autocomplete=\"off\" placeholder=\"88 02 03 e8\"></textarea>\n\
         <div class=\"row\"><button id=\"ask\" type=\"button\" disabled>{ask}</button>\n\
         <label class=\"file\" for=\"file\">{file}</label><input id=\"file\" type=\"file\"></div>\n</div>\n\
         <p id=\"state\" class=\"aside\" role=\"status\" data-loading=\"{loading}\" data-failed=\"{failed}\" data-large=\"{large}\"></p>\n\
         <p id=\"error\" class=\"error\" role=\"alert\" hidden></p>\n\
         <section id=\"answer\" aria-label=\"{answer}\" tabindex=\"-1\"></section>\n",
        title = words(text!(site.play_title)),
        lead = words(text!(site.play_lead)),
        script = words(text!(site.play_script)),
        label = words(text!(site.play_label)),
        ask = words(text!(site.play_ask)),
        file = words(text!(site.play_file)),
        loading = words(text!(site.play_loading)),
        failed = words(text!(site.play_failed)),
        large = words(text!(site.play_large)),
        answer = words(text!(site.play_answer)),
    );
    let page = Framed {
        title: voice.say(&say!(site.play_title)),
        description: voice.text(text!(site.play_lead)).to_owned(),
        address: "playground.html".to_owned(),
        kind: None,
        body,
        policy: POLICY,
        scripts: "<script defer src=\"../play.js\"></script>\n",
    };
    page.frame(language, options)
}
