// Institutions that are linked, set up as their operators would: each is a world (world.mjs).
const EVER = '2020-01-01T00:00:00+08:00';
const CAP_FEN = 100_000_000;

// Makes `other` a participant of `world`: its key, its position, and what it may scan. Gives its id.
export async function introduce(world, other) {
  const { url, code, serial, key } = other.server.institution;
  const { participant_id: id } = await world.operator('POST', '/participants', {
    name: code,
    roles: ['ACCOUNT_INSTITUTION', 'ACQUIRING_INSTITUTION'],
    protocol: 'JSON',
    channels: [url],
  });
  const at = `/participants/${id}`;
  await world.operator('POST', `${at}/keys`, { public_key_pem: key, serial_no: serial });
  await world.operator('PUT', `${at}/positions/CNY`, { cap: CAP_FEN });
  await world.operator('PUT', `${at}/openings/MERCHANT_DYNAMIC`, { opens_at: EVER });
  return id;
}

// The institution that `world` is itself.
export async function houseOf(world) {
  const { items } = await world.operator('GET', '/participants');
  return items.find((one) => one.protocol === 'HOSTED').participant_id;
}

// Orders' codes (code_url) are theirs, as `world` sees it.
export const givesOrderCodes = (world, id) =>
  world.operator('POST', '/code-rules', { form: 'URL', pattern: 'WXPAY', participant_id: id });
