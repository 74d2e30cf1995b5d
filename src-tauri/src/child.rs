//! The one child and all that it starts: own process group (Unix) or job (Windows), and its three pipes.

use std::io::{self, BufReader, Write};
use std::process::{ChildStdin, Command};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use shell_logic::lines::for_each_line;

#[cfg(unix)]
mod unix;
#[cfg(unix)]
use unix as system;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

/// What a child says, in the order it happens. After `Ended` nothing follows.
#[derive(Debug)]
pub enum Said {
    Output(String),
    Error(String),
    /// With its exit status in words.
    Ended(String),
}

/// A started child. Its standard input stays open as long as this lives: when we die, however, the kernel
/// closes it, and the supervisor stops everything.
pub struct Child {
    stdin: Option<ChildStdin>,
    family: system::Family,
}

/// Starts it; `hear` is called from other threads.
pub fn spawn(mut command: Command, hear: impl Fn(Said) + Clone + Send + 'static) -> io::Result<Child> {
    system::prepare(&mut command);
    let mut process = command.spawn()?;
    let family = system::Family::of(&process)?;
    let stdin = process.stdin.take();
    let (reading, all_read) = mpsc::channel();
    if let Some(stream) = process.stdout.take() {
        read(stream, hear.clone(), Said::Output, reading.clone());
    }
    if let Some(stream) = process.stderr.take() {
        read(stream, hear.clone(), Said::Error, reading);
    }
    std::thread::spawn(move || {
        let status = process.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
        // What it said last comes before its end; a grandchild that keeps a pipe open must not hold this up.
        if all_read.recv_timeout(LAST_WORDS) == Err(mpsc::RecvTimeoutError::Timeout) {
            log::info!("the services' output is still open after their end");
        }
        hear(Said::Ended(status));
    });
    Ok(Child { stdin, family })
}

/// How long output may be read after the end of the child.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Reads on a thread of its own; `reading` is dropped at the end of the stream.
fn read(
    stream: impl io::Read + Send + 'static,
    hear: impl Fn(Said) + Send + 'static,
    kind: fn(String) -> Said,
    reading: mpsc::Sender<()>,
) {
    std::thread::spawn(move || {
        let ended = for_each_line(BufReader::new(stream), |line| hear(kind(line.to_owned())));
        if let Err(error) = ended {
            log::warn!("output of the services: {error}");
        }
        drop(reading);
    });
}

impl Child {
    /// Writes one line. A child that has just died cannot be told anything: its end is heard anyway.
    pub fn tell(&mut self, line: &str) {
        let Some(stdin) = &mut self.stdin else { return };
        if let Err(error) = stdin.write_all(line.as_bytes()).and_then(|()| stdin.flush()) {
            log::info!("the services no longer listen: {error}");
            self.stdin = None;
        }
    }

    /// No more lines: for the supervisor, an order to stop.
    pub fn hang_up(&mut self) {
        self.stdin = None;
    }

    /// One that a signal has stopped goes on, so that it can end in order.
    pub fn wake(&self) {
        self.family.wake();
    }

    /// Ends a child that does not answer, alone: what it started notices, and puts things away by itself.
    pub fn kill(&mut self) {
        self.stdin = None;
        self.family.kill_first();
    }

    /// Ends whatever is left of it and its children: asked, and forced at `deadline`. Returns when nothing is left.
    pub fn end_family(&mut self, deadline: Instant) {
        self.stdin = None;
        self.family.end(deadline);
    }
}
