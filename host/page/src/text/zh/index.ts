// 简体中文。每一句话只说所见到的。
//
// 术语表（本页各处、clauses.ts 与 ../briefs.ts 均用这些词）：
//   entry         记录           session       会话           segment        段
//   recording     录制           report        报告           coverage       监测
//   gap           空缺           event         事件           evidence       证据
//   cause         成因           depth         深度           verdict        判断
//   query         查询           read          读取           access         访问
//   library       图库           observer      观察者         notification   变更通知
//   picker        照片选择器     delivery      交付           accounting     记账
//   identifier    标识符         match         匹配           lag            延迟
//   probe         探针           hook          挂钩           assumption     前提
//   caller        调用者         stack         调用栈         field test     真机实测
//   seal          封印           redacted      脱敏           run of accesses 一组访问
//   trigger       触发           act            该访问         touch          触摸
//   wake-up       后台唤醒       launch         启动           activation     应用状态变化
//   return        回到前台       set off        由…触发        something else 其他原因
//   linked        有关联         likely         可能           nothing seen   未见触发
//   claim         论断（这句话） handed-on work 交办的工作     footprint      内存占用
//   unexplained   无法解释       unobserved    当时未监测     not watched    未监测
//   active        前台           inactive      非活跃         background     后台
import type { Key } from "../en";
import { finding } from "./finding";
import { glossary } from "./glossary";
import { reading } from "./reading";
import { sections } from "./sections";
import { terms } from "./terms";
import { triggers } from "./triggers";

export const zh: Record<Key, string> = { ...finding, ...terms, ...sections, ...triggers, ...reading, ...glossary };
