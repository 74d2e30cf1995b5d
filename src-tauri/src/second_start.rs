//! A second start ends while the program is being built, without a word: whoever waits in a terminal is told.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

static WOULD_BE_SECOND: AtomicBool = AtomicBool::new(false);

/// While this lives, an orderly end of the process is that of a second start.
pub struct Expected;

pub fn expect() -> Expected {
    WOULD_BE_SECOND.store(true, Ordering::Relaxed);
    // SAFETY: the handler is a function of the program itself. Where it cannot be had, nothing is told.
    unsafe { libc::atexit(tell) };
    Expected
}

impl Drop for Expected {
    fn drop(&mut self) {
        WOULD_BE_SECOND.store(false, Ordering::Relaxed);
    }
}

extern "C" fn tell() {
    if !WOULD_BE_SECOND.load(Ordering::Relaxed) {
        return;
    }
    let text = "Pidentify is already running: this start was handed over to it. Its options are those of the first start.";
    // A terminal that is gone reads nothing.
    writeln!(std::io::stderr(), "{text}").unwrap_or_default();
}
