// 比较器的英文句子，逐个分句译出。认不出的分句保留原文：宁可不译，也不另说一套。
import { zh } from "./zh";
import type { Key } from "./en";

type Groups = Record<string, string | undefined>;
type Rule = [pattern: string, tell: (m: Groups) => string];

const LATE = "(?<late>, at the report's time|, (?<before>\\d+) ms before the report's time|, (?<after>\\d+) ms after its time)?";
const AGAIN = "(?<again>, and prolonged it (?<times>once|\\d+ times))?";
const FIRST = "(?: \\((?:(?<symbol>.+), )?(?<ms>\\d+) ms before it\\))";
const SEEN = "(?<seen>its accounting did not carry this identifier|its accounting could not be seen)";
const WORD = "a notification|an opening of the library|a query|a thumbnail|data";
const SPAN = "[\\d.]+ (?:ms|s|min|h)";
const WINDOW =
  "from (?:(?<lag>[\\d.e+-]+) s(?<asleep>, sleep not counted,)? before its begin|the report's first line) to (?<until>its end|its begin, before which its end is told|the entry's end|the report's last line|75.6 s after it)";

const word = (kind: string, value = "") => zh[`${kind}.${value}` as Key] ?? value;
const count = (text = "") => (text === "One" || text === "once" ? "1" : text.replace(/ times$/, ""));
const list = (text = "") => text.replace(/,? and (?=[^,]*$)/, "、").replaceAll(", ", "、");
const span = (text = "") => text.replace(" ms", " 毫秒").replace(" s", " 秒").replace(" min", " 分钟").replace(" h", " 小时");
const UNTIL: Record<string, string> = {
  "its end": "结束",
  "its begin, before which its end is told": "开始（报告所记结束早于开始）",
  "the entry's end": "记录结束",
  "the report's last line": "报告末行",
  "75.6 s after it": "开始后 75.6 秒",
};
const window_ = ({ lag, asleep, until }: Groups) =>
  `从${lag ? `开始前 ${lag} 秒${asleep ? "（睡眠不计）" : ""}` : "报告首行"}到${UNTIL[until!]}`;

const late = ({ late, before, after }: Groups) =>
  !late ? "" : before ? `（早于报告所记时间 ${before} 毫秒）` : after ? `（晚于报告所记时间 ${after} 毫秒）` : "（与报告所记时间相同）";
const again = ({ times }: Groups) => (times ? `，并延续了 ${count(times)} 次` : "");
const first = ({ symbol, ms }: Groups) => `（${symbol ? `${symbol}，` : ""}在其 ${ms} 毫秒之前）`;
const seen = (text = "") => (text.endsWith("identifier") ? "其记账中没有这个标识符" : "未能看到其记账");
const asked = ({ extension, stranger }: Groups) =>
  extension ? `应用的扩展 ${extension} 查询了图库` : stranger ? `该进程查询了图库，但不知其是否属于报告所记的 ${stranger}` : "应用查询了图库";

const DEEPEST: Record<string, string> = {
  "a notification": "通知",
  "an opening of the library": "打开图库",
  "a query": "查询",
  "a thumbnail": "缩略图",
  data: "图像数据",
};

const unwatched = (text = "") =>
  text.split(" and ").map((one) => one.replace("the app's extensions", "该应用的扩展").replace(/^the extension (.+)$/, "扩展 $1")).join("、");

const RULES: Rule[] = [
  ["The system's photo picker wrote this entry after the person had chosen something", () => "此记录由系统的照片选择器在用户作出选择之后写入"],
  ["The system's photo picker wrote this entry, which it was found to do without a choice too", () => "此记录由系统的照片选择器写入；实测表明，用户未作选择时它也会写入"],
  [`Only assetsd's accounting carries this identifier${LATE}${AGAIN}: the library was opened for the app`, (m) => `只有 assetsd 的记账带有这个标识符${late(m)}${again(m)}：图库是为该应用打开的`],
  [
    `The accounting in (?<who>.+) \\(pid (?<pid>.+?)\\) carries this identifier${LATE}${AGAIN}: it continues entry (?<entry>.+), which ended at once before it with no query seen between, as when the accounting daemon is restarted`,
    (m) => `${m["who"]}（进程 ${m["pid"]}）的记账带有这个标识符${late(m)}${again(m)}：它接续记录 ${m["entry"]}，后者刚好在其之前结束，其间没有看到查询，与记账守护进程重启时的情形相同`,
  ],
  [
    `The accounting in (?<who>.+) \\(pid (?<pid>.+?)\\) carries this identifier${LATE}(?: after (?<call>.+?))?${AGAIN}: (?:the app|the app's extension (?<extension>.+)|that process) queried the library(?:, but is not known to be of (?<stranger>.+), to which the report gives it)?`,
    (m) => `${m["who"]}（进程 ${m["pid"]}）的记账带有这个标识符${late(m)}${m["call"] ? `，此前调用了 ${m["call"]}` : ""}${again(m)}：${asked(m)}`,
  ],
  [
    `The first contact with the library that was seen since the app was attached to${FIRST} is near the begin, matched by time`,
    (m) => `附加到应用之后看到的与图库的首次接触${first(m)}靠近开始时刻，按时间匹配`,
  ],
  [
    `(?<n>One|\\d+) (?:query|queries)(?<reads> or read| and reads)?${FIRST} near the begin, matched by time because the app's own accounting could not be seen`,
    (m) => `开始时刻附近有 ${count(m["n"])} 次查询${m["reads"] ? "或读取" : ""}${first(m)}；未能看到应用自身的记账，故按时间匹配`,
  ],
  [
    `(?<n>One|\\d+) change notifications?${FIRST} near the begin, matched by time, and no opening, query or read of the app was seen within (?<lag>[\\d.e+-]+) s before it`,
    (m) => `开始时刻附近有 ${count(m["n"])} 次变更通知${first(m)}，按时间匹配；此前 ${m["lag"]} 秒内没有看到应用打开图库、查询或读取`,
  ],
  [`The app was watched and ${SEEN}`, (m) => `应用受到监测，${seen(m["seen"])}`],
  [
    `what it was seen to do within (?<lag>[\\d.e+-]+) s before the begin \\((?<n>\\d+) things?, at the furthest (?<depth>${WORD})\\) does not explain the entry`,
    (m) => `开始前 ${m["lag"]} 秒内看到它所做的 ${m["n"]} 件事（最深为${DEEPEST[m["depth"]!]}）不能解释这条记录`,
  ],
  [
    `The app was watched, ${SEEN}, and no opening, query, read or notification of it was seen within (?<lag>[\\d.e+-]+) s before the begin`,
    (m) => `应用受到监测，${seen(m["seen"])}，开始前 ${m["lag"]} 秒内也没有看到它打开图库、查询、读取或收到通知`,
  ],
  ["The begin is missing from the report and no recorded accounting carries this identifier", () => "报告中缺少它的开始，录制到的记账中也没有这个标识符"],
  ["No process of (?<app>.+) was watched", (m) => `没有监测过 ${m["app"]} 的任何进程`],
  [
    `The app was not watched just before the begin(?<lost>, where events are missing)?: (?:watching ended (?<since>${SPAN}) before it)?(?: and )?(?:(?:watching began|began again) (?<from>${SPAN}) (?<side>after|before) it)?`,
    (m) => {
      const parts = [m["since"] && `监测已在其 ${span(m["since"])}前中止`, m["from"] && `在其 ${span(m["from"])}${m["side"] === "after" ? "后" : "前"}才开始`];
      return `开始前的一刻没有监测该应用${m["lost"] ? "（该处缺少事件）" : ""}：${parts.filter(Boolean).join("，")}`;
    },
  ],
  [`no opening, query, read or notification of the app was seen ${WINDOW}`, (m) => `${window_(m)}没有看到应用打开图库、查询、读取或收到通知`],
  [`the app was not watched ${WINDOW}`, (m) => `${window_(m)}没有监测该应用`],
  [
    `the furthest seen ${WINDOW} was (?<depth>${WORD}), (?<n>once|\\d+ times), first at (?<at>[\\d:. -]+)(?: \\((?<symbol>.+)\\))?, app state (?<state>\\w+)`,
    (m) => `${window_(m)}看到的最深访问是${DEEPEST[m["depth"]!]}，共 ${count(m["n"])} 次，首次在 ${m["at"]}${m["symbol"] ? `（${m["symbol"]}）` : ""}，应用状态：${word("state", m["state"])}`,
  ],
  [
    `(?<who>.+) was seen to go as far as (?<depth>${WORD}) in that time, (?<n>once|\\d+ times)`,
    (m) => `其间看到${unwatched(m["who"])}最深到达${DEEPEST[m["depth"]!]}，共 ${count(m["n"])} 次`,
  ],
  [
    `of the (?<whole>${SPAN}) before the begin (?<unseen>${SPAN}) were not watched, so what made the entry may have been missed`,
    (m) => `开始前的 ${span(m["whole"])}中有 ${span(m["unseen"])}未受监测，因此产生此记录的动作可能没有看到`,
  ],
  ["less than 1 % of that time was watched", () => "这段时间受到监测的不足 1 %"],
  ["only (?<share>\\d+) % of that time was watched", (m) => `这段时间只有 ${m["share"]} % 受到监测`],
  ["its length is that of Apple's idle timer after one access or a short burst, and tells nothing of reads", () => "其时长是一次或短促几次访问之后 Apple 的空闲计时器，与读取无关"],
  ["this app's matches by time are no better than chance \\(p = (?<p>[\\d.]+)\\)", (m) => `该应用按时间的匹配并不优于偶然（p = ${m["p"]}）`],
  ["could not be hooked, so not excluded: (?<names>.+?)(?: and (?<more>\\d+) more)?", (m) => `未能挂钩、因而不能排除：${list(m["names"])}${m["more"] ? `等，另有 ${m["more"]} 个` : ""}`],
  ["not watched: (?<names>.+)", (m) => `未受监测：${unwatched(m["names"])}`],
  ["not confirmed on a phone: facts? (?<facts>[\\d, and]+)", (m) => `尚未在真机上证实：第 ${list(m["facts"])} 条前提`],
  ["refuted on a phone, and judged accordingly: facts? (?<facts>[\\d, and]+)", (m) => `已在真机上证伪，并据此判断：第 ${list(m["facts"])} 条前提`],
  ["the report was found to stamp before the call too, so what is near says less", () => "实测表明报告所记时间也会早于调用，因此时间相近的说服力较弱"],
];
const COMPILED = RULES.map(([pattern, tell]) => ({ pattern: new RegExp(`^${pattern}$`, "s"), tell }));

const CLAIMS: Record<string, string> = {
  identifier_is_shown: "应用的记账所写的标识符，就是报告所示的标识符",
  query_makes_entry: "一次查询会经由应用自身进程的记账产生一条记录",
  registration_opens: "注册观察者会打开图库",
  opening_makes_entry: "打开图库会由 assetsd 另外产生一条记录",
  delivery_makes_entry: "送达一次变更通知可能产生一条记录",
  reads_make_no_entry: "读取像素或字节本身不会产生记录",
  idle_timer_closes: "记录在最后一次访问后 60 至 75 秒结束",
  stamp_is_later: "报告所记时间不早于调用，至多晚数秒",
  picker_marks_choice: "选择器所写的记录带有标记，且只在用户作出选择后写入",
  extension_has_own_rows: "扩展的访问以其自身的标识符列出",
};

/** A fact that rules rest on, in Chinese; one that is new stays as it is. */
export const claimInChinese = (name: string, text: string) => CLAIMS[name] ?? text;

/** Translate a sentence clause by clause; `left` are the clauses that stayed as they were. */
export function whyInChinese(why: string): { text: string; left: string[] } {
  const parts = why.replace(/\.$/, "").split("; ");
  const told: string[] = [];
  const left: string[] = [];
  for (let at = 0; at < parts.length; ) {
    // A name of the app may hold "; " itself: then the clause goes on in the next part.
    const length = [1, 2, 3, 4].find((n) => at + n <= parts.length && clause(parts.slice(at, at + n).join("; ")) !== null) ?? 1;
    const text = parts.slice(at, at + length).join("; ");
    const found = clause(text);
    if (found === null) left.push(text);
    told.push(found ?? text);
    at += length;
  }
  return { text: `${told.join("；")}。`, left };
}

function clause(text: string): string | null {
  for (const { pattern, tell } of COMPILED) {
    const found = pattern.exec(text);
    if (found) return tell(found.groups ?? {});
  }
  return null;
}
