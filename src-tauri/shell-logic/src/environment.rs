//! What a child gets of the environment when the program runs from an AppImage.

/// Changes to make: `(name, None)` removes a variable, `(name, Some(value))` sets it.
pub type Changes = Vec<(String, Option<String>)>;

/// AppRun points library, plugin and data paths into the mounted image; a child with its own libraries
/// breaks on them. Drops every entry under `app_dir` from colon lists, and variables left with nothing.
pub fn scrub_app_image(
    variables: impl IntoIterator<Item = (String, String)>,
    app_dir: Option<&str>,
) -> Changes {
    let Some(app_dir) = app_dir.map(|dir| dir.trim_end_matches('/')).filter(|dir| !dir.is_empty()) else {
        return Vec::new();
    };
    variables.into_iter().filter_map(|(name, value)| changed(name, &value, app_dir)).collect()
}

fn changed(name: String, value: &str, app_dir: &str) -> Option<(String, Option<String>)> {
    // These say where the image is; the updater and the menu entry need them and no loader reads them.
    if matches!(name.as_str(), "APPDIR" | "APPIMAGE" | "ARGV0" | "OWD") {
        return None;
    }
    let entries: Vec<&str> = value.split(':').collect();
    let kept: Vec<&str> = entries.iter().copied().filter(|entry| !is_under(entry, app_dir)).collect();
    if kept.len() == entries.len() {
        return None;
    }
    let rest = kept.join(":");
    Some((name, (!rest.trim_matches(':').is_empty()).then_some(rest)))
}

fn is_under(entry: &str, app_dir: &str) -> bool {
    entry.strip_prefix(app_dir).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrub(variables: &[(&str, &str)], app_dir: Option<&str>) -> Changes {
        scrub_app_image(variables.iter().map(|(name, value)| (name.to_string(), value.to_string())), app_dir)
    }

    fn set(name: &str, value: Option<&str>) -> (String, Option<String>) {
        (name.to_owned(), value.map(str::to_owned))
    }

    #[test]
    fn outside_an_app_image_nothing_changes() {
        assert!(scrub(&[("PATH", "/usr/bin"), ("LD_LIBRARY_PATH", "/opt/lib")], None).is_empty());
        assert!(scrub(&[("PATH", "/usr/bin")], Some("")).is_empty());
    }

    #[test]
    fn entries_under_the_image_go_and_others_stay() {
        let variables = [
            ("PATH", "/tmp/.mount_x/usr/bin:/usr/bin:/bin"),
            ("LD_LIBRARY_PATH", "/tmp/.mount_x/usr/lib:"),
            ("GST_PLUGIN_PATH", "/tmp/.mount_x/usr/lib/gst"),
            ("HOME", "/home/ann"),
            ("XDG_DATA_DIRS", "/tmp/.mount_xyz/share:/usr/share"),
            ("APPDIR", "/tmp/.mount_x"),
        ];
        assert_eq!(
            scrub(&variables, Some("/tmp/.mount_x/")),
            [set("PATH", Some("/usr/bin:/bin")), set("LD_LIBRARY_PATH", None), set("GST_PLUGIN_PATH", None)]
        );
    }

    #[test]
    fn an_address_with_colons_is_not_torn_apart() {
        assert!(scrub(&[("DBUS_SESSION_BUS_ADDRESS", "unix:path=/run/bus")], Some("/tmp/m")).is_empty());
    }
}
