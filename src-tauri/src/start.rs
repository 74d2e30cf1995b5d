//! What this start was given: the one place that reads arguments and environment.

use std::path::PathBuf;

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

/// `npm start` and `npm run dev` name both, by PIDENTIFY_DEV_ROOT and PIDENTIFY_DEV_SUPERVISOR.
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
        let root = named.or_else(|| cfg!(debug_assertions).then_some(built_from));
        let supervisor = std::env::var_os("PIDENTIFY_DEV_SUPERVISOR").map(PathBuf::from);
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        let app_dir = std::env::var("APPDIR").ok();
        Self {
            arguments: parse_arguments(
                std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()),
            ),
            source: root.map(|root| Source {
                root,
                supervisor: supervisor.unwrap_or_else(|| "supervisor/src/main.ts".into()),
            }),
            environment: scrub_app_image(variables, app_dir.as_deref()),
        }
    }
}
