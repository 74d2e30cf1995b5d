import type { InputHealth } from '@pidentify/contracts';
import { describe, expect, test } from 'vitest';
import {
  fakeHealth,
  notKnownStatus,
  playingStatus,
  sideFinishedStatus,
  tentativeStatus,
  waitingStatus,
} from '../../../dev/fake-data.ts';
import { inputTrouble, isCounting, nextStep } from './next-step.ts';

const now = Date.parse('2026-11-22T10:00:00.000Z');
const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();

describe('what it does now and next', () => {
  test('counts down to the answer while a scan runs', () => {
    const status = { ...tentativeStatus(), scan_ends: at(8.2) };
    expect(nextStep({ status, now })).toEqual({
      now: 'Listening to find out what plays.',
      next: 'Answer in 0:09',
    });
  });

  test('counts down to the next scan while it rests', () => {
    expect(nextStep({ status: { ...playingStatus(), next_scan: at(42) }, now })).toEqual({
      now: 'Knows what plays.',
      next: 'Looks again in 0:42',
    });
  });

  test('does not claim to know what nobody could name', () => {
    expect(nextStep({ status: { ...notKnownStatus(), next_scan: at(5) }, now })).toEqual({
      now: 'Unknown music',
      next: 'Looks again in 0:05',
    });
  });

  test('does not count below zero', () => {
    const status = { ...playingStatus(), next_scan: at(-3) };
    expect(nextStep({ status, now }).next).toBe('Looks again any moment');
  });

  test("adds the server's reason where nothing is planned", () => {
    expect(nextStep({ status: waitingStatus, now })).toEqual({
      now: 'Waiting for music.',
      next: 'It is quiet.',
    });
    expect(nextStep({ status: { ...waitingStatus, message: 'Waiting for music.' }, now }).next).toBeNull();
  });

  test('does not say again that the side is finished', () => {
    expect(nextStep({ status: sideFinishedStatus, now })).toEqual({ now: 'Waiting for music.', next: null });
  });

  test('needs a clock only while something counts', () => {
    expect(isCounting(waitingStatus)).toBe(false);
    expect(isCounting(playingStatus())).toBe(true);
  });
});

describe('trouble with the input', () => {
  const input = (state: InputHealth['state'], message?: string): InputHealth => ({
    ...fakeHealth().input,
    state,
    message,
  });

  test('is none while it listens or opens', () => {
    expect(inputTrouble(input('listening'))).toBeNull();
    expect(inputTrouble(input('opening'))).toBeNull();
  });

  test('comes with what to do', () => {
    expect(inputTrouble(input('lost'))?.advice).toContain('Plug it in again');
    expect(inputTrouble(input('failed', 'It is in use.'))).toEqual({
      title: 'The input cannot be opened.',
      advice: 'It is in use.',
    });
  });
});
