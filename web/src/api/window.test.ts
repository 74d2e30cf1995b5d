// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { fakeHealth, fakeWindow } from '../../dev/fake-data.ts';
import { windowHere } from './window.ts';

const at = (url: string) =>
  (window as unknown as { happyDOM: { setURL: (url: string) => void } }).happyDOM.setURL(url);
const native = { ...fakeHealth(), window: fakeWindow({ state: 'unavailable' }) };

test('a window is one only for who looks at the page on its own computer', () => {
  for (const own of ['http://127.0.0.1:8000/', 'http://localhost:8000/', 'http://[::1]:8000/']) {
    at(own);
    expect(windowHere(native), own).toBe(native.window);
    expect(windowHere(fakeHealth()), own).toBeNull();
    expect(windowHere(undefined), own).toBeNull();
  }
  for (const other of ['https://music.example/', 'http://192.168.1.7:8000/', 'http://127.0.0.1.example/']) {
    at(other);
    expect(windowHere(native), other).toBeNull();
  }
});
