//! Where what a person downloads in the window is put.

use std::path::{Path, PathBuf};

use tauri::{AppHandle, Manager};

/// A Linux without `user-dirs.dirs` names no folder for downloads; the webview would take the folder the
/// program was started in. Leaves the place alone where the system knows one.
pub fn place(app: &AppHandle, destination: &mut PathBuf) {
    if app.path().download_dir().is_ok() {
        return;
    }
    let (Ok(home), Some(name)) = (app.path().home_dir(), destination.file_name()) else { return };
    let folder = home.join("Downloads");
    if let Err(error) = std::fs::create_dir_all(&folder) {
        return log::warn!("{}: {error}", folder.display());
    }
    *destination = unused(&folder.join(name), |path| path.exists());
}

/// The path itself, or with " (1)", " (2)" … before its extension: nothing is overwritten.
fn unused(wanted: &Path, taken: impl Fn(&Path) -> bool) -> PathBuf {
    let stem = wanted.file_stem().unwrap_or_default().to_string_lossy();
    let extension = wanted.extension().map(|end| format!(".{}", end.to_string_lossy())).unwrap_or_default();
    let numbered = (1..).map(|number| wanted.with_file_name(format!("{stem} ({number}){extension}")));
    std::iter::once(wanted.to_path_buf())
        .chain(numbered)
        .find(|path| !taken(path))
        .unwrap_or_else(|| wanted.to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let unused = |wanted: &str, taken: &[&str]| {
            unused(Path::new(wanted), |path| taken.contains(&path.to_str().unwrap())).display().to_string()
        };
        assert_eq!(unused("/d/a.flac", &[]), "/d/a.flac");
        assert_eq!(unused("/d/a.flac", &["/d/a.flac", "/d/a (1).flac"]), "/d/a (2).flac");
        assert_eq!(unused("/d/dump", &["/d/dump"]), "/d/dump (1)");
    }
}
