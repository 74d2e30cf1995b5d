export {
  type AudioFile,
  type DecodeExternally,
  externalDecodeArguments,
  openAudioFile,
} from './decode/audio-file.ts';
export { AudioFileError } from './decode/error.ts';
export { mixToMono } from './pcm/mono.ts';
export { createResampler, type Resampler } from './resample/resampler.ts';
