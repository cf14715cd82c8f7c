// Payment codes against two npm libraries, unmodified: what we write they read, and what they write
// we read. Both read merchant-presented codes only, emvco-qr-sdk also writes. Where one of them is
// wrong the test says so, by the clause of the standard.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { chance, objects, openCodes } from '../codes.mjs';
import { PROGRAM } from '../server.mjs';

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const emvqr = require('emvqr');
const sdk = require('emvco-qr-sdk');

const folder = process.env.HUITONG_VECTORS
  ?? fileURLToPath(new URL('../../vectors', import.meta.url));
const vectors = JSON.parse(await readFile(join(folder, 'emv-qr.json'), 'utf8'));
const ofMerchants = (list) => list.filter(({ mode }) => mode === 'merchant-presented');
const good = ofMerchants(vectors.vectors);

let decode;
let encode;
before(() => {
  decode = openCodes('decode');
  encode = openCodes('encode');
});
after(async () => { await Promise.all([decode.close(), encode.close()]); });

const read = async (code) => JSON.parse(await decode.ask(code));
const write = (tags) => encode.ask(JSON.stringify({ tags }));

const isAscii = (text) => /^[\x20-\x7e]*$/.test(text);
const isAccountTemplate = (tag) => tag >= '26' && tag <= '51';

// 02 to 25 are plain values (emv-qr section 2). emvqr reads them as templates, so that at most their
// length is right, and stops where they cannot be read so.
const isMisread = (tag) => tag >= '02' && tag <= '25';
// 0000 is nobody's category (emv-qr section 2, tag 52); emvqr stops with a TypeError at it, as at
// every category that its list lacks.
const categories = require('emvqr/emvqr/mcc_codes.json').map(({ mcc }) => mcc);
const isUnlisted = (tags) => tags['52'] !== undefined && !categories.includes(tags['52']);

// Whether emvqr is known to stop at a code that is right.
function isKnownOf(error, code, tags) {
  if (error instanceof TypeError) return isUnlisted(tags);
  // 63 has four digits (emv-qr section 2); it reckons two for a CRC below 0100.
  if (error.message === 'checksum validation failed.') return code.slice(-4).startsWith('00');
  return error.message === 'Invalid EMV data' && Object.keys(tags).some(isMisread);
}

function decodedByEmvqr(code, tags) {
  try {
    return emvqr.decode(code);
  } catch (error) {
    if (!isKnownOf(error, code, tags)) throw error;
    return undefined;
  }
}

// How many codes it could read.
function readAsEmvqr(code, tags) {
  const theirs = decodedByEmvqr(code, tags);
  if (theirs === undefined) return 0;
  const values = objects(code);
  assert.deepEqual(Object.keys(theirs).sort(), values.map(([tag]) => tag).sort());
  for (const [tag, value] of values) {
    const { data, len } = theirs[tag];
    if (isMisread(tag)) {
      assert.equal(len, value.length);
    } else if (isAccountTemplate(tag) || tag === '62') {
      for (const [inner, text] of objects(value)) assert.equal(data[inner].data, text);
    } else {
      // It shows what it knows of 52, 53 and 58 behind the value; 64 and 80 to 99 it leaves whole.
      assert.equal(['52', '53', '58'].includes(tag) ? data.split(' (')[0] : data, value);
    }
  }
  return 1;
}

function readAsSdk(code, tags) {
  const { tlvs, crc } = sdk.parseFullQR(code, { parseMode: sdk.QRParseMode.GLOBAL });
  assert.deepEqual(tlvs.map(({ tag, value }) => [tag, value]), objects(code));
  for (const { tag, subTags } of tlvs) {
    // It takes every value for a template that may be read as one, such as an amount of 5.00; which
    // tags are templates is not the value's to say (EMVCo, emv-qr section 2).
    if (typeof tags[tag] !== 'object') continue;
    assert.deepEqual(subTags.map((inner) => inner.tag).sort(), Object.keys(tags[tag]).sort());
  }
  // The CRC runs over the bytes of UTF-8 (emv-qr section 2); its CRC runs over UTF-16.
  assert.equal(crc.isValid, isAscii(code));
}

describe('codes of the vectors', () => {
  for (const { id, payload, expect } of good) {
    test(id, async () => {
      const ours = await read(payload);
      assert.equal(ours.valid, true);
      assert.deepEqual(ours.tags, expect.tags);
      readAsEmvqr(payload, expect.tags);
      readAsSdk(payload, expect.tags);
    });
  }

  test('with a wrong CRC nobody takes', async () => {
    const spoiled = ofMerchants(vectors.malformed)
      .filter(({ expect }) => expect.error === 'CRC_MISMATCH');
    assert.notEqual(spoiled.length, 0);
    for (const { payload } of spoiled) {
      assert.equal((await read(payload)).error, 'CRC_MISMATCH');
      assert.throws(() => emvqr.decode(payload), /checksum/);
      const { crc } = sdk.parseFullQR(payload, { parseMode: sdk.QRParseMode.GLOBAL });
      assert.equal(crc.isValid, false);
    }
  });
});

// A shop's code that keeps every rule.
function someTags({ below, one, yes }) {
  const text = (max, letters = 'ABC xyz0189.-/') =>
    Array.from({ length: 1 + below(max) }, () => one([...letters])).join('');
  const tags = {
    '00': '01', '01': one(['11', '12']), 52: one(['5411', '5812', '6012', '0000']),
    53: one(['344', '156', '840']), 58: one(['HK', 'CN']), 59: `N${text(24)}`, 60: `C${text(14)}`,
  };
  if (yes()) tags['02'] = text(16, '0123456789');
  if (yes()) tags[54] = `${1 + below(9999)}.${10 + below(90)}`;
  if (yes()) tags[61] = text(10, '0123456789');
  if (yes()) tags[62] = { '05': text(25), '07': text(8) };
  if (yes()) tags[64] = { '00': 'ZH', '01': text(25, '茶馆测试商户'), '02': text(15, '香港北京') };
  if (yes()) tags[91] = { '00': 'com.example', '01': text(40) };
  tags[26 + below(26)] = { '00': 'com.example.pay', '01': text(30) };
  return tags;
}

test('codes that we write', async () => {
  const random = chance(20261125);
  let readByEmvqr = 0;
  for (let i = 0; i < 300; i += 1) {
    const tags = someTags(random);
    const code = await write(tags);
    assert.match(code, /^000201/, code);
    assert.deepEqual((await read(code)).tags, { ...tags, 63: code.slice(-4) });
    readByEmvqr += readAsEmvqr(code, tags);
    readAsSdk(code, tags);
  }
  assert.ok(readByEmvqr > 100, `${readByEmvqr} of 300`);
});

// emvco-qr-sdk's own writing: its entities as text, and its CRC.
function writtenBySdk(tags) {
  const textOf = (members) => Object.entries(members).sort().map(([tag, value]) =>
    new sdk.TlvEntity(tag, typeof value === 'string' ? value : textOf(value)).toString()).join('');
  const text = textOf(tags);
  return `${text}6304${sdk.CRC.calculate(`${text}6304`)}`;
}

test('codes that emvco-qr-sdk writes', async () => {
  const random = chance(20261126);
  let misreckoned = 0;
  for (let i = 0; i < 300; i += 1) {
    const tags = someTags(random);
    const code = writtenBySdk(tags);
    const ours = await read(code);
    if (isAscii(code)) {
      assert.deepEqual(ours.tags, { ...tags, 63: code.slice(-4) });
      assert.equal(code, await write(tags));
    } else {
      // Its CRC runs over UTF-16 and not over the bytes of UTF-8 (emv-qr section 2).
      assert.deepEqual([ours.error, ours.at], ['CRC_MISMATCH', '63']);
      assert.equal(code.slice(0, -4), (await write(tags)).slice(0, -4));
      misreckoned += 1;
    }
  }
  assert.notEqual(misreckoned, 0);
});

test('a bad line is answered, the others go on, and the exit code tells', async () => {
  const codes = openCodes('decode');
  const first = JSON.parse(await codes.ask('000201'));
  assert.deepEqual([first.valid, first.error, first.at], [false, 'CRC_MISSING', '63']);
  assert.equal(JSON.parse(await codes.ask(good[0].payload)).valid, true);
  assert.equal(JSON.parse(await codes.ask('x'.repeat(1_000_000))).error, 'TOO_LONG');
  assert.equal(JSON.parse(await codes.ask('')).valid, false);
  assert.equal(JSON.parse(await codes.ask(`${good[0].payload}\r`)).valid, true);
  assert.equal(await codes.close(), 1);

  const texts = openCodes('encode');
  assert.equal(JSON.parse(await texts.ask('{')).error, 'JSON');
  const huge = JSON.stringify({ tags: { '00': 'x'.repeat(300_000) } });
  assert.equal(JSON.parse(await texts.ask(huge)).error, 'JSON');
  assert.match(await texts.ask(JSON.stringify({ tags: good[0].expect.tags })), /^000201/);
  assert.equal(await texts.close(), 1);

  const allGood = openCodes('decode');
  await allGood.ask(good[0].payload);
  assert.equal(await allGood.close(), 0);
});

test('a picture that we draw is read by zbar', async () => {
  const place = await mkdtemp(join(tmpdir(), 'huitong-qr-'));
  try {
    const file = join(place, 'code.png');
    for (const { payload } of good) {
      await run(PROGRAM, ['qr', 'draw', '--format', 'png', '--output', file, payload]);
      const { stdout } = await run('zbarimg',
        ['--nodbus', '--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', file]);
      assert.equal(stdout, `${payload}\n`);
    }
    const { stdout } = await run(PROGRAM, ['qr', 'draw', '--format', 'svg', good[0].payload]);
    assert.match(stdout, /^<svg [^]*<\/svg>\n$/);
    await assert.rejects(run(PROGRAM, ['qr', 'draw', 'x'.repeat(4000)]), /no picture holds/);
  } finally {
    await rm(place, { recursive: true });
  }
});
