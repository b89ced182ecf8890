//! `report`: everything on one page.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};

use super::Status;
use super::env::Env;
use super::filters::FilterArgs;
use super::surveys::currency;
use super::trends::ByArg;
use crate::fields::roles;
use crate::query::conditions::role;
use crate::render::html;
use crate::report::{FullRequest, full};

#[derive(Debug, Clone, clap::Args)]
pub(super) struct ReportArgs {
    /// The page to write; - for standard output
    #[arg(long, value_name = "FILE.html")]
    out: PathBuf,
    /// Tell the anatomy of this role; the rest is told of all roles
    #[arg(long = "anatomy-of", value_name = "ROLE", default_value = "backend")]
    anatomy_of: String,
    /// How wide a period of the chart is
    #[arg(long, value_name = "PERIOD", default_value = "quarter")]
    by: ByArg,
    /// Pay in this currency; otherwise in that of most postings
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    #[command(flatten)]
    filters: FilterArgs,
}

impl ReportArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let Some(anatomy_of) = role(&self.anatomy_of) else {
            bail!(
                "`{}` is no role; there are {}",
                self.anatomy_of,
                roles::names().join(", ")
            );
        };
        let filter = self.filters.into_filter(env)?;
        // A filter by role is the role whose anatomy is told.
        let role = match filter.roles.as_slice() {
            [] => anatomy_of.to_owned(),
            roles => roles.join(" or "),
        };
        let request = FullRequest {
            role: Some(role),
            by: self.by.into(),
            currency: currency(self.currency)?,
            filter,
        };
        let report = full(&env.engine()?, &env.taxonomy, &request)?;
        let page = html::report(&report, &env.provenance());
        if self.out.as_os_str() == "-" {
            out.write_all(page.as_bytes())?;
        } else {
            fs::write(&self.out, page)
                .with_context(|| format!("cannot write {}", self.out.display()))?;
            env.note(&format!("wrote {}", self.out.display()));
        }
        Ok(Status::Answer)
    }
}
