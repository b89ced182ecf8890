//! Every figure compared with a plain loop over the sample's input files.
//!
//! The loop (`plain.rs`) knows nothing of the index; the sums here are written
//! out as the design says them, not as the program does them.

mod against;

mod anatomy;

mod best;

mod facets;

mod filters;

mod gap;

mod ledger;

mod people;

mod random;

mod same;

mod surveys;

mod trends;

mod words;
