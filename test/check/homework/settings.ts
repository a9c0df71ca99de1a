/**
 * What the checker is told on the command line, and what it answers to whoever told it wrongly.
 */
import { parseArgs } from 'node:util';

/** A sentence in the two languages of the project. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

export interface Settings {
  /** The page with the box. */
  readonly url: string;
  /** A file with many, its page for each, and the folder for what is said of them. */
  readonly list: string | undefined;
  readonly page: string | undefined;
  readonly out: string;
  /** Whether a picture is taken of what was seen at a failure. */
  readonly pictures: boolean;
  /** A selector of the user-name box; without it, the box is looked for. */
  readonly box?: string;
  /** A name that is in the learner's table. */
  readonly taken: string;
  /** Whether users may be registered; otherwise nothing is written. */
  readonly register: boolean;
  readonly json: boolean;
  readonly language: keyof Text;
  /** So long nothing must happen before nothing is believed to happen. */
  readonly quietMs: number;
  /** How long the page may take for what it should do. */
  readonly patienceMs: number;
  /** How long the learner's server may take for an answer. */
  readonly answerMs: number;
  /** How long a server may be silent before the page has to say so. */
  readonly silenceMs: number;
  /** How long one check may take, and how long all of them. */
  readonly limitMs: number;
  readonly allMs: number;
}

export const USAGE: Text = {
  en: `npm run homework -- ADDRESS [options]
Checks a homework that runs at ADDRESS, such as http://127.0.0.1:5000: a page whose user-name box,
when it is left, asks the server whether the name is taken. It only asks; it writes nothing.
  --page PATH      the page with the box, if that is not the one at ADDRESS
  --box SELECTOR   the user-name box, if it is not found by itself: '#uname'
  --taken NAME     a name that is in the table (default: admin)
  --register       checks registering, too: WRITES users named probe… into the table, two or up to six
  --lang en|zh     the language of what is said (default: this computer's)
  --slow TIMES     wait so many times longer, on a slow computer: 4
  --json           the outcome as JSON
npm run homework -- --list FILE [--out FOLDER] [options]
Checks many: FILE has a name and an address a line. FOLDER (homework-report) gets a table, a page with
pictures for each, and report.json.
Exit code: 0 all is well, 1 something is not, 2 it could not be looked at.`,
  zh: `npm run homework -- 地址 [选项]
检查运行在该地址（例如 http://127.0.0.1:5000）的作业：页面上有用户名输入框，离开输入框时询问服务器该用户名是否已存在。
只询问，不写入任何数据。
  --page 路径      输入框所在的页面（若不是上面的地址）
  --box 选择器     用户名输入框（若不能自动找到），例如 '#uname'
  --taken 用户名   表中已有的用户名（默认 admin）
  --register       同时检查注册：会向表中写入两个（最多六个）名为 probe… 的用户
  --lang en|zh     输出所用的语言（默认与本机相同）
  --slow 倍数      机器较慢时，等待时间延长到几倍，例如 4
  --json           以 JSON 输出结果
npm run homework -- --list 文件 [--out 文件夹] [选项]
检查多份作业：文件中每行一个姓名和一个地址。文件夹（homework-report）里会写入总表、每人一页（附截图）和 report.json。
退出码：0 全部通过，1 有未通过的检查，2 无法检查。`,
};

/** The arguments do not say what is to be checked. */
export class BadArguments extends Error {}

/** Something cannot be looked at, for this reason; nothing is said against the homework. */
export class CannotLook extends Error {
  readonly reason: Text;

  constructor(reason: Text) {
    super(reason.en);
    this.reason = reason;
  }
}

/** The language that is asked for, even where nothing else can be understood. */
export function languageOf(args: readonly string[]): keyof Text {
  const [, asked] = /--lang[= ](\S+)/.exec(args.join(' ')) ?? [];
  const wanted = asked ?? Intl.DateTimeFormat().resolvedOptions().locale;
  return wanted.startsWith('zh') ? 'zh' : 'en';
}

/** @throws BadArguments with a reason that Node gives, in English, or with an empty one */
export function readArguments(args: string[]): Settings {
  const { values, positionals } = parse(args);
  const [given = '', ...others] = positionals;
  const isClass = values.list !== undefined;
  if ((given === '') !== isClass || others.length > 0) throw new BadArguments();
  const times = Number(values.slow);
  if (!(times >= 1 && times <= 100)) throw new BadArguments(`--slow ${values.slow}: 1 to 100`);
  return {
    url: isClass ? '' : readAddress(given, values.page),
    list: values.list,
    page: values.page,
    out: values.out,
    pictures: false,
    ...(values.box === undefined ? {} : { box: values.box }),
    taken: values.taken,
    register: values.register,
    json: values.json,
    language: languageOf(args),
    quietMs: 400,
    patienceMs: times * 3000,
    answerMs: times * 4000,
    silenceMs: times * 9000,
    limitMs: times * 14_000,
    allMs: times * 55_000,
  };
}

/** @returns the address of the page with the box @throws BadArguments */
export function readAddress(given: string, page: string | undefined): string {
  // `localhost:5000` would be a URL, with `localhost:` for its scheme.
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  if (!/^https?:\/\/[^/]/i.test(address) || !URL.canParse(address))
    throw new BadArguments(`${given}: http://…`);
  return new URL(page ?? '', address).href;
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        page: { type: 'string' },
        box: { type: 'string' },
        taken: { type: 'string', default: 'admin' },
        register: { type: 'boolean', default: false },
        lang: { type: 'string' },
        slow: { type: 'string', default: '1' },
        json: { type: 'boolean', default: false },
        list: { type: 'string' },
        out: { type: 'string', default: 'homework-report' },
      },
    });
  } catch (error) {
    throw new BadArguments(error instanceof Error ? error.message : '');
  }
}
