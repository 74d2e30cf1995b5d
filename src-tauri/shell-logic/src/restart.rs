//! How often, and after what pause, the supervisor is started again.

use std::time::Duration;

const PAUSES: [Duration; 4] =
    [Duration::from_millis(250), Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(8)];

/// A run this long was a good one: what failed before it no longer counts.
const GOOD_RUN: Duration = Duration::from_secs(600);

/// The tries that are left. Durations come in from outside, so that no test has to wait.
#[derive(Debug, Default)]
pub struct RestartBudget {
    used: usize,
}

impl RestartBudget {
    /// The supervisor died after it had been ready for `ran`: the pause before the next try, or `None`
    /// when enough has been tried.
    pub fn next(&mut self, ran: Duration) -> Option<Duration> {
        if ran >= GOOD_RUN {
            self.used = 0;
        }
        let pause = PAUSES.get(self.used).copied();
        self.used += 1;
        pause
    }

    /// A person asked for another try.
    pub fn renew(&mut self) {
        self.used = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_secs(5);

    #[test]
    fn pauses_grow_and_then_it_is_given_up() {
        let mut budget = RestartBudget::default();
        let pauses: Vec<_> = (0..6).map(|_| budget.next(SHORT).map(|pause| pause.as_millis())).collect();
        assert_eq!(pauses, [Some(250), Some(2000), Some(4000), Some(8000), None, None]);
    }

    #[test]
    fn a_good_run_gives_all_tries_back() {
        let mut budget = RestartBudget::default();
        while budget.next(SHORT).is_some() {}
        assert_eq!(budget.next(GOOD_RUN), Some(PAUSES[0]));
        assert_eq!(budget.next(SHORT), Some(PAUSES[1]));
    }

    #[test]
    fn retry_by_hand_gives_all_tries_back() {
        let mut budget = RestartBudget::default();
        while budget.next(SHORT).is_some() {}
        budget.renew();
        assert_eq!(budget.next(SHORT), Some(PAUSES[0]));
    }
}
