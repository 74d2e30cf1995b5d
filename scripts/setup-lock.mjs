// One start at a time sets up. Plain JavaScript on node: built-ins only, because it runs on Node 20, before the dependencies exist.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Does `work` while no other start does its own; waits for one that is at it. What a dead one has left is taken over, also
 * when the computer was switched off in between: a file that was not written to its end, a pid that another program has now.
 * @param {{ lock: string, work: () => Promise<void>, onWait: () => void }} options `lock`: path of a file
 */
export async function withSetupLock({ lock, work, onWait }) {
  mkdirSync(dirname(lock), { recursive: true });
  for (let told = false; !take(lock); ) {
    const found = readIfThere(lock);
    if (found === null) continue;
    if (!isHeld(found)) {
      takeAway(lock, found);
      continue;
    }
    if (!told) onWait();
    told = true;
    await new Promise((done) => setTimeout(done, 300));
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** A pid means nothing after the next start of the system; empty where that has no name. */
const thisBoot = () => (readIfThere('/proc/sys/kernel/random/boot_id') ?? '').trim();

/** True when it is ours now. It is there with its content or not at all. */
function take(lock) {
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, `${process.pid} ${thisBoot()}`);
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(own);
  }
}

function isHeld(content) {
  const [pid, boot = ''] = content.split(' ');
  if (!/^[1-9]\d*$/.test(pid) || boot !== thisBoot()) return false;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Another start may have been quicker, and what is there now may be its lock: that is put back. */
function takeAway(lock, content) {
  const aside = `${lock}.${process.pid}.old`;
  try {
    renameSync(lock, aside);
    if (readFileSync(aside, 'utf8') !== content) linkSync(aside, lock);
    rmSync(aside);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  }
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return null;
  }
}
