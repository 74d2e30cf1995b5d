//! `list`, or `open --id ID [--rate HZ] [--channels N] [--format NAME]`.

use cpal::SampleFormat;

use crate::format;

#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    List,
    Open(Wishes),
}

/// What is not wished for is as the system runs it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    pub id: String,
    pub rate: Option<u32>,
    pub channels: Option<u16>,
    pub format: Option<SampleFormat>,
}

/// Fails with a sentence.
pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Command, String> {
    let mut rest = arguments.into_iter();
    match rest.next().as_deref() {
        Some("list") => match rest.next() {
            None => Ok(Command::List),
            Some(extra) => Err(format!("list takes nothing, not {extra}")),
        },
        Some("open") => wishes(rest).map(Command::Open),
        Some(other) => Err(format!("There is no command {other}: list, open")),
        None => Err("Which command? list, open".to_owned()),
    }
}

fn wishes(mut rest: impl Iterator<Item = String>) -> Result<Wishes, String> {
    let mut wishes = Wishes::default();
    while let Some(name) = rest.next() {
        let value = rest.next().ok_or_else(|| format!("{name} needs a value"))?;
        let wrong = || format!("{name} {value} cannot be used");
        match name.as_str() {
            "--id" => wishes.id = value,
            "--rate" => wishes.rate = Some(value.parse().map_err(|_| wrong())?),
            "--channels" => wishes.channels = Some(value.parse().map_err(|_| wrong())?),
            "--format" => wishes.format = Some(format::named(&value).ok_or_else(wrong)?),
            _ => return Err(format!("There is no option {name}")),
        }
    }
    if wishes.id.is_empty() { Err("--id is missing".to_owned()) } else { Ok(wishes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn commands_and_wishes_are_read() {
        assert_eq!(parsed("list"), Ok(Command::List));
        let wishes = Wishes {
            id: "alsa:hw:0".to_owned(),
            rate: Some(96_000),
            channels: Some(2),
            format: Some(SampleFormat::I32),
        };
        assert_eq!(
            parsed("open --id alsa:hw:0 --rate 96000 --channels 2 --format s32"),
            Ok(Command::Open(wishes))
        );
    }

    #[test]
    fn nonsense_is_refused_with_a_sentence() {
        for line in [
            "",
            "listen",
            "list all",
            "open",
            "open --id",
            "open --id x --rate fast",
            "open --id x --format u8",
        ] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }
}
