//! What the window was started with.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

/// Options that are not the window's: they go to the supervisor as they are.
const PASSED_ON: [&str; 4] = ["--data", "--music", "--input", "--port"];

#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Arguments {
    /// For the supervisor: each option and its value.
    pub passed_on: Vec<String>,
    /// Started at login: stay in the tray, where there is one.
    pub background: bool,
    /// What a terminal is answered in place of a window.
    pub question: Option<Question>,
    /// What is left out: systems add their own (macOS `-psn_…`, a file name from the desktop).
    pub unknown: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    Help,
    Version,
}

pub const USAGE: &str = "Pidentify: names, remembers and saves what plays.

  --data DIR       where settings, history and recordings are kept
  --music DIR      where saved tracks go
  --input NAME     what to listen to: name of an input, or file:PATH for a sound file or a folder of them
  --port N         port of the page; 0: any free one (default: 8000 where it is free)
  --background     stay in the tray, where there is one
  --version        show the version
  --help           show this";

/// Reads the arguments after the program's name.
pub fn parse_arguments(arguments: impl IntoIterator<Item = String>) -> Arguments {
    let mut found = Arguments::default();
    let mut rest = arguments.into_iter();
    while let Some(argument) = rest.next() {
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (argument, None),
        };
        if name == "--background" {
            found.background = true;
        } else if PASSED_ON.contains(&name.as_str())
            && let Some(value) = value.or_else(|| rest.next())
        {
            found.passed_on.extend([name, value]);
        } else if name == "--help" || name == "-h" {
            found.question = Some(Question::Help);
        } else if name == "--version" || name == "-V" {
            found.question = Some(Question::Version);
        } else {
            found.unknown.push(name);
        }
    }
    found
}

impl Arguments {
    /// For a start from another folder than `cwd`: relative paths made absolute.
    pub fn from_anywhere(&self, cwd: &Path) -> Vec<String> {
        let absolute = |path: &str| cwd.join(path).to_string_lossy().into_owned();
        let mut words = self.passed_on.clone();
        for option in words.chunks_exact_mut(2) {
            match (option[0].as_str(), option[1].strip_prefix("file:")) {
                ("--data" | "--music", _) => option[1] = absolute(&option[1]),
                ("--input", Some(path)) => option[1] = format!("file:{}", absolute(path)),
                _ => {}
            }
        }
        words
    }

    /// What a start from the folder `cwd` asks for and `first`, a start from `first_cwd`, does not do: options and
    /// values, paths absolute.
    pub fn beyond(&self, cwd: &Path, (first, first_cwd): (&Self, &Path)) -> Vec<String> {
        let done = first.from_anywhere(first_cwd);
        // Of an option that is given twice the last counts.
        let done: HashMap<&str, PathBuf> =
            done.chunks_exact(2).map(|option| (option[0].as_str(), plain(&option[1]))).collect();
        let asked = self.from_anywhere(cwd);
        let others =
            asked.chunks_exact(2).filter(|option| done.get(option[0].as_str()) != Some(&plain(&option[1])));
        others.flatten().cloned().collect()
    }
}

/// One spelling of a path, without looking at the disk; a text that is no path stays the same.
fn plain(path: &str) -> PathBuf {
    Path::new(path).components().fold(PathBuf::new(), |mut plain, part| {
        match part {
            Component::ParentDir => drop(plain.pop()),
            _ => plain.push(part),
        }
        plain
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Arguments {
        parse_arguments(arguments.iter().map(|argument| argument.to_string()))
    }

    #[test]
    fn the_supervisors_options_are_passed_on_with_their_values() {
        let found = parse(&["--data", "/d", "--input=Line In", "--port", "0", "--music", "/m"]);
        assert_eq!(found.passed_on, ["--data", "/d", "--input", "Line In", "--port", "0", "--music", "/m"]);
        assert!(!found.background);
    }

    #[test]
    fn paths_are_the_same_from_anywhere() {
        let found = parse(&["--data", "d", "--music", "/m", "--input", "file:s.ogg", "--port", "0"]);
        assert_eq!(
            found.from_anywhere(Path::new("/here")),
            ["--data", "/here/d", "--music", "/m", "--input", "file:/here/s.ogg", "--port", "0"]
        );
        let named = parse(&["--input", "Line In"]);
        assert_eq!(named.from_anywhere(Path::new("/here")), ["--input", "Line In"]);
    }

    #[test]
    fn what_another_start_asks_for_is_told_apart_from_what_is_done() {
        let first = parse(&["--data", "d", "--music", "/m", "--input", "Line In"]);
        let beyond = |cwd: &str, arguments: &[&str]| {
            parse(arguments).beyond(Path::new(cwd), (&first, Path::new("/here")))
        };
        assert!(beyond("/", &[]).is_empty());
        assert!(beyond("/", &["--background"]).is_empty());
        assert!(beyond("/here/d", &["--music", "/m/", "--data", ".", "--input", "Line In"]).is_empty());
        assert!(beyond("/here/x", &["--data", "../d"]).is_empty());
        assert_eq!(beyond("/there", &["--data", "d", "--music", "/m"]), ["--data", "/there/d"]);
        assert_eq!(
            beyond("/", &["--input", "Line Out", "--port", "1"]),
            ["--input", "Line Out", "--port", "1"]
        );
    }

    #[test]
    fn a_terminal_may_ask() {
        assert_eq!(parse(&["--help"]).question, Some(Question::Help));
        assert_eq!(parse(&["--data", "/d", "-V"]).question, Some(Question::Version));
        for option in PASSED_ON {
            assert!(USAGE.contains(option));
        }
    }

    #[test]
    fn anything_else_is_left_out() {
        let found = parse(&["-psn_0_1", "--background", "--headless", "song.flac", "--data"]);
        let unknown = ["-psn_0_1", "--headless", "song.flac", "--data"].map(str::to_owned).to_vec();
        assert_eq!(found, Arguments { background: true, unknown, ..Arguments::default() });
    }
}
