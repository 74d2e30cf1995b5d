//! Lists the inputs of this system and captures one of them without loss.
//!
//! `open` writes blocks (`block.rs`) to standard output and events (`events.rs`) to standard error, until its
//! standard input ends. Ends with 0 then, with 2 for an input it could not open, with 3 for one that was lost.

mod arguments;
mod block;
mod capture;
mod devices;
mod events;
mod format;
mod ring;

use std::io::{Read, Write};
use std::process::ExitCode;

use arguments::Command;

const REFUSED: u8 = 2;
const LOST: u8 = 3;

fn main() -> ExitCode {
    match arguments::parse(std::env::args().skip(1)) {
        Ok(Command::List) => list(),
        Ok(Command::Open(wishes)) => {
            end_with_standard_input();
            match capture::run(&wishes) {
                Ok(true) => ExitCode::SUCCESS,
                Ok(false) => ExitCode::from(LOST),
                Err(refusal) => {
                    events::refused(refusal.code, &refusal.message);
                    ExitCode::from(REFUSED)
                }
            }
        }
        Err(sentence) => {
            events::refused("usage", &sentence);
            ExitCode::from(REFUSED)
        }
    }
}

fn list() -> ExitCode {
    match devices::list() {
        Ok(inputs) => {
            // A reader that is gone needs no list.
            let _ = writeln!(std::io::stdout(), "{inputs}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            events::refused("failed", &error.to_string());
            ExitCode::from(REFUSED)
        }
    }
}

/// Whoever started us holds the other end: it closes at any death of theirs.
fn end_with_standard_input() {
    std::thread::spawn(|| {
        let mut bytes = [0; 64];
        while matches!(std::io::stdin().read(&mut bytes), Ok(count) if count > 0) {}
        std::process::exit(0);
    });
}
