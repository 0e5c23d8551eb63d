//! Turns the tables in `src/field/table` into static data.
//!
//! The tables are for people. What the program holds is one string with every text in it, once, and small
//! integers into it: nothing to relocate or to read at start-up. Done here and not committed, so that a table
//! and what the program knows cannot differ. A table that cannot be read stops the build with file and line.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "../src/field/cases.rs"]
#[allow(dead_code, unreachable_pub)]
mod cases;
#[path = "../src/field/outcome.rs"]
#[allow(dead_code, unreachable_pub)]
mod outcome;

use cases::{CASES, Section};
use outcome::Outcome;

const TABLES: &str = "src/field/table";

/// Writes `field.rs` into `out`.
pub(crate) fn write(out: &Path) -> Result<(), String> {
    println!("cargo::rerun-if-changed={TABLES}");
    println!("cargo::rerun-if-changed=src/field/cases.rs");
    println!("cargo::rerun-if-changed=src/field/outcome.rs");
    fs::write(out.join("field.rs"), generated()?).map_err(|error| error.to_string())
}

fn generated() -> Result<String, String> {
    let mut tables = Tables::default();
    let listed = fs::read_dir(TABLES).map_err(|error| format!("{TABLES}: {error}"))?;
    let mut paths: Vec<PathBuf> = listed
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    paths.sort();
    for path in &paths {
        tables.read(path)?;
    }
    tables.check()?;
    Ok(tables.source())
}

/// Every text once, in one string.
#[derive(Default)]
struct Texts {
    pool: String,
    starts: Vec<usize>,
    known: HashMap<String, usize>,
}

impl Texts {
    fn id(&mut self, text: &str) -> usize {
        if let Some(id) = self.known.get(text) {
            return *id;
        }
        let id = self.starts.len();
        self.starts.push(self.pool.len());
        self.pool.push_str(text);
        self.known.insert(text.to_owned(), id);
        id
    }
}

#[derive(Default)]
struct Implementation {
    id: String,
    name: String,
    language: String,
    known: Option<u16>,
    aliases: Vec<String>,
    surprises: Vec<[String; 2]>,
    limits: Vec<[String; 3]>,
    rows: Vec<Row>,
    place: String,
}

struct Row {
    version: String,
    role: &'static str,
    variant: String,
    source: String,
    cells: Vec<Option<Outcome>>,
    place: String,
}

#[derive(Default)]
struct Tables {
    implementations: Vec<Implementation>,
    timers: Vec<(Vec<String>, String)>,
    fingerprints: Vec<(Vec<String>, String)>,
    accidents: Vec<(Vec<String>, String)>,
}

impl Tables {
    fn read(&mut self, path: &Path) -> Result<(), String> {
        let text =
            fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let place = format!("{}:{}", path.display(), index + 1);
            let (key, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            self.line(key, rest.trim(), &place)
                .map_err(|error| format!("{place}: {error}"))?;
        }
        Ok(())
    }

    fn line(&mut self, key: &str, rest: &str, place: &str) -> Result<(), String> {
        match key {
            "implementation" => {
                if self.implementations.iter().any(|known| known.id == rest) {
                    return Err(format!("`{rest}` stands there twice"));
                }
                self.implementations.push(Implementation {
                    id: rest.to_owned(),
                    place: place.to_owned(),
                    ..Implementation::default()
                });
                return Ok(());
            }
            "timer" => {
                self.timers.push((fields(rest, 8)?, place.to_owned()));
                return Ok(());
            }
            "fingerprint" => {
                self.fingerprints.push((fields(rest, 5)?, place.to_owned()));
                return Ok(());
            }
            "accident" => {
                self.accidents.push((fields(rest, 3)?, place.to_owned()));
                return Ok(());
            }
            _ => {}
        }
        let Some(implementation) = self.implementations.last_mut() else {
            return Err(format!(
                "`{key}` stands before the first `implementation ID`"
            ));
        };
        implementation.line(key, rest, place)
    }

    /// What only the whole of the tables can tell.
    fn check(&mut self) -> Result<(), String> {
        for implementation in &self.implementations {
            let place = &implementation.place;
            if implementation.name.is_empty()
                || implementation.language.is_empty()
                || implementation.known.is_none()
                || implementation.rows.is_empty()
            {
                return Err(format!(
                    "{place}: `{}` needs a name, a language, known and a row",
                    implementation.id
                ));
            }
            for row in &implementation.rows {
                if row.source.is_empty() {
                    return Err(format!(
                        "{}: a row needs a source: `source measured DATE` or `source read in PATH`",
                        row.place
                    ));
                }
            }
        }
        self.implementations
            .sort_by(|one, other| (one.known, &one.id).cmp(&(other.known, &other.id)));
        let is_known = |id: &str| id == "-" || self.implementations.iter().any(|it| it.id == id);
        for (timer, place) in &self.timers {
            if timer[0].parse::<u32>().is_err() {
                return Err(format!("{place}: `{}` is no number of seconds", timer[0]));
            }
            if !["traffic", "open", "reload", "close"].contains(&timer[1].as_str()) {
                return Err(format!(
                    "{place}: `{}` is no start; write traffic, open, reload or close",
                    timer[1]
                ));
            }
            if !is_known(&timer[3]) {
                return Err(format!("{place}: no implementation `{}`", timer[3]));
            }
            codes(&timer[4]).map_err(|error| format!("{place}: {error}"))?;
        }
        for (fingerprint, place) in &self.fingerprints {
            codes(&fingerprint[1]).map_err(|error| format!("{place}: {error}"))?;
            for id in fingerprint[2].split(", ") {
                if !is_known(id) && !id.starts_with('=') {
                    return Err(format!(
                        "{place}: no implementation `{id}`; write =NAME for what has no row"
                    ));
                }
            }
        }
        for (accident, place) in &self.accidents {
            if accident[0].parse::<u16>().is_err() {
                return Err(format!("{place}: `{}` is no number of a code", accident[0]));
            }
        }
        Ok(())
    }

    fn source(&self) -> String {
        let mut texts = Texts::default();
        let mut outcomes: Vec<Outcome> = Vec::new();
        let mut implementations = String::new();
        let (mut rows, mut matrix) = (String::new(), String::new());
        let (mut surprises, mut limits) = (String::new(), String::new());
        let (mut row_count, mut surprise_count, mut limit_count) = (0, 0, 0);
        // Writing to a `String` cannot fail.
        for (index, it) in self.implementations.iter().enumerate() {
            let _ = writeln!(
                implementations,
                "    ImplementationData {{ id: {}, name: {}, language: {}, aliases: {}, surprises: ({surprise_count}, {}), limits: ({limit_count}, {}), rows: ({row_count}, {}) }},",
                texts.id(&it.id),
                texts.id(&it.name),
                texts.id(&it.language),
                texts.id(&it.aliases.join(", ")),
                surprise_count + it.surprises.len(),
                limit_count + it.limits.len(),
                row_count + it.rows.len(),
            );
            for [source, text] in &it.surprises {
                let _ = writeln!(surprises, "    [{}, {}],", texts.id(text), texts.id(source));
            }
            for [kind, text, source] in &it.limits {
                let _ = writeln!(
                    limits,
                    "    [{}, {}, {}],",
                    texts.id(kind),
                    texts.id(text),
                    texts.id(source)
                );
            }
            for row in &it.rows {
                let _ = writeln!(
                    rows,
                    "    RowData {{ implementation: {index}, version: {}, role: Role::{}, variant: {}, source: {} }},",
                    texts.id(&row.version),
                    row.role,
                    texts.id(&row.variant),
                    texts.id(&row.source)
                );
                let cells: Vec<String> = row
                    .cells
                    .iter()
                    .map(|cell| match cell {
                        None => "0".to_owned(),
                        Some(outcome) => {
                            let place = outcomes.iter().position(|known| known == outcome);
                            let place = place.unwrap_or_else(|| {
                                outcomes.push(*outcome);
                                outcomes.len() - 1
                            });
                            (place + 1).to_string()
                        }
                    })
                    .collect();
                let _ = writeln!(matrix, "    [{}],", cells.join(","));
            }
            row_count += it.rows.len();
            surprise_count += it.surprises.len();
            limit_count += it.limits.len();
        }
        let mut source = String::new();
        let count = self.implementations.len();
        let _ = writeln!(
            source,
            "static IMPLEMENTATIONS: [ImplementationData; {count}] = [\n{implementations}];"
        );
        let _ = writeln!(source, "static ROWS: [RowData; {row_count}] = [\n{rows}];");
        let _ = writeln!(
            source,
            "static MATRIX: [[u16; {}]; {row_count}] = [\n{matrix}];",
            CASES.len()
        );
        let _ = writeln!(
            source,
            "static SURPRISES: [[u16; 2]; {surprise_count}] = [\n{surprises}];"
        );
        let _ = writeln!(
            source,
            "static LIMITS: [[u16; 3]; {limit_count}] = [\n{limits}];"
        );
        let _ = writeln!(source, "static OUTCOMES: [Outcome; {}] = [", outcomes.len());
        for outcome in &outcomes {
            let _ = writeln!(
                source,
                "    Outcome {{ shown: Shown::{:?}, wire: Wire::{:?}, after: {:?} }},",
                outcome.shown, outcome.wire, outcome.after
            );
        }
        let _ = writeln!(source, "];");
        strings(&mut source, &mut texts, "TIMERS", 8, &self.timers);
        strings(
            &mut source,
            &mut texts,
            "FINGERPRINTS",
            5,
            &self.fingerprints,
        );
        strings(&mut source, &mut texts, "ACCIDENTS", 3, &self.accidents);
        let _ = writeln!(source, "static POOL: &str = {:?};", texts.pool);
        let mut ends: Vec<String> = texts.starts.iter().map(usize::to_string).collect();
        ends.push(texts.pool.len().to_string());
        let _ = writeln!(
            source,
            "static BOUNDS: [u32; {}] = [{}];",
            ends.len(),
            ends.join(", ")
        );
        source
    }
}

/// A table whose cells are all texts.
fn strings(
    source: &mut String,
    texts: &mut Texts,
    name: &str,
    width: usize,
    rows: &[(Vec<String>, String)],
) {
    let _ = writeln!(
        source,
        "static {name}: [[u16; {width}]; {}] = [",
        rows.len()
    );
    for (row, _) in rows {
        let ids: Vec<String> = row.iter().map(|text| texts.id(text).to_string()).collect();
        let _ = writeln!(source, "    [{}],", ids.join(", "));
    }
    let _ = writeln!(source, "];");
}

impl Implementation {
    fn line(&mut self, key: &str, rest: &str, place: &str) -> Result<(), String> {
        match key {
            "name" => self.name = rest.to_owned(),
            "language" => self.language = rest.to_owned(),
            "known" => {
                let known = rest.parse().map_err(|_| format!("`{rest}` is no number"))?;
                self.known = Some(known);
            }
            "aliases" => {
                self.aliases = rest
                    .split(',')
                    .map(|alias| alias.trim().to_owned())
                    .collect()
            }
            "surprise" => {
                let fields = fields(rest, 2)?;
                is_source(&fields[0])?;
                self.surprises.push([fields[0].clone(), fields[1].clone()]);
            }
            "limit" => {
                let fields = fields(rest, 3)?;
                is_source(&fields[2])?;
                if !["message", "ping", "idle", "close", "open", "life"]
                    .contains(&fields[0].as_str())
                {
                    return Err(format!(
                        "`{}` is no kind of limit; write message, ping, idle, close, open or life",
                        fields[0]
                    ));
                }
                self.limits
                    .push([fields[0].clone(), fields[1].clone(), fields[2].clone()]);
            }
            "row" => {
                let mut fields = rest.split('|').map(str::trim);
                let (version, role) = (fields.next().unwrap_or(""), fields.next().unwrap_or(""));
                let role = match role {
                    "client" => "Client",
                    "server" => "Server",
                    "both" => "Both",
                    "proxy" => "Proxy",
                    _ => {
                        return Err(format!(
                            "`{role}` is no role; write client, server, both or proxy"
                        ));
                    }
                };
                self.rows.push(Row {
                    version: version.to_owned(),
                    role,
                    variant: fields.next().unwrap_or("").to_owned(),
                    source: String::new(),
                    cells: vec![None; CASES.len()],
                    place: place.to_owned(),
                });
            }
            "source" => {
                is_source(rest)?;
                self.last_row(key)?.source = rest.to_owned();
            }
            _ => {
                let section = CASES
                    .iter()
                    .map(|case| case.section)
                    .find(|section| section.id() == key);
                let Some(section) = section else {
                    return Err(format!(
                        "`{key}` is no key; README.md beside the tables lists them"
                    ));
                };
                self.last_row(key)?.cells(section, rest)?;
            }
        }
        Ok(())
    }

    fn last_row(&mut self, key: &str) -> Result<&mut Row, String> {
        self.rows
            .last_mut()
            .ok_or_else(|| format!("`{key}` stands before the first `row` of its implementation"))
    }
}

impl Row {
    /// Reads an outcome and the cases that it belongs to.
    fn cells(&mut self, section: Section, rest: &str) -> Result<(), String> {
        let mut words = rest.split_whitespace();
        let outcome = Outcome::parse(words.next().unwrap_or(""))?;
        let mut is_used = false;
        for word in words {
            let mut is_case = false;
            for (index, case) in CASES.iter().enumerate() {
                if case.section == section && names(word, case.id) {
                    is_case = true;
                    let cell = &mut self.cells[index];
                    if cell.is_some_and(|cell| cell != outcome) {
                        return Err(format!("`{} {}` has two outcomes", section.id(), case.id));
                    }
                    *cell = Some(outcome);
                }
            }
            if !is_case {
                return Err(format!("no case `{word}` in `{}`", section.id()));
            }
            is_used = true;
        }
        if is_used {
            Ok(())
        } else {
            Err("an outcome needs at least one case behind it".to_owned())
        }
    }
}

/// Whether `word`, a name or numbers such as `1000-1003`, names the case `id`.
fn names(word: &str, id: &str) -> bool {
    if word == id {
        return true;
    }
    let number = |text: &str| text.parse::<u16>().ok();
    let span = word
        .split_once('-')
        .and_then(|(from, to)| Some((number(from)?, number(to)?)));
    match (span, number(id)) {
        (Some((from, to)), Some(id)) => (from..=to).contains(&id),
        _ => false,
    }
}

fn fields(rest: &str, count: usize) -> Result<Vec<String>, String> {
    let fields: Vec<String> = rest
        .split(" | ")
        .map(|field| field.trim().to_owned())
        .collect();
    if fields.len() == count && fields.iter().all(|field| !field.is_empty()) {
        Ok(fields)
    } else {
        Err(format!(
            "{count} fields with ` | ` between them are needed, and `-` for one that is empty"
        ))
    }
}

fn is_source(text: &str) -> Result<(), String> {
    let starts = ["measured", "read in ", "documented in ", "reported in "];
    if starts.iter().any(|start| text.starts_with(start)) {
        Ok(())
    } else {
        Err(format!(
            "`{text}` is no source; write `measured`, `read in PATH`, `documented in PLACE` or `reported in PLACE`"
        ))
    }
}

fn codes(text: &str) -> Result<(), String> {
    if text == "-"
        || text
            .split(' ')
            .all(|code| code == "empty" || code.parse::<u16>().is_ok())
    {
        Ok(())
    } else {
        Err(format!("`{text}` is no list of codes; write `1006 1001`"))
    }
}
