//! What a hurried person reads: the first five lines of an answer hold what happened, whose fault it points
//! to, and the first thing to do. And each cause stands with its fix.

use wsclose::explain::explain_line;
use wsclose::facts::codes::CODES;
use wsclose::facts::lines::SHAPES;
use wsclose::facts::registry::{Registries, VENDORS};
use wsclose::logline::read;
use wsclose::render::Language;
use wsclose::render::text::{self, Page};
use wsclose::report::{Comparison, Explained, Report};
use wsclose::topic::{self, Topic};
use wsclose::words::{Say, Text};

/// A terminal's usual width, and how much of an answer is read at a glance.
const WIDTH: usize = 80;
const FIRST: usize = 5;

fn drawn(report: &Report, language: Language) -> String {
    let mut out = Vec::new();
    let mut page = Page::new(&mut out, WIDTH, language.voice());
    text::draw(report, &mut page).expect("memory can be written to");
    String::from_utf8(out).expect("it is UTF-8")
}

fn page_of(topic: Topic, language: Language) -> String {
    let explained = Explained::of(topic, Registries::default());
    drawn(&Report::Explain(vec![explained]), language)
}

/// A text without its spaces: where lines are broken does not matter.
fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The first lines, bare.
fn glance(page: &str) -> String {
    bare(&page.lines().take(FIRST).collect::<Vec<_>>().join(" "))
}

/// How a text begins, bare: so much of it has to be in sight.
fn beginning(text: &str) -> String {
    bare(text).chars().take(16).collect()
}

/// All topics with causes.
fn topics() -> impl Iterator<Item = Topic> {
    let entries = VENDORS.iter().flat_map(|vendor| vendor.entries());
    let numbers = [0, 404, 1016, 3001, 4004, 4401, 22373, 59395, 65535];
    topic::all()
        .chain(numbers.map(Topic::of_number))
        .chain(entries.map(Topic::Entry))
        .filter(|topic| !topic.advice().is_empty())
}

#[test]
fn the_first_lines_of_a_page_say_what_whose_and_what_to_do() {
    let mut wrong = Vec::new();
    for language in Language::ALL {
        let voice = language.voice();
        for topic in topics() {
            let page = page_of(topic, *language);
            let seen = glance(&page);
            let mut needed = vec![topic.id()];
            needed.extend(topic.points_to().map(|it| bare(voice.text(it.words()))));
            let first = topic.first().or(topic.advice().first().map(|it| it.fix));
            needed.extend(first.map(|first| beginning(voice.text(first))));
            if let Topic::Code(code) = topic {
                needed.push(bare(voice.text(code.phrases.gist)));
            }
            for part in needed {
                if !seen.contains(&part) {
                    wrong.push(format!("{} {}: {part}", voice.id, topic.id()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

/// What to do first with a code is short enough to be read whole.
#[test]
fn what_to_do_first_with_a_code_is_in_sight() {
    for code in &CODES {
        let first = code.words.first.expect("a code says what to do first");
        let page = page_of(Topic::Code(code), Language::English);
        assert!(glance(&page).contains(&bare(first.english())), "{page}");
    }
}

#[test]
fn each_cause_is_followed_by_its_fix() {
    for language in Language::ALL {
        let voice = language.voice();
        for topic in topics() {
            let page = bare(&page_of(topic, *language));
            for advice in topic.advice() {
                let cause = bare(voice.text(advice.cause));
                let (_, behind) = page
                    .split_once(&cause)
                    .unwrap_or_else(|| panic!("{} {}: {cause} is missing", voice.id, topic.id()));
                let (between, after) = behind.split_once('→').expect("a fix follows");
                let fix = bare(voice.text(advice.fix));
                let is_above = page.contains(&format!("→{fix}"));
                assert!(after.starts_with(&fix) || is_above, "{}", topic.id());
                let points_to = advice.points_to.map(|it| bare(voice.text(it.words())));
                let is_told = between.ends_with(&points_to.unwrap_or_default());
                assert!(is_told || is_above, "{}", topic.id());
            }
        }
    }
}

/// Every line that is known: an example of each shape.
#[test]
fn the_first_lines_of_a_text_say_what_whose_and_what_to_do() {
    let mut wrong = Vec::new();
    for language in Language::ALL {
        let voice = language.voice();
        for shape in &SHAPES {
            let reading = read(shape.example).expect("it is read");
            let explanation = explain_line(&reading, Registries::default());
            let mut out = Vec::new();
            let mut page = Page::new(&mut out, WIDTH, voice);
            let registries = Registries::default();
            text::log::line(shape.example, &reading, &explanation, registries, &mut page)
                .expect("memory can be written to");
            let page = String::from_utf8(out).expect("it is UTF-8");
            let seen = glance(&page);
            let whose = match explanation.points_to {
                Some(points_to) => bare(voice.text(points_to.words())),
                None => match explanation.statements.first() {
                    Some(said) => beginning(&said.words(voice)),
                    None => continue,
                },
            };
            let fix = explanation.advice.first().map(|it| it.fix);
            let fix = explanation.first.or(fix).map(|fix| voice.text(fix));
            for part in [whose].into_iter().chain(fix.map(beginning)) {
                if !seen.contains(&part) {
                    let top: Vec<&str> = page.lines().take(FIRST + 1).collect();
                    wrong.push(format!(
                        "{} {}: {part}\n{}",
                        voice.id,
                        shape.id,
                        top.join("\n")
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

/// A comparison answers all that is asked of a pair: what each means, when it is seen, how it is mended, how
/// the two differ, which to use.
#[test]
fn a_comparison_of_any_two_codes_has_all_its_parts() {
    let heading = |name: &str| -> Text {
        let mut all = Text::all();
        let found = all.find(|(text, _)| text.id() == Some(name));
        found.expect("it is a heading").0
    };
    let headings = ["description", "causes", "fixes", "tell-apart", "which"];
    let headings = headings.map(|name| heading(&format!("heading.{name}")));
    let codes: Vec<Topic> = topic::all()
        .filter(|topic| matches!(topic, Topic::Code(_) | Topic::Range(..)))
        .collect();
    for (index, one) in codes.iter().enumerate() {
        for other in codes.iter().skip(index + 1) {
            let language = Language::ALL[index % Language::ALL.len()];
            let voice = language.voice();
            let comparison = Comparison::of(vec![*one, *other]);
            let page = drawn(&Report::Compare(comparison), language);
            for heading in headings {
                assert!(page.contains(voice.text(heading)), "{heading}: {page}");
            }
            let page = bare(&page);
            for topic in [one, other] {
                let texts = topic.advice().into_iter().flat_map(|it| [it.cause, it.fix]);
                for text in texts.chain(topic.meaning()).chain(topic.choose()) {
                    let said = bare(voice.text(text));
                    assert!(page.contains(&said), "{} lacks {said}", topic.id());
                }
            }
        }
    }
}

#[test]
fn a_short_comparison_is_the_table_alone() {
    let topics = ["1002", "1005"].map(|it| topic::find(it).expect("it is a code"));
    let mut comparison = Comparison::of(topics.into_iter().flatten().collect());
    comparison.is_short = true;
    let page = drawn(&Report::Compare(comparison), Language::English);
    assert!(page.contains("sent by") && !page.contains("How to fix it"));
}

/// A situation leads somewhere: to a cause on the page, or to a command that is answered.
#[test]
fn situations_lead_to_causes_and_to_commands() {
    let abnormal = wsclose::facts::codes::lookup(1006).expect("it has a row");
    assert_eq!(abnormal.situations.len(), 6);
    for code in &CODES {
        for situation in code.situations {
            assert!(situation.advice < code.words.advice.len());
            for command in situation.commands {
                let words: Vec<&str> = command.split(' ').collect();
                assert_eq!(words[0], "wsclose", "{command}");
                if words[1] == "explain" {
                    let found = topic::find(words[2]).expect("it is a topic");
                    assert_eq!(found[0].id(), words[2]);
                }
            }
        }
    }
}
