// node ask.mjs BASE ROUNDS LIMIT_MS: asks every address of the OpenAPI text that answers a GET, in each of the ways that
// a desk asks it, ROUNDS times each, and prints the middle and the slowest hundredth. Fails when that is above LIMIT_MS, when an answer is
// not 200, and when the text has an address that no way here asks: a new list cannot be forgotten.
import http from 'node:http';

const [base, rounds, limitMs] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function send(method, target, { token, body } = {}) {
  return new Promise((resolve, reject) => {
    const headers = { Connection: 'keep-alive' };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (method !== 'GET') Object.assign(headers, { 'Content-Type': 'application/json', 'Idempotency-Key': `scale-${crypto.randomUUID()}` });
    const began = process.hrtime.bigint();
    const request = http.request(base + target, { method, agent, headers }, (reply) => {
      const parts = [];
      reply.on('data', (part) => parts.push(part));
      reply.on('end', () => {
        const ms = Number(process.hrtime.bigint() - began) / 1e6;
        resolve({ status: reply.statusCode, ms, text: Buffer.concat(parts).toString() });
      });
    });
    request.on('error', reject);
    request.end(body && JSON.stringify(body));
  });
}

async function json(target, token) {
  const reply = await send('GET', target, { token });
  if (reply.status !== 200) throw new Error(`${target} answers ${reply.status}: ${reply.text.slice(0, 300)}`);
  return JSON.parse(reply.text);
}

// The log-ins that the demo prints.
const people = {
  buyer: ['13800138001', 'xiangji-guke-1'],
  keeper: ['13800138002', 'xiangji-dianzhu-2'],
  operator: ['13800138003', 'xiangji-yunying-3'],
  auditor: ['13800138004', 'xiangji-shenji-4'],
  county: ['13800138005', 'xiangji-xianli-5'],
};
const token = { nobody: undefined };
for (const [name, [phone, password]] of Object.entries(people)) {
  const reply = await send('POST', '/api/sessions', { body: { phone, password } });
  if (reply.status !== 201) throw new Error(`${name} cannot log in: ${reply.text}`);
  token[name] = JSON.parse(reply.text).token;
}

// What stands in for {id} and the like.
const board = { keeper: await json('/api/dashboard', token.keeper), county: await json('/api/dashboard', token.county) };
const shop = board.keeper.seller_id;
const county = board.county.place_code;
const province = `${county.slice(0, 2)}0000000000`;
const city = `${county.slice(0, 4)}00000000`;
const order = (await json(`/api/orders?desk=all&limit=1`, token.operator)).items[0];
const goods = (await json('/api/goods?limit=1&in_stock=true')).items[0];
const first = async (target, who) => (await json(target, token[who])).items[0]?.id;
const found = {
  case: (await first(`/api/cases?desk=true&state=closed`, 'operator')) ?? (await first('/api/cases?desk=true', 'operator')),
  complaint: await first('/api/complaints?desk=true&state=open', 'operator'),
  invoice: await first(`/api/invoices?seller=${shop}`, 'keeper'),
  listing: await first('/api/listings', 'operator'),
  application: await first('/api/seller-applications?desk=true', 'operator'),
};
const me = (await json('/api/people/me', token.operator)).id;
const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().replace(/\.\d+Z/, 'Z');

const orderStates = ['unpaid', 'paid', 'shipped', 'received', 'completed', 'cancelled', 'expired', 'refunded'];
const caseStates = ['open', 'offered', 'refused', 'returning', 'returned', 'replacing', 'replaced', 'arbitration', 'closed'];
const goodsSorts = ['newest', 'sold', 'price', 'price_down', 'origin'];
const pages = (at) => ['', `${at}limit=50`];

// The reaches of the desk of orders, each with every filter: alone, and those that go together on the page.
function deskOfOrders() {
  const reaches = { keeper: [`seller=${shop}`], county: [`desk=place&place=${county}`], auditor: ['desk=all'],
    operator: ['desk=all', `desk=place&place=${province}`, `desk=place&place=${city}`, `desk=place&place=${county}`,
      'desk=place&place=650000000000', `seller=${shop}`] };
  const filters = ['', ...orderStates.map((state) => `&state=${state}`), '&carrier=顺丰', '&carrier=没有这一家', `&number=${order.number}`,
    `&tracking_number=${order.tracking_number || '773100000001'}`, '&tracking_number=没有这一个', `&from=${day(30)}&to=${day(23)}`, `&to=${day(300)}`,
    `&from=${day(1)}`, `&state=paid&carrier=顺丰`, `&state=completed&carrier=没有这一家`, `&state=unpaid&from=${day(300)}&to=${day(290)}`,
    `&state=completed&to=${day(200)}&carrier=中通`, '&limit=50', '&sort=oldest', '&sort=oldest&state=paid', '&sort=oldest&state=completed&carrier=中通',
    `&sort=oldest&state=unpaid&from=${day(290)}`, `&sort=oldest&from=${day(30)}&carrier=顺丰`];
  return Object.entries(reaches).flatMap(([who, list]) => list.flatMap((reach) => filters.map((filter) => [who, `?${reach}${filter}`])));
}

// Address -> ways of asking it: who, and what stands behind the address ({id} filled in). Not asked: the stream of events,
// pictures, and what is one row by its key and belongs to somebody of whom there is none here.
const notLists = new Set(['/api/events', '/files/{name}', '/files/papers/{name}', '/files/sheets/{id}/{name}', '/files/imports/{id}/{name}', '/api/import-templates/{kind}',
  '/api/imports/{id}', '/api/imports/{id}/errors', '/api/exports/{id}', '/api/payments/{id}', '/api/webhooks/{id}', '/api/webhooks/{id}/deliveries']);
const ways = {
  '/api/places': [['nobody', ''], ['nobody', `?parent=${county}`], ['nobody', `?q=${encodeURIComponent('上庄')}`]],
  '/api/places/{code}': [['nobody', '', county]],
  '/api/audit': ['', '&action=orders.ship_batch', `&person_id=${me}`, `&subject=order&subject_id=${order.id}`, `&from=${day(30)}&until=${day(20)}`, '&action=aftersales.open',
    '&action=none.such'].map((filter) => ['auditor', `?limit=50${filter}`]),
  '/api/sessions': [['operator', '']],
  '/api/people/me': [['buyer', ''], ['operator', '']],
  '/api/people/me/addresses': [['buyer', '']],
  '/api/people/me/consents': [['buyer', '']],
  '/api/people/me/exports': [['buyer', '']],
  '/api/people/me/unmaskings': [['buyer', '']],
  '/api/roles': [['operator', '']],
  '/api/grants': [['operator', ''], ['operator', '?role=seller_keeper'], ['operator', `?organisation_id=${shop}`]],
  '/api/home': [['nobody', '']],
  '/api/categories': pages('?').map((page) => ['nobody', page]),
  '/api/sections': [['nobody', '']],
  '/api/sections/{code}': [['nobody', '', 'season']],
  '/api/sections/{code}/goods': [['operator', '', 'season']],
  '/api/banners': [['operator', '']],
  '/api/units': [['nobody', '']],
  '/api/imports': [['keeper', `?seller=${shop}`]],
  '/api/exports': [['operator', ''], ['keeper', '?limit=50']],
  '/api/zones': [['nobody', '']],
  '/api/zones/{code}': [['nobody', '', (await json('/api/zones')).items[0].code]],
  '/api/sellers': [['nobody', '?limit=50'], ['nobody', '?kind=village_shop'], ['nobody', `?place=${county}`]],
  '/api/sellers/{id}': [['nobody', '', shop]],
  '/api/sellers/{id}/goods': [['keeper', '?limit=20', shop]],
  '/api/stock': [['keeper', `?seller=${shop}`]],
  '/api/goods/{id}': [['nobody', '', goods.id]],
  '/api/goods/{id}/prices': [['nobody', '', goods.id]],
  '/api/listings': [['operator', ''], ['operator', '?state=refused']],
  '/api/listings/{id}': [['operator', '', found.listing]],
  '/api/sellers/{id}/listings': [['keeper', '', shop]],
  '/api/goods/{id}/draft': [['keeper', '', (await json(`/api/sellers/${shop}/goods`, token.keeper)).items[0].id]],
  '/api/listing-words': [['operator', '']],
  '/api/seller-kinds': [['nobody', '']],
  '/api/seller-applications': [['operator', '?desk=true'], ['operator', '?desk=true&state=recommended'], ['county', '?desk=true'], ['buyer', '']],
  '/api/seller-applications/{id}': [['operator', '', found.application]],
  '/api/goods': [...goodsSorts.map((sort) => ['nobody', `?sort=${sort}&limit=50`]), ['nobody', `?q=${encodeURIComponent('大米')}`],
    ['nobody', `?q=${encodeURIComponent('梨')}&sort=price`], ['nobody', `?place=${county.slice(0, 6)}`], ['nobody', '?in_stock=true&min_fen=1000&max_fen=5000'],
    ['nobody', `?seller=${shop}`]],
  '/api/suggestions': [['nobody', `?q=${encodeURIComponent('梨')}`]],
  '/api/cart': [['buyer', '']],
  '/api/orders': [['buyer', ''], ...orderStates.map((state) => ['buyer', `?state=${state}`]), ...deskOfOrders()],
  '/api/orders/{id}': [['operator', '', order.id]],
  '/api/freight-rules': [['nobody', ''], ['keeper', `?seller=${shop}`]].map(([who, what]) => [who === 'nobody' ? 'buyer' : who, what]),
  '/api/cases': [['buyer', ''], ['operator', '?desk=true'], ...caseStates.map((state) => ['operator', `?desk=true&state=${state}`]), ['county', '?desk=true'],
    ['operator', `?desk=true&state=closed&place=65`], ['operator', `?desk=true&state=closed&kind=exchange`], ['operator', `?desk=true&state=closed&seller=${shop}`],
    ...['', '&state=active', '&state=closed', '&state=replaced', '&kind=exchange'].map((filter) => ['keeper', `?seller=${shop}${filter}`])],
  '/api/cases/{id}': [['operator', '', found.case]],
  '/api/complaints': [['buyer', ''], ['operator', '?desk=true'], ['operator', '?desk=true&state=answered'], ['operator', `?desk=true&place=65`],
    ['operator', `?desk=true&seller=${shop}`], ['county', '?desk=true']],
  '/api/complaints/{id}': [['operator', '', found.complaint]],
  '/api/invoices': [['buyer', ''], ['keeper', `?seller=${shop}`], ['keeper', `?seller=${shop}&limit=50`], ['keeper', `?seller=${shop}&waiting=true`]],
  '/api/invoices/{id}': [['keeper', '', found.invoice]],
  '/api/webhooks': [['operator', '']],
  '/api/messages': [['buyer', ''], ['keeper', '?limit=50'], ['keeper', '?unread=true&limit=1']],
  '/api/message-words': [['operator', '']],
  '/api/stock-alarms': [['keeper', ''], ['county', '?limit=50'], ['operator', '?limit=50'], ['auditor', ''], ['operator', `?place=${province}`], ['operator', `?place=${city}`],
    ['operator', '?place=650000000000']],
  '/api/dashboard': [['keeper', ''], ['keeper', `?seller=${shop}`], ['county', ''], ['operator', ''], ['auditor', ''], ['operator', `?place=${province}`],
    ['operator', `?place=${city}`], ['operator', '?place=650000000000']],
  '/api/dashboard/parts': [['county', ''], ['operator', ''], ['operator', `?place=${province}`], ['operator', `?place=${city}`]],
};

const known = Object.entries((await json('/api/openapi.json')).paths).filter(([, verbs]) => verbs.get).map(([path]) => path);
const forgotten = known.filter((path) => !ways[path] && !notLists.has(path));
const gone = [...Object.keys(ways), ...notLists].filter((path) => !known.includes(path));
if (forgotten.length || gone.length) throw new Error(`asked by no way: ${forgotten}; in no OpenAPI text: ${gone}`);

const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
const rows = [];
/** One-row addresses of which this world has no row: a small one may lack them, a large one not. */
const lacking = [];
for (const [path, list] of Object.entries(ways))
  for (const [who, query, id] of list) {
    if (path.includes('{') && id === undefined) {
      lacking.push(path);
      continue;
    }
    const target = encodeURI(decodeURI(path.replace(/\{\w+\}/, id) + query));
    const times = [];
    let count = 0;
    for (let i = 0; i < rounds; i++) {
      const reply = await send('GET', target, { token: token[who] });
      if (reply.status !== 200) throw new Error(`${who} ${target} answers ${reply.status}: ${reply.text.slice(0, 300)}`);
      if (i === 0) count = JSON.parse(reply.text).items?.length ?? -1;
      times.push(reply.ms);
      if (process.env.XJ_SCALE_WATCH && i === 0) console.error(reply.ms.toFixed(1), who, target);
      /* What is hopelessly slow need not be asked to the end. */
      if (times.length >= 5 && times.every((ms) => ms > limitMs)) break;
    }
    times.sort((a, b) => a - b);
    rows.push({ who, target: decodeURI(target), count, p50: at(times, 0.5), p99: at(times, 0.99) });
  }
rows.sort((a, b) => b.p99 - a.p99);
const slow = rows.filter((row) => row.p99 > limitMs);
for (const row of process.env.XJ_SCALE_ALL ? rows : rows.slice(0, Math.max(40, slow.length)))
  console.log(`${row.p50.toFixed(2).padStart(9)} ms ${row.p99.toFixed(2).padStart(9)} ms  ${row.who.padEnd(8)} ${String(row.count).padStart(3)} rows  ${row.target}`);
console.log(`${rows.length} ways of ${Object.keys(ways).length} addresses, ${rounds} times each: the slowest p99 is ${rows[0].p99.toFixed(1)} ms; ${slow.length} above ${limitMs} ms`);
if (lacking.length) console.log(`no row in this world for ${lacking.join(', ')}`);
process.exit(slow.length || lacking.length ? 1 : 0);
