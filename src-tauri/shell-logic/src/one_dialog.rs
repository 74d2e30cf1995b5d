//! A dialog of the system that is asked for by id and answered when a person has closed it; one at a time.

use std::sync::{Mutex, MutexGuard};

/// Who waits for the answer of the dialog that is open.
#[derive(Debug, Default)]
pub struct OneDialog {
    asked: Mutex<Option<String>>,
}

impl OneDialog {
    /// Whether a dialog is to be opened. One that is open already stays, and answers whoever asked last.
    pub fn ask(&self, id: String) -> bool {
        self.lock().replace(id).is_none()
    }

    /// It is closed, or could not be opened: to whom that is to be told.
    pub fn closed(&self) -> Option<String> {
        self.lock().take()
    }

    fn lock(&self) -> MutexGuard<'_, Option<String>> {
        self.asked.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_open_at_a_time_and_answers_whoever_asked_last() {
        let dialog = OneDialog::default();
        assert!(dialog.ask("a".into()));
        assert!(!dialog.ask("b".into()));
        assert_eq!(dialog.closed(), Some("b".into()));
        assert_eq!(dialog.closed(), None);
        assert!(dialog.ask("c".into()));
    }
}
