#!/usr/bin/python3
"""Cuts clips out of recordings and makes them sound as a turntable, a room or a codec would.

usage: make_queries.py --seed S --tracks TRACKS.json --positives N --strangers N --out FOLDER

TRACKS.json is a list of {id, package, file, seconds, find, stranger}. Some tracks, drawn at random of those that may be
strangers, are to be asked about without being indexed. Of others that may be asked for (with --overlap of these too) one
clip each is cut at a random place that is not silent and not repeated to the sample elsewhere in the track. Written are 16-bit mono WAVs at 44.1 kHz, of 2, 3, 5, 8, 10 and 15 s from the same
start, under every condition, and manifest.json {seed, strangers, index, queries}. The same seed gives the same
clips, as far as the versions of ffmpeg and espeak-ng do.
Needs numpy, scipy, soundfile; ffmpeg, espeak-ng.
"""

import argparse
import hashlib
import json
import os
import subprocess
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import soundfile as sf
from scipy import ndimage, signal

RATE = 44100
LENGTHS = [2, 3, 5, 8, 10, 15]
LONGEST = max(LENGTHS)
BEFORE = 1.0
AFTER = 1.5
SPEEDS = ["-3", "-2", "-1", "-0.5", "0", "+0.5", "+1", "+2", "+3"]
CONDITIONS = ["clean", "mp3_64", "opus_32", "pink10", "pink5", "pink0", "babble5", "room"] + [
    f"vinyl{speed}" for speed in SPEEDS
]
# Each stranger is heard under one pair of these in turn: more tracks tell more than more clips of one.
STRANGER_CONDITIONS = [["clean", "babble5"], ["room", "vinyl+2"]]
SILENT = 10 ** (-42 / 20)
REPEATED = 0.7


def source(path, out):
    """The recording as mono WAV at RATE, decoded once."""
    kept = f"{out}/source/{hashlib.sha256(path.encode()).hexdigest()[:24]}.wav"
    if not os.path.exists(kept):
        part = f"{kept}.{os.getpid()}.part.wav"
        command = ["ffmpeg", "-v", "error", "-y", "-i", path, "-ac", "1", "-ar", str(RATE), part]
        subprocess.run(command, check=True)
        os.replace(part, kept)
    return kept


def load(wav, start, end):
    frames = sf.info(wav).frames
    first, last = max(0, int(start * RATE)), min(frames, int(end * RATE))
    return sf.read(wav, start=first, stop=last, dtype="float32")[0].astype(np.float64)


def rms(x):
    return np.sqrt(np.mean(x * x) + 1e-20)


def pink(n, rng):
    size = int(2 ** np.ceil(np.log2(n)))
    spectrum = rng.standard_normal(size // 2 + 1) + 1j * rng.standard_normal(size // 2 + 1)
    f = np.arange(size // 2 + 1)
    f[0] = 1
    spectrum /= np.sqrt(f)
    spectrum[: int(20 * size / RATE)] = 0
    x = np.fft.irfft(spectrum, size)[:n]
    return x / rms(x)


def codec(x, encoder, container):
    """Through an encoder and back, its delay taken out by correlation."""
    raw = ["-f", "f32le", "-ar", str(RATE), "-ac", "1"]
    encode = ["ffmpeg", "-v", "error", *raw, "-i", "-", *encoder, "-f", container, "-"]
    packed = subprocess.run(encode, input=x.astype("<f4").tobytes(), capture_output=True, check=True).stdout
    decode = ["ffmpeg", "-v", "error", "-i", "-", "-ar", str(RATE), "-ac", "1", "-f", "f32le", "-"]
    y = np.frombuffer(subprocess.run(decode, input=packed, capture_output=True, check=True).stdout, "<f4")
    y = y.astype(np.float64)
    n = min(len(x), len(y), 4 * RATE)
    correlation = signal.correlate(y[:n], x[:n], mode="full", method="fft")
    lag = int(np.argmax(correlation[n - 1 - 4000 : n - 1 + 4000])) - 4000
    y = y[lag:] if lag > 0 else np.concatenate([np.zeros(-lag), y])
    return np.pad(y, (0, max(0, len(x) - len(y))))[: len(x)]


def room(rng):
    """Impulse response of a room: direct sound, early reflections, a decaying tail."""
    rt60 = rng.uniform(0.4, 0.8)
    n = int(RATE * rt60 * 1.2)
    t = np.arange(n) / RATE
    h = rng.standard_normal(n) * 10 ** (-3 * t / rt60)
    h[: int(0.012 * RATE)] *= 0
    for _ in range(8):
        delay = rng.uniform(0.002, 0.04)
        h[int(delay * RATE)] += rng.choice([-1, 1]) * rng.uniform(2, 6) * 10 ** (-3 * delay / rt60)
    h /= np.sqrt((h * h).sum())
    direct = rng.uniform(-2, 5)
    h[0] += 10 ** (direct / 20)
    return h / np.sqrt((h * h).sum()), rt60, direct


def vinyl(wav, start, speed, rng):
    """A deck: speed (pitch and tempo together), wow and flutter, hiss, rumble, crackle."""
    n = LONGEST * RATE
    t = np.arange(n) / RATE
    wow = rng.uniform(0.001, 0.002) * np.sin(2 * np.pi * 0.5556 * t + rng.uniform(0, 6.28))
    flutter = rng.uniform(0.0003, 0.0008) * np.sin(2 * np.pi * rng.uniform(4, 10) * t + rng.uniform(0, 6.28))
    position = np.cumsum(speed * (1 + wow + flutter)) / RATE
    position -= position[0]
    first = max(0, start - 0.5)
    x = load(wav, first, start + LONGEST * 1.04 + 1)
    y = ndimage.map_coordinates(x, [(position + (start - first)) * RATE], order=3, mode="constant")
    level = rms(y)
    noise = level * 10 ** (-40 / 20) * pink(n, rng)
    b, a = signal.butter(2, [15, 60], "band", fs=RATE)
    rumble = signal.lfilter(b, a, rng.standard_normal(n))
    noise += level * 10 ** (-26 / 20) * rumble / rms(rumble)
    crackle = np.zeros(n + 2000)
    for k in np.flatnonzero(rng.random(n) < rng.uniform(8, 30) / RATE):
        m = int(rng.integers(10, 90))
        height = level * min(6, np.exp(rng.normal(-0.3, 0.9)))
        ringing = np.exp(-np.arange(m) / (m / 4)) * np.cos(np.arange(m) * rng.uniform(0.3, 1.5))
        crackle[k : k + m] += height * rng.choice([-1, 1]) * ringing
    b, a = signal.butter(2, 15000, "low", fs=RATE)
    return signal.lfilter(b, a, y + noise + crackle[:n])


def babble(out, seed):
    """Four minutes of five voices at once, reading different parts of a long text."""
    path = f"{out}/babble.npy"
    text = open("/usr/share/common-licenses/GPL-3").read()
    rng = np.random.default_rng(seed + 99)
    total = np.zeros(RATE * 240)
    voices = [("en-us", 165, 45), ("en-gb+f3", 180, 60), ("de", 170, 35), ("fr+f2", 175, 55), ("en-us+m3", 150, 30)]
    for voice, speed, pitch in voices:
        at = int(rng.integers(0, len(text) - 9000))
        wav = f"{out}/voice.wav"
        command = ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "-w", wav, text[at : at + 6000]]
        subprocess.run(command, check=True)
        y, rate = sf.read(wav)
        y = np.resize(signal.resample_poly(y, RATE // 50, rate // 50), len(total))
        total += y / rms(y)
    os.remove(wav)
    np.save(path, total)
    return path


def repetition(wav, start):
    """Largest normalised correlation of 3 s from `start` with the rest of the track, at 5.5 kHz."""
    x = signal.resample_poly(load(wav, 0, 1e9), 1, 8)
    rate = RATE / 8
    first, m = int(start * rate), int(3 * rate)
    q = x[first : first + m]
    q = q - q.mean()
    correlation = signal.correlate(x, q, mode="valid", method="fft")
    energy = np.cumsum(np.concatenate([[0], x * x]))
    energy = energy[m:] - energy[:-m]
    likeness = np.abs(correlation) / (np.sqrt(energy * (q * q).sum()) + 1e-9)
    near = int(0.5 * rate)
    likeness[max(0, first - near) : first + near] = 0
    return float(likeness.max())


def mixed_with(y, noise, snr):
    """A clip of n samples with noise at exactly `snr` dB, whatever its length."""
    return lambda n: y[:n] + noise[:n] * (rms(y[:n]) / rms(noise[:n]) * 10 ** (-snr / 20))


def conditioned(wav, start, condition, rng, babble_path):
    """Gives (n -> the first n samples, facts for the manifest)."""

    def dry():
        return load(wav, start - BEFORE, start + LONGEST + AFTER)

    def cut(y):
        return y[int(BEFORE * RATE) : int(BEFORE * RATE) + LONGEST * RATE]

    def plain(y):
        return lambda n: y[:n]

    if condition == "clean":
        return plain(cut(dry())), {}
    if condition == "mp3_64":
        return plain(cut(codec(dry(), ["-c:a", "libmp3lame", "-b:a", "64k"], "mp3"))), {}
    if condition == "opus_32":
        return plain(cut(codec(dry(), ["-c:a", "libopus", "-b:a", "32k"], "ogg"))), {}
    if condition.startswith("pink"):
        y, snr = cut(dry()), float(condition[4:])
        return mixed_with(y, pink(len(y), rng), snr), {"snr": snr}
    if condition == "babble5":
        y, voices = cut(dry()), np.load(babble_path, mmap_mode="r")
        at = int(rng.integers(0, len(voices) - len(y)))
        return mixed_with(y, np.array(voices[at : at + len(y)]), 5), {"snr": 5}
    if condition == "room":
        h, rt60, direct = room(rng)
        band = signal.butter(4, [150, 6000], "band", fs=RATE, output="sos")
        y = signal.sosfilt(band, cut(signal.fftconvolve(dry(), h)))
        noise = signal.sosfilt(band, pink(len(y), rng))
        return mixed_with(y, noise, 10), {"rt60": round(rt60, 2), "direct": round(direct, 1), "snr": 10}
    speed = 1 + float(condition[5:]) / 100
    return plain(vinyl(wav, start, speed, rng)), {"speed": speed}


def render(job):
    """All lengths of one clip under one condition; gives their rows of the manifest."""
    out, babble_path, seed, name, track, start, condition, stranger = job
    rng = np.random.default_rng(seed)
    of_length, facts = conditioned(source(track["file"], out), start, condition, rng, babble_path)
    gain = None if condition == "clean" else 10 ** (rng.uniform(-18, -3) / 20)
    rows = []
    for length in LENGTHS:
        z = of_length(length * RATE)
        peak = np.abs(z).max()
        z = z / max(1, peak / 0.99) if gain is None else z / (peak + 1e-9) * gain
        file = f"clips/{name}_{condition}_{length:02d}.wav"
        sf.write(f"{out}/{file}", z, RATE, subtype="PCM_16")
        row = {"file": file, "track": track["id"], "stranger": stranger, "condition": condition}
        rows.append({**row, "offset": round(start, 4), "seconds": length, **facts})
    return rows


def place(job):
    """A start for a clip of a track, or None: not silent and, where that matters, not repeated."""
    out, track, seed, may_repeat = job
    rng = np.random.default_rng(seed)
    wav = source(track["file"], out)
    for _ in range(4):
        start = float(rng.uniform(3, track["seconds"] - LONGEST * 1.04 - 4))
        x = load(wav, start, start + LONGEST)
        if len(x) < LONGEST * RATE or min(rms(x[: 2 * RATE]), rms(x)) < SILENT:
            continue
        if may_repeat or repetition(wav, start) <= REPEATED:
            return start
    return None


def seed_of(*parts):
    return int(hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()[:8], 16)


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--seed", type=int, required=True)
    ask.add_argument("--positives", type=int, required=True)
    ask.add_argument("--strangers", type=int, required=True)
    ask.add_argument("--overlap", action="store_true", help="strangers may be among the tracks to find")
    ask.add_argument("--tracks", required=True)
    ask.add_argument("--out", required=True)
    ask.add_argument("--jobs", type=int, default=2)
    asked = ask.parse_args()
    for folder in ["clips", "source"]:
        os.makedirs(f"{asked.out}/{folder}", exist_ok=True)
    tracks = json.load(open(asked.tracks))
    order = np.random.default_rng(asked.seed).permutation(len(tracks))
    shuffled = [tracks[i] for i in order]
    strangers = [t for t in shuffled if t["stranger"]][: asked.strangers]
    names = {t["id"] for t in strangers}
    index = [t for t in shuffled if t["id"] not in names]
    babble_path = babble(asked.out, asked.seed)
    rows = []
    with ProcessPoolExecutor(asked.jobs) as pool:

        def placed(some, may_repeat):
            jobs = [(asked.out, t, seed_of(asked.seed, t["id"]), may_repeat) for t in some]
            return [(t, s) for t, s in zip(some, pool.map(place, jobs, chunksize=2)) if s is not None]

        findable = [t for t in (index + strangers if asked.overlap else index) if t["find"]]
        positives = placed(findable[: asked.positives * 3 // 2], False)[: asked.positives]
        jobs = []
        for stranger, clips in [(False, positives), (True, placed(strangers, True))]:
            for k, (track, start) in enumerate(clips):
                name = f"{'n' if stranger else 'p'}{k:03d}"
                for condition in STRANGER_CONDITIONS[k % 2] if stranger else CONDITIONS:
                    seed = seed_of(asked.seed, name, condition)
                    jobs.append((asked.out, babble_path, seed, name, track, start, condition, stranger))
        print(f"{len(positives)} tracks to find, {len(strangers)} strangers, {len(jobs)} renders", flush=True)
        for done, of_job in enumerate(pool.map(render, jobs, chunksize=4), 1):
            rows += of_job
            if done % 200 == 0:
                print(f"{done}/{len(jobs)}", flush=True)
    manifest = {"seed": asked.seed, "strangers": [t["id"] for t in strangers], "index": [t["id"] for t in index]}
    with open(f"{asked.out}/manifest.json.part", "w") as file:
        json.dump({**manifest, "queries": rows}, file, indent=0)
    os.replace(f"{asked.out}/manifest.json.part", f"{asked.out}/manifest.json")


if __name__ == "__main__":
    main()
