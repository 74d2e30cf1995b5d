import { describe, expect, test } from 'vitest';
import { fakeDevices } from '../../../dev/fake-data.ts';
import { deviceChoices } from './device-choices.ts';

const names = (chosen: string, devices = fakeDevices) =>
  deviceChoices({ devices, chosen }).map((choice) =>
    'group' in choice ? [choice.group, ...choice.items.map(({ label }) => label)] : choice.label,
  );

describe('the inputs to choose from', () => {
  test('are the default, the sockets, and what this computer plays', () => {
    expect(names('')).toEqual([
      'System default (UMC202HD 192k Analog Stereo)',
      ['Inputs', 'UMC202HD 192k Analog Stereo', 'Built-in Audio Analog Stereo'],
      ['What this computer plays', 'Monitor of Built-in Audio'],
    ]);
  });

  test('still have the chosen one when it is not connected', () => {
    expect(names('old-turntable')).toContain('old-turntable (not connected)');
  });

  test('are the default alone when there are none', () => {
    expect(names('', [])).toEqual(['System default']);
  });

  test('cannot be mistaken for the default, whatever their names are', () => {
    const devices = [{ ...fakeDevices[0], id: 'default' }];
    const values = deviceChoices({ devices, chosen: '' }).flatMap((choice) =>
      'group' in choice ? choice.items.map(({ value }) => value) : [choice.value],
    );
    expect(new Set(values).size).toBe(values.length);
  });
});
