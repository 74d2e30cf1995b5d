//! The child and its children as one process group.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

pub fn prepare(command: &mut Command) {
    command.process_group(0);
}

pub struct Family {
    group: libc::pid_t,
}

impl Family {
    pub fn of(process: &Child) -> std::io::Result<Self> {
        let group = libc::pid_t::try_from(process.id()).map_err(std::io::Error::other)?;
        Ok(Self { group })
    }

    pub fn wake(&self) {
        self.signal(libc::SIGCONT);
    }

    pub fn kill_first(&self) {
        // SAFETY: a system call on numbers; the process is the one the group was made for.
        unsafe { libc::kill(self.group, libc::SIGKILL) };
    }

    pub fn end(&mut self, deadline: Instant) {
        if !self.signal(libc::SIGTERM) {
            return;
        }
        // A group tells nobody when its last member has gone: it has to be asked.
        while Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
            if !self.signal(0) {
                return;
            }
        }
        self.signal(libc::SIGKILL);
    }

    /// False when the group has no members any more.
    fn signal(&self, signal: libc::c_int) -> bool {
        // SAFETY: a system call on numbers; the group is one we made.
        unsafe { libc::killpg(self.group, signal) == 0 }
    }
}
