// 比较器对整个比较所作的提示，逐句译出。认不出的保留原文。
type Groups = Record<string, string | undefined>;

const count = (text = "") => (text === "One event was" ? "1" : text.replace(/ events were$/, ""));

const NOTICES: [RegExp, (m: Groups) => string][] = [
  [/^The sessions and the report do not overlap in time \(report: (?<from>\S+) to (?<to>\S+)\): .+$/s, (m) => `会话与报告在时间上没有重叠（报告：${m["from"]} 至 ${m["to"]}）：请在录制之后七天内导出报告。`],
  [/^The report has no photos entry of (?<apps>.+): check that .+$/s, (m) => `报告中没有 ${m["apps"]} 的照片访问记录：请检查当时是否已开启“App 隐私报告”、报告是否来自这台设备、应用名称是否正确。`],
  [/^No process of (?<apps>.+) was watched in these sessions, so .+$/s, (m) => `这些会话没有监测 ${m["apps"]} 的任何进程，因此其记录未被观察：请录制它，或给出含有它的会话。`],
  [/^The facts were found on iOS (?<facts>\S+), a session is of (?<ours>.+): what holds there .+$/s, (m) => `前提是在 iOS ${m["facts"]} 上实测的，而会话来自 ${m["ours"]}：在那里成立的，在此未必成立。`],
  [/^(?<n>One event was|\d+ events were) without readable numbers and clocks .+$/s, (m) => `${count(m["n"])} 个事件没有可读的序号与时钟，已略去；它们所述之处成为空缺。`],
  [/^(?<n>One event was|\d+ events were) stamped before 2007, .+$/s, (m) => `${count(m["n"])} 个事件的时间早于 2007 年：当时设备时钟未知，无法按时间匹配。`],
  [/^None of the (?<n>\d+) identifiers that the apps' accounting logged .+$/s, (m) => `应用的记账在报告时段内写下的 ${m["n"]} 个标识符，没有一个出现在报告中：报告来自另一台设备，或者关于 Apple 记账的前提不适用于此 iOS 版本。`],
  [/^The report is written in the zone (?<report>\S+), the device was in (?<device>\S+): .+$/s, (m) => `报告所用时区为 ${m["report"]}，设备当时在 ${m["device"]}：报告在别处导出，或来自另一台设备；判断不受时区影响，夜间时刻则受影响。`],
  [/^(?<n>\d+) of the runs under no entry lies? where the report has no record of any app at all, the first between (?<from>\S+) and (?<to>\S+): .+$/s, (m) => `没有对应记录的访问中，有 ${m["n"]} 段处于报告没有任何应用记录的时间之内（首段在 ${m["from"]} 至 ${m["to"]} 之间）：当时可能没有开启“App 隐私报告”，那么没有记录并不说明什么；请检查当时是否已开启。`],
  [/^The process (?<pid>\d+) of (?<app>.+) was recorded twice at the same time, in segments (?<one>\S+) and (?<two>\S+) \((?<span>.+?)\): .+$/s, (m) => `${m["app"]} 的进程 ${m["pid"]} 在同一时间被录制了两次（段 ${m["one"]} 与 ${m["two"]}，重叠 ${m["span"]}）：两者都看到的事件被计算两次；若要引用数字，请只用其中之一比较。`],
  [/^(?<n>\d+) bytes? at the end of (?<file>.+) are no whole frame and are lost$/s, (m) => `${m["file"]} 末尾的 ${m["n"]} 字节不成完整的帧，已丢失。`],
  [/^(?<n>\d+) bytes? of (?<file>.+) from byte (?<at>\d+) on are damaged: (?<lost>\d+) events? lost, .+$/s, (m) => `${m["file"]} 自第 ${m["at"]} 字节起有 ${m["n"]} 字节损坏：丢失 ${m["lost"]} 个事件，前后内容保留。`],
  [/^(?<file>.+) has no closing seal: .+?(?:segment (?<segment>\d+), seq (?<seq>\d+))?$/s, (m) => `${m["file"]} 没有结尾的封印：写入者已终止或仍在写入，或者文件被截断；完整的部分都在${m["seq"] ? `，最后的事件为第 ${m["segment"]} 段第 ${m["seq"]} 号` : ""}。`],
];

export function noticeInChinese(text: string): string {
  for (const [pattern, tell] of NOTICES) {
    const found = pattern.exec(text);
    if (found) return tell(found.groups ?? {});
  }
  return text;
}
