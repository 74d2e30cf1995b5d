//! Where the window may go: the splash and the page of our own API, nowhere else.

use url::Url;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Allow,
    /// Not for this window: the system's browser or mail program opens it.
    OpenOutside,
    Deny,
}

/// Judges an address the window is about to show. `page_port`: where our API is, once it is ready.
pub fn judge(url: &Url, page_port: Option<u16>) -> Verdict {
    if is_splash(url) || is_page(url, page_port) {
        return Verdict::Allow;
    }
    match url.scheme() {
        // Loopback and names for it are never a place to send the browser on a page's wish.
        "http" | "https" if !is_loopback(url) => Verdict::OpenOutside,
        "mailto" => Verdict::OpenOutside,
        _ => Verdict::Deny,
    }
}

/// True for an address of the splash inside the binary (its scheme differs on Windows).
pub fn is_splash(url: &Url) -> bool {
    let plain = url.port().is_none() && url.username().is_empty() && url.password().is_none();
    let local = matches!(
        (url.scheme(), url.host_str()),
        ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost"))
    );
    plain && local
}

fn is_page(url: &Url, page_port: Option<u16>) -> bool {
    let Some(port) = page_port else { return false };
    if url.scheme() == "blob" {
        // What the page made itself, such as a file to save.
        return Url::parse(url.path()).is_ok_and(|inner| is_page(&inner, page_port));
    }
    url.scheme() == "http"
        && url.host_str() == Some("127.0.0.1")
        && url.port_or_known_default() == Some(port)
        && url.username().is_empty()
        && url.password().is_none()
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(url::Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
        Some(url::Host::Ipv6(address)) => {
            let mapped = address.to_ipv4_mapped();
            address.is_loopback() || address.is_unspecified() || mapped.is_some_and(|v4| v4.is_loopback())
        }
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(url: &str) -> Verdict {
        judge(&Url::parse(url).unwrap(), Some(8000))
    }

    #[test]
    fn the_splash_and_our_page_are_allowed() {
        for url in [
            "tauri://localhost/",
            "tauri://localhost/index.html#failed",
            "http://tauri.localhost/",
            "http://127.0.0.1:8000/history?page=2",
            "blob:http://127.0.0.1:8000/1c2d",
        ] {
            assert_eq!(verdict(url), Verdict::Allow, "{url}");
        }
    }

    #[test]
    fn before_the_api_is_ready_only_the_splash_is_allowed() {
        let judge = |url: &str| judge(&Url::parse(url).unwrap(), None);
        assert_eq!(judge("tauri://localhost/"), Verdict::Allow);
        assert_eq!(judge("http://127.0.0.1:8000/"), Verdict::Deny);
    }

    #[test]
    fn other_places_open_outside() {
        for url in ["https://musicbrainz.org/release/1", "http://example.com/", "mailto:a@example.com"] {
            assert_eq!(verdict(url), Verdict::OpenOutside, "{url}");
        }
    }

    #[test]
    fn look_alikes_and_other_schemes_are_denied() {
        for url in [
            "http://127.0.0.1:8001/",
            "http://127.0.0.1/",
            "https://127.0.0.1:8000/",
            "http://a@127.0.0.1:8000/",
            "http://localhost:8000/",
            "http://x.localhost./",
            "http://[::1]:8000/",
            "http://[::ffff:127.0.0.1]:8000/",
            "http://0.0.0.0:8000/",
            "http://tauri.localhost:8000/",
            "tauri://elsewhere/",
            "blob:http://127.0.0.1:8001/1",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/html,x",
            "about:blank",
            "ssh://example.com/",
        ] {
            assert_eq!(verdict(url), Verdict::Deny, "{url}");
        }
    }

    #[test]
    fn a_name_that_begins_like_ours_is_a_stranger() {
        assert_eq!(verdict("http://127.0.0.1.example.com:8000/"), Verdict::OpenOutside);
        assert_eq!(verdict("http://127.1:8000/"), Verdict::Allow);
    }
}
