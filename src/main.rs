//! Parse, run, exit.

use std::io;
use std::process::ExitCode;

use clap::Parser;
use jobsift::cli;

fn main() -> ExitCode {
    cli::keep_panics();
    match cli::run(cli::Args::parse(), &mut io::stdout().lock()) {
        Ok(status) => status.into(),
        Err(error) => cli::report_error(&error),
    }
}
