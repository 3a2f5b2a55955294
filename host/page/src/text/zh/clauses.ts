// 比较器的各条陈述，由其数据写成中文。每个代码都须有文字，否则编译不过。
import type { Assumptions, Of, StatementTexts } from "../clauses";
import type { OtherProcess, PropertyRead, Window } from "../clauses.gen";
import { minute } from "../quotes";
import { clock, fixed, general, joined, name, names, none, say, span as spanIn, zone, type Text } from "../words";
import { leftTo, ORIGINS, originZh } from "../origins";
import { terms } from "./terms";

const span = (ms: number) => spanIn(ms, { ms: "毫秒", s: "秒", min: "分钟", h: "小时" });

const DEPTHS = { notification: "变更通知", open: "打开图库", metadata: "查询", thumbnail: "缩略图", data: "图像数据", upload: "要求系统上传" };
const UNTIL = {
  end: "结束",
  begin: "开始（报告所记结束早于开始）",
  "entry-end": "记录结束",
  "report-end": "报告末行",
  "idle-timer": "开始后 75.6 秒",
};

const window_ = ({ lag_s, until }: Window) =>
  `从${lag_s == null ? "报告首行" : `开始前 ${general(lag_s)} 秒`}到${UNTIL[until]}`;

export const process = ({ kind, identifier }: OtherProcess): Text =>
  kind === "extension" ? say`扩展 ${name(identifier ?? "")} ` : kind === "perhaps-extension" ? say` ${name(identifier ?? "")}（可能是其扩展）` : [kind === "extensions" ? "该应用的扩展" : "assetsd"];

function late(late_ms: number | null | undefined): string {
  if (late_ms == null) return "";
  if (Math.abs(late_ms) < 0.5) return "（与报告所记时间相同）";
  return `（${late_ms > 0 ? "早" : "晚"}于报告所记时间 ${fixed(Math.abs(late_ms), 0)} 毫秒）`;
}
const prolonged = (count = 0) => (count ? `，并延续了 ${count} 次` : "");

const accounting = ({ process, pid }: Of<"matched-by-identifier" | "continued-entry">) => say`${name(process)}${pid === null ? " " : `（进程 ${pid}）`}的记账带有这个标识符`;

function asked({ who, identifier }: Of<"matched-by-identifier">): Text {
  if (who === "app") return ["应用查询了图库"];
  if (who === "extension") return say`应用的扩展 ${name(identifier ?? "")} 查询了图库`;
  return say`该进程查询了图库，但不知其是否属于报告所记的 ${name(identifier ?? "")}`;
}

const first = ({ symbol, before_ms, asleep }: Of<"first-contact" | "queries-near" | "notifications-near">) =>
  say`（${symbol ? say`${name(symbol)}，` : none}${asleep ? `在其 ${span(before_ms)}之前，其间进程曾挂起` : `在其 ${before_ms} 毫秒之前`}）`;
const seen = (accounting_seen: boolean) => (accounting_seen ? "其记账中没有这个标识符" : "未能看到其记账");

const ABOUT = { start: "其开始", end: "其结束", picker: "是否由选择器写入", owner: "其所属应用或类别" };
const ACTS = { query: "这次查询", opening: "这次打开", access: "这次访问" };
const SOURCES = { changes: "变更通知", inputs: "触摸", wakes: "后台唤醒与启动", handoffs: "交办的工作" };
const UNKNOWN = {
  "act-not-seen": "没有看到产生此记录的访问",
  "origin-missing": "该访问指明的触发事件不在录制之中",
  "events-lost": "该访问之前不久有事件丢失",
  "clock-stepped": "按时钟，录制在该访问之前的事件发生在它之后",
};
const REASONS = { ...ORIGINS.zh, none: "所监测者之外的原因", unknown: "不明的原因" };
const PROPERTIES = { place: "拍摄地点", "file-name": "文件名", caption: "说明文字、关键词与名称", size: "文件大小", set: "查询未载入的属性" };
const photos = ({ count, photos: n = null, at_least = false }: PropertyRead) =>
  n === null ? say`（${count} 次）` : n === count && !at_least ? none : say`（${count} 次）`;
const property = (read: PropertyRead) => {
  const what = (read.what ?? "other") === "other" ? say` ${name(read.symbol)} ` : PROPERTIES[read.what as keyof typeof PROPERTIES];
  return say`${read.photos == null ? "" : `${read.at_least ? "至少 " : " "}${read.photos.toLocaleString("en-US")} 张`}照片的${what}${photos(read)}`;
};
const bracketed = (what: Text) => (what.length ? say`（${what}）` : none);
const followed = (what: Text) => (what.length ? say`${what}，` : none);
/** 触发事件之名；应用状态变化则为新的状态，回到前台与状态未知除外。 */
const whatOf = (c: Of<"set-off-by" | "resumed-by">): Text => {
  const state = leftTo(c);
  return state ? [`变为${terms[`state.${state}`]}`] : c.what ? [name(c.what)] : none;
};

const until = (ended_ms: number | null | undefined) => (ended_ms == null ? "" : `到开始前 ${span(ended_ms)}为止`);

const NOT_COUNTED = "任何判断都不计入，没有看到的访问可能就在其中：请用更新的 lightleak 读取这个会话。";

export const clausesZh: StatementTexts = {
  "picker-choice": ({ also_without }) => [also_without ? "此记录由系统的照片选择器写入；实测表明，用户未作选择时它也会写入" : "此记录由系统的照片选择器在用户作出选择之后写入"],
  "matched-by-identifier": (c) => say`${accounting(c)}${late(c.late_ms)}${c.after_call ? say`，此前调用了 ${name(c.after_call)}` : none}${prolonged(c.prolonged)}：${asked(c)}`,
  "continued-entry": (c) =>
    say`${accounting(c)}${late(c.late_ms)}${prolonged(c.prolonged)}：它接续记录 ${name(c.continues)}，后者刚好在其之前结束，其间没有看到查询，与记账守护进程重启时的情形相同`,
  "opened-by-system": (c) => say`只有 assetsd 的记账带有这个标识符${late(c.late_ms)}${prolonged(c.prolonged)}：系统为该应用打开了图库`,
  "opened-by-other": (c) =>
    say`只有 ${name(c.process)}${c.pid === null ? " " : `（进程 ${c.pid}）`}（类别 ${name(c.role)}）的记账带有这个标识符${late(c.late_ms)}${prolonged(c.prolonged)}：该进程为该应用打开了图库`,
  "first-contact": (c) => say`lightleak 附加到应用之后看到的与图库的首次接触${first(c)}靠近开始时刻，按时间匹配`,
  "queries-near": (c) => say`开始时刻附近有 ${c.count} 次查询${c.or_reads ? "或读取" : ""}${first(c)}；未能看到应用自身的记账，故按时间匹配`,
  "notifications-near": (c) => say`开始时刻附近有 ${c.count} 次变更通知${first(c)}，按时间匹配；此前 ${general(c.lag_s)} 秒内没有看到应用打开图库、查询或读取`,
  "acts-do-not-explain": (c) =>
    say`应用受到监测${until(c.until_ms)}，${seen(c.accounting_seen)}；开始前 ${general(c.lag_s)} 秒内${c.asleep ? "（不计挂起的时间）" : ""}看到它的 ${c.count} 次动作（最深为${DEPTHS[c.depth]}）不能解释这条记录`,
  "nothing-near": (c) => say`应用受到监测${until(c.until_ms)}，${seen(c.accounting_seen)}，开始前 ${general(c.lag_s)} 秒内也没有看到它打开图库、查询、读取或收到变更通知`,
  "begin-missing": () => ["报告中缺少它的开始，录制到的记账中也没有这个标识符"],
  "never-watched": ({ app, attached }) =>
    attached ? say`${name(app)} 没有任何进程受到完整监测：lightleak 已附加到其中一个，但录制中没有说明所有挂钩均已就位` : say`没有监测过 ${name(app)} 的任何进程`,
  "not-watched-before": ({ ended_ms, began_ms, events_missing, window }) => {
    const it = window ? "开始时刻 " : "其 ";
    const near = ended_ms == null ? [] : [`监测已在${it}${span(ended_ms)}前结束`];
    if (began_ms != null) near.push(`在${near.length ? "其 " : it}${span(Math.abs(began_ms))}${began_ms > 0 ? "后" : "前"}才${near.length ? "恢复" : "开始"}`);
    return [`${window ? window_(window) : "开始前的一刻"}没有监测该应用${events_missing ? "（该处缺少事件）" : ""}：${near.join("，")}`];
  },
  "set-off-by": (c) =>
    say`${ACTS[c.act]}${c.linked ? "由" : "可能由"}${originZh(c)}触发（${followed(whatOf(c))}${c.linked ? "有关联，" : ""}在其 ${span(Math.abs(c.delay_ms))}之${c.delay_ms >= 0 ? "前" : "后"}${c.linked ? "" : "，按时间匹配"}）`,
  "notification-itself": ({ what }) => say`触发它的就是这次变更通知本身${bracketed(what ? [name(what)] : none)}，按时间匹配`,
  "nothing-set-off": (c) => [`${ACTS[c.act]}之前 ${general(c.lag_s)} 秒内，受监测的范围内未见触发`],
  "trigger-unknown": ({ reason }) => [`不知由何触发：${UNKNOWN[reason]}`],
  "resumed-by": (c) => say`此处有较早的任务以${originZh(c)}${bracketed(whatOf(c))}的值继续运行，但它不是由此触发的`,
  "watched-briefly": ({ watched_ms }) => [`在那之前，该进程只受到 ${span(watched_ms)}的监测`],
  "origins-not-watched": ({ sources }) => [`该进程中未监测：${sources.map((source) => SOURCES[source]).join("、")}`],
  "handoff-not-followed": ({ symbols, more }) => say`该进程中交办的工作未能处处跟踪，因此可能缺少关联：${names(symbols, "、")}${more ? `等，另有 ${more} 种` : ""}`,
  "triggers-by-chance": ({ p }) => [`该应用按时间得出的触发并不优于偶然（p = ${fixed(p, 2)}）`],
  "furthest-seen": (c) =>
    say`${window_(c.window)}看到的最深一步是${DEPTHS[c.depth]}，共 ${c.count} 次，首次在 ${clock(c.at, c.other_day ?? false)}${c.symbol ? say`（${name(c.symbol)}）` : none}，应用状态：${terms[`state.${c.state}`]}`,
  "nothing-seen": (c) => [`${window_(c.window)}没有看到应用打开图库、查询、读取或收到变更通知`],
  "not-watched-then": (c) => [`${window_(c.window)}没有监测该应用`],
  "other-process-went": (c) => say`其间看到${process(c.process)}最深到达${DEPTHS[c.depth]}，共 ${c.count} 次`,
  "upload-asked": ({ count, hosts = [], more, nameless, also_read, process: who }) =>
    say`其间${who ? process(who) : "应用"}要求系统上传照片 ${count} 次${hosts.length ? say`，目的地为 ${names(hosts, "、")}${more ? ` 等，另有 ${more} 个` : ""}` : none}${nameless ? `（${nameless} 次未见目的地）` : ""}：上传的数据不经过其进程${also_read ? "，但它当时也自行请求了照片" : ""}；系统是否发送了任何内容不得而知`,
  "host-contacted": ({ app, host, count, first: from, last }) =>
    say`报告中还有 ${name(app)} 与 ${name(host)} 的网络联系 ${count} 次（${minute(from)} 至 ${minute(last)}）：仅为时间上的巧合，不能说明发送了照片`,
  "read-otherwise": ({ reasons, count }) => [`其间应用另有 ${count} 次查询或读取，由${reasons.map((reason) => REASONS[reason]).join("、")}触发`],
  "properties-read": ({ properties, more }) => say`其间应用读取了${joined(properties.map(property), "、")}${more ? `等，另有 ${more} 种属性` : ""}`,
  "picker-loads": ({ count }) => [`其间应用还加载了用户在照片选择器中所选的内容，共 ${count} 次：属于用户的选择，不计入深度`],
  "partly-watched": ({ percent }) => [percent ? `这段时间只有 ${percent} % 受到监测` : "这段时间受到监测的不足 1 %"],
  "lines-contradict": ({ about }) => [`报告中此标识符的各行在${about.map((one) => ABOUT[one]).join("和")}上相互矛盾，因此只计入各行一致的时间`],
  "near-others-too": ({ others }) => [`在其开始附近看到的事件也靠近另外 ${others} 条记录，因此不知属于其中哪一条`],
  "twin-near": () => ["该应用另有一条记录与其开始相距不到 2 秒，两者可能出自同一次访问"],
  "unwatched-before": ({ whole_ms, unseen_ms }) => [`开始前的 ${span(whole_ms)}中有 ${span(unseen_ms)}未监测，因此产生此记录的动作可能没有看到`],
  "events-may-be-missing": () => ["录制文件在该处受损、被截断或未写完，因此这段时间的事件可能缺失"],
  "idle-timer-length": () => ["其时长是一次或短促几次访问之后 Apple 的空闲计时器，与读取无关"],
  "chance-no-better": ({ p }) => [`该应用按时间的匹配并不优于偶然（p = ${fixed(p, 2)}）`],
  "not-hooked": ({ symbols, more, in_part = [] }) => {
    const never = symbols.length ? say`未能挂钩、因而不能排除：${names(symbols, "、")}` : none;
    const part = in_part.length ? say`只在部分时间内挂钩、因而不能排除：${names(in_part, "、")}` : none;
    return say`${never}${symbols.length && in_part.length ? "；" : ""}${part}${more ? `等，另有 ${more} 个` : ""}`;
  },
  "others-not-watched": ({ processes }) => say`未监测：${joined(processes.map(process), "、")}`,
  unconfirmed: ({ assumptions }) => [`尚未在真机上证实：第 ${assumptions.join("、")} 条前提`],
  refuted: ({ assumptions }) => [`已在真机上证伪，并据此判断：第 ${assumptions.join("、")} 条前提`],
  "stamps-before-call": () => ["实测表明报告所记时间也会早于调用，因此时间相近的说服力较弱"],

  "no-time-in-common": ({ report }) => [`会话与报告在时间上没有重叠（${report ? `报告：${report[0]} 至 ${report[1]}` : "报告中没有时间"}）：请在录制之后七天内导出报告。`],
  "no-entry-of-apps": ({ apps }) => say`报告中没有 ${names(apps, "、")} 的照片访问记录：请检查当时是否已开启“App 隐私报告”、报告是否来自这台设备、应用名称是否正确。`,
  "apps-not-watched": ({ apps }) => say`这些会话没有监测 ${names(apps, "、")} 的任何进程，因此其记录的成因未知：请录制它，或加入含有它的会话。`,
  "assumptions-of-other-system": ({ tested, recorded }) =>
    say`真机实测所用的是 iOS ${name(tested)}，而会话来自 iOS ${names(recorded, "、")}：在那里成立的，在此未必成立；请在这台设备上运行 lightleak fieldtest。`,
  "several-devices": ({ models }) => say`这些会话来自多台设备（${names(models, "、")}），而一份报告只属于一台设备：在另一台设备上监测到的，不能解释其中的任何记录；请只比较那台设备的会话。`,
  "events-unreadable": ({ count }) => [`${count} 个事件没有可读的序号与时钟（segment、seq、wall_ns、mono_ns），已略去，该处成为空缺：请对该会话运行 lightleak verify。`],
  "events-of-unknown-kinds": ({ kinds, count, more }) => say`有 ${count} 个事件的种类（${names(kinds, "、")}${more ? ` 等，另有 ${more} 种` : ""}）为此版本所不识，${NOT_COUNTED}`,
  "accesses-of-unknown-depths": ({ count }) => [`有 ${count} 次访问没有深度，或其深度为此版本所不识，${NOT_COUNTED}`],
  "events-before-phones": ({ count }) => [`${count} 个事件的时间早于 2007 年：当时设备时钟未知，无法按时间匹配；请设定设备的时钟，或以真实的 wall_ns 导入。`],
  "runs-in-silence": ({ count, start, end }) => [
    `没有对应记录的访问中，有 ${count} 组处于报告没有任何应用记录的时间之内（首组在 ${minute(start)} 至 ${minute(end)} 之间）：当时可能没有开启“App 隐私报告”，那么没有记录并不说明什么；请检查当时是否已开启。`,
  ],
  "recorded-twice": ({ app, pid, segments, overlap_ms }) =>
    say`${name(app)} 的进程 ${pid} 在同一时间被录制了两次（段 ${segments[0]} 与 ${segments[1]}，重叠 ${span(overlap_ms)}）：两者都看到的事件被计算两次；若要引用数字，请只用其中之一比较。`,
  "identifiers-unknown": ({ count }) => [`应用的记账在报告时段内写下的 ${count} 个标识符，没有一个出现在报告中：报告来自另一台设备，或者 Apple 的记账在此 iOS 版本上有所不同；请与所录设备的报告比较。`],
  "report-from-other-zone": ({ report_s, device_s }) => [
    `报告所用时区为 ${zone(report_s)}，设备当时在 ${zone(device_s)}：报告在别处导出，或来自另一台设备；判断不受时区影响，夜间时刻则受影响。`,
  ],
  "lag-not-fitted": ({ matches, needed, used_s }) => [`无法测定延迟：按标识符匹配的记录有 ${matches} 条，需要 ${needed} 条，因此使用默认的 ${general(used_s)} 秒。`],
  "lag-fitted": ({ used_s, matches, left_out, longest_ms, identifier }) =>
    say`按 ${matches} 条以标识符匹配的记录，延迟定为 ${general(used_s)} 秒；未计入 ${left_out} 条离群者，其中相差最大的${longest_ms < 0 ? "早" : "晚"}于记账 ${span(Math.abs(longest_ms))}（记录 ${name(identifier)}）。`,
  "triggers-no-better": ({ apps }) =>
    say`${names(apps, "、")} 按时间得出的触发并不优于偶然：对这句话的统计仍把它们计为按时间相符或相悖，但它们并不证明什么；请以有关联的为准。`,
  "cut-tail": ({ file, bytes }) => say`${name(file)} 末尾的 ${bytes} 字节不成完整的帧，已丢失。`,
  "damaged-stretch": ({ file, bytes, offset, events_lost }) => say`${name(file)} 自第 ${offset} 字节起有 ${bytes} 字节损坏：丢失 ${events_lost} 个事件，前后内容保留。`,
  "unknown-zone": ({ file, zone }) => say`${name(file)} 的时区 ${name(zone)} 在此未知：时间以 UTC 显示。`,
  "not-a-phone": ({ file, device }) => say`${name(file)} 录制于${device === "virtual" ? "虚拟设备" : "模拟器"}，而不是手机：应用在那里的行为，未必与在手机上相同。`,
  "odd-values": ({ file, key, count }) => say`${name(file)} 中 ${name(key)} 有 ${count} 个值的类型与该键不符，按不存在读取。`,
  "no-closing-seal": ({ file, has_events = true, last: event }) => {
    const last = !has_events ? "其中没有事件" : event ? `最后的事件为第 ${event[0]} 段第 ${event[1]} 号` : "最后一行不是事件";
    return say`${name(file)} 没有结尾的封印：写入者已终止或仍在写入，或者文件被截断；完整的部分都在，${last}。`;
  },
};

export const assumptionsZh: Assumptions = {
  identifier_is_shown: "应用的记账所写的标识符，就是报告所示的标识符",
  query_makes_entry: "一次查询会经由应用自身进程的记账产生一条记录",
  registration_opens: "注册观察者会打开图库",
  opening_makes_entry: "打开图库会由 assetsd 另外产生一条记录",
  delivery_makes_entry: "交付一次变更通知可能产生一条记录",
  reads_make_no_entry: "读取像素或字节本身不会产生记录",
  idle_timer_closes: "记录在最后一次访问后 60 至 75 秒结束",
  stamp_is_later: "报告所记时间不早于调用，至多晚数秒",
  picker_marks_choice: "照片选择器所写的记录带有标记，且只在用户作出选择后写入",
  extension_has_own_rows: "扩展的访问以其自身的标识符列出",
};
