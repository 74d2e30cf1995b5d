export type { Recording } from './buffer/recording.ts';
export {
  openRollingBuffer,
  type RollingBuffer,
  type RollingBufferOptions,
} from './buffer/rolling-buffer.ts';
export { type FrameRange, NotInBufferError } from './buffer/run.ts';
export type { BufferTake } from './buffer/take.ts';
export type { BufferState } from './buffer/writer.ts';
export {
  type AudioFile,
  type DecodeExternally,
  openAudioFile,
} from './decode/audio-file.ts';
export { AudioFileError } from './decode/error.ts';
export { type EncodeFlacOptions, encodeFlac } from './flac/encode.ts';
export { type FlacFile, openFlac } from './flac/flac-file.ts';
export type { FlacTags } from './flac/metadata.ts';
export { createLevelMeter, decibels, type LevelMeter, type SoundLevel } from './level/meter.ts';
export { createPcmConverter, createStoredReader, type PcmConverter } from './pcm/converter.ts';
export { frameBytes, type PcmFormat, pcmFormat, sameFormat } from './pcm/format.ts';
export { createDownmix, mixToMono } from './pcm/mono.ts';
export { type SampleFormat, sampleFormats } from './pcm/sample.ts';
export { type Picture, type PictureFacts, pictureFacts } from './picture/picture.ts';
export { createResampler, type Resampler } from './resample/resampler.ts';
export { readCover } from './tags/read-cover.ts';
export { readLyrics } from './tags/read-lyrics.ts';
export { type MusicBrainzIds, readTags, type SoundTags } from './tags/read-tags.ts';
export { medianAbsChart } from './waveform/chart.ts';
