//! What this start was given: the one place that reads arguments and environment.

use std::path::{Path, PathBuf};

use shell_logic::arguments::{Arguments, parse_arguments};
use shell_logic::environment::{Changes, scrub_app_image};

#[derive(Debug, Clone)]
pub struct Start {
    pub arguments: Arguments,
    /// A clone of the sources to run from, in place of what is installed beside this program.
    pub source: Option<Source>,
    /// For the child: what an AppImage put into the environment is taken out again.
    pub environment: Changes,
}

/// `npm start` and `npm run dev` name both, by PIDENTIFY_DEV_ROOT and PIDENTIFY_DEV_SUPERVISOR; at login the program that
/// was built in a clone finds both by itself.
#[derive(Debug, Clone)]
pub struct Source {
    pub root: PathBuf,
    /// Script of the one child: below `root`, or absolute.
    pub supervisor: PathBuf,
}

impl Start {
    pub fn read() -> Self {
        let named = std::env::var_os("PIDENTIFY_DEV_ROOT").map(PathBuf::from);
        let built_from = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let supervisor = std::env::var_os("PIDENTIFY_DEV_SUPERVISOR").map(PathBuf::from);
        let sources = |root| Source {
            root,
            supervisor: supervisor.clone().unwrap_or_else(|| "supervisor/src/main.ts".into()),
        };
        let bundled = |root| Source { root, supervisor: BUNDLED.into() };
        let program = std::env::current_exe().ok();
        let source = named
            .map(sources)
            .or_else(|| program.as_deref().and_then(clone_of).map(bundled))
            .or_else(|| cfg!(debug_assertions).then_some(built_from).map(sources));
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        let app_dir = std::env::var("APPDIR").ok();
        Self {
            arguments: parse_arguments(
                std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()),
            ),
            source,
            environment: scrub_app_image(variables, app_dir.as_deref()),
        }
    }
}

/// What `npm start` has bundled last.
const BUNDLED: &str = "dist/services/supervisor/src/main.js";

/// The clone whose `npm run build:native` has left this program in it, `scripts/window-of-clone.mjs`.
fn clone_of(program: &Path) -> Option<PathBuf> {
    let place = program.parent()?;
    place.ends_with(".tools/native/window").then(|| place.ancestors().nth(3).map(Path::to_path_buf)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_is_told_by_the_place_of_the_program_in_it() {
        let clone = clone_of(Path::new("/home/ann/src/pidentify/.tools/native/window/pidentify"));
        assert_eq!(clone, Some(PathBuf::from("/home/ann/src/pidentify")));
        assert_eq!(clone_of(Path::new("/usr/bin/pidentify")), None);
        assert_eq!(clone_of(Path::new("/window/pidentify")), None);
    }
}
