// Compiles each mutant of list.mjs into its test programs and wants one of them to fail. README.md of this folder.
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, cpus } from 'node:os';
import { join } from 'node:path';
import { mutants } from './list.mjs';

const source = process.env.XJ_SOURCE;
const build = process.env.XJ_BUILD;
const secondsMax = 60;
const work = mkdtempSync(join(tmpdir(), 'xiangji-mutants.'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const commands = JSON.parse(readFileSync(join(build, 'compile_commands.json'), 'utf8'));

/** A command line as words: what CMake writes has no quotes but those around definitions. */
const wordsOf = (command) => command.match(/(?:[^\s"\\]|\\.|"(?:[^"\\]|\\.)*")+/g).map((word) => word.replace(/\\(.)/g, '$1'));

const run = (file, args, options = {}) =>
    new Promise((done) => {
        execFile(file, args, { maxBuffer: 64e6, ...options }, (error, stdout, stderr) => done({ error, stdout, stderr }));
    });

/** The last command that ninja would run for a program: its link. */
const links = new Map();
function linkOf(program) {
    if (!links.has(program)) {
        const all = spawnSync('ninja', ['-C', build, '-t', 'commands', program], { encoding: 'utf8', maxBuffer: 64e6 });
        links.set(program, all.stdout.trim().split('\n').at(-1).replace(/^: && /, '').replace(/ && :$/, ''));
    }
    return links.get(program);
}

async function compile(mutant, folder) {
    const path = join(source, mutant.file);
    const text = readFileSync(path, 'utf8');
    if (text.split(mutant.from).length !== 2) throw new Error(`"${mutant.from}" does not stand exactly once in ${mutant.file}`);
    const mutated = join(folder, 'mutant.c');
    writeFileSync(mutated, `#line 1 "${path}"\n` + text.replace(mutant.from, () => mutant.to));
    const entry = commands.find((one) => one.file === path);
    if (!entry) throw new Error(`${mutant.file} is not in the build`);
    const object = wordsOf(entry.command).at(wordsOf(entry.command).indexOf('-o') + 1);
    const made = join(folder, 'mutant.o');
    const words = wordsOf(entry.command).map((word) => (word === object ? made : word === path ? mutated : word));
    // A fault may leave a variable unused; that it can be compiled is all that matters.
    const result = await run(words[0], [...words.slice(1), '-w', '-I' + join(path, '..')], { cwd: entry.directory });
    if (result.error) throw new Error(`it does not compile:\n${result.stderr}`);
    return { object, made };
}

async function fails(program, swap, folder) {
    let path = join(build, program);
    if (swap) {
        path = join(folder, program);
        const words = wordsOf(linkOf(program)).map((word) => (word === swap.object ? swap.made : word === program ? path : word));
        if (!words.includes(swap.made)) throw new Error(`${program} does not hold ${swap.object}`);
        const linked = await run(words[0], words.slice(1), { cwd: build });
        if (linked.error) throw new Error(`${program} does not link:\n${linked.stderr}`);
    }
    const result = await run(path, [], { timeout: secondsMax * 1000, killSignal: 'SIGKILL' });
    if (swap) rmSync(path, { force: true });
    return result.error !== null;
}

async function kill(mutant, number) {
    const folder = join(work, String(number));
    mkdirSync(folder);
    try {
        const swap = await compile(mutant, folder);
        for (const program of mutant.killers) if (await fails(program, swap, folder)) return program;
        return null;
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

const wanted = process.argv.slice(2);
const chosen = mutants.filter((mutant) => wanted.length === 0 || wanted.some((word) => mutant.name.includes(word)));
const names = new Set(mutants.map((mutant) => mutant.name));
if (names.size !== mutants.length) throw new Error('two mutants have the same name');
let failed = 0;

const unharmed = [...new Set(chosen.flatMap((mutant) => mutant.killers))];
for (const program of unharmed) {
    if (!(await fails(program, null, work))) continue;
    console.log(`  ${program} fails without any mutant: its kills would mean nothing`);
    process.exit(1);
}

let next = 0;
async function worker() {
    while (next < chosen.length) {
        const number = next++;
        const mutant = chosen[number];
        const end = await kill(mutant, number).catch((error) => error);
        if (typeof end === 'string') {
            console.log(`  killed by ${end.padEnd(17)} ${mutant.name}`);
        } else {
            failed++;
            console.log(`  LIVES: ${mutant.name}${end ? ` (${end.message})` : ''}`);
        }
    }
}
await Promise.all(cpus().slice(0, 4).map(worker));
console.log(`  ${chosen.length - failed} of ${chosen.length} mutants are found by the tests`);
process.exit(failed || chosen.length === 0 ? 1 : 0);
