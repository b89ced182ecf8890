//! `completions` and `man`: generated from the arguments.

use std::io::Write;

use clap::CommandFactory;

use super::{Args, Status};

#[derive(Debug, Clone, clap::Args)]
pub(super) struct CompletionsArgs {
    /// bash, elvish, fish, powershell or zsh
    shell: clap_complete::Shell,
}

impl CompletionsArgs {
    pub(super) fn run(self, out: &mut dyn Write) -> anyhow::Result<Status> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Args::command(), "jobsift", &mut script);
        out.write_all(&script)?;
        Ok(Status::Answer)
    }
}

#[derive(Debug, Clone, clap::Args)]
pub(super) struct ManArgs {}

impl ManArgs {
    /// The page of the program, then one for each subcommand.
    pub(super) fn run(self, out: &mut dyn Write) -> anyhow::Result<Status> {
        let mut command = Args::command();
        command.build();
        let mut page = Vec::new();
        clap_mangen::Man::new(command.clone()).render(&mut page)?;
        for subcommand in command
            .get_subcommands()
            .filter(|subcommand| subcommand.get_name() != "help")
        {
            clap_mangen::Man::new(subcommand.clone()).render(&mut page)?;
        }
        out.write_all(&page)?;
        Ok(Status::Answer)
    }
}
