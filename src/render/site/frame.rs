//! A page around an answer: its head, where one can go from it, and the same page in other languages.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::io;

use super::{Kind, Options, Subject, description, named, page_of, shortened, start, without_codes};
use crate::facts::registry::Registries;
use crate::render::Language;
use crate::render::html::{Html, escaped};
use crate::render::pen::{Layout, Pen};
use crate::render::text::{Page, draw};
use crate::report::{Comparison, Explained, Report};
use crate::topic::Topic;
use crate::words::{Message, Text, Voice, say, text};

/// As wide as lines that stay as they are.
const COLUMNS: usize = 80;
/// A description is cut there by those that show it.
const DESCRIPTION: usize = 160;

/// The page of a subject.
///
/// # Errors
///
/// When memory cannot be written to.
pub fn page(subject: &Subject, language: Language, options: &Options) -> io::Result<String> {
    let voice = language.voice();
    let mut body = Vec::new();
    let html = Html::new(page_of, "../".to_owned(), true);
    let pen = RefCell::new(Pen::Html(html));
    let layout = Layout {
        width: COLUMNS,
        pen: Some(&pen),
    };
    draw_subject(subject, voice, layout, &mut body)?;
    layout.end(&mut body)?;
    let mut body = String::from_utf8_lossy(&body).into_owned();
    if let Some(command) = subject.command() {
        let prints = escaped(voice.text(text!(site.prints)));
        let command = escaped(&command);
        let _ = writeln!(
            body,
            "<p class=\"prints\">{prints} <code>{command}</code></p>"
        );
    }
    let is_for_pages = matches!(subject, Subject::Start(start) if start.is_for_pages);
    if is_for_pages && options.has_playground {
        let play = escaped(voice.text(text!(site.playground)));
        let _ = writeln!(
            body,
            "<p><a class=\"play\" href=\"../playground.html\">{play}</a></p>"
        );
    }
    let kind = subject.kind();
    let page = Framed {
        title: voice.say(&subject.title()),
        description: shortened(&voice.say(&description(subject)), DESCRIPTION),
        address: subject.address(),
        kind: Some(kind),
        body,
        policy: POLICY,
        scripts: "",
    };
    Ok(page.frame(language, options))
}

fn draw_subject(
    subject: &Subject,
    voice: &'static Voice,
    layout: Layout<'_>,
    out: &mut Vec<u8>,
) -> io::Result<()> {
    let page = &mut Page::new(out, layout, voice);
    let registries = Registries::default();
    match subject {
        Subject::Topic(topic) => {
            let explained = Explained::of(*topic, registries);
            draw(&Report::Explain(vec![explained]), page)
        }
        Subject::Pair(codes) => {
            let [one, other] = codes.map(Topic::of_number);
            let title = say!(site.heading_pair, one = one.id(), other = other.id());
            page.title("", &title)?;
            draw(&Report::Compare(Comparison::of(vec![one, other])), page)
        }
        Subject::Start(start) => start::draw(start, page),
        Subject::Service(service) => {
            page.title(service.title, &Text::Given(""))?;
            page.paragraph(0, &without_codes(service).ended())?;
            page.hanging(2, voice.text(text!(fact.source)), 8, service.source)
        }
    }
}

/// Nothing but what lies beside the page is read, and nothing is sent.
pub(super) const POLICY: &str = "default-src 'none'; style-src 'self' file:; script-src 'self' file:; img-src 'self' data:; base-uri 'none'; form-action 'none'";

/// What a page is made of.
pub(super) struct Framed<'f> {
    pub(super) title: String,
    pub(super) description: String,
    /// Where it lies below the folder of its language.
    pub(super) address: String,
    pub(super) kind: Option<Kind>,
    pub(super) body: String,
    pub(super) policy: &'f str,
    /// Further elements of its head.
    pub(super) scripts: &'f str,
}

impl Framed<'_> {
    pub(super) fn frame(&self, language: Language, options: &Options) -> String {
        let voice = language.voice();
        let words = |text: Text| escaped(voice.text(text));
        // The folder of the language, and that of the site.
        let depth = self.address.matches('/').count();
        let (root, top) = ("../".repeat(depth), "../".repeat(depth + 1));
        let mut page = String::new();
        let id = language.id();
        let (title, description) = (escaped(&self.title), escaped(&self.description));
        let policy = self.policy;
        let _ = write!(
            page,
            "<!DOCTYPE html>\n<html lang=\"{id}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>{title}</title>\n<meta name=\"description\" content=\"{description}\">\n\
             <link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"{top}style.css\">\n"
        );
        page.push_str(&self.alternates(language, options, &top));
        page.push_str(self.scripts);
        let _ = writeln!(
            page,
            "<script defer src=\"{top}search.js\"></script>\n</head>"
        );
        let _ = write!(
            page,
            "<body data-root=\"{root}\">\n<a class=\"skip\" href=\"#main\">{skip}</a>\n<header>\n\
             <a class=\"home\" href=\"{root}index.html\">wsclose</a>\n\
             <div class=\"search\" role=\"search\" hidden>\n\
             <label for=\"search\">{search}</label>\n\
             <input id=\"search\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" placeholder=\"1006, policy, nginx\">\n\
             <p class=\"found\" role=\"status\" data-none=\"{none}\" data-found=\"{found}\"></p>\n\
             <ol class=\"results\"></ol>\n</div>\n{nav}</header>\n",
            skip = words(text!(site.skip)),
            search = words(text!(site.search)),
            none = words(text!(site.found_none)),
            found = words(text!(site.found, n)),
            nav = self.languages(language, &top),
        );
        let _ = write!(
            page,
            "<main id=\"main\">\n{}{}</main>\n",
            self.trail(voice, &root),
            self.body
        );
        let _ = write!(page, "<footer>\n<p>{}</p>\n", words(text!(site.about)));
        if options.has_playground {
            let play = words(text!(site.playground));
            let _ = writeln!(page, "<p><a href=\"{root}playground.html\">{play}</a></p>");
        }
        page.push_str("</footer>\n</body>\n</html>\n");
        page
    }

    /// Where the page lies in the site.
    fn trail(&self, voice: &Voice, root: &str) -> String {
        let Some(kind) = self.kind else {
            return String::new();
        };
        let name = escaped(&voice.say(&Message::from(kind.name())));
        let folder = kind.folder();
        let label = escaped(voice.text(text!(site.trail)));
        format!(
            "<nav class=\"trail\" aria-label=\"{label}\"><a href=\"{root}index.html\">wsclose</a> › \
             <a href=\"{root}index.html#{folder}\">{name}</a></nav>\n"
        )
    }

    /// The same page in the other languages.
    fn languages(&self, language: Language, top: &str) -> String {
        let label = escaped(language.voice().text(text!(site.languages)));
        let links = Language::ALL.iter().map(|other| {
            let (id, name) = named(*other);
            let here = match *other == language {
                true => " aria-current=\"page\"",
                false => "",
            };
            let address = &self.address;
            format!(
                "<a href=\"{top}{id}/{address}\" lang=\"{id}\" hreflang=\"{id}\"{here}>{name}</a>\n"
            )
        });
        let links: String = links.collect();
        format!("<nav class=\"languages\" aria-label=\"{label}\">\n{links}</nav>\n")
    }

    fn alternates(&self, language: Language, options: &Options, top: &str) -> String {
        let (base, address) = (options.base.as_deref(), &self.address);
        let before = base.unwrap_or(top);
        let mut links = String::new();
        for other in Language::ALL {
            let id = other.id();
            let _ = writeln!(
                links,
                "<link rel=\"alternate\" hreflang=\"{id}\" href=\"{before}{id}/{address}\">"
            );
        }
        let _ = writeln!(
            links,
            "<link rel=\"alternate\" hreflang=\"x-default\" href=\"{before}en/{address}\">"
        );
        if let Some(base) = base {
            let id = language.id();
            let _ = writeln!(
                links,
                "<link rel=\"canonical\" href=\"{base}{id}/{address}\">"
            );
        }
        links
    }
}
