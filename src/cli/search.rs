//! `search`: rank postings by words, narrowed by filters, counted by facets.

use std::collections::BTreeSet;
use std::io::Write;
use std::time::Instant;

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use serde_json::{Map, Value, json as value};

use super::Status;
use super::env::{Env, write_json};
use super::facets::{FacetSortArg, not_found, parse_facet};
use super::filters::FilterArgs;
use crate::query::language::{Context, explain, filter_lines};
use crate::query::{
    Advice, Engine, Filter, Question, RareWord, SearchAnswer, SearchRequest, Sort, TextQuery,
    first_asked_at,
};
use crate::render::rows::{HIT_FIELDS, USUAL_FIELDS, row};
use crate::render::{Format, csv, json, markdown, table};

/// Words that are named of those that no posting has.
const MOST_NAMED: usize = 8;

/// Pieces of text that `--highlight` shows.
const HIGHLIGHTS: usize = 3;

#[derive(Debug, Clone, clap::Args)]
pub(super) struct SearchArgs {
    /// Words and conditions: data engineer "event sourcing" -php kub* postgre~ (kafka OR nats) skill:rust salary:>70k
    #[arg(value_name = "QUERY", allow_hyphen_values = true, value_parser = query_text)]
    query: Option<String>,
    #[command(flatten)]
    how: QueryArgs,
    #[command(flatten)]
    filters: FilterArgs,
    /// A facet to count, such as company or skill=database; repeat for more
    #[arg(long = "facet", value_name = "NAME[=PREFIX]")]
    facets: Vec<String>,
    /// Only values with this in their label, in every facet; of skills, anywhere below the branch
    #[arg(long, value_name = "TEXT", requires = "facets")]
    contains: Option<String>,
    /// Values a facet shows
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = 10
    )]
    facet_limit: usize,
    /// Order of a facet's values
    #[arg(long, value_name = "ORDER", default_value = "count")]
    facet_sort: FacetSortArg,
    /// Summarise what is found: salary gives quantiles of yearly pay
    #[arg(long, value_name = "FIELD")]
    stats: Option<StatsArg>,
    /// Order of hits; by salary, numbers a year are compared whatever their currency
    #[arg(long, value_name = "ORDER", default_value = "relevance")]
    sort: SortArg,
    /// Let newer postings come earlier among those that fit alike
    #[arg(long)]
    fresh: bool,
    /// Hits to show
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = 10
    )]
    limit: usize,
    /// Hits to leave out first
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = 0
    )]
    offset: usize,
    /// Go on behind an earlier answer: its `next`
    #[arg(long, value_name = "CURSOR", conflicts_with = "offset")]
    after: Option<String>,
    /// Only say how many there are
    #[arg(long)]
    count: bool,
    /// One hit a group of copies (the default)
    #[arg(long, overrides_with = "no_group")]
    group: bool,
    /// Every copy by itself
    #[arg(long)]
    no_group: bool,
    /// Take scores apart
    #[arg(long)]
    explain: bool,
    /// Say how the query is understood, and search nothing
    #[arg(long)]
    explain_query: bool,
    /// Mark the words in the title too, and show more pieces of the text
    #[arg(long)]
    highlight: bool,
    /// Show only these fields of a hit: id,title,company …
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',')]
    fields: Vec<String>,
}

/// How a query is read.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(super) struct QueryArgs {
    /// Make the best of a query that cannot be read
    #[arg(long)]
    lenient: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum SortArg {
    Relevance,
    Date,
    Salary,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum StatsArg {
    Salary,
}

/// A query may begin with `-word`; `--word` is an option that does not exist.
pub(super) fn query_text(text: &str) -> Result<String, String> {
    match text.starts_with("--") {
        true => Err("there is no such option; `--help` lists them".to_owned()),
        false => Ok(text.to_owned()),
    }
}

impl QueryArgs {
    /// What a query means, as it is or as well as it goes.
    pub(super) fn read(self, text: Option<&str>, env: &Env) -> anyhow::Result<Question> {
        let Some(text) = text else {
            return Ok(Question::default());
        };
        let context = Context {
            taxonomy: &env.taxonomy,
            now: env.now,
        };
        if !self.lenient {
            let read = TextQuery::parse(text).and_then(|query| query.resolve(context));
            return read.context("cannot read the query (`--lenient` makes the best of it)");
        }
        let (query, forgiven) = TextQuery::parse_leniently(text);
        let (question, meaningless) = query.resolve_leniently(context);
        for error in forgiven.into_iter().chain(meaningless) {
            env.note(&format!("left out: {error}"));
        }
        Ok(question)
    }
}

impl SearchArgs {
    /// Whatever can be wrong with the arguments comes to light here, before the
    /// index is asked.
    fn into_request(self, env: &Env) -> anyhow::Result<SearchRequest> {
        let mut facets = Vec::new();
        for facet in &self.facets {
            let mut request = parse_facet(facet, self.facet_limit, &env.taxonomy)?;
            request.contains.clone_from(&self.contains);
            request.order = self.facet_sort.into();
            facets.push(request);
        }
        Ok(SearchRequest {
            question: self.how.read(self.query.as_deref(), env)?,
            filter: self.filters.into_filter(env)?,
            facets,
            pay: self.stats.is_some(),
            sort: match self.sort {
                SortArg::Relevance => Sort::Relevance,
                SortArg::Date => Sort::Date,
                SortArg::Salary => Sort::Salary,
            },
            now: env.now,
            fresh_at: self.fresh.then_some(env.now),
            ungrouped: self.no_group && !self.group,
            explain: self.explain,
            n_pieces: if self.highlight { HIGHLIGHTS } else { 1 },
            limit: if self.count { 0 } else { self.limit },
            offset: self.offset,
            after: self.after,
        })
    }

    /// Today; on a later page, when the first was asked for.
    pub(super) fn asked_at(&self, now: Timestamp) -> anyhow::Result<Timestamp> {
        match &self.after {
            Some(cursor) => Ok(first_asked_at(cursor)?),
            None => Ok(now),
        }
    }

    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let has = [
            Format::Table,
            Format::Json,
            Format::Jsonl,
            Format::Csv,
            Format::Tsv,
            Format::Markdown,
        ];
        let format = env.format(&has, Format::Jsonl)?;
        let (explain_query, view) = (
            self.explain_query,
            View {
                fields: fields(&self.fields)?,
                is_count: self.count,
                is_highlighted: self.highlight,
            },
        );
        let contains = self.contains.clone();
        let request = self.into_request(env)?;
        if explain_query {
            return understood(&request, format, env, out);
        }
        let engine = env.engine()?;
        let started = Instant::now();
        let answer = engine.search(&request)?;
        let took_ms = started.elapsed().as_secs_f64() * 1000.0;
        let is_told = !env.is_quiet() || format == Format::Json;
        let advice = match answer.n_groups {
            0 if is_told => Some(engine.advice(&request.question, &request.filter)?),
            _ => None,
        };
        view.write(
            &answer,
            advice.as_ref(),
            &request,
            format,
            took_ms,
            env,
            out,
        )?;
        let currencies = mixed_currencies(&answer, &request);
        if let (Some(first), true) = (currencies.first(), currencies.len() > 1) {
            let all: Vec<&str> = currencies.iter().map(String::as_str).collect();
            env.note(&format!(
                "pay in {} is compared as bare numbers; `--min-salary '1 {first}'` keeps to one currency",
                all.join(", ")
            ));
        }
        for counts in &answer.facets {
            not_found(counts, contains.as_deref(), env);
        }
        if let Some(relaxed) = answer.relaxed {
            let all = match relaxed.of {
                2 => "both".to_owned(),
                n => format!("all {n}"),
            };
            env.note(&format!(
                "few postings have {all} words; these have at least {} of them",
                relaxed.have
            ));
            if !env.is_quiet() {
                rare(&engine.rare_words(&request.question)?, env);
            }
        }
        if let Some(advice) = advice {
            advise(&advice, env);
        }
        Ok(match answer.n_groups {
            0 => Status::Nothing,
            _ => Status::Answer,
        })
    }
}

/// The currencies of hits that are in the order of their pay, unless one is asked for.
fn mixed_currencies(answer: &SearchAnswer, request: &SearchRequest) -> BTreeSet<String> {
    let filters = [&request.filter, &request.question.filter];
    let asked = |filter: &&Filter| {
        let mut amounts = filter.min_salary.iter().chain(&filter.max_salary);
        amounts.any(|amount| amount.currency.is_some())
    };
    if !matches!(request.sort, Sort::Salary) || filters.iter().any(asked) {
        return BTreeSet::new();
    }
    let salaries = answer
        .hits
        .iter()
        .filter_map(|hit| hit.posting.salary.as_ref());
    salaries.filter_map(|pay| pay.currency.clone()).collect()
}

/// The fields chosen, if some are.
fn fields(given: &[String]) -> anyhow::Result<Vec<String>> {
    for field in given {
        if !HIT_FIELDS.contains(&field.as_str()) {
            bail!("a hit has no `{field}`; it has {}", HIT_FIELDS.join(", "));
        }
    }
    Ok(given.to_vec())
}

/// How a query was understood, in words.
fn understood(
    request: &SearchRequest,
    format: Format,
    env: &Env,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let lines = explain(&request.question, &request.filter, &env.taxonomy);
    match format {
        Format::Json | Format::Jsonl => write_json(out, &value!({"understood": lines}))?,
        _ => lines
            .iter()
            .try_for_each(|line| writeln!(out, "{}", crate::render::harmless(line)))?,
    }
    Ok(Status::Answer)
}

/// What of an answer is shown.
struct View {
    fields: Vec<String>,
    is_count: bool,
    is_highlighted: bool,
}

impl View {
    fn hits(&self, answer: &SearchAnswer, env: &Env) -> Vec<Map<String, Value>> {
        let hits = answer.hits.iter().map(|hit| {
            let mut fields = json::hit(hit, &env.taxonomy);
            if self.is_highlighted {
                fields.insert("highlights".to_owned(), json::highlights(hit));
            }
            if !self.fields.is_empty() {
                fields.retain(|name, _| self.fields.contains(name));
            }
            fields
        });
        hits.collect()
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the one place where an answer is written"
    )]
    fn write(
        &self,
        answer: &SearchAnswer,
        advice: Option<&Advice>,
        request: &SearchRequest,
        format: Format,
        took_ms: f64,
        env: &Env,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let hits = self.hits(answer, env);
        if self.is_count && matches!(format, Format::Csv | Format::Tsv | Format::Markdown) {
            let head = ["groups", "adverts"].map(str::to_owned);
            let row = vec![answer.n_groups.to_string(), answer.n_postings.to_string()];
            let rows = [row];
            let text = match format {
                Format::Csv => csv::rows(&head, rows.iter(), b','),
                Format::Tsv => csv::rows(&head, rows.iter(), b'\t'),
                _ => markdown::cells(&head, rows.iter()),
            };
            return Ok(write!(out, "{text}")?);
        }
        let fields = match self.fields.is_empty() {
            true => USUAL_FIELDS.iter().map(|name| (*name).to_owned()).collect(),
            false => self.fields.clone(),
        };
        let rows: Vec<Vec<String>> = hits.iter().map(|hit| row(hit, &fields)).collect();
        match format {
            Format::Json => {
                let mut whole = json::search(answer, &env.taxonomy, took_ms);
                whole["hits"] = hits.into_iter().map(Value::Object).collect();
                if let Some(advice) = advice {
                    whole["advice"] = advice_json(advice, env);
                }
                write_json(out, &whole)?;
            }
            Format::Table if self.is_count => writeln!(out, "{}", answer.n_groups)?,
            Format::Jsonl if self.is_count => {
                write_json(
                    out,
                    &value!({"total": answer.n_postings, "groups": answer.n_groups}),
                )?;
            }
            Format::Jsonl => {
                hits.into_iter()
                    .try_for_each(|hit| write_json(out, &Value::Object(hit)))?;
            }
            Format::Csv => write!(out, "{}", csv::rows(&fields, rows.iter(), b','))?,
            Format::Tsv => write!(out, "{}", csv::rows(&fields, rows.iter(), b'\t'))?,
            Format::Markdown => {
                write!(out, "{}", markdown::cells(&fields, rows.iter()))?;
                for counts in &answer.facets {
                    write!(out, "\n{}", markdown::facet(counts))?;
                }
            }
            Format::Table if !self.fields.is_empty() => {
                write!(out, "{}", table::rows(&fields, rows.iter()))?;
            }
            Format::Table | Format::Svg | Format::Parquet => {
                let first = request.offset + 1;
                write!(
                    out,
                    "{}",
                    table::search(answer, &env.taxonomy, first, env.paint())
                )?;
            }
        }
        let holds_more = matches!(format, Format::Json | Format::Table | Format::Markdown);
        if !holds_more && (!answer.facets.is_empty() || !answer.pay.is_empty()) {
            env.note("rows hold hits only; `--format json` has facets and summaries too");
        }
        if format == Format::Table
            && let (Some(next), true) = (&answer.next, request.after.is_some())
        {
            env.note(&format!("more: --after {next}"));
        }
        Ok(())
    }
}

fn one_line(filter: &Filter, env: &Env) -> String {
    filter_lines(filter, &env.taxonomy).join(" and ")
}

fn advice_json(advice: &Advice, env: &Env) -> Value {
    let meant = |unknown: &[(String, Vec<String>)]| -> Value {
        unknown
            .iter()
            .map(|(given, near)| value!({"given": given, "did_you_mean": near}))
            .collect()
    };
    let without = advice
        .without
        .iter()
        .map(|(filter, n)| value!({"condition": one_line(filter, env), "groups": n}));
    value!({
        "emptied_by": advice.emptied_by.as_ref().map(|(filter, n)| value!({"condition": one_line(filter, env), "groups_before": n})),
        "without": without.collect::<Value>(),
        "without_words": advice.without_words,
        "unknown_words": meant(&advice.unknown_words),
        "unknown_values": meant(&advice.unknown_values),
    })
}

fn meant(near: &[String]) -> String {
    match near.is_empty() {
        true => String::new(),
        false => format!("; did you mean {}?", near.join(" or ")),
    }
}

/// Says on stderr which words may be misspelt.
fn rare(words: &[RareWord], env: &Env) {
    for RareWord {
        word,
        n_groups,
        meant: near,
    } in words
    {
        let who = match n_groups {
            0 => "no posting has".to_owned(),
            1 => "one posting alone has".to_owned(),
            n => format!("only {n} postings have"),
        };
        env.note(&format!("{who} `{word}`{}", meant(near)));
    }
}

/// Says on stderr why nothing was found and what would be.
pub(super) fn advise(advice: &Advice, env: &Env) {
    env.note("nothing found");
    let (named, others) = advice
        .unknown_words
        .split_at(advice.unknown_words.len().min(MOST_NAMED));
    for (word, near) in named {
        env.note(&format!("no posting has `{word}`{}", meant(near)));
    }
    match others.len() {
        0 => {}
        1 => env.note("no posting has one word more"),
        n => env.note(&format!("no posting has {n} words more")),
    }
    for (value, near) in &advice.unknown_values {
        env.note(&format!("no posting has the {value}{}", meant(near)));
    }
    if let Some((filter, n)) = &advice.emptied_by {
        env.note(&format!(
            "none of the {n} before it passes: {}",
            one_line(filter, env)
        ));
    }
    for (filter, n) in advice.without.iter().filter(|(_, n)| *n > 0) {
        env.note(&format!("{n} without: {}", one_line(filter, env)));
    }
    if let Some(n) = advice.without_words.filter(|n| *n > 0) {
        env.note(&format!("{n} without the words"));
    }
}
