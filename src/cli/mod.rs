//! Arguments in, exit status out, one file a subcommand.
//!
//! Answers go to the `out` given; progress, warnings and errors to stderr.

mod anatomy;
mod audit;
mod doctor;
mod dry_run;
mod env;
mod export;
mod extract;
mod facets;
mod filters;
mod gap;
mod index;
mod info;
mod matching;
mod panic;
mod person;
mod progress;
mod rate;
mod report;
mod saved;
mod search;
mod shell;
mod show;
mod similar;
mod skills;
mod surveys;
mod tour;
mod trends;
mod values;
mod verify;

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use FormatArg::{Csv, Json, Jsonl, Markdown, Parquet, Svg, Table, Tsv};
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::error::ErrorKind;
use clap::{Arg, CommandFactory as _, Parser, Subcommand, ValueEnum};

pub use panic::keep_panics;

use crate::render::Format;

/// Search job postings by skill, match them to a person, count what is asked for over time.
#[derive(Debug, Parser)]
#[command(
    name = "jobsift",
    version,
    max_term_width = 100,
    propagate_version = true
)]
#[command(after_help = "Begin with `jobsift tour`: it shows everything on a bundled sample.")]
pub struct Args {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, clap::Args)]
struct Global {
    /// The directory of the index
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = index_variable(),
        default_value = "jobsift-index"
    )]
    index: PathBuf,
    /// How to write the answer; by default a table on a terminal and JSON elsewhere
    #[arg(long, global = true, value_name = "FORMAT")]
    format: Option<FormatArg>,
    /// When to write colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorArg,
    /// A folder of skill files to add to the list of skills; a known id is replaced
    #[arg(long = "skills", global = true, value_name = "DIR")]
    skills_folder: Option<PathBuf>,
    /// A folder of skill files to use instead of the list of skills
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        conflicts_with = "skills_folder"
    )]
    only_skills: Option<PathBuf>,
    /// Today, for dates like `90d` and for freshness
    #[arg(long, global = true, value_name = "DATE")]
    now: Option<String>,
    /// Say nothing on stderr but errors
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say more on stderr
    #[arg(short, long, global = true)]
    verbose: bool,
}

/// The variable that names the index; an empty one is as good as none.
fn index_variable() -> Option<&'static str> {
    let name = "JOBSIFT_INDEX";
    let is_empty = std::env::var_os(name).is_some_and(|directory| directory.is_empty());
    (!is_empty).then_some(name)
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ColorArg {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormatArg {
    Table,
    Json,
    Jsonl,
    Csv,
    Tsv,
    Markdown,
    Svg,
    Parquet,
}

/// `--format` of one command, in the place of that of all.
fn formats(has: &[FormatArg]) -> Arg {
    let names = has.iter().filter_map(ValueEnum::to_possible_value);
    let format = |name: String| FormatArg::from_str(&name, false).expect("it is one of the names");
    Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .help("How to write the answer; by default a table on a terminal and JSON elsewhere")
        .help_heading(None::<&str>)
        .value_parser(PossibleValuesParser::new(names).map(format))
        .global(true)
        .hide(has.is_empty())
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Format {
        match format {
            FormatArg::Table => Format::Table,
            FormatArg::Json => Format::Json,
            FormatArg::Jsonl => Format::Jsonl,
            FormatArg::Csv => Format::Csv,
            FormatArg::Tsv => Format::Tsv,
            FormatArg::Markdown => Format::Markdown,
            FormatArg::Svg => Format::Svg,
            FormatArg::Parquet => Format::Parquet,
        }
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show everything on the bundled sample, in a temporary index
    #[command(arg = formats(&[Table]))]
    Tour(tour::TourArgs),
    /// Read files, directories or `-` into the index
    #[command(arg = formats(&[Table, Json]))]
    Index(index::IndexArgs),
    /// Search postings by words, skills and facets
    #[command(arg = formats(&[Table, Json, Jsonl, Csv, Tsv, Markdown]))]
    Search(search::SearchArgs),
    /// Rank postings for somebody with these skills
    #[command(arg = formats(&[Table, Json, Jsonl, Csv, Tsv]))]
    Match(matching::MatchArgs),
    /// What to learn next: the skills that complete most postings
    #[command(arg = formats(&[Table, Json, Csv, Tsv]))]
    Gap(gap::GapArgs),
    /// Postings that ask for the same things as one
    #[command(arg = formats(&[Table, Json, Jsonl, Csv, Tsv]))]
    Similar(similar::SimilarArgs),
    /// Rank people for one posting
    #[command(arg = formats(&[Table, Json, Jsonl, Csv, Tsv]))]
    Rate(rate::RateArgs),
    /// Show one posting whole
    #[command(arg = formats(&[Table, Json]))]
    Show(show::ShowArgs),
    /// List the values of a facet with their counts
    #[command(arg = formats(&[Table, Json, Csv, Tsv, Markdown]))]
    Facets(facets::FacetsArgs),
    /// Shares over time, with intervals
    #[command(arg = formats(&[Table, Json, Csv, Tsv, Markdown, Svg]))]
    Trends(trends::TrendsArgs),
    /// What is in the description of a role, section by section
    #[command(arg = formats(&[Table, Json, Csv, Tsv, Markdown]))]
    Anatomy(anatomy::AnatomyArgs),
    /// The category-winner and who-is-hiring table, from data
    #[command(arg = formats(&[Table, Json, Csv, Tsv, Markdown]))]
    Winners(surveys::WinnersArgs),
    /// Quantiles of stated pay by value, within one currency and country
    #[command(arg = formats(&[Table, Json, Csv, Tsv, Markdown]))]
    Pay(surveys::PayArgs),
    /// What is asked for together with a skill, and who asks
    #[command(arg = formats(&[Table, Json, Csv, Tsv, Markdown]))]
    Skillset(surveys::SkillsetArgs),
    /// Skills that rise or fade beyond chance
    #[command(arg = formats(&[Table, Json, Csv, Tsv, Markdown]))]
    Emerging(surveys::EmergingArgs),
    /// Everything on one page: trends, winners, an anatomy, pay, co-occurrence, changes
    #[command(arg = formats(&[]))]
    Report(report::ReportArgs),
    /// A random sample of a skill's mentions in context, to judge the reading
    #[command(arg = formats(&[Table, Json, Jsonl]))]
    Audit(audit::AuditArgs),
    /// Write whole postings with what was read out of them
    #[command(arg = formats(&[Jsonl, Csv, Tsv, Parquet]))]
    Export(export::ExportArgs),
    /// Searches kept in the index, and what is new in them
    #[command(arg = formats(&[Table, Json, Jsonl]))]
    Saved(saved::SavedArgs),
    /// Read the skills out of a text
    #[command(arg = formats(&[Table, Json, Jsonl]))]
    Extract(extract::ExtractArgs),
    /// The list of skills: list it, show one, check files of your own
    #[command(arg = formats(&[Table, Json]))]
    Skills(skills::SkillsArgs),
    /// What is in the index
    #[command(arg = formats(&[Table, Json]))]
    Info(info::InfoArgs),
    /// How well the corpus is filled, and what in it looks odd
    #[command(arg = formats(&[Table, Json]))]
    Doctor(doctor::DoctorArgs),
    /// Whether every byte of the index is as it was written
    #[command(arg = formats(&[Table, Json]))]
    Verify(verify::VerifyArgs),
    /// Write completions for a shell
    #[command(arg = formats(&[]))]
    Completions(shell::CompletionsArgs),
    /// Write the manual page
    #[command(arg = formats(&[]))]
    Man(shell::ManArgs),
}

impl Command {
    /// Whether it answers from an index, and so with the list of skills of that.
    fn asks_the_index(&self) -> bool {
        match self {
            Command::Search(_)
            | Command::Match(_)
            | Command::Gap(_)
            | Command::Similar(_)
            | Command::Rate(_)
            | Command::Show(_)
            | Command::Facets(_)
            | Command::Trends(_)
            | Command::Anatomy(_)
            | Command::Winners(_)
            | Command::Pay(_)
            | Command::Skillset(_)
            | Command::Emerging(_)
            | Command::Report(_)
            | Command::Audit(_)
            | Command::Export(_)
            | Command::Saved(_)
            | Command::Doctor(_)
            | Command::Info(_) => true,
            Command::Tour(_)
            | Command::Index(_)
            | Command::Extract(_)
            | Command::Skills(_)
            | Command::Verify(_)
            | Command::Completions(_)
            | Command::Man(_) => false,
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// With an answer.
    Answer,
    /// With nothing to show.
    Nothing,
    /// With more rejected records than allowed.
    TooManyRejects,
    /// With a damaged index.
    Damaged,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(match status {
            Status::Answer => 0,
            Status::Nothing => 1,
            Status::Damaged => 2,
            Status::TooManyRejects => 3,
        })
    }
}

/// The arguments of the program.
///
/// # Errors
/// What is wrong with them, or that help was asked for.
pub fn arguments() -> Result<Args, clap::Error> {
    let strict = |command: clap::Command| command.mut_args(|arg| arg.allow_hyphen_values(false));
    Args::try_parse().map_err(|error| match error.kind() {
        // A query may begin with a minus: a misspelt option was taken for one.
        ErrorKind::UnknownArgument => {
            let read = Args::command().mut_subcommands(strict).try_get_matches();
            read.err().unwrap_or(error)
        }
        _ => error,
    })
}

/// Runs one command.
///
/// # Errors
/// Whatever a person should be told; [`report_error`] says it.
pub fn run(args: Args, out: &mut dyn Write) -> anyhow::Result<Status> {
    let index = args.global.index.clone();
    panic::caught(&index, || answer(args, out))
}

fn answer(args: Args, out: &mut dyn Write) -> anyhow::Result<Status> {
    let mut env = env::Env::new(args.global, args.command.asks_the_index())?;
    match args.command {
        Command::Tour(args) => args.run(&env, out),
        Command::Index(args) => args.run(&env, out),
        Command::Search(args) => {
            env.now = args.asked_at(env.now)?;
            args.run(&env, out)
        }
        Command::Match(args) => args.run(&env, out),
        Command::Gap(args) => args.run(&env, out),
        Command::Similar(args) => args.run(&env, out),
        Command::Rate(args) => args.run(&env, out),
        Command::Show(args) => args.run(&env, out),
        Command::Facets(args) => args.run(&env, out),
        Command::Trends(args) => args.run(&env, out),
        Command::Anatomy(args) => args.run(&env, out),
        Command::Winners(args) => args.run(&env, out),
        Command::Pay(args) => args.run(&env, out),
        Command::Skillset(args) => args.run(&env, out),
        Command::Emerging(args) => args.run(&env, out),
        Command::Report(args) => {
            anyhow::ensure!(
                env.global.format.is_none(),
                "`report` writes a page of HTML and has no `--format`"
            );
            args.run(&env, out)
        }
        Command::Audit(args) => args.run(&env, out),
        Command::Export(args) => args.run(&env, out),
        Command::Saved(args) => args.run(&env, out),
        Command::Extract(args) => args.run(&env, out),
        Command::Skills(args) => args.run(&env, out),
        Command::Info(args) => args.run(&env, out),
        Command::Doctor(args) => args.run(&env, out),
        Command::Verify(args) => args.run(&env, out),
        Command::Completions(args) => args.run(out),
        Command::Man(args) => args.run(out),
    }
}

/// Says on stderr what went wrong; a closed pipe is no error.
pub fn report_error(error: &anyhow::Error) -> ExitCode {
    let is_closed_pipe = error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>();
        io.is_some_and(|io| io.kind() == io::ErrorKind::BrokenPipe)
    });
    if is_closed_pipe {
        return ExitCode::SUCCESS;
    }
    env::say(&shortened(&format!("error: {error:#}")));
    ExitCode::from(2)
}

/// Says what is wrong with the arguments, or gives the help that was asked for.
pub fn report_arguments(error: &clap::Error) -> ExitCode {
    let text = error.to_string();
    if text.len() > LONGEST_MESSAGE && error.use_stderr() {
        env::say(&shortened(&text));
    } else {
        // There is nobody left to tell if the stream is closed.
        let _ = error.print();
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// A message about arguments of usual length is shorter, in bytes.
const LONGEST_MESSAGE: usize = 1000;

/// So much of a word is shown in a message.
const SHOWN_CHARS: usize = 80;

/// A message in which no word is longer than a line: whoever typed it knows it.
/// Paths stay whole.
fn shortened(message: &str) -> String {
    let short = |word: &str| match word.contains(['/', '\\']) {
        false if word.chars().count() > SHOWN_CHARS => {
            let kept: String = word.chars().take(SHOWN_CHARS).collect();
            let end = word.trim_start_matches(|c: char| !c.is_whitespace());
            format!("{kept}…{end}")
        }
        _ => word.to_owned(),
    };
    message
        .split_inclusive(char::is_whitespace)
        .map(short)
        .collect()
}

fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn a_message_shows_no_word_longer_than_a_line() {
        let long = "x".repeat(500);
        let short = super::shortened(&format!("`{long}` is no date: 2024\nor 2025"));
        assert_eq!(
            short,
            format!("`{}… is no date: 2024\nor 2025", &long[1..80])
        );
        let path = format!("/{long}");
        assert_eq!(super::shortened(&path), path);
    }

    #[test]
    fn no_argument_is_in_the_way_of_another() {
        super::Args::command().debug_assert();
    }
}
