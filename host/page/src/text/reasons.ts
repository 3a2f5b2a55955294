// Why a probe is missing or a gap is there: the agent and the host write it in English, and this has the Chinese of what they write.
import { language } from "./index";

type Form = [english: RegExp, chinese: string];

/** Names mean $1, $2, …. The agent's are in agent/src, the host's in comparator/timeline/segments.py. */
const FORMS: Form[] = [
  [/^this process has no class (.+)$/, "此进程没有类 $1"],
  [/^this process has no function (.+)$/, "此进程没有函数 $1"],
  [/^this process has no Objective-C runtime$/, "此进程没有 Objective-C 运行时"],
  [/^(\S+) has no method (.+)$/, "$1 没有方法 $2"],
  [/^(\S+) does not override (.+) here$/, "$1 在此没有重写 $2"],
  [/^(\S+) only inherits (.+) from (.+)$/, "$1 只从 $3 继承 $2"],
  [/^(.+) is not the system's here$/, "$1 在此不是系统的"],
  [/^it cannot be hooked: (.+)$/, "无法挂钩：$1"],
  [/^callbacks are checked once a second instead: (.+)$/, "改为每秒检查一次回调：$1"],
  [/^no such (class|method|function)$/, "没有这样的$1"],
  [/^exited(?:: (.+))?$/, "进程结束（$1）"],
  [/^detached(?:: (.+))?$/, "已脱离（$1）"],
  [/^suspended(?:: (.+))?$/, "挂起（$1）"],
  [/^lost(?:: (.+))?$/, "丢失事件（$1）"],
  [/^hole in seq$/, "事件序号不连续"],
  [/^not watched$/, "未监测"],
  [/^the recording ends$/, "录制结束"],
];
/** What can follow, and words that Frida has for the end of a connection. */
const WORDS: Record<string, string> = {
  class: "类",
  method: "方法",
  function: "函数",
  "connection-lost": "连接中断",
  "connection-terminated": "连接终止",
  "device-lost": "设备断开",
  "application-requested": "应 lightleak 的要求",
  "process-terminated": "进程终止",
  "process-replaced": "进程被替换",
  "agent buffer full": "代理的缓冲区已满",
};

/** Return a reason in the page's language. One that is not known stays as it is. */
export function reason(text: string): string {
  if (language() === "en") return text;
  for (const [form, chinese] of FORMS) {
    const found = form.exec(text);
    if (found) return chinese.replace(/\$(\d)/g, (_, at: string) => WORDS[found[Number(at)] ?? ""] ?? found[Number(at)] ?? "").replace("（）", "");
  }
  return WORDS[text] ?? text;
}
