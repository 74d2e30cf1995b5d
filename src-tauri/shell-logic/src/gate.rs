//! Work that must not be broken off by the end of the program, such as replacing the program itself.

use std::sync::{Mutex, MutexGuard};

/// What has begun before the end is finished first; nothing begins after.
#[derive(Debug, Default)]
pub struct Gate {
    closed: Mutex<bool>,
}

/// The end waits as long as this lives.
pub struct Entered<'a>(#[expect(dead_code, reason = "held, not read")] MutexGuard<'a, bool>);

impl Gate {
    /// None: the end has come.
    pub fn enter(&self) -> Option<Entered<'_>> {
        let closed = self.lock();
        (!*closed).then_some(Entered(closed))
    }

    /// Returns when nobody is inside any more; from then on nobody enters.
    pub fn close(&self) {
        *self.lock() = true;
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.closed.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    #[test]
    fn the_end_waits_for_what_has_begun_and_nothing_begins_after() {
        let gate = Gate::default();
        let finished = AtomicBool::new(false);
        std::thread::scope(|threads| {
            let entered = gate.enter().unwrap();
            threads.spawn(|| {
                gate.close();
                assert!(finished.load(Ordering::SeqCst));
            });
            std::thread::sleep(Duration::from_millis(50));
            finished.store(true, Ordering::SeqCst);
            drop(entered);
        });
        assert!(gate.enter().is_none());
        gate.close();
    }
}
