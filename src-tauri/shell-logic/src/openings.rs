//! When the window may open something outside: as often as a person wished it, never because a script did.

use std::time::{Duration, Instant};

/// How long after a click or key a page may act on it; browsers call it transient activation and take as long.
const ACTIVE: Duration = Duration::from_secs(5);
/// Where the system does not tell of clicks: at most one so often.
const BETWEEN: Duration = Duration::from_secs(5);

/// Instants come in from outside, so that no test has to wait.
#[derive(Debug, Default)]
pub struct Openings {
    hears_input: bool,
    input: Option<Instant>,
    opened: Option<Instant>,
}

impl Openings {
    /// From now on each opening needs an input of its own.
    pub fn hear_input(&mut self) {
        self.hears_input = true;
    }

    /// A person pressed a button or a key in the page.
    pub fn on_input(&mut self, now: Instant) {
        self.input = Some(now);
    }

    /// Whether something may be opened now; if so, it counts as done.
    pub fn take(&mut self, now: Instant) -> bool {
        let may = if self.hears_input {
            self.input.take().is_some_and(|input| now.duration_since(input) <= ACTIVE)
        } else {
            self.opened.is_none_or(|opened| now.duration_since(opened) >= BETWEEN)
        };
        if may {
            self.opened = Some(now);
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_click_opens_one_thing_and_not_much_later() {
        let mut openings = Openings::default();
        openings.hear_input();
        let begun = Instant::now();
        assert!(!openings.take(begun));
        openings.on_input(begun);
        assert!(openings.take(begun + ACTIVE));
        assert!(!openings.take(begun + ACTIVE));
        openings.on_input(begun);
        assert!(!openings.take(begun + ACTIVE + Duration::from_millis(1)));
    }

    #[test]
    fn without_clicks_the_rate_is_bounded() {
        let mut openings = Openings::default();
        let begun = Instant::now();
        assert!(openings.take(begun));
        assert!(!openings.take(begun + BETWEEN / 2));
        assert!(openings.take(begun + BETWEEN));
    }
}
