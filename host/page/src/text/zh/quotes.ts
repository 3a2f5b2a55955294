// 可以怎样写，不可以怎样写：每一句都可单独引用。
import type { QuoteOf, QuoteTexts } from "../quotes";
import { grouped, minute, tenths } from "../quotes";
import { process } from "./clauses";
import { ORIGINS } from "../origins";
import { fixed, general, joined, name, say, type Text } from "../words";

/** 数字之前有空格，汉字之前没有。 */
const share = (part: number) => {
  const text = tenths(part, "不足 0.1%");
  return /^\d/.test(text) ? ` ${text}` : text;
};

const READS = { thumbnail: "请求缩略图", data: "请求大于缩略图的照片或视频", upload: "要求系统上传照片（上传的数据不经过应用）" };
const STATES = { active: "在前台", background: "在后台" };
const LINKS = { link: "（有关联）", time: "（可能）", chance: "（或属偶然）", none: "" };
const SOURCES = { changes: "变更通知", inputs: "触摸", wakes: "后台唤醒与启动", handoffs: "交办的工作" };

function setOff({ kind, by, count }: QuoteOf<"set-off-with-reads">["set_off"][number]): string {
  if (kind === "none") return `受监测的范围内未见触发的 ${grouped(count)} 次`;
  if (kind === "unknown") return `不知由何触发的 ${grouped(count)} 次`;
  return `由${ORIGINS.zh[kind]}触发的 ${grouped(count)} 次${LINKS[by]}`;
}

function answered({ answer, count, entries }: QuoteOf<"claim-answered">): string {
  const among = `${grouped(entries)} 条后台记录中有 ${count} 条`;
  return {
    untested: "没有已知在后台的记录：这句话未受检验。",
    no: `这句话不成立：${among}与其他原因有关联。`,
    unexplained: `有的记录这句话不能解释：${among}，没有看到变更通知触发，既没有关联，此前不久也没有变更通知。`,
    doubt: `这句话存疑：${among}可能由其他原因触发。`,
    open: `这句话未得证明：${among}不知由何触发。`,
    missed: `这句话未得证明：${among}未见触发，而并非全部受监测。`,
    chance: `这句话未得证明：${among}，此前不久之事可能只是偶然。`,
    otherwise: `这句话未得证明：${among}，其间应用也因其他或不明的原因读取。`,
    unlinked: `这句话未得证明：应用在后台还有 ${count} 次查询或读取没有对应的记录，也没有关联表明由变更通知触发。`,
    opens: "这句话未受检验：应用在后台只打开了图库。",
    likely: `就所录制者而言，这句话可能成立：${among}只在时间上相符。`,
    holds: `就所录制者而言，这句话成立：${grouped(entries)} 条后台记录，都只由变更通知触发。`,
    "holds-but-opens": `就所录制者而言，这句话成立：${among}只由变更通知触发，其余只打开了图库。`,
  }[answer];
}

function matched({ app, identifier, time }: QuoteOf<"matched">): Text {
  const parts = [];
  if (identifier) parts.push(`${grouped(identifier)} 条按 Apple 自身记账中的标识符与录制对应`);
  if (time) parts.push(`${grouped(time)} 条仅按时间对应，可能成立，但不确定`);
  return say`${name(app)} 的记录中，${parts.join("；")}。`;
}

function runsExpected({ app, runs, assumption, known = null }: QuoteOf<"runs-expected">): Text {
  const seen = say`看到 ${name(app)} 的 ${grouped(runs)} 组读取没有对应的记录`;
  if (known === false) return say`${seen}；原因不明，因为前提 ${assumption} 已在真机上证伪。`;
  return say`${seen}，这在预料之中：读取像素本身不会产生记录（前提 ${assumption}，${known ? "已" : "尚未"}在真机上证实）；这不是规避的迹象。`;
}


/** 列举中的名称，其后没有空格。 */
const trimmed = (text: Text): Text => text.map((part, at) => (typeof part === "string" && at === text.length - 1 ? part.trimEnd() : part));

export const quotesZh: QuoteTexts = {
  "report-lists": (q) => say`Apple 的“App 隐私报告”（${minute(q.start)} 至 ${minute(q.end)}）列有 ${name(q.app)} 的 ${grouped(q.entries)} 条照片访问记录；其间该应用受监测的时间占${share(q.share)}。`,
  "entries-with-reads": (q) =>
    say`${name(q.app)} 的 ${grouped(q.of)} 条照片访问记录中，有 ${grouped(q.count)} 条期间（或其前 ${general(q.lag_s)} 秒内）看到该应用${STATES[q.state]}${READS[q.depth]}${q.night ? `（其中 ${q.night} 条全部或部分在零点至六点）` : ""}；报告时段中该应用受监测的时间占${share(q.share)}。`,
  "set-off-with-reads": (q) => say`看到 ${name(q.app)} 在后台请求照片或缩略图${q.uploads ? "（或要求系统上传照片）" : ""}的 ${grouped(q.count)} 条记录，产生它们的访问：${q.set_off.map(setOff).join("，")}${q.otherwise ? `；其中 ${grouped(q.otherwise)} 条期间应用也因其他或不明的原因查询或读取` : ""}。`,
  "reads-in-background": (q) =>
    say`录制中有 ${name(q.app)} 在后台${READS[q.depth]}的调用 ${grouped(q.count)} 次${q.night ? `，其中 ${grouped(q.night)} 次在零点至六点` : ""}；首次在 ${q.first.slice(0, 10)} ${q.first.slice(11, 23)}。`,
  "no-read-in-background": (q) => say`没有看到 ${name(q.app)} 在后台请求照片或缩略图；报告时段中该应用受监测的时间占${share(q.share)}${q.missing ? `，某些进程中缺少 ${q.missing} 个探针` : ""}。`,
  "claim-answered": (q) => say`受检验的说法：“${name(q.app)} 在后台读取，只是因为 iOS 通知它图库有变更。”${answered(q)}报告时段中该应用受监测的时间占${share(q.share)}${q.elsewhere ? `；处于多种状态或状态未知的 ${grouped(q.elsewhere)} 条记录未计入` : ""}。`,
  matched,
  "runs-expected": runsExpected,
  "runs-with-queries": ({ app, runs }) => say`${name(app)} 另有 ${grouped(runs)} 组没有对应记录的访问也包含查询；报告中为何没有记录，不得而知。`,

  "only-these": (q) => say`${name(q.app)} 仅有这些行为：报告时段中它受监测的时间只占${share(q.share)}，其余时间一无所知。`,
  "nothing-else": ({ probes }) => [`受监测期间该应用没有其他行为：某些进程中缺少 ${probes} 个探针，它们本可看到的情况不能排除。`],
  "certain-by-time": ({ count, lag_s }) => [`按时间匹配的 ${grouped(count)} 条记录是确定的：相差 ${general(lag_s)} 秒以内只是可能，不是证明。`],
  "matches-by-chance": ({ p }) => [`按时间的匹配能证明什么：它们并不优于偶然（p = ${fixed(p, 2)}）。`],
  "triggers-by-time-prove": ({ p }) => [`按时间得出的触发能证明什么：它们并不优于偶然（p = ${fixed(p, 2)}）。`],
  "causes-known": ({ unobserved, unexplained }) => {
    const parts = [];
    if (unobserved) parts.push(`其中 ${grouped(unobserved)} 条此前一刻没有监测该应用`);
    if (unexplained) parts.push(`${parts.length ? "" : "其中 "}${grouped(unexplained)} 条看到的一切都不能解释`);
    return [`每条记录的成因都已知：${parts.join("，")}。`];
  },
  "others-in-foreground": ({ mixed, unknown }) => {
    const parts = [];
    if (mixed) parts.push(`${grouped(mixed)} 条涉及多种状态`);
    if (unknown) parts.push(`${grouped(unknown)} 条状态未知`);
    return [`其余记录都在前台：${parts.join("，")}。`];
  },
  "entry-is-read": ({ entries, reads, uploads }) => [`每条记录都是一张被读取的照片：${grouped(entries)} 条中，看到请求照片或缩略图${uploads ? "（或要求系统上传照片）" : ""}的有 ${grouped(reads)} 条，而且 Apple 的报告不区分像素与元数据。`],
  "nothing-triggered": ({ sources }) => [`未见触发的访问并没有触发者：没有监测或没有完整监测的有${sources.map((source) => SOURCES[source]).join("、")}。`],
  "report-hides": ({ app, runs }) => say`Apple 的报告隐瞒了 ${grouped(runs)} 组访问，或者 ${name(app)} 规避了报告：并非每次读取都应有一条记录。`,
  "photo-sent": ({ uploads }) => [uploads ? `照片到达了某处：有 ${grouped(uploads)} 条记录期间应用要求系统上传；哪些内容离开了设备不得而知。` : "照片被发送到某处：哪些内容离开了设备不得而知，报告中的网络行也不能说明。"],
  "nothing-lost": ({ count }) => [`一切都已录制：丢失了 ${grouped(count)} 个事件。`],
  "others-did-nothing": ({ processes }) => say`没有其他进程代该应用行事：未能全程监测的有${joined(processes.map((one) => trimmed(process(one))), "、")}。`,
  "phone-confirmed": ({ assumptions }) => [`各规则已在真机上证实：它们依据关于 iOS 的 ${assumptions} 条前提，尚未在真机上证实。`],
  "real-phone": ({ system, device }) => {
    if (!device) return system ? say`这发生在 iPhone 上：录制所用的系统是 ${name(system)}。` : ["这发生在 iPhone 上：录制所用的系统不得而知。"];
    const on = device === "virtual" ? "虚拟设备" : "模拟器";
    return system ? say`这发生在 iPhone 上：录制于${on}（${name(system)}）。` : say`这发生在 iPhone 上：录制于${on}。`;
  },
  "why-never-watched": ({ app, entries }) => say`${name(app)} 的 ${grouped(entries)} 条记录为何存在：没有录制该应用的任何进程。`,
};
