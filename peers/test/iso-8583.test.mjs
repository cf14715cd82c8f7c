// The npm codec `iso_8583`, unmodified, against `huitong iso8583`: its form is ISO 8583:1987 in
// characters with a raw bitmap behind two bytes of length. What it writes we read, and what we write
// it reads, field by field; where it differs from the standard the test names the clause.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';

import Iso from 'iso_8583';

import { PROGRAM } from '../server.mjs';

const PROFILE = ['--profile', 'iso87-ascii-binbitmap'];

// A line for each line.
function huitong(direction, lines) {
  const run = spawnSync(PROGRAM, ['iso8583', direction, ...PROFILE],
    { input: `${lines.join('\n')}\n`, encoding: 'utf8' });
  const said = run.stdout.trimEnd().split('\n');
  assert.equal(said.length, lines.length, run.stderr);
  return said;
}
const decode = (frames) => huitong('decode', frames.map((frame) => frame.toString('hex')))
  .map((line) => JSON.parse(line));
const encode = (messages) => huitong('encode', messages.map((message) => JSON.stringify(message)))
  .map((line) => Buffer.from(line, 'hex'));

const digits = (length) => '1234567890'.repeat(13).slice(0, length);
const letters = (length) => 'Peer 8583 '.repeat(100).slice(0, length);

// Field, value: a message of its own for each, and one with all of them. 53, 58, 64, 96, 127 and
// 128 are told apart below; 36 and 118 to 122 the peer takes in digits only.
const FIELDS = {
  2: '6250947000000014', 3: '000000', 4: digits(12), 5: digits(12), 6: digits(12),
  7: '0818160244', 8: digits(8), 9: digits(8), 10: digits(8), 11: '646465', 12: '160244',
  13: '0818', 14: '2912', 15: '0819', 16: '0229', 17: '1231', 18: '5411', 19: '156', 20: '344',
  21: '446', 22: '021', 23: '001', 24: '003', 25: '00', 26: '06', 27: '6', 28: 'C00000100',
  29: 'D00000200', 30: 'C00000300', 31: 'D00000400', 32: '44190440', 33: digits(11),
  34: '1234-5678/90', 35: '6250947000000014=29122011000012300000', 36: digits(104),
  37: '000000000101', 38: 'A1B2C3', 39: '00', 40: '201', 41: 'TERM0001', 42: 'MERCHANT0000001',
  43: 'TEST MART               HONG KONG    HKG', 44: letters(25), 45: letters(76),
  46: letters(999), 47: letters(1), 48: letters(300), 49: '344', 50: '156', 51: '446',
  52: '23a46606f2a9e578', 54: letters(120).replaceAll(' ', '0'), 55: letters(255), 56: letters(35),
  57: letters(100), 59: letters(255), 60: letters(30), 61: letters(200), 62: letters(10),
  63: letters(512), 66: '1', 67: '12', 68: '344', 69: '156', 70: '001', 71: '0001', 72: '0002',
  73: '291231', 74: digits(10), 75: digits(10), 76: digits(10), 77: digits(10), 78: digits(10),
  79: digits(10), 80: digits(10), 81: digits(10), 82: digits(12), 83: digits(12), 84: digits(12),
  85: digits(12), 86: digits(16), 87: digits(16), 88: digits(16), 89: digits(16), 90: digits(42),
  91: '3', 92: '12', 93: 'abcde', 94: 'abcdefg', 95: digits(42), 97: 'C0000000000000001',
  98: letters(25), 99: digits(11), 100: '44190440', 101: letters(17), 102: letters(28),
  103: letters(1), 104: letters(100), 105: letters(999), 112: letters(12), 118: digits(20),
  122: digits(1), 123: 'abc123', 124: letters(9), 126: letters(100),
};
const MTIS = ['0100', '0110', '0200', '0210', '0420', '0430', '0800', '0810'];

const upper = (fields) => Object.fromEntries(Object.entries(fields)
  .map(([field, value]) => [field, field === '52' ? value.toUpperCase() : value]));
const messages = [
  ...MTIS.map((mti) => ({ 0: mti, ...FIELDS })),
  ...Object.entries(FIELDS).map(([field, value]) => ({ 0: '0200', [field]: value })),
];
// A copy: the peer changes what it is given.
const written = (message) => {
  const frame = new Iso({ ...message }).getBufferMessage();
  assert.ok(Buffer.isBuffer(frame), JSON.stringify(frame));
  return frame;
};

describe('iso_8583', () => {
  test('what it writes we read', () => {
    decode(messages.map(written)).forEach((read, i) => {
      const { 0: mti, ...fields } = messages[i];
      assert.equal(read.mti, mti);
      assert.deepEqual(read.fields, upper(fields));
    });
  });

  test('what it wrote we write again to the same bytes', () => {
    const frames = messages.map(written);
    encode(decode(frames)).forEach((frame, i) => assert.deepEqual(frame, frames[i]));
  });

  test('what we write it reads, with one bitmap or two', () => {
    const ours = encode(messages.map(({ 0: mti, ...fields }) => ({ mti, fields: upper(fields) })));
    ours.forEach((frame, i) => {
      assert.equal(frame.readUInt16BE(), frame.length - 2);
      const read = { ...new Iso().getIsoJSON(frame) };
      assert.deepEqual(read, { ...messages[i] });
    });
  });

  // ISO 8583:1987 gives 64, 96 and 128 as b 64: eight bytes. The peer has four.
  for (const field of [64, 96, 128]) {
    test(`field ${field}: it writes four bytes of eight`, () => {
      assert.match(new Iso({ 0: '0200', [field]: '0011223344556677' }).getBufferMessage().error,
        /invalid length/);
      const [read] = decode([written({ 0: '0200', [field]: '00112233' })]);
      assert.equal(read.error, 'FIELD_TRUNCATED');
      assert.equal(read.field, field);
      const [frame] = encode([{ mti: '0200', fields: { [field]: '0011223344556677' } }]);
      assert.equal(new Iso().getIsoJSON(frame)[field], '00112233');
    });
  }

  test('field 53: n 16 in the standard, 48 bytes with the peer', () => {
    assert.match(new Iso({ 0: '0200', 53: '2600000000000000' }).getBufferMessage().error,
      /field 53/);
    const [read] = decode([written({ 0: '0200', 53: 'ab'.repeat(48) })]);
    assert.deepEqual([read.error, read.field], ['FIELD_CONTENT', 53]);
  });

  test('field 58: ans ..999 in the standard, n ..11 with the peer', () => {
    const [read] = decode([written({ 0: '0200', 58: '12345678901' })]);
    // Its two digits of length and the first digit behind them are read as three.
    assert.deepEqual([read.error, read.field], ['FIELD_TRUNCATED', 58]);
  });

  test('field 127: ans ..999 in the standard, a bitmap of its own with the peer', () => {
    const [read] = decode([written({ 0: '0200', 127: 'abc' })]);
    assert.ok(['TRAILING_DATA', 'FIELD_CONTENT'].includes(read.error), JSON.stringify(read));
  });
});
