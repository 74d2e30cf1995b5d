//! How samples lie in memory, by the names of packages/contracts.

use cpal::SampleFormat;

/// The formats Pidentify records: little-endian integers and floats of at least 16 bits.
const FORMATS: [(SampleFormat, &str, u8); 4] = [
    (SampleFormat::I16, "s16", 1),
    // 24 bits in the low three of four bytes.
    (SampleFormat::I24, "s24-32", 2),
    (SampleFormat::I32, "s32", 3),
    (SampleFormat::F32, "f32", 4),
];

/// Name of a format; none for one that is not recorded.
pub fn name_of(format: SampleFormat) -> Option<&'static str> {
    FORMATS.iter().find(|(known, _, _)| *known == format).map(|(_, name, _)| *name)
}

/// Number of a format in the header of a block.
pub fn code_of(format: SampleFormat) -> Option<u8> {
    FORMATS.iter().find(|(known, _, _)| *known == format).map(|(_, _, code)| *code)
}

pub fn named(name: &str) -> Option<SampleFormat> {
    FORMATS.iter().find(|(_, known, _)| *known == name).map(|(format, _, _)| *format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_found_by_its_name_and_has_a_number_of_its_own() {
        let mut codes = Vec::new();
        for (format, name, _) in FORMATS {
            assert_eq!(named(name), Some(format));
            assert_eq!(name_of(format), Some(name));
            codes.push(code_of(format));
        }
        codes.dedup();
        assert_eq!(codes.len(), FORMATS.len());
    }

    #[test]
    fn a_format_that_would_lose_bits_is_not_recorded() {
        for format in [SampleFormat::U8, SampleFormat::F64, SampleFormat::U16] {
            assert_eq!(name_of(format), None);
        }
    }
}
