// A verdict in one line: in English with the same words as lightleak/comparator/explain/brief.py, and in Chinese.
import type { Brief } from "./clauses.gen";
import { ORIGINS, type Origin } from "./origins";
import { terms } from "./zh/terms";

type Act = Brief["act"];
type State = Record<Brief["state"], string>;
type Reads = { thumbnail: string; data: string; upload: string };
type By = Exclude<Brief["trigger_by"], "none" | "unwatched">;

const LONGEST = 140;

const BY_APP: Act[] = ["queried", "queried-unseen", "used", "notified"];
/** Acts whose app state may be that of another process. */
const BY_OTHERS: Act[] = ["extension-queried", "other-queried", "continued"];
const UNWATCHED: Act[] = ["unobserved", "start-missing", "never-watched"];
const UNMATCHED: Act[] = ["picker", "picker-unsure", "unexplained", ...UNWATCHED];

type Words = {
  acts: Record<Act, string>;
  /** For an app that was never fully watched, although something of it was seen. */
  neverFully: string;
  stateOfAct: State;
  stateOfApp: State;
  stateThen: State;
  stateOfOther: (state: Brief["state"]) => string;
  appDid: (reads: string) => string;
  /** For entries without a match: no read may look like the cause. */
  aroundThen: (reads: string) => string;
  alsoDid: (reads: string) => string;
  reads: Reads;
  noPhoto: string;
  notWatched: string;
  callNotSeen: string;
  queriedToo: string;
  onlyQueries: string;
  queriesThen: string;
  noQuery: string;
  noQueryThen: string;
  noAccess: string;
  picked: string;
  setOff: Record<By, (origin: string) => string>;
  origins: Record<Origin, string>;
  noOrigin: string;
  /** Where not all was watched that could have set the act off. */
  noOriginSeen: string;
  unknownOrigin: string;
  certainties: Record<Brief["certainty"], string>;
  partly: string;
  otherwiseNot: string;
  end: string;
};

const en: Words = {
  acts: {
    picker: "The person chose something in the photo picker",
    "picker-unsure": "The photo picker was used, perhaps without a choice",
    queried: "Queried the photo library",
    "queried-unseen": "Queried the photo library",
    used: "Used the photo library",
    "extension-queried": "The app's extension queried the library",
    "other-queried": "Queried by a process not known as the app's",
    continued: "Continued an entry, no query seen between",
    "opened-by-system": "iOS opened the library for the app",
    "opened-by-other": "Another process opened the library for the app",
    "first-contact": "First contact seen with the library",
    notified: "Was notified of a photo library change",
    unexplained: "Unexplained: nothing seen accounts for this entry",
    unobserved: "Cause unknown: the app was not watched just before",
    "start-missing": "Cause unknown: the report lacks the entry's start",
    "never-watched": "Cause unknown: the app was not recorded",
  },
  neverFully: "Cause unknown: the app was never fully watched",
  stateOfAct: { active: " in the foreground", inactive: " while inactive", background: " in the background", mixed: " in mixed/unknown states", unknown: " in an unknown app state" },
  stateOfApp: { active: ", app in the foreground", inactive: ", app inactive", background: ", app in the background", mixed: ", app state mixed/unknown", unknown: ", app state unknown" },
  stateThen: { active: ", in the foreground", inactive: ", inactive", background: ", in the background", mixed: ", state mixed/unknown", unknown: ", its state unknown" },
  stateOfOther: (state) => `, state ${state}`,
  appDid: (reads) => `; the app ${reads}`,
  aroundThen: (reads) => `; around then the app ${reads}`,
  alsoDid: (reads) => ` and ${reads}`,
  reads: { thumbnail: "requested thumbnails", data: "requested photos or video", upload: "asked iOS to upload photos (not through the app)" },
  noPhoto: "; not seen requesting a photo",
  notWatched: "; app not watched then",
  callNotSeen: "; the call itself was not seen",
  queriedToo: " and queried it",
  onlyQueries: "; only queries by the app seen",
  queriesThen: "; around then only queries by the app seen",
  noQuery: "; no query or read by the app seen",
  noQueryThen: "; around then no query or read by the app seen",
  noAccess: "; no access by the app seen",
  picked: "; the app loaded what was chosen",
  setOff: {
    link: (origin) => `; set off by ${origin} (linked)`,
    time: (origin) => `; likely set off by ${origin}`,
    chance: (origin) => `; perhaps set off by ${origin} (may be chance)`,
  },
  origins: ORIGINS.en,
  noOrigin: "; nothing that was watched set it off",
  noOriginSeen: "; no trigger seen (not all watched)",
  unknownOrigin: "; what set it off is unknown",
  certainties: {
    certain: "; certain (same identifier)",
    likely: "; likely (matched by time)",
    shared: "; ambiguous (by time)",
    weak: "; possible (by time)",
    chance: "; no better than chance",
    none: "",
  },
  partly: "; partly watched",
  otherwiseNot: "; else unwatched",
  end: ".",
};

const middle: Words = {
  ...en,
  certainties: { certain: "; match certain", likely: "; match likely", shared: "; match ambiguous", weak: "; match possible", chance: "; match may be chance", none: "" },
};
const terseState: State = { active: " (foreground)", inactive: " (inactive)", background: " (background)", mixed: " (mixed states)", unknown: " (state unknown)" };
const terse: Words = {
  ...middle,
  acts: {
    ...en.acts,
    queried: "Queried the library",
    "queried-unseen": "Queried the library",
    used: "Used the library",
    "extension-queried": "Its extension queried the library",
    "other-queried": "Another process queried photos",
    continued: "Continued an entry, no query seen",
    "opened-by-system": "iOS opened the library for it",
    "opened-by-other": "Other process opened the library",
    "first-contact": "First library contact seen",
  },
  stateOfAct: terseState,
  stateOfApp: terseState,
  stateThen: terseState,
  stateOfOther: (state) => terseState[state],
  appDid: (reads) => `; app ${reads}`,
  reads: { thumbnail: "requested thumbnails", data: "requested photos/video", upload: "asked iOS to upload (not via the app)" },
  callNotSeen: "; call not seen",
  onlyQueries: "; only app queries seen",
  noQuery: "; no app query or read seen",
  noAccess: "; no app access seen",
  picked: "; app loaded the choice",
};
const short: Words = {
  ...terse,
  reads: { ...terse.reads, upload: "asked iOS to upload" },
  setOff: { link: (origin) => `; by ${origin} (linked)`, time: (origin) => `; likely by ${origin}`, chance: (origin) => `; by chance or ${origin}` },
  origins: { ...en.origins, change: "a library change", activation: "a state change", return: "its return" },
  noOrigin: "; nothing seen set it off",
  noOriginSeen: "; trigger maybe unseen",
  unknownOrigin: "; trigger unknown",
};

const STATES: Brief["state"][] = ["active", "inactive", "background", "mixed", "unknown"];
const zhState = Object.fromEntries(STATES.map((state) => [state, `，应用状态：${terms[`state.${state}`]}`])) as State;

const zh: Words = {
  acts: {
    picker: "用户在系统的照片选择器中作出了选择",
    "picker-unsure": "使用了系统的照片选择器，可能没有作出选择",
    queried: "应用查询了图库",
    "queried-unseen": "应用查询了图库",
    used: "应用查询或读取了图库",
    "extension-queried": "应用的扩展查询了图库",
    "other-queried": "由不知是否属于该应用的进程查询",
    continued: "接续前一条记录，其间没有看到查询",
    "opened-by-system": "系统为该应用打开了图库",
    "opened-by-other": "另一进程为该应用打开了图库",
    "first-contact": "首次看到应用接触图库",
    notified: "应用收到了图库变更通知",
    unexplained: "无法解释：看到的一切都不能说明这条记录",
    unobserved: "成因未知：此前一刻没有监测该应用",
    "start-missing": "成因未知：报告中没有它的开始",
    "never-watched": "成因未知：没有录制该应用",
  },
  neverFully: "成因未知：始终没有完整监测该应用",
  stateOfAct: zhState,
  stateOfApp: zhState,
  stateThen: zhState,
  stateOfOther: (state) => `，状态：${terms[`state.${state}`]}`,
  appDid: (reads) => `；应用${reads}`,
  aroundThen: (reads) => `；前后应用${reads}`,
  alsoDid: (reads) => `；并${reads}`,
  reads: { thumbnail: "请求了缩略图", data: "请求了照片或视频", upload: "要求系统上传照片（不经过应用）" },
  noPhoto: "；没有看到应用请求照片",
  notWatched: "；当时没有监测该应用",
  callNotSeen: "；没有看到该调用本身",
  queriedToo: "；并查询了图库",
  onlyQueries: "；只看到应用查询",
  queriesThen: "；前后只看到应用查询",
  noQuery: "；没有看到应用查询或读取",
  noQueryThen: "；前后没有看到应用查询或读取",
  noAccess: "；没有看到应用的访问",
  picked: "；应用加载了所选的内容",
  setOff: { link: (origin) => `；由${origin}触发（有关联）`, time: (origin) => `；可能由${origin}触发`, chance: (origin) => `；也许由${origin}触发（或属偶然）` },
  origins: ORIGINS.zh,
  noOrigin: "；受监测的范围内未见触发",
  noOriginSeen: "；未见触发（并非全部受监测）",
  unknownOrigin: "；不知由何触发",
  certainties: { certain: "；确定（标识符相同）", likely: "；可能（按时间匹配）", shared: "；有歧义（按时间）", weak: "；也许（按时间）", chance: "；并不优于偶然", none: "" },
  partly: "；部分受监测",
  otherwiseNot: "；其余时间没有监测",
  end: "。",
};

const isNothing = (depth: Brief["depth"]) => depth === "none" || depth === "picked";
const isRequest = (depth: Brief["depth"]) => depth === "thumbnail" || depth === "data" || depth === "upload";

function state(words: Words, { act, state, depth, watched }: Brief): string {
  if (BY_APP.includes(act)) return words.stateOfAct[state];
  if (BY_OTHERS.includes(act)) return words.stateOfOther(state);
  if (act === "opened-by-system" || act === "opened-by-other") return words.stateThen[state];
  if (state === "unknown" && (watched === "not" || UNWATCHED.includes(act))) return "";
  if (act === "start-missing" && isNothing(depth)) return ""; // it would be the state at the report's first line
  return UNMATCHED.includes(act) && isRequest(depth) ? words.stateOfAct[state] : words.stateOfApp[state];
}

function depth(words: Words, { act, depth, watched }: Brief): string {
  const reads = depth === "thumbnail" || depth === "data" || depth === "upload" ? words.reads[depth] : null;
  if (reads) return BY_APP.includes(act) ? words.alsoDid(reads) : UNMATCHED.includes(act) ? words.aroundThen(reads) : words.appDid(reads);
  if (depth === "picked") return words.picked;
  if (act === "queried" || act === "queried-unseen" || act === "used") {
    if (watched === "not" && depth === "none") return words.notWatched;
    return act === "queried-unseen" && depth !== "metadata" ? words.callNotSeen : words.noPhoto;
  }
  if (depth === "metadata") return act === "notified" ? words.queriedToo : UNMATCHED.includes(act) ? words.queriesThen : words.onlyQueries;
  if (depth === "open" || depth === "notification") return UNMATCHED.includes(act) ? words.noQueryThen : words.noQuery;
  if (watched === "not") return UNWATCHED.includes(act) ? "" : words.notWatched;
  return words.noAccess;
}

function trigger(words: Words, { trigger, trigger_by }: Brief): string {
  if (trigger === "no-act") return "";
  if (trigger === "none") return trigger_by === "unwatched" ? words.noOriginSeen : words.noOrigin;
  if (trigger === "unknown" || trigger_by === "none" || trigger_by === "unwatched") return words.unknownOrigin;
  return words.setOff[trigger_by](words.origins[trigger]);
}

function text(words: Words, brief: Brief): string {
  const certainty = UNMATCHED.includes(brief.act) ? "" : words.certainties[brief.certainty];
  const partly = brief.watched === "partly" ? words.partly : brief.watched === "not" && brief.depth !== "none" ? words.otherwiseNot : "";
  const act = brief.act === "never-watched" && brief.depth !== "none" ? words.neverFully : words.acts[brief.act];
  // Where nothing was matched, the state is that of what was seen, so it comes last.
  const seen = UNMATCHED.includes(brief.act) && !isNothing(brief.depth);
  const went = seen ? depth(words, brief) + state(words, brief) : state(words, brief) + depth(words, brief);
  return `${act}${went}${trigger(words, brief)}${certainty}${partly}${words.end}`;
}

/** Say it in the longest words that fit, as the host does. */
export function briefEn(brief: Brief): string {
  for (const words of [en, middle, terse]) {
    const said = text(words, brief);
    if (said.length <= LONGEST) return said;
  }
  return text(short, brief);
}
export const briefZh = (brief: Brief) => text(zh, brief);
