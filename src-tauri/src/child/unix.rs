//! The child and its children as one process group, and a guard beside it.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Waits for the end of its standard input, which is the end of us, however that came; `$1` is the group. One that a
/// signal has stopped goes on and ends in order. One that hangs is ended when the recorder's limit for a stop is well
/// over, so that the others notice and put things away; what is left then is ended, too. A busy machine is late at each
/// step: one clock for all of them. The group's number belongs to nobody else as long as one of it lives.
const GUARD: &str = r#"
read -r _
kill -s CONT -- "-$1"
sleep 1.7 &
clock=$!
while kill -s 0 -- "-$1" && kill -s 0 "$clock"; do sleep 0.2; done
kill "$clock"
kill -s 0 -- "-$1" || exit 0
kill -s KILL "$1"
sleep 0.4
kill -s KILL -- "-$1"
"#;

pub fn prepare(command: &mut Command) {
    command.process_group(0);
}

pub struct Family {
    group: libc::pid_t,
    /// None: it could not be started, and all works without it as long as the child does not hang.
    guard: Option<Child>,
}

impl Family {
    pub fn of(process: &Child) -> std::io::Result<Self> {
        let group = libc::pid_t::try_from(process.id()).map_err(std::io::Error::other)?;
        let guard = start_guard(group).inspect_err(|error| log::warn!("no guard: {error}")).ok();
        Ok(Self { group, guard })
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

/// In a group of its own: what a terminal sends to ours is not for it.
fn start_guard(group: libc::pid_t) -> std::io::Result<Child> {
    Command::new("/bin/sh")
        .args(["-c", GUARD, "pidentify-guard", &group.to_string()])
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

impl Drop for Family {
    fn drop(&mut self) {
        let Some(guard) = &mut self.guard else { return };
        if let Err(error) = guard.kill().and_then(|()| guard.wait()) {
            log::warn!("the guard: {error}");
        }
    }
}
