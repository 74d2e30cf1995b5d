//! Small files of the window's own.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

/// Writes beside it first, so that the old or the new content is there whatever happens; makes its folder.
pub fn replace_file(file: &Path, content: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let fresh = file.with_file_name(name);
    let mut out = File::create(&fresh)?;
    out.write_all(content)?;
    out.sync_all()?;
    fs::rename(&fresh, file)
}
