// `huitong qr decode` and `encode` as programs use them: a process that is asked line by line.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { PROGRAM } from './server.mjs';

export function openCodes(command, ...options) {
  const child = spawn(PROGRAM, ['qr', command, ...options], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    // The line that answers this one.
    async ask(line) {
      child.stdin.write(`${line}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`huitong qr ${command} ended without an answer`);
      return value;
    },
    // The exit code.
    async close() {
      const ended = once(child, 'exit');
      child.stdin.end();
      return (await ended)[0];
    },
  };
}

// A third reading, by nobody's library: [tag, value] of each object side by side.
export function objects(text) {
  const characters = Array.from(text);
  const found = [];
  while (characters.length > 0) {
    const take = (count) => characters.splice(0, count).join('');
    const tag = take(2);
    found.push([tag, take(Number(take(2)))]);
  }
  return found;
}

// Chance that a seed repeats (mulberry32).
export function chance(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    below: (n) => Math.floor(next() * n),
    one: (list) => list[Math.floor(next() * list.length)],
    yes: () => next() < 0.5,
  };
}
