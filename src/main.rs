//! Parse, run, exit.

use std::io;
use std::process::ExitCode;

use jobsift::cli;

/// What glibc 2.36 has by itself does not give back what long runs no longer need: with little
/// memory allowed, indexing took twice as much and half as long again (`benches/README.md`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::keep_panics();
    let args = match cli::arguments() {
        Ok(args) => args,
        Err(error) => return cli::report_arguments(&error),
    };
    match cli::run(args, &mut io::stdout().lock()) {
        Ok(status) => status.into(),
        Err(error) => cli::report_error(&error),
    }
}
