import { mutantsOf } from './mutant.ts';

/** The routes: what is answered, and what a visitor may choose. */
export const routes = [
  ...mutantsOf(
    'lib/routes/validation.ts',
    ['routes/validation.test.ts'],
    ['/^.{8,128}$/su', '/^.{9,128}$/su'],
    ['/^.{8,128}$/su', '/^.{8,127}$/su'],
    ['/^.{8,128}$/su', '/^.{8,128}$/s'],
    ['text.isWellFormed() && /^', '/^'],
    ['[...text].length <= 32', '[...text].length < 32'],
    ['\\p{Bidi_Control}', ''],
    ["text.normalize('NFKC').toLowerCase().toUpperCase()", "text.normalize('NFKC').toUpperCase()"],
    ['NAME.test(uname) && !UNSEEN.test(uname)', 'NAME.test(uname)'],
    ["folded.normalize('NFKC').replace(/([ij])\\u0307/g, '$1')", "folded.normalize('NFKC')"],
    ['{1,64}$/u', '{1,65}$/u'],
    ['Buffer.byteLength(text) <=', 'text.length <='],
  ),
  ...mutantsOf(
    'lib/routes/account.ts',
    ['routes/account.test.ts'],
    [
      "    if (!isUpwd(upwd)) throw new HttpError(400, 'invalid_upwd', 'a password has 8–128 characters');\n",
      '',
    ],
    ['    session.regenerate(uname);\n', '', { tests: ['session/login.test.ts'] }],
    [
      'perAddress.refund(address);\n    const',
      'perAddress.reset(address);\n    const',
      { tests: ['routes/login-limit.test.ts'] },
    ],
    ['      perAccount.refund(uname);\n', '', { tests: ['routes/login-limit.test.ts'] }],
    [
      'addressMs === 0) perAddress',
      'addressMs > 0) perAddress',
      { tests: ['routes/login-limit.test.ts'] },
    ],
    ['    perAccount.reset(uname);\n', '', { tests: ['routes/login-limit.test.ts'] }],
  ),
  ...mutantsOf(
    'lib/routes/table.ts',
    ['routes/login-limit.test.ts'],
    ['15 * MINUTE_MS', '5 * MINUTE_MS'],
  ),
  ...mutantsOf(
    'lib/routes/check-uname.ts',
    ['routes/check-uname.test.ts'],
    ['if (waitMs > 0) throw', 'if (waitMs > 60_000) throw'],
    ['limit.take(address)', "limit.take('everybody')"],
  ),
  ...mutantsOf(
    'lib/routes/session.ts',
    ['session/keys.test.ts'],
    ['.length >= MAX_KEYS', '.length > MAX_KEYS'],
    ['const isNew = !session.has(`', 'const isNew = session.exists || !session.has(`'],
    ['isNew ? 201 : 200', '200'],
    ['value === undefined || !isSessionValue(value)', 'value === undefined'],
    [
      '  requireLogin(context);\n  await context.ownSessions().destroyOthers();',
      '  await context.ownSessions().destroyOthers();',
      { tests: ['session/list.test.ts'] },
    ],
    ['    .filter(([key]) => key.startsWith(PREFIX))\n', '', { tests: ['session/login.test.ts'] }],
  ),
  ...mutantsOf(
    'lib/routes/lessons.ts',
    ['routes/lessons-source.test.ts'],
    ['[\\w/-]{1,99}', '[\\w./-]{1,99}'],
    ['/^(lib|sql|', '/^(\\w+|'],
  ),
  ...mutantsOf(
    'lib/routes/suggest.ts',
    ['routes/suggest.test.ts'],
    ['MAX_CHARACTERS = 64;', 'MAX_CHARACTERS = 65;'],
    ['[...q].length', 'Buffer.byteLength(q)'],
    ["q === '' ? [] : await", 'await'],
  ),
  ...mutantsOf(
    'lib/routes/lessons.ts',
    ['routes/lessons-level.test.ts'],
    ['/^\\s*(?:__Host-)?(?:user-)?sid=/', '/(?:__Host-)?(?:user-)?sid=/'],
    ["session.get('page:level') ?? null", 'parseCookie(cookies).level ?? null'],
  ),
  ...mutantsOf(
    'lib/routes/lessons.ts',
    ['routes/lessons-cookie.test.ts'],
    ["if (keys.includes(''))", 'if (keys.length === 0)'],
    ['createSessionCookie([key]).read(header', 'createSessionCookie(keys).read(header'],
  ),
  ...mutantsOf(
    'lib/routes/lessons.ts',
    ['http/security.test.ts'],
    ['value >= min && value <= max', 'value <= max'],
    ['[204, 205, 304].includes', '[204, 304].includes'],
    ['MAX_MS = 10_000;', 'MAX_MS = 10_001;', { tests: ['routes/suggest.test.ts'] }],
    ['/^\\d{1,5}$/.test(input) &&', '', { tests: ['routes/suggest.test.ts'] }],
    [
      "  throw new Error('cut off on purpose, for the lesson');\n",
      '',
      { tests: ['routes/lessons-cut.test.ts'] },
    ],
    [
      'await sleep(ms, undefined, { signal: signal() });',
      'await sleep(ms);',
      {
        tests: ['http/send.test.ts'],
        unseen: 'Nobody waits for this answer any more: what is spared is a timer of 10 s at most.',
      },
    ],
  ),
  ...mutantsOf(
    'lib/routes/table.ts',
    ['routes/lessons-level.test.ts'],
    ['...(config.lab ? lessons(suggestions) : [])', '...lessons(suggestions)'],
    ["      await database.select('SELECT 1', []);\n", '', { tests: ['db/remote.test.ts'] }],
  ),
];
