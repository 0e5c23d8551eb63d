//! Turns the TOML files in `src/facts` into typed rows.
//!
//! Each function reads one file and writes a static of the type that its rows have in the program. A
//! key that no row has, or that is missing, stops the build.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::texts::Texts;
use crate::vocabulary::Vocabulary;

pub(crate) const FACTS: &str = "src/facts";

/// Writes `rows.rs` into `out`.
pub(crate) fn write(out: &Path, texts: &mut Texts) -> Result<(), String> {
    println!("cargo::rerun-if-changed={FACTS}");
    let mut source = String::new();
    let mut vocabulary = Vocabulary::read(texts)?;
    codes(&mut source, texts, &mut vocabulary)?;
    ranges(&mut source, texts)?;
    pairs(&mut source, texts)?;
    advice(&mut source, texts, "accidents.toml", "accident", "accident")?;
    advice(&mut source, texts, "advice.toml", "advice_for", "advice")?;
    rules(&mut source, texts)?;
    causes(&mut source, texts)?;
    statuses(&mut source, texts)?;
    producers(&mut source, texts, &mut vocabulary)?;
    shapes(&mut source, texts)?;
    services(&mut source, texts)?;
    intermediaries(&mut source, texts)?;
    vendors(&mut source, texts, &mut vocabulary)?;
    trials(&mut source, texts)?;
    crate::protocols::write(&mut source, texts)?;
    vocabulary.write(&mut source);
    fs::write(out.join("rows.rs"), source).map_err(|error| error.to_string())
}

/// Reads a TOML file.
pub(crate) fn parse(path: &Path) -> Result<toml::Table, String> {
    println!("cargo::rerun-if-changed={}", path.display());
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    text.parse()
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// The files of a folder that end like this, in the order of their names.
pub(crate) fn files(folder: &str, extension: &str) -> Result<Vec<PathBuf>, String> {
    println!("cargo::rerun-if-changed={folder}");
    let listed = fs::read_dir(folder).map_err(|error| format!("{folder}: {error}"))?;
    let mut paths: Vec<PathBuf> = listed
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    paths.sort();
    Ok(paths)
}

/// A table of a file, of which every key has to be asked for.
pub(crate) struct Row<'a> {
    table: &'a toml::Table,
    /// The file, and what the row is there.
    place: String,
    asked: RefCell<BTreeSet<&'static str>>,
}

type Result_ = Result<String, String>;

impl<'a> Row<'a> {
    pub(crate) fn new(table: &'a toml::Table, place: String) -> Self {
        Row {
            table,
            place,
            asked: RefCell::default(),
        }
    }

    pub(crate) fn get(&self, key: &'static str) -> Option<&'a toml::Value> {
        self.asked.borrow_mut().insert(key);
        self.table.get(key)
    }

    pub(crate) fn error(&self, what: &str) -> String {
        format!("{}: {what}", self.place)
    }

    pub(crate) fn str(&self, key: &'static str) -> Result<&'a str, String> {
        self.optional_str(key)?
            .ok_or_else(|| self.error(&format!("`{key}` is missing")))
    }

    fn optional_str(&self, key: &'static str) -> Result<Option<&'a str>, String> {
        let text = |value: &'a toml::Value| {
            value
                .as_str()
                .ok_or_else(|| self.error(&format!("`{key}` is no text")))
        };
        self.get(key).map(text).transpose()
    }

    pub(crate) fn strs(&self, key: &'static str) -> Result<Vec<&'a str>, String> {
        let Some(value) = self.get(key) else {
            return Ok(Vec::new());
        };
        let list = value.as_array().and_then(|list| {
            let texts = list.iter().map(toml::Value::as_str);
            texts.collect::<Option<Vec<&str>>>()
        });
        list.ok_or_else(|| self.error(&format!("`{key}` is no list of texts")))
    }

    /// A text of ours.
    pub(crate) fn text(&self, key: &'static str, id: &str, texts: &mut Texts) -> Result_ {
        texts.add(
            &format!("{id}.{key}").replace('_', "-"),
            vec![self.str(key)?.to_owned()],
        )
    }

    pub(crate) fn optional_text(&self, key: &'static str, id: &str, texts: &mut Texts) -> Result_ {
        Ok(match self.get(key) {
            Some(_) => format!("Some({})", self.text(key, id, texts)?),
            None => "None".to_owned(),
        })
    }

    pub(crate) fn number(&self, key: &'static str) -> Result<i64, String> {
        let number = self.get(key).and_then(toml::Value::as_integer);
        number.ok_or_else(|| self.error(&format!("`{key}` is no number")))
    }

    /// A list of numbers; empty where there is none.
    pub(crate) fn numbers(&self, key: &'static str) -> Result<Vec<i64>, String> {
        let Some(value) = self.get(key) else {
            return Ok(Vec::new());
        };
        let numbers = value.as_array().and_then(|list| {
            let numbers = list.iter().map(toml::Value::as_integer);
            numbers.collect::<Option<Vec<i64>>>()
        });
        numbers.ok_or_else(|| self.error(&format!("`{key}` is no list of numbers")))
    }

    fn optional_number(&self, key: &'static str) -> Result_ {
        Ok(match self.get(key) {
            Some(_) => format!("Some({})", self.number(key)?),
            None => "None".to_owned(),
        })
    }

    pub(crate) fn is(&self, key: &'static str) -> Result<bool, String> {
        let value = self.get(key).map_or(Some(false), toml::Value::as_bool);
        value.ok_or_else(|| self.error(&format!("`{key}` is neither true nor false")))
    }

    /// A word as the variant of an enum: `after-fix` as `AfterFix`.
    pub(crate) fn variant(&self, key: &'static str, of: &str) -> Result_ {
        Ok(format!("{of}::{}", camel(self.str(key)?)))
    }

    fn optional_variant(&self, key: &'static str, of: &str) -> Result_ {
        Ok(match self.get(key) {
            Some(_) => format!("Some({})", self.variant(key, of)?),
            None => "None".to_owned(),
        })
    }

    /// The everyday situations of a code: a cause is named by the number of its texts, and given by its place.
    fn situations(&self, id: &str, texts: &mut Texts) -> Result_ {
        let numbers: Vec<i64> = self.advice_numbers()?;
        let mut all = Vec::new();
        for (index, row) in self.below("situation")?.iter().enumerate() {
            let id = format!("{id}.situation.{}", index + 1);
            let cause = row.number("cause")?;
            let place = numbers.iter().position(|known| *known == cause);
            let place = place.ok_or_else(|| row.error("`cause` is the number of no advice"))?;
            all.push(format!(
                "Situation {{ when: {}, means: {}, commands: &{:?}, advice: {place} }}",
                row.text("when", &id, texts)?,
                row.text("means", &id, texts)?,
                row.strs("commands")?
            ));
            row.is_whole()?;
        }
        Ok(format!("&[{}]", all.join(", ")))
    }

    /// The numbers of the texts of its advice, in the order of the file.
    fn advice_numbers(&self) -> Result<Vec<i64>, String> {
        let rows = self.below("advice")?;
        let number = |(index, row): (usize, &Row<'_>)| match row.get("number") {
            // A row that moved keeps the number of its texts, and so their translations.
            Some(_) => row.number("number"),
            None => Ok(index as i64 + 1),
        };
        rows.iter().enumerate().map(number).collect()
    }

    /// Pairs of numbers.
    fn spans(&self, key: &'static str) -> Result_ {
        let Some(value) = self.get(key) else {
            return Ok("&[]".to_owned());
        };
        let span = |value: &toml::Value| match value.as_array()?.as_slice() {
            [from, to] => Some(format!("({}, {})", from.as_integer()?, to.as_integer()?)),
            _ => None,
        };
        let spans = value
            .as_array()
            .and_then(|list| list.iter().map(span).collect::<Option<Vec<_>>>());
        let spans = spans.ok_or_else(|| self.error(&format!("`{key}` is no list of pairs")))?;
        Ok(format!("&[{}]", spans.join(", ")))
    }

    pub(crate) fn sources(&self, texts: &mut Texts) -> Result_ {
        let sources = self.strs("sources")?.into_iter();
        let sources: Result<Vec<String>, String> =
            sources.map(|text| source(text, texts)).collect();
        Ok(format!(
            "&[{}]",
            sources.map_err(|error| self.error(&error))?.join(", ")
        ))
    }

    pub(crate) fn source(&self, texts: &mut Texts) -> Result_ {
        source(self.str("source")?, texts).map_err(|error| self.error(&error))
    }

    /// The rows of a list of tables below this one.
    pub(crate) fn below(&self, key: &'static str) -> Result<Vec<Row<'a>>, String> {
        let Some(list) = self.get(key) else {
            return Ok(Vec::new());
        };
        rows_of(list, key, &self.place)
    }

    /// Causes with their fixes.
    pub(crate) fn advice(&self, id: &str, texts: &mut Texts) -> Result_ {
        let mut all = Vec::new();
        let numbers = self.advice_numbers()?;
        for (row, number) in self.below("advice")?.iter().zip(numbers) {
            row.get("number");
            let text = |key: &'static str, texts: &mut Texts| {
                texts.add(
                    &format!("{id}.{key}.{number}"),
                    vec![row.str(key)?.to_owned()],
                )
            };
            let (cause, fix) = (text("cause", texts)?, text("fix", texts)?);
            let when = if row.get("codes").is_some() {
                format!("When::Codes({})", row.spans("codes")?)
            } else if row.get("about").is_some() {
                format!("When::About(&{:?})", row.strs("about")?)
            } else if row.get("fits").is_some() {
                row.variant("fits", "When")?
            } else if row.is("decode_frame")? {
                "When::DecodeFrame".to_owned()
            } else {
                "When::Always".to_owned()
            };
            let points_to = row.optional_variant("points_to", "PointsTo")?;
            let setting = row.optional_variant("setting", "Setting")?;
            row.is_whole()?;
            all.push(format!(
                "Advice {{ cause: {cause}, fix: {fix}, when: {when}, points_to: {points_to}, setting: {setting} }}"
            ));
        }
        Ok(format!("&[{}]", all.join(", ")))
    }

    fn words(&self, id: &str, texts: &mut Texts) -> Result_ {
        let meaning = self.text("meaning", id, texts)?;
        let first = self.optional_text("first", id, texts)?;
        let advice = self.advice(id, texts)?;
        Ok(format!(
            "Words {{ meaning: {meaning}, first: {first}, advice: {advice} }}"
        ))
    }

    /// Whether each of its keys was asked for.
    pub(crate) fn is_whole(&self) -> Result<(), String> {
        let asked = self.asked.borrow();
        match self.table.keys().find(|key| !asked.contains(key.as_str())) {
            Some(key) => Err(self.error(&format!("no such key: `{key}`"))),
            None => Ok(()),
        }
    }
}

fn rows_of<'a>(list: &'a toml::Value, key: &str, place: &str) -> Result<Vec<Row<'a>>, String> {
    let wrong = || format!("{place}: `{key}` is no list of tables");
    let list = list.as_array().ok_or_else(wrong)?;
    let row = |(index, value): (usize, &'a toml::Value)| {
        let table = value.as_table().ok_or_else(wrong)?;
        let name = ["id", "number", "title", "codes"]
            .iter()
            .find_map(|key| table.get(*key));
        let name = name.map_or_else(|| format!("{}", index + 1), toml::Value::to_string);
        Ok(Row::new(table, format!("{place}: {key} {name}")))
    };
    list.iter().enumerate().map(row).collect()
}

/// Calls `each` with the rows of a file in [`FACTS`].
fn each_row(
    file: &str,
    key: &'static str,
    mut each: impl FnMut(&Row<'_>) -> Result<(), String>,
) -> Result<(), String> {
    let path = Path::new(FACTS).join(file);
    let table = parse(&path)?;
    let top = Row::new(&table, path.display().to_string());
    for row in top.below(key)? {
        each(&row)?;
        row.is_whole()?;
    }
    top.is_whole()
}

/// A static list of rows.
pub(crate) fn list(source: &mut String, doc: &str, name: &str, of: &str, rows: &[String]) {
    let _ = writeln!(
        source,
        "/// {doc}\npub static {name}: [{of}; {}] = [\n    {},\n];",
        rows.len(),
        rows.join(",\n    ")
    );
}

/// `after-fix` as `AfterFix`.
pub(crate) fn camel(word: &str) -> String {
    let mut camel = String::new();
    for part in word.split(['-', '_']) {
        let mut letters = part.chars();
        camel.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        camel.extend(letters);
    }
    camel
}

/// `after-fix` as `AFTER_FIX`.
fn upper(word: &str) -> String {
    word.replace(['-', '.'], "_").to_ascii_uppercase()
}

/// The expression of a source: `RFC 6455 section 5.2`, `measured with ws 8`, `read in PLACE`.
pub(crate) fn source(text: &str, texts: &mut Texts) -> Result<String, String> {
    if text == "IANA" {
        return Ok("Source::Iana".to_owned());
    }
    if let Some(message) = text.strip_prefix("hybi ") {
        return Ok(format!("Source::Hybi({message:?})"));
    }
    if let Some(rest) = text.strip_prefix("RFC ") {
        if let Some((number, section)) = rest.split_once(" section ") {
            return Ok(format!("Source::Rfc({number}, {section:?})"));
        }
        if let Some((number, erratum)) = rest.split_once(" erratum ") {
            return Ok(format!("Source::Erratum({number}, {erratum})"));
        }
    }
    match text {
        "measured" => return Ok("Source::Measured(None)".to_owned()),
        "read in source" => return Ok("Source::Read(None)".to_owned()),
        _ => {}
    }
    if let Some(with) = text.strip_prefix("measured ") {
        let with = with.strip_prefix("with ").unwrap_or(with);
        return Ok(format!("Source::Measured(Some({with:?}))"));
    }
    for (prefix, variant, is_optional) in [
        ("read in ", "Read", true),
        ("documented in ", "Documented", false),
        ("reported in ", "Reported", false),
    ] {
        if let Some(place) = text.strip_prefix(prefix) {
            let place = texts.phrase(place)?;
            return Ok(match is_optional {
                true => format!("Source::{variant}(Some({place}))"),
                false => format!("Source::{variant}({place})"),
            });
        }
    }
    Err(format!(
        "`{text}` is no source; write `RFC NUMBER section N`, `IANA`, `measured`, `measured with VERSION`, \
         `read in PATH`, `documented in PLACE` or `reported in PLACE`"
    ))
}

fn codes(out: &mut String, texts: &mut Texts, vocabulary: &mut Vocabulary) -> Result<(), String> {
    let mut rows = Vec::new();
    each_row("codes.toml", "code", |row| {
        let number = row.number("number")?;
        let id = format!("code.{number}");
        let mut text = |key: &'static str| row.text(key, &id, texts);
        let phrases = format!(
            "Phrases {{ gist: {}, reconnect: {}, look_for: {}, choose: {}, diagnosis: {} }}",
            text("gist")?,
            text("how_to_reconnect")?,
            text("look_for")?,
            text("choose")?,
            text("diagnosis")?
        );
        let related: Vec<String> = row
            .get("related")
            .and_then(toml::Value::as_array)
            .into_iter()
            .flatten()
            .map(toml::Value::to_string)
            .collect();
        rows.push(format!(
            "Code {{ number: {number}, name: {:?}, registered_as: {:?}, aliases: &{:?}, on_wire: {}, sent_by: {}, \
             points_to: {}, arises_in: {}, reconnect: {}, related: &[{}], sources: {}, words: {}, situations: {}, phrases: {phrases} }}",
            row.str("name")?,
            row.optional_str("registered_as")?,
            row.strs("aliases")?,
            row.is("on_wire")?,
            row.variant("sent_by", "SentBy")?,
            row.variant("points_to", "PointsTo")?,
            row.variant("arises_in", "Layer")?,
            row.variant("reconnect", "Reconnect")?,
            related.join(", "),
            row.sources(texts)?,
            row.words(&id, texts)?,
            row.situations(&id, texts)?,
        ));
        let names = row.strs("aliases")?.into_iter().chain([row.str("name")?]);
        vocabulary.add(
            &number.to_string(),
            "Code",
            &format!("Means::Code({number})"),
            // Shorter ones, such as `error`, stand in any text.
            names
                .chain(row.optional_str("registered_as")?)
                .filter(|name| name.len() >= 8),
        );
        Ok(())
    })?;
    list(
        out,
        "All named codes, sorted by number.",
        "CODES",
        "Code",
        &rows,
    );
    Ok(())
}

fn ranges(out: &mut String, texts: &mut Texts) -> Result<(), String> {
    let mut rows = Vec::new();
    each_row("ranges.toml", "range", |row| {
        let (from, to) = (row.number("from")?, row.number("to")?);
        let id = format!("range.{from}-{to}");
        let mut text = |key: &'static str| row.text(key, &id, texts);
        let phrases = format!(
            "name: {}, wire: {}, gist: {}, look_for: {}, choose: {}, diagnosis: {}",
            text("name")?,
            text("wire")?,
            text("gist")?,
            text("look_for")?,
            text("choose")?,
            text("diagnosis")?
        );
        rows.push(format!(
            "Range {{ from: {from}, to: {to}, on_wire: {}, sources: {}, words: {}, {phrases} }}",
            row.is("on_wire")?,
            row.sources(texts)?,
            row.words(&id, texts)?
        ));
        Ok(())
    })?;
    list(
        out,
        "All ranges, in order, without a gap.",
        "RANGES",
        "Range",
        &rows,
    );
    Ok(())
}

fn pairs(out: &mut String, texts: &mut Texts) -> Result<(), String> {
    let mut rows = Vec::new();
    each_row("pairs.toml", "pair", |row| {
        let codes = row.get("codes").and_then(toml::Value::as_array);
        let codes = match codes.map(Vec::as_slice) {
            Some([one, other]) => [one.to_string(), other.to_string()],
            _ => return Err(row.error("`codes` are not two")),
        };
        let lines = row.strs("tell_apart")?.into_iter().enumerate();
        let lines: Result<Vec<String>, String> = lines
            .map(|(index, line)| {
                let id = format!("pair.{}.{}", codes.join("-"), index + 1);
                texts.add(&id, vec![line.to_owned()])
            })
            .collect();
        rows.push(format!(
            "Pair {{ codes: [{}], tell_apart: &[{}] }}",
            codes.join(", "),
            lines?.join(", ")
        ));
        Ok(())
    })?;
    list(
        out,
        "The pairs that people confuse.",
        "PAIRS",
        "Pair",
        &rows,
    );
    Ok(())
}

/// Advice that is no other row's, each a static of its own.
fn advice(
    out: &mut String,
    texts: &mut Texts,
    file: &str,
    key: &'static str,
    room: &str,
) -> Result<(), String> {
    let _ = writeln!(
        out,
        "#[allow(dead_code)]\npub(crate) mod {room} {{ use super::*;"
    );
    each_row(file, key, |row| {
        let id = row.str("id")?;
        let advice = row.advice(&format!("{room}.{id}"), texts)?;
        let _ = writeln!(
            out,
            "pub(crate) static {}: &[Advice] = {advice};",
            upper(id)
        );
        Ok(())
    })?;
    out.push_str("}\n");
    Ok(())
}

fn rules(out: &mut String, texts: &mut Texts) -> Result<(), String> {
    out.push_str("pub(crate) mod rule { use super::*;\n");
    each_row("rules.toml", "rule", |row| {
        let id = row.str("id")?;
        let text_id = format!("rule.{id}");
        let _ = writeln!(
            out,
            "pub(crate) const {}: RuleFacts = RuleFacts {{ id: {id:?}, title: {}, sources: {}, closes_with: {}, \
             note: {}, words: {} }};",
            upper(id),
            row.text("title", &text_id, texts)?,
            row.sources(texts)?,
            row.optional_number("closes_with")?,
            row.text("note", &text_id, texts)?,
            row.words(&text_id, texts)?
        );
        Ok(())
    })?;
    out.push_str("}\n");
    Ok(())
}

fn causes(out: &mut String, texts: &mut Texts) -> Result<(), String> {
    let (mut rows, mut variants) = (Vec::new(), String::new());
    each_row("causes.toml", "cause", |row| {
        let id = row.str("id")?;
        let text_id = format!("cause.{id}");
        let variant = camel(id);
        let _ = writeln!(
            variants,
            "    #[doc = {:?}]\n    {variant},",
            row.str("title")?
        );
        let source = match row.get("source") {
            Some(_) => format!("Some({})", row.source(texts)?),
            None => "None".to_owned(),
        };
        rows.push(format!(
            "CauseRow {{ cause: Cause::{variant}, id: {id:?}, aliases: &{:?}, title: {}, is_clean: {}, \
             points_to: {}, meaning: {}, source: {source}, advice: {} }}",
            row.strs("aliases")?,
            row.text("title", &text_id, texts)?,
            row.is("is_clean")?,
            row.variant("points_to", "PointsTo")?,
            row.optional_text("meaning", &text_id, texts)?,
            row.advice(&text_id, texts)?
        ));
        Ok(())
    })?;
    let _ = writeln!(
        out,
        "/// Why a connection ended, or never was.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]\n\
         #[non_exhaustive]\n\
         pub enum Cause {{\n{variants}}}"
    );
    list(
        out,
        "All causes, in the order of [`Cause`].",
        "CAUSES",
        "CauseRow",
        &rows,
    );
    Ok(())
}

fn statuses(out: &mut String, texts: &mut Texts) -> Result<(), String> {
    let mut rows = Vec::new();
    each_row("statuses.toml", "status", |row| {
        let of = row.spans("of")?;
        let id = format!(
            "status.{}",
            of.trim_matches(['&', '[', ']'])
                .replace([' ', '(', ')'], "")
        );
        let id = id.replace(',', "-");
        rows.push(format!(
            "Status {{ of: {of}, meaning: {}, advice: {} }}",
            row.text("says", &id, texts)?,
            row.advice(&id, texts)?
        ));
        Ok(())
    })?;
    list(
        out,
        "What statuses say; the first that holds one counts.",
        "STATUSES",
        "Status",
        &rows,
    );
    Ok(())
}

fn producers(
    out: &mut String,
    texts: &mut Texts,
    vocabulary: &mut Vocabulary,
) -> Result<(), String> {
    let (mut rows, mut names) = (Vec::new(), String::new());
    each_row("producers.toml", "producer", |row| {
        let id = row.str("id")?;
        let role = match row.optional_str("role")? {
            Some("client") => "ProducerRole::Client",
            Some("server") => "ProducerRole::Server",
            Some("proxy") => "ProducerRole::Proxy",
            None => "ProducerRole::Either",
            Some(_) => return Err(row.error("`role` is none of client, server and proxy")),
        };
        // One word is a name.
        let name = match row.str("name")? {
            name if name.contains(' ') => texts.phrase(name)?,
            name => format!("Text::Given({name:?})"),
        };
        let _ = writeln!(
            names,
            "pub(crate) static {}: &Producer = &super::PRODUCERS[{}];",
            upper(id),
            rows.len()
        );
        vocabulary.add(
            id,
            "Producer",
            &format!("Means::Producer(&PRODUCERS[{}])", rows.len()),
            row.strs("known_by")?,
        );
        rows.push(format!(
            "Producer {{ id: {id:?}, name: {name}, role: {role} }}"
        ));
        Ok(())
    })?;
    list(out, "All producers.", "PRODUCERS", "Producer", &rows);
    let _ = writeln!(
        out,
        "#[allow(dead_code)]\npub(crate) mod producer {{ use super::Producer;\n{names}}}"
    );
    Ok(())
}

fn shapes(out: &mut String, texts: &mut Texts) -> Result<(), String> {
    let mut rows = Vec::new();
    // The order in which shapes are tried.
    for family in [
        "python",
        "go",
        "rust",
        "javascript",
        "browser",
        "jvm",
        "others",
        "proxy",
    ] {
        each_row(&format!("shapes/{family}.toml"), "shape", |row| {
            let id = row.str("id")?;
            let event = if row.get("close").is_some() {
                let answer = match row.get("answer") {
                    Some(_) => row.variant("answer", "Answer")?,
                    None => "Answer::Untold".to_owned(),
                };
                format!(
                    "Event::Close {{ way: {}, answer: {answer} }}",
                    row.variant("close", "Way")?
                )
            } else if row.get("cause").is_some() {
                let shows = row.optional_number("shows")?;
                format!(
                    "Event::Cause {{ cause: {}, shows: {shows} }}",
                    row.variant("cause", "Cause")?
                )
            } else {
                format!(
                    "Event::Fault {{ rule: {:?}, sends: {}, shows: {} }}",
                    row.str("rule")?,
                    row.optional_number("sends")?,
                    row.optional_number("shows")?
                )
            };
            rows.push(format!(
                "Shape {{ id: {id:?}, producer: producer::{}, needles: &{:?}, patterns: &{:?}, event: {event}, \
                 note: {}, mostly: {}, is_common: {}, source: {}, example: {:?} }}",
                upper(row.str("producer")?),
                row.strs("needles")?,
                row.strs("patterns")?,
                row.optional_text("note", &format!("shape.{id}"), texts)?,
                row.optional_number("mostly")?,
                row.is("is_common")?,
                row.source(texts)?,
                row.str("example")?
            ));
            Ok(())
        })?;
    }
    list(
        out,
        "All shapes, in the order in which they are tried.",
        "SHAPES",
        "Shape",
        &rows,
    );
    Ok(())
}

fn services(out: &mut String, texts: &mut Texts) -> Result<(), String> {
    let mut rows = Vec::new();
    each_row("services.toml", "service", |row| {
        let title = row.str("title")?;
        let id = format!(
            "service.{}",
            title.to_ascii_lowercase().replace(['.', ' '], "-")
        );
        rows.push(format!(
            "WithoutCodes {{ title: {title:?}, also: &{:?}, instead: {}, source: {:?} }}",
            row.strs("also")?,
            row.text("instead", &id, texts)?,
            row.str("source")?
        ));
        Ok(())
    })?;
    list(
        out,
        "The services that are known to have none.",
        "WITHOUT_CODES",
        "WithoutCodes",
        &rows,
    );
    Ok(())
}

fn intermediaries(out: &mut String, texts: &mut Texts) -> Result<(), String> {
    let mut rows = Vec::new();
    each_row("intermediaries.toml", "intermediary", |row| {
        let name = row.str("id")?;
        let id = format!("intermediary.{name}");
        rows.push(format!(
            "Intermediary {{ id: {name:?}, title: {:?}, also: &{:?}, page: {:?}, timers: &{:?}, passes: {}, \
             refuses: {}, config: &{:?}, upgrade: {:?}, idle: {:?}, is_open: {}, source: {} }}",
            row.str("title")?,
            row.strs("also")?,
            row.optional_str("page")?,
            row.strs("timers")?,
            row.text("passes", &id, texts)?,
            row.optional_text("refuses", &id, texts)?,
            row.strs("config")?,
            row.optional_str("upgrade")?,
            row.optional_str("idle")?,
            row.is("is_open")?,
            row.source(texts)?
        ));
        Ok(())
    })?;
    list(
        out,
        "The intermediaries whose settings are known.",
        "INTERMEDIARIES",
        "Intermediary",
        &rows,
    );
    Ok(())
}

/// The vendors' registries, whose form is the user's too: the program reads that one at run time, and
/// a law holds the two readers to the same result.
fn vendors(out: &mut String, texts: &mut Texts, vocabulary: &mut Vocabulary) -> Result<(), String> {
    let mut registries = Vec::new();
    for path in files(&format!("{FACTS}/vendors"), "toml")? {
        let table = parse(&path)?;
        let top = Row::new(&table, path.display().to_string());
        let vendor = top.str("vendor")?;
        let title = top.optional_str("title")?.unwrap_or(vendor);
        let mut rows = Vec::new();
        for (key, is_band) in [("code", false), ("band", true)] {
            for row in top.below(key)? {
                let (from, to) = match is_band {
                    true => (row.number("from")?, row.number("to")?),
                    false => (row.number("code")?, row.number("code")?),
                };
                let id = match is_band {
                    true => format!("vendor.{vendor}.{from}-{to}"),
                    false => format!("vendor.{vendor}.{from}"),
                };
                let (causes, fixes) = (row.strs("causes")?, row.strs("fixes")?);
                if causes.len() != fixes.len() {
                    return Err(row.error("each cause has its fix at the same place"));
                }
                let mut advice = Vec::new();
                for (index, (cause, fix)) in causes.iter().zip(fixes).enumerate() {
                    let number = index + 1;
                    let cause =
                        texts.add(&format!("{id}.cause.{number}"), vec![(*cause).to_owned()])?;
                    let fix = texts.add(&format!("{id}.fix.{number}"), vec![fix.to_owned()])?;
                    advice.push(format!(
                        "Advice {{ cause: {cause}, fix: {fix}, when: When::Always, points_to: None, setting: None }}"
                    ));
                }
                let sent_by = match row.get("sent_by") {
                    Some(_) => row.variant("sent_by", "SentBy")?,
                    None => "SentBy::Server".to_owned(),
                };
                let is_vendors = match row.optional_str("reconnect_by")? {
                    None | Some("vendor") => true,
                    Some("us") => false,
                    Some(_) => return Err(row.error("`reconnect_by` is vendor or us")),
                };
                let rendered = format!(
                    "Registered {{ from: {from}, to: {to}, name: {:?}, words: Words {{ meaning: {}, first: None, advice: &[{}] }}, \
                     reconnect: {}, is_vendors_advice: {is_vendors}, sent_by: {sent_by} }}",
                    row.str("name")?,
                    row.text("meaning", &id, texts)?,
                    advice.join(", "),
                    row.variant("reconnect", "Reconnect")?
                );
                row.is_whole()?;
                rows.push((is_band, from, rendered));
            }
        }
        rows.sort_by_key(|(is_band, from, _)| (*is_band, *from));
        let rows: Vec<String> = rows.into_iter().map(|(_, _, row)| row).collect();
        let names = top.strs("also")?.into_iter().chain([vendor, title]);
        vocabulary.add(
            vendor,
            "Vendor",
            &format!("Means::Vendor({vendor:?})"),
            names.chain(top.strs("known_by")?),
        );
        // Those that are asked for most have a low number; the rest stand behind them.
        let known = match top.get("known") {
            Some(_) => top.number("known")?,
            None => i64::MAX,
        };
        let checked = top.get("checked").map(toml::Value::to_string);
        let checked = checked.as_deref().map(|date| date.trim_matches('"'));
        registries.push((
            known,
            format!(
                "Registry {{ vendor: {vendor:?}, title: {title:?}, also: &{:?}, protocol: {}, checked: {checked:?}, \
                 sources: &[Source::Vendor {{ title: {title:?}, url: {:?} }}], owner: Owner::Vendor, rows: &[\n        {}] }}",
                top.strs("also")?,
                top.optional_text("protocol", &format!("vendor.{vendor}"), texts)?,
                top.optional_str("url")?,
                rows.join(",\n        ")
            ),
        ));
        top.is_whole()?;
    }
    registries.sort();
    let registries: Vec<String> = registries
        .into_iter()
        .map(|(_, registry)| registry)
        .collect();
    list(
        out,
        "The vendors' registries, those that most people ask for first.",
        "VENDORS",
        "Registry",
        &registries,
    );
    Ok(())
}

/// The section and the id of each trial, in the order of the matrix.
pub(crate) fn trial_ids() -> Result<Vec<(String, String)>, String> {
    let mut ids = Vec::new();
    each_row("trials.toml", "trial", |row| {
        row.strs("rules")?;
        row.optional_str("what")?;
        ids.push((row.str("section")?.to_owned(), row.str("id")?.to_owned()));
        Ok(())
    })?;
    Ok(ids)
}

fn trials(out: &mut String, texts: &mut Texts) -> Result<(), String> {
    let mut rows = Vec::new();
    each_row("trials.toml", "trial", |row| {
        let (section, id) = (row.str("section")?, row.str("id")?);
        rows.push(format!(
            "Trial {{ section: Section::{}, id: {id:?}, code: {:?}, rules: &{:?}, what: {} }}",
            camel(section),
            id.parse::<u16>().ok(),
            row.strs("rules")?,
            row.optional_text("what", &format!("trial.{section}.{id}"), texts)?
        ));
        Ok(())
    })?;
    list(
        out,
        "All trials: the columns of the matrix, in this order.",
        "TRIALS",
        "Trial",
        &rows,
    );
    Ok(())
}
