//! Lines of a child's output, with a bound on what one line may take.

use std::io::{BufRead, Read, Result};

/// Longer lines are cut here; their rest is read and dropped.
pub const LONGEST_LINE: u64 = 64 * 1024;

/// Hands every line to `each` until the stream ends. Bytes that are not UTF-8 become U+FFFD.
pub fn for_each_line(mut stream: impl BufRead, mut each: impl FnMut(&str)) -> Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        if stream.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let whole = line.last() == Some(&b'\n');
        let text = String::from_utf8_lossy(&line);
        each(text.trim_end_matches(['\r', '\n']));
        if !whole {
            stream.skip_until(b'\n')?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        for_each_line(input, |line| found.push(line.to_owned())).unwrap();
        found
    }

    #[test]
    fn lines_end_in_every_usual_way() {
        assert_eq!(lines(b"a\nb\r\n\nc"), ["a", "b", "", "c"]);
        assert!(lines(b"").is_empty());
    }

    #[test]
    fn bytes_that_are_no_text_do_not_end_the_reading() {
        assert_eq!(lines(b"\xff\xfe\nb\n"), ["\u{fffd}\u{fffd}", "b"]);
    }

    #[test]
    fn a_line_without_end_takes_bounded_memory() {
        let mut input = vec![b'x'; 3 * LONGEST_LINE as usize];
        input.extend_from_slice(b"\nnext\n");
        let found = lines(&input);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].len(), LONGEST_LINE as usize);
        assert_eq!(found[1], "next");
    }
}
