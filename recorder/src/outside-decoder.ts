import { type DecodeExternally, externalDecodeArguments } from '@pidentify/audio';
import { programOutput } from '@pidentify/platform';

/** Formats that no bundled decoder reads, m4a above all, through an ffmpeg that is installed. */
export const decodeWithFfmpeg: DecodeExternally = (path) =>
  programOutput('ffmpeg', externalDecodeArguments(path));
