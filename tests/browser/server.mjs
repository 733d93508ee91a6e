// The server under test, which journeys may stop and start again: an outage is part of what they walk through.
import { spawn } from 'node:child_process';
import fs from 'node:fs';

export const base = `http://127.0.0.1:${process.env.PORT}`;
/** What the server says on the terminal: with --demo, also the codes of log-ins. */
export const outFile = `${process.env.XJ_WORK}/out`;
const logFile = `${process.env.XJ_WORK}/log`;
let child;

export async function startServer() {
  const [out, log] = [outFile, logFile].map((name) => fs.openSync(name, 'a'));
  child = spawn(`${process.env.XJ_BUILD}/xiangji`, ['serve', '--demo'], { stdio: ['ignore', out, log] });
  [out, log].forEach((file) => fs.closeSync(file));
  const until = Date.now() + 20_000;
  while (Date.now() < until) {
    if (child.exitCode !== null) break;
    if (await fetch(`${base}/readyz`).then((answer) => answer.ok, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the server did not start: ${fs.readFileSync(logFile, 'utf8').slice(-600)}`);
}

export async function stopServer() {
  if (!child || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

process.on('exit', () => child?.kill('SIGKILL'));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
