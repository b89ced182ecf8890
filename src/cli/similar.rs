//! `similar`: postings that ask for the same things as one.

use std::io::Write;

use super::Status;
use super::env::Env;
use super::filters::FilterArgs;
use super::matching::MatchArgs;

#[derive(Debug, Clone, clap::Args)]
pub(super) struct SimilarArgs {
    /// The posting's id
    #[arg(value_name = "ID")]
    id: String,
    /// Show the points of every requirement, with its sentence in the posting
    #[arg(long)]
    explain: bool,
    /// Hits to show
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = 10
    )]
    limit: usize,
    #[command(flatten)]
    filters: FilterArgs,
}

impl SimilarArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        MatchArgs::similar(self.id, self.limit, self.explain, self.filters).run(env, out)
    }
}
