//! The last lines the services said, for the page that tells why they do not come up.

use std::collections::VecDeque;

/// Keeps the newest `LINES` lines.
#[derive(Debug, Default)]
pub struct LogTail {
    lines: VecDeque<String>,
}

const LINES: usize = 20;
const LONGEST: usize = 400;

impl LogTail {
    pub fn push(&mut self, line: &str) {
        if line.trim().is_empty() {
            return;
        }
        if self.lines.len() == LINES {
            self.lines.pop_front();
        }
        self.lines.push_back(line.chars().take(LONGEST).collect());
    }

    /// Oldest first.
    pub fn lines(&self) -> Vec<String> {
        self.lines.iter().cloned().collect()
    }

    pub fn clear(&mut self) {
        self.lines.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_lines_stay() {
        let mut tail = LogTail::default();
        for number in 0..50 {
            tail.push(&number.to_string());
        }
        tail.push("  ");
        let lines = tail.lines();
        assert_eq!((lines.len(), lines[0].as_str(), lines[19].as_str()), (20, "30", "49"));
        tail.clear();
        assert!(tail.lines().is_empty());
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        let mut tail = LogTail::default();
        tail.push(&"é".repeat(1000));
        assert_eq!(tail.lines()[0], "é".repeat(400));
    }
}
