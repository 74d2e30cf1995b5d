//! Text of others, made safe for where it is shown.

/// For the body of a freedesktop.org notification, which may have markup (Desktop Notifications Specification).
pub fn escape_markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// For an item of a menu, where `&` marks the letter that chooses it.
pub fn escape_mnemonic(text: &str) -> String {
    text.replace('&', "&&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_no_markup() {
        assert_eq!(escape_markup("R&B <3 > \"all\""), "R&amp;B &lt;3 &gt; \"all\"");
    }

    #[test]
    fn an_ampersand_is_no_mnemonic() {
        assert_eq!(escape_mnemonic("Simon & Garfunkel && Co"), "Simon && Garfunkel &&&& Co");
    }
}
