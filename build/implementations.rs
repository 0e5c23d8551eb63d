//! Turns the tables in `src/facts/implementations` into static data.
//!
//! A table is a file of lines that people read and write, for a matrix of trials is hard to read in
//! TOML. A line that cannot be read stops the build with file and line.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

#[path = "../src/facts/field/outcome.rs"]
#[allow(dead_code, unreachable_pub)]
mod outcome;

use outcome::Outcome;

use crate::rows::{camel, files, source, trial_ids};
use crate::texts::Texts;

const TABLES: &str = "src/facts/implementations";

/// Writes `implementations.rs` into `out`.
pub(crate) fn write(out: &Path, texts: &mut Texts) -> Result<(), String> {
    println!("cargo::rerun-if-changed=src/facts/field/outcome.rs");
    let mut tables = Tables {
        trials: trial_ids()?,
        ..Tables::default()
    };
    for path in files(TABLES, "txt")? {
        tables.read(&path)?;
    }
    tables.check()?;
    let source = tables.source(texts)?;
    fs::write(out.join("implementations.rs"), source).map_err(|error| error.to_string())
}

#[derive(Default)]
struct Implementation {
    id: String,
    name: String,
    language: String,
    known: Option<u16>,
    aliases: Vec<String>,
    surprises: Vec<Statement>,
    limits: Vec<Statement>,
    rows: Vec<Row>,
    place: String,
}

/// What is said of an implementation. Of a limit also what it limits, its setting, and what of a message it counts.
#[derive(Default)]
struct Statement {
    text: String,
    source: String,
    limit: String,
    setting: String,
    counts: String,
}

struct Row {
    version: String,
    role: &'static str,
    variant: String,
    source: String,
    cells: Vec<Option<Outcome>>,
    place: String,
}

/// The fields of a line, the lines below it, and where it stands.
struct Line {
    fields: Vec<String>,
    cause: Option<String>,
    fix: Option<String>,
    /// Where the fault is then, where the code does not say so.
    points: Option<String>,
    place: String,
}

#[derive(Default)]
struct Tables {
    /// The section and the id of each trial.
    trials: Vec<(String, String)>,
    implementations: Vec<Implementation>,
    timers: Vec<Line>,
    fingerprints: Vec<Line>,
    accidents: Vec<Line>,
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
            "timer" | "fingerprint" | "accident" => {
                let (lines, count) = match key {
                    "timer" => (&mut self.timers, 8),
                    "fingerprint" => (&mut self.fingerprints, 5),
                    _ => (&mut self.accidents, 3),
                };
                lines.push(Line {
                    fields: fields(rest, count)?,
                    cause: None,
                    fix: None,
                    points: None,
                    place: place.to_owned(),
                });
                return Ok(());
            }
            "cause" | "fix" | "points" => {
                let Some(line) = self.fingerprints.last_mut() else {
                    return Err(format!("`{key}` stands below no fingerprint"));
                };
                match key {
                    "cause" => line.cause = Some(rest.to_owned()),
                    "points" => line.points = Some(rest.to_owned()),
                    _ => line.fix = Some(rest.to_owned()),
                }
                return Ok(());
            }
            _ => {}
        }
        let Some(implementation) = self.implementations.last_mut() else {
            return Err(format!(
                "`{key}` stands before the first `implementation ID`"
            ));
        };
        implementation.line(key, rest, place, &self.trials)
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
        for Line { fields, place, .. } in &self.timers {
            if seconds_of(&fields[0]).is_none() {
                return Err(format!(
                    "{place}: `{}` is no number of seconds, and no range such as 30-40",
                    fields[0]
                ));
            }
            if !["traffic", "open", "reload", "close"].contains(&fields[1].as_str()) {
                return Err(format!(
                    "{place}: `{}` is no start; write traffic, open, reload or close",
                    fields[1]
                ));
            }
            if !is_known(&fields[3]) {
                return Err(format!("{place}: no implementation `{}`", fields[3]));
            }
        }
        for line in &self.fingerprints {
            let place = &line.place;
            for id in line.fields[2].split(", ") {
                if !is_known(id) && !id.starts_with('=') {
                    return Err(format!(
                        "{place}: no implementation `{id}`; write =NAME for what has no row"
                    ));
                }
            }
            if line.cause.is_some() != line.fix.is_some() {
                return Err(format!("{place}: a cause has its fix, and a fix its cause"));
            }
        }
        for Line { fields, place, .. } in &self.accidents {
            if fields[0].parse::<u16>().is_err() {
                return Err(format!("{place}: `{}` is no number of a code", fields[0]));
            }
        }
        Ok(())
    }

    fn source(&self, texts: &mut Texts) -> Result<String, String> {
        let mut outcomes: Vec<Outcome> = Vec::new();
        let (mut implementations, mut rows, mut matrix) = (Vec::new(), Vec::new(), Vec::new());
        for (index, it) in self.implementations.iter().enumerate() {
            let at = |error| format!("{}: {error}", it.place);
            let mut statements = |kind: &str, found: &[Statement]| -> Result<String, String> {
                let mut all = Vec::new();
                for (number, statement) in found.iter().enumerate() {
                    let words = &statement.text;
                    let is_phrase = texts.phrase(words)?.starts_with("Text::Ours");
                    let text = match is_phrase {
                        true => texts.add(
                            &format!("implementation.{}.{kind}.{}", it.id, number + 1),
                            vec![words.clone()],
                        )?,
                        false => format!("Text::Given({words:?})"),
                    };
                    let variant = |of: &str, word: &str| match word {
                        "" => "None".to_owned(),
                        word => format!("Some({of}::{})", camel(word)),
                    };
                    let setting = match statement.setting.as_str() {
                        "" | "none" => "None".to_owned(),
                        setting => format!("Some({})", texts.phrase(setting)?),
                    };
                    all.push(format!(
                        "Statement {{ limit: {}, text: {text}, setting: {setting}, counts: {}, numbers: &{:?}, source: {} }}",
                        variant("Limit", &statement.limit),
                        variant("Counts", &statement.counts),
                        numbers_in(words),
                        source(&statement.source, texts)?
                    ));
                }
                Ok(format!("&[{}]", all.join(", ")))
            };
            let surprises = statements("surprise", &it.surprises).map_err(at)?;
            let limits = statements("limit", &it.limits).map_err(at)?;
            implementations.push(format!(
                "ImplementationData {{ id: {:?}, name: {:?}, language: {:?}, aliases: &{:?}, surprises: {surprises}, \
                 limits: {limits}, rows: ({}, {}) }}",
                it.id,
                it.name,
                it.language,
                it.aliases,
                rows.len(),
                rows.len() + it.rows.len(),
            ));
            for row in &it.rows {
                let variant = match row.variant.as_str() {
                    "" => "None".to_owned(),
                    variant => format!("Some({})", texts.phrase(variant)?),
                };
                rows.push(format!(
                    "RowData {{ implementation: {index}, version: {}, role: Role::{}, variant: {variant}, source: {} }}",
                    version(&row.version, texts)?,
                    row.role,
                    source(&row.source, texts)?
                ));
                let mut cells = Vec::new();
                for cell in &row.cells {
                    let place = cell.map(|outcome| {
                        let place = outcomes.iter().position(|known| *known == outcome);
                        place.unwrap_or_else(|| {
                            outcomes.push(outcome);
                            outcomes.len() - 1
                        }) + 1
                    });
                    cells.push(place.unwrap_or(0).to_string());
                }
                matrix.push(format!("[{}]", cells.join(",")));
            }
        }
        let mut out = String::new();
        list(
            &mut out,
            "IMPLEMENTATIONS",
            "ImplementationData",
            &implementations,
        );
        list(&mut out, "ROWS", "RowData", &rows);
        list(
            &mut out,
            "MATRIX",
            &format!("[u16; {}]", self.trials.len()),
            &matrix,
        );
        let outcomes: Vec<String> = outcomes
            .iter()
            .map(|outcome| {
                format!(
                    "Outcome {{ api: Api::{:?}, wire: Wire::{:?}, after: {:?} }}",
                    outcome.api, outcome.wire, outcome.after
                )
            })
            .collect();
        list(&mut out, "OUTCOMES", "Outcome", &outcomes);
        self.timers_source(&mut out, texts)?;
        self.fingerprints_source(&mut out, texts)?;
        let mut accidents = Vec::new();
        for Line { fields, .. } in &self.accidents {
            let id = format!("accident.{}", fields[0]);
            accidents.push(format!(
                "({}, {})",
                fields[0],
                texts.add(&id, vec![fields[1].clone()])?
            ));
        }
        list(&mut out, "ACCIDENTS", "(u16, Text)", &accidents);
        Ok(out)
    }

    fn timers_source(&self, out: &mut String, texts: &mut Texts) -> Result<(), String> {
        let mut rows = Vec::new();
        for Line { fields, place, .. } in &self.timers {
            let [
                seconds,
                from,
                who,
                implementation,
                codes,
                setting,
                change,
                from_where,
            ] = fields.as_slice()
            else {
                return Err(format!("{place}: a timer has eight fields"));
            };
            // One word is a name.
            let who = match who.contains(' ') {
                true => texts.phrase(who)?,
                false => format!("Text::Given({who:?})"),
            };
            let setting = match setting.as_str() {
                "-" | "none" => "None".to_owned(),
                setting => format!("Some({})", texts.phrase(setting)?),
            };
            let (seconds, most) = seconds_of(seconds).unwrap_or_default();
            rows.push(format!(
                "Timer {{ seconds: {seconds}, most: {most}, from: From::{}, who: {who}, implementation: {}, codes: {}, setting: {setting}, \
                 change: {}, source: {} }}",
                camel(from),
                self.place_of(implementation),
                codes_of(codes).map_err(|error| format!("{place}: {error}"))?,
                texts.phrase(change)?,
                source(from_where, texts).map_err(|error| format!("{place}: {error}"))?
            ));
        }
        list(out, "TIMERS", "Timer", &rows);
        Ok(())
    }

    fn fingerprints_source(&self, out: &mut String, texts: &mut Texts) -> Result<(), String> {
        let mut rows = Vec::new();
        for (index, line) in self.fingerprints.iter().enumerate() {
            let [pattern, codes, who, says, from_where] = line.fields.as_slice() else {
                return Err(format!("{}: a fingerprint has five fields", line.place));
            };
            let senders: Vec<String> = who
                .split(", ")
                .map(|id| match id.strip_prefix('=') {
                    Some(name) => format!("{name:?}"),
                    None => {
                        let mut all = self.implementations.iter();
                        let name = all.find(|it| it.id == id).map_or(id, |it| &it.name);
                        format!("{name:?}")
                    }
                })
                .collect();
            let says = match says.as_str() {
                "-" => "None".to_owned(),
                says => format!("Some({})", texts.phrase(says)?),
            };
            let advice = match (&line.cause, &line.fix) {
                (Some(cause), Some(fix)) => {
                    let id = format!("reason.{}", index + 1);
                    let points_to = match &line.points {
                        Some(points) => format!("Some(PointsTo::{})", camel(points)),
                        None => "None".to_owned(),
                    };
                    format!(
                        "Some(Advice {{ cause: {}, fix: {}, when: When::Always, points_to: {points_to}, setting: None }})",
                        texts.add(&format!("{id}.cause"), vec![cause.clone()])?,
                        texts.add(&format!("{id}.fix"), vec![fix.clone()])?
                    )
                }
                _ => "None".to_owned(),
            };
            let place = &line.place;
            rows.push(format!(
                "Fingerprint {{ pattern: {pattern:?}, codes: {}, senders: &[{}], meaning: {says}, advice: {advice}, source: {} }}",
                codes_of(codes).map_err(|error| format!("{place}: {error}"))?,
                senders.join(", "),
                source(from_where, texts).map_err(|error| format!("{place}: {error}"))?
            ));
        }
        list(out, "FINGERPRINTS", "Fingerprint", &rows);
        Ok(())
    }

    /// The place of an implementation, as it is written in a row.
    fn place_of(&self, id: &str) -> String {
        let mut all = self.implementations.iter();
        match all.position(|it| it.id == id) {
            Some(place) => format!("Some({place})"),
            None => "None".to_owned(),
        }
    }
}

/// The numbers that a statement names.
fn numbers_in(text: &str) -> Vec<i32> {
    let is_part = |letter: char| letter.is_ascii_digit() || letter == '-';
    let words = text.split(|letter: char| !is_part(letter));
    words.filter_map(|word| word.parse().ok()).collect()
}

fn list(out: &mut String, name: &str, of: &str, rows: &[String]) {
    let _ = writeln!(
        out,
        "static {name}: [{of}; {}] = [\n    {},\n];",
        rows.len(),
        rows.join(",\n    ")
    );
}

/// A version, of which some are said in words: `1.2 and later`, `1.2 on Jetty 9`.
fn version(text: &str, texts: &mut Texts) -> Result<String, String> {
    if let Some(first) = text.strip_suffix(" and later") {
        return Ok(format!("Version::AndLater({first:?})"));
    }
    if let Some((version, library)) = text.split_once(" on ") {
        return Ok(format!("Version::On({version:?}, {library:?})"));
    }
    if text.contains(" (") {
        // In brackets stand the names of other libraries.
        return Ok(format!("Version::Said(Text::Given({text:?}))"));
    }
    Ok(format!("Version::Said({})", texts.phrase(text)?))
}

/// How long a timer runs, at least and at most: `30`, `30-40`.
fn seconds_of(text: &str) -> Option<(u32, u32)> {
    let (least, most) = text.split_once('-').unwrap_or((text, text));
    let (least, most) = (least.parse().ok()?, most.parse().ok()?);
    (least <= most).then_some((least, most))
}

/// A list of codes, in which `empty` is what an empty Close is reported as.
fn codes_of(text: &str) -> Result<String, String> {
    if text == "-" {
        return Ok("&[]".to_owned());
    }
    let code = |code: &str| match code {
        "empty" => Some(1005),
        code => code.parse::<u16>().ok(),
    };
    let codes: Option<Vec<u16>> = text.split(' ').map(code).collect();
    match codes {
        Some(mut codes) => {
            codes.dedup();
            Ok(format!("&{codes:?}"))
        }
        None => Err(format!("`{text}` is no list of codes; write `1006 1001`")),
    }
}

/// A limit: what it limits, how it is unless set, its setting, of a message what it counts, and the source.
fn limit(rest: &str) -> Result<Statement, String> {
    let is_of_messages = rest.starts_with("message");
    let fields = fields(rest, if is_of_messages { 5 } else { 4 })?;
    let (kind, from) = (&fields[0], &fields[fields.len() - 1]);
    is_source(from)?;
    if !["message", "ping", "idle", "close", "open", "life"].contains(&kind.as_str()) {
        return Err(format!(
            "`{kind}` is no kind of limit; write message, ping, idle, close, open or life"
        ));
    }
    let counts = match is_of_messages {
        true => fields[3].clone(),
        false => String::new(),
    };
    if is_of_messages && !["message", "inflated", "wire", "frame"].contains(&counts.as_str()) {
        return Err(format!(
            "`{counts}` is nothing that a limit counts; write message, inflated, wire or frame"
        ));
    }
    Ok(Statement {
        text: fields[1].clone(),
        source: from.clone(),
        limit: kind.clone(),
        setting: fields[2].clone(),
        counts,
    })
}

impl Implementation {
    fn line(
        &mut self,
        key: &str,
        rest: &str,
        place: &str,
        trials: &[(String, String)],
    ) -> Result<(), String> {
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
                self.surprises.push(Statement {
                    text: fields[1].clone(),
                    source: fields[0].clone(),
                    ..Statement::default()
                });
            }
            "limit" => self.limits.push(limit(rest)?),
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
                    cells: vec![None; trials.len()],
                    place: place.to_owned(),
                });
            }
            "source" => {
                is_source(rest)?;
                self.last_row(key)?.source = rest.to_owned();
            }
            _ => {
                if !trials.iter().any(|(section, _)| section == key) {
                    return Err(format!(
                        "`{key}` is no key; README.md beside the tables lists them"
                    ));
                }
                self.last_row(key)?.cells(key, rest, trials)?;
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
    /// Reads an outcome and the trials that it belongs to.
    fn cells(
        &mut self,
        section: &str,
        rest: &str,
        trials: &[(String, String)],
    ) -> Result<(), String> {
        let mut words = rest.split_whitespace();
        let outcome = Outcome::parse(words.next().unwrap_or(""))?;
        let mut is_used = false;
        for word in words {
            let mut is_trial = false;
            for (index, (of, id)) in trials.iter().enumerate() {
                if of == section && names(word, id) {
                    is_trial = true;
                    let cell = &mut self.cells[index];
                    if cell.is_some_and(|cell| cell != outcome) {
                        return Err(format!("`{section} {id}` has two outcomes"));
                    }
                    *cell = Some(outcome);
                }
            }
            if !is_trial {
                return Err(format!("no trial `{word}` in `{section}`"));
            }
            is_used = true;
        }
        if is_used {
            Ok(())
        } else {
            Err("an outcome needs at least one trial behind it".to_owned())
        }
    }
}

/// Whether `word`, a name or numbers such as `1000-1003`, names the trial `id`.
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
