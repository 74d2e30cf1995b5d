//! The child and its children in a job that ends with us. Compiled on Windows only.

use std::os::windows::io::AsRawHandle;
use std::os::windows::process::CommandExt;
use std::process::{Child, Command};
use std::time::Instant;

use windows_sys::Win32::Foundation::{CloseHandle, HANDLE};
use windows_sys::Win32::System::JobObjects::{
    AssignProcessToJobObject, CreateJobObjectW, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE,
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION, JobObjectExtendedLimitInformation, SetInformationJobObject,
    TerminateJobObject,
};
use windows_sys::Win32::System::Threading::CREATE_NO_WINDOW;

pub fn prepare(command: &mut Command) {
    command.creation_flags(CREATE_NO_WINDOW);
}

pub struct Family {
    job: HANDLE,
}

// SAFETY: a job handle belongs to the process, not to a thread.
unsafe impl Send for Family {}

impl Family {
    /// The child is a Node that needs tens of milliseconds before its script can start anything: what it
    /// starts is in the job, too.
    pub fn of(process: &Child) -> std::io::Result<Self> {
        // SAFETY: no pointers are kept; `limits` outlives the call and its size is passed along.
        unsafe {
            let job = CreateJobObjectW(std::ptr::null(), std::ptr::null());
            if job.is_null() {
                return Err(std::io::Error::last_os_error());
            }
            let family = Self { job };
            let mut limits = JOBOBJECT_EXTENDED_LIMIT_INFORMATION::default();
            limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
            let size = u32::try_from(size_of_val(&limits)).map_err(std::io::Error::other)?;
            let set = SetInformationJobObject(
                job,
                JobObjectExtendedLimitInformation,
                std::ptr::from_ref(&limits).cast(),
                size,
            );
            if set == 0 || AssignProcessToJobObject(job, process.as_raw_handle()) == 0 {
                return Err(std::io::Error::last_os_error());
            }
            Ok(family)
        }
    }

    /// Nothing is stopped by a signal here.
    pub fn wake(&self) {}

    /// The job alone ends a process here, and with it all others.
    pub fn kill_first(&self) {}

    pub fn end(&mut self, _: Instant) {
        // SAFETY: the handle is open until drop.
        unsafe { TerminateJobObject(self.job, 1) };
    }
}

impl Drop for Family {
    fn drop(&mut self) {
        // SAFETY: opened in `of`, closed once. The kernel does the same when this process dies.
        unsafe { CloseHandle(self.job) };
    }
}
