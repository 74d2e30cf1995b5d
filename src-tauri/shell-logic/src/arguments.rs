//! What the window was started with.

/// Options that are not the window's: they go to the supervisor as they are.
const PASSED_ON: [&str; 4] = ["--data", "--music", "--input", "--port"];

#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Arguments {
    /// For the supervisor: each option and its value.
    pub passed_on: Vec<String>,
    /// Started at login: stay in the tray, where there is one.
    pub background: bool,
}

/// Reads the arguments after the program's name. Unknown ones are left out: systems add their own
/// (macOS `-psn_…`, a file name from the desktop).
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
        }
    }
    found
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
    fn anything_else_is_left_out() {
        let found = parse(&["-psn_0_1", "--background", "--headless", "song.flac", "--data"]);
        assert_eq!(found, Arguments { passed_on: vec![], background: true });
    }
}
