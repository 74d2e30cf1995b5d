//! What starts the window at login: an entry on Linux, a word of a command elsewhere.

/// An entry for `~/.config/autostart` (freedesktop.org, Desktop Application Autostart Specification).
pub fn autostart_entry(program: &str, arguments: &[String]) -> String {
    let words = std::iter::once(program).chain(arguments.iter().map(String::as_str));
    let exec: Vec<String> = words.map(quote_exec).collect();
    format!(
        "[Desktop Entry]\nType=Application\nName=Pidentify\nExec={}\nTerminal=false\nStartupNotify=false\n",
        exec.join(" ")
    )
}

/// Whether an entry of this text starts anything: a desktop's own settings switch one off with a line.
pub fn is_switched_on(entry: &str) -> bool {
    !entry.lines().any(|line| {
        let Some((key, value)) = line.split_once('=') else { return false };
        matches!((key.trim(), value.trim()), ("Hidden", "true") | ("X-GNOME-Autostart-enabled", "false"))
    })
}

/// One word of `Exec`: quoted as a whole, `%` doubled because it begins a field code, and then once more escaped as any
/// string of an entry (freedesktop.org, Desktop Entry Specification, "The Exec key").
fn quote_exec(word: &str) -> String {
    let mut quoted = String::from("\"");
    for character in word.chars() {
        match character {
            '"' | '`' | '$' => quoted.extend(["\\\\", character.encode_utf8(&mut [0; 4])]),
            '\\' => quoted.push_str("\\\\\\\\"),
            '%' => quoted.push_str("%%"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// One word of a command line of Windows (Microsoft, "Parsing C command-line arguments").
pub fn quote_windows(word: &str) -> String {
    if !word.is_empty() && !word.contains([' ', '\t', '"']) {
        return word.to_owned();
    }
    let mut quoted = String::from("\"");
    let mut backslashes = 0;
    for character in word.chars() {
        match character {
            '\\' => backslashes += 1,
            '"' => {
                quoted.push_str(&"\\".repeat(backslashes + 1));
                backslashes = 0;
            }
            _ => backslashes = 0,
        }
        quoted.push(character);
    }
    quoted.push_str(&"\\".repeat(backslashes));
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_takes_its_words_apart_again() {
        for (word, quoted) in [
            (r"C:\Music", r"C:\Music"),
            (r"C:\My Music\", r#""C:\My Music\\""#),
            (r#"a\"b"#, r#""a\\\"b""#),
            ("", r#""""#),
        ] {
            assert_eq!(quote_windows(word), quoted);
        }
    }

    #[test]
    fn words_are_quoted_as_the_specification_says() {
        // Its own examples: four backslashes for one, and \\$ for a dollar sign.
        for (word, quoted) in [
            ("/opt/My Apps/pidentify", r#""/opt/My Apps/pidentify""#),
            ("100%", r#""100%%""#),
            (r"back\slash", r#""back\\\\slash""#),
            (r#"a "b" `c` $d"#, r#""a \\"b\\" \\`c\\` \\$d""#),
            ("two\nlines", r#""two\nlines""#),
            ("", r#""""#),
        ] {
            assert_eq!(quote_exec(word), quoted);
        }
    }

    #[test]
    fn an_entry_has_the_program_and_its_arguments() {
        let entry = autostart_entry("/a b/c", &["--background".into(), "--data".into(), "/d".into()]);
        assert!(entry.contains("\nExec=\"/a b/c\" \"--background\" \"--data\" \"/d\"\n"));
        assert!(is_switched_on(&entry));
    }

    #[test]
    fn a_desktop_may_have_switched_it_off() {
        assert!(!is_switched_on("[Desktop Entry]\nHidden=true\n"));
        assert!(!is_switched_on("[Desktop Entry]\nX-GNOME-Autostart-enabled = false\n"));
        assert!(is_switched_on("[Desktop Entry]\nHidden=false\n"));
    }
}
