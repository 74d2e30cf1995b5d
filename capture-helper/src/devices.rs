//! Which inputs there are. An output that can be listened to is one as well (WASAPI, macOS 14.6 and newer).

use cpal::traits::{DeviceTrait, HostTrait};
use cpal::{Device, SampleFormat, SupportedStreamConfig, SupportedStreamConfigRange};
use serde_json::{Value, json};

use crate::format;

pub struct Input {
    pub device: Device,
    pub id: String,
    pub loopback: bool,
}

/// Whether this system lets an output be recorded.
const LOOPBACK: bool = cfg!(any(target_os = "windows", target_os = "macos"));

/// Every input of this system, each once.
pub fn inputs() -> Result<Vec<Input>, cpal::Error> {
    let host = cpal::default_host();
    let mut found: Vec<Input> = Vec::new();
    let mut add = |device: Device, loopback: bool| {
        // One that has just been pulled out has no id any more.
        if let Ok(id) = device.id()
            && !found.iter().any(|input| input.id == id.to_string())
        {
            found.push(Input { device, id: id.to_string(), loopback });
        }
    };
    for device in host.input_devices()? {
        add(device, false);
    }
    if LOOPBACK {
        for device in host.output_devices()? {
            add(device, true);
        }
    }
    Ok(found)
}

impl Input {
    /// The format the system itself runs it in.
    pub fn native(&self) -> Result<SupportedStreamConfig, cpal::Error> {
        if self.loopback { self.device.default_output_config() } else { self.device.default_input_config() }
    }

    pub fn offers(&self) -> Result<Vec<SupportedStreamConfigRange>, cpal::Error> {
        Ok(if self.loopback {
            self.device.supported_output_configs()?.collect()
        } else {
            self.device.supported_input_configs()?.collect()
        })
    }

    pub fn name(&self) -> String {
        self.device.description().map_or_else(|_| self.id.clone(), |found| found.name().to_owned())
    }
}

/// For standard output. An input that cannot be asked (busy, pulled out) is listed without formats.
pub fn list() -> Result<Value, cpal::Error> {
    let default = cpal::default_host().default_input_device().and_then(|device| device.id().ok());
    let inputs: Vec<Value> = inputs()?
        .iter()
        .filter(|input| is_card(&input.id))
        .map(|input| {
            let native = input.native().ok();
            let offers = input.offers().unwrap_or_default();
            json!({
                "id": input.id,
                "description": input.name(),
                "loopback": input.loopback,
                "default": default.as_ref().is_some_and(|id| id.to_string() == input.id),
                "native": native.and_then(|found| shown(found.sample_format(), |name| json!({
                    "rate": found.sample_rate(), "channels": found.channels(), "format": name,
                }))),
                "offers": offers.iter().filter_map(|range| shown(range.sample_format(), |name| json!({
                    "leastRate": range.min_sample_rate(),
                    "mostRate": range.max_sample_rate(),
                    "channels": range.channels(),
                    "format": name,
                }))).collect::<Vec<_>>(),
            })
        })
        .collect();
    Ok(json!({ "inputs": inputs }))
}

/// ALSA also lists its plugins, which convert and can be opened all the same, and every card a second time by a
/// number that changes.
fn is_card(id: &str) -> bool {
    let Some(pcm) = id.strip_prefix("alsa:") else { return true };
    pcm.strip_prefix("hw:CARD=").is_some_and(|card| !card.starts_with(|first: char| first.is_ascii_digit()))
}

fn shown(format: SampleFormat, show: impl FnOnce(&str) -> Value) -> Option<Value> {
    format::name_of(format).map(show)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_alsa_only_the_cards_themselves_are_listed() {
        assert!(is_card("alsa:hw:CARD=CODEC,DEV=0"));
        for id in ["alsa:hw:CARD=1,DEV=0", "alsa:plughw:CARD=CODEC,DEV=0", "alsa:default", "alsa:null"] {
            assert!(!is_card(id), "{id}");
        }
        assert!(is_card("coreaudio:AppleUSBAudioEngine:1"));
    }
}
